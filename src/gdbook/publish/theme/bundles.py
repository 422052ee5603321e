"""One style sheet and one script for a page, in the place of a dozen: joined, and minified.

Sphinx, the theme and extensions each bring files of their own, and a browser waits for all of the
style sheets before it shows anything. Which files a page names is known when it is written; pages
that name the same ones share a bundle, which is called after its content, so no browser keeps an
old one. The files themselves stay: decks load some of them.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable
from functools import partial
from pathlib import Path, PurePosixPath
from posixpath import normpath
from typing import Any

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from gdbook.publish.core import files, npm
from gdbook.publish.core.cache import Memo, fingerprints, memo
from gdbook.publish.core.page_context import Context, Document
from gdbook.publish.theme import data_images

STATIC = "_static/"
NAMES = re.compile(r"(?:styles|script)-[0-9a-f]{16}\.(?:css|js)")
#: Files that only some pages need, with what these have in their body.
NEEDED_BY = {"sphinx-design.min.css": 'class="sd-', "design-tabs.js": 'class="sd-tab'}
_URL = re.compile(r"""url\(\s*(["']?)(?!data:|[a-z]+:|/|#)([^"')]+)\1\s*\)""")


def join(app: Sphinx, _page: str, _template: str, context: Context, _: Document) -> None:
    """Let a page name one style sheet and one script."""
    if app.builder.name != "html":
        return
    body = context.get("body", "")
    kept = memo(app, "bundles", _made_by)
    for kind, suffix in (("css_files", "css"), ("script_files", "js")):
        joined: list[str] = []
        others: list[Any] = []
        files_of: type[Any] = str
        for file in context.get(kind, []):
            name = str(getattr(file, "filename", file) or "")
            if not name.startswith(STATIC):
                others.append(file)
            elif all(mark in body for end, mark in NEEDED_BY.items() if name.endswith(end)):
                joined.append(name.removeprefix(STATIC))
                files_of = type(file)
        if joined:
            static = Path(app.outdir, STATIC)
            name = STATIC + _bundle(static, joined, suffix, kept)
            waits = {"defer": "defer"} if suffix == "js" else {}
            context[kind] = [files_of(name, **waits), *others]


def _bundle(static: Path, names: Iterable[str], suffix: str, kept: Memo) -> str:
    """Write a bundle, if it is not there, and return its name."""
    texts = {name: (static / name).read_text("utf-8") for name in names}
    if suffix == "css":
        joined = "\n".join(_rebased(text, name, static) for name, text in texts.items())
    else:
        joined = "".join(map(_alone, _own_first(texts).values()))
    mark = files.fingerprint(joined.encode())
    small: str = kept.answer([mark, suffix], partial(minified, joined, suffix))
    name = f"{'styles' if suffix == 'css' else 'script'}-{mark[:16]}.{suffix}"
    files.write(static / name, small)
    return name


def _rebased(css: str, name: str, static: Path) -> str:
    """Return a style sheet as it must read one folder up, with its pictures as files."""
    css, made = data_images.filed(css)
    for picture, content in made.items():
        files.write(static / picture, content)
    folder = PurePosixPath(name).parent.as_posix()

    def rebase(match: re.Match[str]) -> str:
        address = match[2]
        if address in made:
            return f'url("{address}")'
        path = normpath(f"{folder}/{address}")
        if f"/{data_images.FOLDER}/" in f"/{path}":  # an earlier build took it out of this sheet
            inner = f"{data_images.FOLDER}/{PurePosixPath(path).name}"
            files.write(static / inner, (static / path).read_bytes())
            path = inner
        return f'url("{path}")'

    return _URL.sub(rebase, css)


def _own_first(texts: dict[str, str]) -> dict[str, str]:
    """Put the scripts of other packages, which may fail, last; their order stays."""
    others = ("documentation_options.js", "clipboard.min.js", "copybutton.js", "design-tabs.js")
    return dict(sorted(texts.items(), key=lambda item: item[0] in others))


def _alone(script: str) -> str:
    """Return a script that keeps its strictness and its names to itself.

    What `documentation_options.js` declares is looked up by others, so it stays outside.
    """
    if script.lstrip().startswith("const DOCUMENTATION_OPTIONS"):
        return f"{script}\n"
    return f"(function () {{\n{script}\n}}).call(window);\n"


def minified(text: str, loader: str) -> str:
    """Return a style sheet (``"css"``) or script (``"js"``) without what a browser needn't read.

    Raises
    ------
    ExtensionError
        If it has an error.
    """
    program = npm.package("esbuild") / "bin" / "esbuild"
    command = [str(npm.node()), str(program), f"--loader={loader}", "--minify", "--charset=utf8"]
    command += ["--target=esnext", "--log-level=error"]
    done = subprocess.run(
        command, input=text.encode(), capture_output=True, check=False, timeout=120
    )
    if done.returncode:
        raise ExtensionError(f"esbuild cannot read a {loader} file:\n{done.stderr.decode()}")
    return done.stdout.decode()


def prune(app: Sphinx, exception: Exception | None) -> None:
    """Remove the bundles that no page names any more."""
    if exception is not None or app.builder.name != "html":
        return
    kept = memo(app, "bundle names", lambda: fingerprints([Path(__file__)]))
    outdir = Path(app.outdir)
    named = set()
    for page in sorted(outdir.rglob("*.html")):
        name = page.relative_to(outdir).as_posix()
        read = partial(_named, page)
        named.update(kept.answer(name, read, at=files.stamp(page)))
    for path in sorted((outdir / STATIC).glob("*-*.*s*")):
        if NAMES.fullmatch(path.name) and path.name not in named:
            path.unlink()


def _named(page: Path) -> list[str]:
    return sorted(set(NAMES.findall(page.read_text("utf-8"))))


def _made_by() -> str:
    """Return the fingerprint of all that makes a bundle from its text."""
    package = npm.package("esbuild") / "package.json"
    return fingerprints([Path(__file__), Path(data_images.__file__), package])
