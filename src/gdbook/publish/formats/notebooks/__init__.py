"""Notebooks beside the pages: the same cells, with their outputs, in Markdown that Jupyter shows.

A chapter's own source is MyST, which Jupyter without an extension shows raw. So the words
of a notebook come from the resolved doctree, where numbers, references and citations are
text already; code and outputs come from the notebook that was executed.
"""

from __future__ import annotations

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util.osutil import relative_uri

from gdbook.publish.core.page_context import Context, Document, add_tool
from gdbook.publish.formats import also_build
from gdbook.publish.formats.notebooks.builder import NotebooksBuilder, has_code
from gdbook.publish.myst.cells import show_outputs

TITLE = "This chapter as a notebook, to run and change"


def add_link(app: Sphinx, pagename: str, _: str, context: Context, doctree: Document) -> None:
    """Add a link to the notebook to the page's tools."""
    if app.builder.name != "html" or NotebooksBuilder.name not in also_build.outputs(app):
        return
    if doctree is None or not has_code(doctree):
        return
    target = relative_uri(app.builder.get_target_uri(pagename), NotebooksBuilder.uri(pagename))
    add_tool(context, "Notebook", target, TITLE, download=True)


def choose_outputs(_app: Sphinx, config: Config) -> None:
    """Let MyST-NB choose no images: outputs come from the executed notebook."""
    show_outputs(config, NotebooksBuilder.name, ["text/plain"])


def setup(app: Sphinx) -> None:
    """Register the builder."""
    app.add_builder(NotebooksBuilder)
