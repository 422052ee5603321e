"""Doctrees in Typst: one translator, each of whose parts knows one kind of node."""

from __future__ import annotations

from docutils import nodes
from sphinx.builders import Builder

from gdbook.publish.formats.print.document_cache import Sheet
from gdbook.publish.formats.print.translate.blocks import Blocks
from gdbook.publish.formats.print.translate.boxes import Boxes
from gdbook.publish.formats.print.translate.cells import Cells
from gdbook.publish.formats.print.translate.figures import Figures
from gdbook.publish.formats.print.translate.inline import Inline
from gdbook.publish.formats.print.translate.objects import Objects
from gdbook.publish.formats.print.translate.tables import Tables


class Translator(Inline, Blocks, Boxes, Cells, Figures, Tables, Objects):
    """Sphinx's nodes, MyST-NB's cells, the boxes of sphinx-proof and sphinx-exercise."""


def translate(doctree: nodes.document, builder: Builder, docname: str) -> Sheet:
    """Return a document in Typst.

    Parameters
    ----------
    doctree : nodes.document
        With all references resolved.
    builder : Builder
        Whose environment knows the numbers.
    docname : str
        The document's name.
    """
    return Translator(doctree, builder, docname).finished()
