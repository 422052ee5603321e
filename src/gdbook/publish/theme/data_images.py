"""Pictures that style sheets carry in data URLs become files, as ``default-src 'self'`` wants."""

from __future__ import annotations

import base64
import re
from pathlib import Path
from urllib.parse import unquote_to_bytes

from sphinx.application import Sphinx

from gdbook.publish.core import files

FOLDER = "icons"
_URL = re.compile(r"""url\(\s*(?:"(data:[^"]*)"|'(data:[^']*)'|(data:[^)\s]*))\s*\)""")
_SUFFIXES = {"image/svg+xml": "svg", "image/gif": "gif", "image/png": "png"}


def filed(css: str) -> tuple[str, dict[str, bytes]]:
    """Put the pictures of a style sheet into files.

    Parameters
    ----------
    css : str
        A style sheet.

    Returns
    -------
    str
        The style sheet, with the addresses of the files.
    dict of str to bytes
        The files, by their names relative to the style sheet.
    """
    made: dict[str, bytes] = {}

    def file(match: re.Match[str]) -> str:
        kind, _, data = next(filter(None, match.groups())).removeprefix("data:").partition(",")
        content = unquote_to_bytes(data)
        if kind.endswith(";base64"):
            content = base64.b64decode(content)
        suffix = _SUFFIXES[kind.partition(";")[0]]
        name = f"{FOLDER}/{files.fingerprint(content)[:12]}.{suffix}"
        made[name] = content
        return f'url("{name}")'

    return _URL.sub(file, css), made


def take_out(app: Sphinx, exception: Exception | None) -> None:
    """Put the pictures of the site's style sheets into files, when all are there."""
    if exception is not None or app.builder.format != "html":
        return
    for sheet in sorted(Path(app.outdir, "_static").rglob("*.css")):
        css = sheet.read_text("utf-8")
        if "data:" in css:
            css, made = filed(css)
            for name, content in made.items():
                files.write(sheet.parent / name, content)
            files.write(sheet, css)
