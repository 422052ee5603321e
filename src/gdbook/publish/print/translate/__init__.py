"""Doctrees in Typst: one translator, each of whose parts knows one kind of node."""

from __future__ import annotations

from docutils import nodes
from sphinx.builders import Builder

from gdbook.publish.print.sheet import Sheet
from gdbook.publish.print.translate.blocks import Blocks
from gdbook.publish.print.translate.boxes import Boxes
from gdbook.publish.print.translate.cells import Cells
from gdbook.publish.print.translate.figures import Figures
from gdbook.publish.print.translate.inline import Inline
from gdbook.publish.print.translate.objects import Objects
from gdbook.publish.print.translate.tables import Tables


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
    translator = Translator(doctree, builder, docname)
    doctree.walkabout(translator)
    return translator.finished()
