"""The script with which a page answers: it judges quick questions and copies calls of `check`."""

from __future__ import annotations

from pathlib import Path

from sphinx.application import Sphinx

from gdbook.publish.core import files
from gdbook.publish.core.page_context import Context, Document

#: Also a classic script: modules don't load from file://. The ending keeps Jupyter Book from
#: adding it to every page.
SCRIPT = "answers.mjs"
WANTED = ("<gd-quick", "check-call")


def write_script(app: Sphinx) -> None:
    """Write the script before any page: Sphinx puts its checksum on pages."""
    if app.builder.format == "html":
        text = Path(__file__).with_name(SCRIPT).read_text(encoding="utf-8")
        files.write(Path(app.outdir, "_static", SCRIPT), text)


def add_script(app: Sphinx, _page: str, _template: str, context: Context, _: Document) -> None:
    """Add the script to a page that has a quick question or a problem with a checker."""
    if any(mark in context.get("body", "") for mark in WANTED):
        app.add_js_file(SCRIPT, loading_method="defer")
