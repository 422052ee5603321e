"""Which chapters have a deck, and mistakes in their slide cells."""

from __future__ import annotations

from typing import Any, NamedTuple

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from gdbook.publish.core import findings
from gdbook.publish.core.findings import Finding
from gdbook.publish.core.page_data import PageData
from gdbook.publish.formats.slides import blocks
from gdbook.publish.formats.slides.grouping import group, has_deck
from gdbook.publish.formats.slides.units import units, visible, walk
from gdbook.publish.myst.cells import SLIDE_TYPES, only_on_slides

_TYPES = ", ".join(SLIDE_TYPES)

NUMBERED = (
    "a cell for slides only holds something that the page would number or may be asked for: "
    "leave out its label or caption, or show it on the page too"
)


#: The chapters that have a deck.
DECKS = PageData[bool]("decks")


def decks(env: BuildEnvironment) -> set[str]:
    """Return the names of the chapters that have a deck."""
    return set(DECKS.of(env))


def slides_only(document: nodes.document) -> list[nodes.Element]:
    """Return a chapter's cells that are for slides alone."""
    return [node for node in document.findall(nodes.container) if only_on_slides(node)]


class Length(NamedTuple):
    """How many slides a deck has: those on which something is seen, without the deeper, and all."""

    core: int
    all: int


def length(document: nodes.document) -> Length:
    """Return how many slides a chapter's deck has."""
    found = units(document) if "slide_cells" in document else []
    if not has_deck([unit.kind for unit in found]):
        return Length(0, 0)
    seen = {unit for shown_by, _, _, node in walk(document) if visible(node) for unit in shown_by}
    shown = [
        found[next(place.cell for place in slide.places if not place.notes)].deeper
        for slide in group([unit.kind for unit in found])
        if any(place.cell in seen and not place.notes for place in slide.places)
    ]
    return Length(shown.count(False), len(shown))


def find(app: Sphinx, doctree: nodes.document) -> None:
    """Note whether the chapter that is read has a deck, and what is wrong with its slide cells."""
    cells: list[dict[str, Any]] = doctree.get("slide_cells", [])
    found = blocks.find(app.env, doctree)
    if cells and has_deck([unit.kind for unit in units(doctree)]):
        DECKS.of(app.env)[app.env.docname] = True
    found += [
        Finding(cell["line"], f"unknown slide type {cell['kind']!r}, expected one of {_TYPES}")
        for cell in cells
        if cell["kind"] not in SLIDE_TYPES
    ]
    found += [
        Finding(cells[cell["cell_index"]]["line"], NUMBERED)
        for cell in slides_only(doctree)
        if any(_numbered(node) for node in cell.findall(nodes.Element))
    ]
    findings.record(app.env, "slides", found)


def _numbered(node: nodes.Element) -> bool:
    """Whether the page would number a node, or a reference may lead to it."""
    if isinstance(node, (nodes.target, nodes.footnote)):
        return False
    if isinstance(node, nodes.figure) and any(isinstance(c, nodes.caption) for c in node):
        return True
    return bool(node.get("names")) or bool(node.get("label")) or node.get("number") is not None
