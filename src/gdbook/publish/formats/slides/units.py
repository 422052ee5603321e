"""What a deck is made of: the cells of a chapter, or its blocks, each with a slide type.

A page with ``slides: blocks`` has units of its own, which
`gdbook.publish.formats.slides.blocks` has found; every other has one for each cell.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from docutils import nodes

from gdbook.publish.formats.slides.cutting import Part
from gdbook.publish.myst.deeper import is_deeper

#: Nodes that lead a page, and say nothing on a slide.
DROPPED = (nodes.comment, nodes.transition, nodes.docinfo, nodes.system_message, nodes.footnote)


class Unit(NamedTuple):
    """A cell or a block, or a part of one.

    Attributes
    ----------
    kind : str
        Its slide type.
    cell : int
        Number of the cell that it is or is from, from 0.
    line : int
        Its line in the source.
    deeper : bool
        Whether it stands in a section that is deeper.
    part : str, tuple of int or None
        What it shows of its node; all of it, if None.
    again : bool
        Whether its slide repeats the heading before.
    beside : bool
        Whether it is a sentence that stands beside what is shown, in smaller print.
    """

    kind: str
    cell: int
    line: int
    deeper: bool
    part: Part = None
    again: bool = False
    beside: bool = False


#: A node with the units that show it, its section, and the section's level, from 1.
Place = tuple[range, str, int, nodes.Element]


def walk(document: nodes.document) -> Iterator[Place]:
    """Go through what a chapter's units hold, in order.

    Yields
    ------
    units : range
        Numbers of the units that show the node or a part of it, from 0.
    section : str
        The section that it is in, or opens.
    level : int
        That section's level, from 1.
    node : docutils.nodes.Element
        A section stands for its heading; what is in it follows.
    """
    blocks = "slide_units" in document
    at: range | None = None
    section = ""

    def go(parent: nodes.Element, level: int) -> Iterator[Place]:
        nonlocal at, section
        for node in list(parent.children):
            if not isinstance(node, nodes.Element):
                continue
            if isinstance(node, nodes.section):
                section = node["ids"][0]
            if blocks:
                at = range(*node["slide_units"]) if "slide_units" in node else at
            elif "cell_index" in node and not isinstance(node, nodes.section):
                # a mark, a code cell, or a cell for slides only
                at = range(node["cell_index"], node["cell_index"] + 1)
            if at is not None and not isinstance(node, (*DROPPED, nodes.title)):
                yield at, section, level, node
            if isinstance(node, nodes.section):
                yield from go(node, level + 1)

    yield from go(document, 1)


def units(document: nodes.document) -> list[Unit]:
    """Return the units of a chapter's deck, in order.

    Of cells: a claim's check, which the page folds, is skipped. What is deeper hangs below the
    core: its slides open no stack, and the next of the core opens one.
    """
    if "slide_units" in document:
        found: list[Unit] = document["slide_units"]
        return found
    cells: list[dict[str, Any]] = document["slide_cells"]
    below = _deeper(document)
    made: list[Unit] = []
    for index, cell in enumerate(cells):
        kind = "skip" if "check" in cell["tags"] else cell["kind"]
        if below[index] and kind == "slide":
            kind = "subslide"
        elif kind == "subslide" and not below[index] and index and below[index - 1]:
            kind = "slide"
        made.append(Unit(kind, index, cell["line"], below[index]))
    return made


def visible(node: nodes.Element) -> bool:
    """Whether anything of a node is seen."""
    if isinstance(node, (nodes.Invisible, nodes.target)) or node.tagname == "index":
        return False
    return not (isinstance(node, nodes.container) and not node.children)


def drop_skipped(document: nodes.document) -> None:
    """Take out what no slide shows, all but headings, before anything in it is resolved."""
    deck = units(document)
    for shown_by, _, _, node in walk(document):
        skipped = all(deck[unit].kind == "skip" for unit in shown_by)
        if skipped and not isinstance(node, nodes.section):
            node.parent.remove(node)


def _deeper(document: nodes.document) -> list[bool]:
    """Return for each cell whether it is in a deeper section, or opens one."""
    opened: dict[int, bool] = {}
    within: dict[int, bool] = {}
    for cells, _, _, node in walk(document):
        within.setdefault(cells.start, is_deeper(node))
        if isinstance(node, nodes.section):
            opened.setdefault(cells.start, is_deeper(node))
    found, last = [], False
    for index in range(len(document["slide_cells"])):  # one that left no node is where the last is
        last = opened.get(index, within.get(index, last))
        found.append(last)
    return found
