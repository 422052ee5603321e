"""Live cells, and answers to problems: code that the reader runs in the page, without a server.

A code cell tagged ``live`` keeps the output of the build until the reader runs it. Then
MicroPython (from npm) runs it in a worker, with the engine `gdbook.autodiff` as ``torch``.
A problem of `OFFERED` has an editor, too: there *Check* judges by the checkers of
`gdbook.exercises`. Nothing of this is loaded before a reader asks for it but a small script.

A builder that renders pages of its own links `STYLESHEET` and `SCRIPT` where a page `needs` them.
"""

from __future__ import annotations

from sphinx.application import Sphinx

from gdbook.publish.core.made_files import write_once
from gdbook.publish.core.page_context import Context, Document
from gdbook.publish.live.assets import PACKAGES, SCRIPT, SOURCES, STYLESHEET, write_assets
from gdbook.publish.live.cells import PlaceLiveCells
from gdbook.publish.live.problems import PlaceChecks

__all__ = ["SCRIPT", "STYLESHEET", "add_script", "needs", "write_files"]


def needs(body: str) -> bool:
    """Whether a page's or deck's HTML has a live cell or a problem that is answered there."""
    return "<gd-code" in body or "<gd-check" in body


def write_files(app: Sphinx) -> None:
    """Write the files before any page: Sphinx puts their checksums on pages."""
    if app.builder.format == "html":
        write_once(app, "live", write_assets, SOURCES, PACKAGES)


def add_script(app: Sphinx, _page: str, _template: str, context: Context, _: Document) -> None:
    """Add script and style sheet to a page that needs them."""
    if needs(context.get("body", "")):
        app.add_css_file(STYLESHEET)
        app.add_js_file(SCRIPT, loading_method="defer")


def setup(app: Sphinx) -> None:
    """Register the transforms."""
    app.add_post_transform(PlaceLiveCells)
    app.add_post_transform(PlaceChecks)
