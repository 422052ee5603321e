"""Notebooks beside the pages: the same cells, with their outputs, in Markdown that Jupyter shows.

A chapter's own source is MyST, which Jupyter without an extension shows raw. So the words
of a notebook come from the resolved doctree, where numbers, references and citations are
text already; code and outputs come from the notebook that was executed.
"""

from __future__ import annotations

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util.osutil import relative_uri

from gdbook.publish.core import repository
from gdbook.publish.core.page_context import Context, Document, add_tool
from gdbook.publish.formats import also_build
from gdbook.publish.formats.notebooks.builder import NotebooksBuilder, has_code, has_solutions
from gdbook.publish.myst.cells import show_outputs

TITLE = "This chapter as a notebook, to run and change"
WITHOUT = "The same notebook without solutions, to hand out"
COLAB = "This chapter's notebook in Google Colab"
HOW_TO = "How to run this chapter's code"


def add_link(app: Sphinx, pagename: str, _: str, context: Context, doctree: Document) -> None:
    """Add links to both editions of the notebook, and to how it is run, to the page's tools."""
    if app.builder.name != "html" or NotebooksBuilder.name not in also_build.outputs(app):
        return
    if doctree is None or not has_code(doctree):
        return
    page = app.builder.get_target_uri(pagename)
    target = relative_uri(page, NotebooksBuilder.uri(pagename))
    add_tool(context, "Notebook", target, TITLE, download=True)
    if has_solutions(doctree):
        target = relative_uri(page, NotebooksBuilder.uri(pagename, solutions=False))
        add_tool(context, "without solutions", target, WITHOUT, download=True)
    named = repository.of(app.config)
    if named and (
        target := named.colab(app.config.notebooks_branch, NotebooksBuilder.uri(pagename))
    ):
        add_tool(context, "Colab", target, COLAB)
    if app.config.notebooks_how_to:
        target = relative_uri(page, app.builder.get_target_uri(app.config.notebooks_how_to))
        add_tool(context, "Run it", target, HOW_TO)


def choose_outputs(_app: Sphinx, config: Config) -> None:
    """Let MyST-NB choose no images: outputs come from the executed notebook."""
    show_outputs(config, NotebooksBuilder.name, ["text/plain"])


def setup(app: Sphinx) -> None:
    """Register the builder."""
    app.add_builder(NotebooksBuilder)
