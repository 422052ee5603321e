"""Slide types of a notebook's cells, from a page whose blocks have them (``slides: blocks``).

A cell holds as many blocks as can be: words that are spoken, or a heading and what stands below
it. What comes at the next key, or opens a slide, begins a cell. nbconvert makes the same slides
of them, but for what no cell can be: a heading that is repeated, rows of a table, a cell's output
that comes after its code.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from docutils import nodes

from gdbook.publish.formats.slides.placement import UNSEEN
from gdbook.publish.formats.slides.units import Unit


class SlideTypes:
    """The slide type of the block that is written, and of the cell that it is written to.

    Parameters
    ----------
    units : sequence of Unit
        The document's ``slide_units``; empty where cells bring their own types.

    Attributes
    ----------
    block : str
        The type of the block, "" where cells bring their own.
    cell : str
        The type of the Markdown cell.
    question : Unit or None
        The question that the block, a paragraph, ends with, if it is divided.
    """

    def __init__(self, units: Sequence[Unit]) -> None:
        self._units = units
        self.block = self.cell = "skip" if units else ""
        self.question: Unit | None = None
        self._owed = ""  # the type that a paragraph's last sentence has, and so its formula

    def begin(self, mark: nodes.Element) -> None:
        """Go on to the block behind a mark."""
        first, end = mark["slide_units"]
        units, owed = self._units[first:end], self._owed
        last = units[-1]
        self.block, self.question, self._owed = units[0].kind, None, ""
        if len(units) > 1 and (units[0].kind == "notes" or units[0].beside):
            self.block = "notes"  # some sentences of a paragraph are shown
            if not last.beside and last.kind not in UNSEEN:
                self.question = last
            elif last.beside and last.kind != "-":
                self._owed = last.kind
        elif owed:
            self.block, self._owed = (self.block, owed) if self.block in UNSEEN else (owed, "")

    def goes_on(self) -> bool:
        """Whether the block may be written to the Markdown cell before it."""
        if self.block in UNSEEN:
            return self.block == self.cell
        return self.block == "-" and self.cell not in UNSEEN

    def of_cell(self, metadata: dict[str, Any], kind: str) -> dict[str, Any]:
        """Return a cell's metadata with a type."""
        if not self._units:
            return metadata
        kept = {name: value for name, value in metadata.items() if name != "slideshow"}
        return kept if kind == "-" else {**kept, "slideshow": {"slide_type": kind}}

    def written(self) -> None:
        """Note that the cell is complete: what comes next goes on where it was."""
        self.cell = self.cell if self.cell in UNSEEN else "-"
