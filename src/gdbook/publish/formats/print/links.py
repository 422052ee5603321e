"""The pages' link to the printed book."""

from __future__ import annotations

from sphinx.application import Sphinx
from sphinx.util.osutil import relative_uri

from gdbook.publish.core.page_context import Context, Document, add_tool
from gdbook.publish.formats.print.builder import printed, slug

TITLE = "The whole book to print, at this chapter"


def add_link(app: Sphinx, pagename: str, _: str, context: Context, doctree: Document) -> None:
    """Put the book among the links above a chapter's text; it opens at the chapter."""
    if app.builder.name != "html" or doctree is None or not printed(app):
        return
    if pagename in app.config.print_leave_out:
        return
    name = app.config.print_name or slug(app.config.project)
    page = app.builder.get_target_uri(pagename)
    href = f"{relative_uri(page, f'{name}.pdf')}#nameddest={pagename}"
    add_tool(context, "PDF", href, TITLE)
    context["print_url"] = href
