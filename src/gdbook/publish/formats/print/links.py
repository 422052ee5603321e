"""The pages' links to what is printed."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.osutil import relative_uri

from gdbook.publish.core.page_context import Context, Document, add_tool
from gdbook.publish.formats.print.builder import printed, slug
from gdbook.publish.formats.print.edition import handout_name, without_solutions
from gdbook.publish.formats.print.order import order

BOOK = "The whole book to print"
THERE = f"{BOOK}, at this page"
WITHOUT = f"{BOOK}, without solutions"
CHAPTER = "This chapter to print"
HANDOUT = f"{CHAPTER}, without solutions"

#: What is printed among the solutions: kinds of nodes, the first from sphinx-exercise.
_SOLVED = ("solution_node", "quick_question")


def add_links(app: Sphinx, pagename: str, _: str, context: Context, doctree: Document) -> None:
    """Put among the links above a page's text: its chapter to print, or else the whole book."""
    if app.builder.name != "html" or doctree is None or not printed(app):
        return
    config, page = app.config, app.builder.get_target_uri(pagename)

    def link(label: str, name: str, title: str, place: str = "") -> None:
        add_tool(context, label, relative_uri(page, f"{name}.pdf") + place, title)

    book = slug(config.project)
    if pagename in config.print_leave_out:
        if pagename == config.root_doc:
            link("The book as PDF", book, BOOK)
            link("without solutions", without_solutions(book), WITHOUT)
    elif config.print_handouts and pagename in order(app.env, config.root_doc, []).chapters():
        link("PDF", handout_name(pagename), CHAPTER)
        if has_solutions(app.env.get_doctree(pagename)):
            link("Handout", without_solutions(handout_name(pagename)), HANDOUT)
    else:
        link("PDF", book, THERE, f"#nameddest={pagename}")


def has_solutions(doctree: nodes.document) -> bool:
    """Whether a chapter, as it was read, has solutions: on its page they are folds by now."""
    return any(type(node).__name__ in _SOLVED for node in doctree.findall(nodes.Element))
