"""From a chapter's resolved doctree to a list of slides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode

from gdbook.publish.formats.slides import lines
from gdbook.publish.formats.slides.captions import shorten
from gdbook.publish.formats.slides.cutting import part
from gdbook.publish.formats.slides.grouping import Grouped, group
from gdbook.publish.formats.slides.nodes import (
    slide,
    slide_body,
    slide_fragment,
    slide_heading,
    slide_notes,
)
from gdbook.publish.formats.slides.units import Unit, units, visible, walk
from gdbook.publish.myst.deeper import DEEPER
from gdbook.publish.myst.quick_question import quick_option, quick_question, title


@dataclass(frozen=True)
class Shown:
    """What a unit shows, and the section of the page it is in."""

    unit: int
    section: str
    node: nodes.Element


def regroup(document: nodes.document, docname: str) -> None:
    """Replace a chapter's sections by its slides, in place.

    Parameters
    ----------
    document : docutils.nodes.document
        A resolved doctree with the attribute ``slide_cells``, which
        :class:`gdbook.publish.myst.cell_renderer.CellRenderer` leaves there.
    docname : str
        The chapter, for messages.
    """
    cells: list[dict[str, Any]] = document["slide_cells"]
    _unfold(document)
    _ask(document)
    found = units(document)
    by_unit: dict[int, list[Shown]] = {}
    for shown in _parts(document, found):
        by_unit.setdefault(shown.unit, []).append(shown)
    for index, parts in by_unit.items():
        if found[index].part != "output":
            _step(docname, cells[found[index].cell], parts)
    slides = group([unit.kind for unit in found])
    deck = [made for grouped in slides if (made := _slide(grouped, by_unit, found)) is not None]
    for number, made in enumerate(deck):
        made["opens_stack"] = made["opens_stack"] or number == 0
    for made, after in zip(deck, [*deck[1:], None], strict=True):
        made["closes_stack"] = after is None or after["opens_stack"]
    _anchor(deck, found, by_unit)
    document.children = []
    document.extend(deck)
    # sphinx-proof and sphinx-exercise keep their text in sections; to reveal.js those are slides.
    for section in list(document.findall(nodes.section)):
        box = nodes.container("", *section.children, ids=section["ids"])
        box["classes"] = section["classes"]
        section.replace_self(box)


def _parts(document: nodes.document, found: list[Unit]) -> Iterator[Shown]:
    """Go through the chapter in order, its sections flattened to headings."""
    for shown_by, section, level, node in list(walk(document)):
        last = shown_by[-1]
        if isinstance(node, nodes.section):
            title = node[0]
            assert isinstance(title, nodes.title)
            heading = slide_heading("", "", *title.children, level=level, ids=node["ids"])
            yield Shown(last, section, heading)
        elif isinstance(node, nodes.container) and node.get("slides_only"):
            for rubric in list(node.findall(nodes.rubric)):
                if "level" in rubric:
                    heading = slide_heading("", "", *rubric.children, level=rubric["level"])
                    rubric.replace_self(heading)
            for child in node.children:
                if isinstance(child, nodes.Element):
                    yield Shown(last, section, child)
        elif not visible(node):
            yield Shown(last, section, node)
        else:
            for unit in shown_by:
                shown = part(node, found[unit].part)
                if found[unit].beside:
                    shown["classes"].append("beside")
                yield Shown(unit, section, shown)


def _slide(grouped: Grouped, by_unit: dict[int, list[Shown]], found: list[Unit]) -> slide | None:
    """Make one slide; ``None`` where nothing would be seen on it."""
    body = slide_body()
    first = next(place.cell for place in grouped.places if not place.notes)
    heading = _heading_again(first, by_unit) if found[first].again else None
    fragment: slide_fragment | None = None
    shown: list[Shown] = []
    seen = False
    last: int | None = None
    for place in grouped.places:
        parts = by_unit.get(place.cell, [])
        if place.fragment is None:
            fragment = None
        elif place.fragment != last:
            fragment = slide_fragment()
            body.append(fragment)
        last = place.fragment
        target: nodes.Element = body if fragment is None else fragment
        if place.notes:
            target.append(_notes(parts))
            continue
        for one in parts:
            if heading is None and not seen and isinstance(one.node, slide_heading):
                heading = one.node
            else:
                target.append(one.node)
            shown.append(one)
            seen = seen or visible(one.node)
    if not seen:
        return None
    cut = [whole for figure in body.findall(nodes.figure) if (whole := shorten(figure))]
    if cut:
        body.append(slide_notes("", *cut))
    unit = found[first]
    made = slide(opens_stack=grouped.opens_stack, cell=unit.cell + 1, line=unit.line, unit=first)
    headings = [part.section for part in shown if isinstance(part.node, slide_heading)]
    made["page"] = headings[0] if headings else shown[0].section
    if unit.deeper:
        made["classes"].append(DEEPER)
    if heading is not None:
        made.append(heading)
        if heading["level"] == 1:
            made["classes"].append("title")
    made.append(body)
    return made


def _notes(parts: list[Shown]) -> slide_notes:
    """Return what is spoken; notes have no steps."""
    made = slide_notes()
    for one in parts:
        made.extend(one.node.children if isinstance(one.node, slide_fragment) else [one.node])
    return made


def _heading_again(first: int, by_unit: dict[int, list[Shown]]) -> slide_heading | None:
    """Return a copy of the heading before a unit; the page's title becomes a smaller one."""
    before = (part.node for unit in range(first - 1, -1, -1) for part in by_unit.get(unit, ()))
    for node in before:
        if isinstance(node, slide_heading):
            made: slide_heading = node.deepcopy()
            made["level"] = max(node["level"], 2)
            for copied in made.findall(nodes.Element):
                copied["ids"] = []
            made["classes"].append("again")
            return made
    return None


def _unfold(document: nodes.document) -> None:
    """Leave out the code that the page folds away; folded boxes stay, folded."""
    for cell in document.findall(nodes.container):
        # MyST-NB puts them there without telling them their parent.
        cell.children = [node for node in cell.children if not isinstance(node, HideCodeCellNode)]


def _ask(document: nodes.document) -> None:
    """Show of each quick question what it asks, and its answer as a fragment."""
    for option in list(document.findall(quick_option)):
        option.replace_self(option.children)
    for node in list(document.findall(quick_question)):
        head = nodes.paragraph("", title(node), classes=["quick-title"])
        asked = nodes.container("", head, *node.children, ids=node["ids"], classes=["quick"])
        answer = nodes.paragraph(
            "", "", nodes.strong("", "Answer"), nodes.Text(" " + node["answer"])
        )
        node.replace_self([asked, slide_fragment("", answer)])


def _step(docname: str, cell: dict[str, Any], parts: list[Shown]) -> None:
    """Give the cell's first block of code the steps that its metadata asks for."""
    if cell["lines"] is None:
        return
    for one in parts:
        for block in one.node.findall(nodes.literal_block):
            block["steps"] = lines.steps(
                cell["lines"],
                block.astext().rstrip("\n").count("\n") + 1,
                location=(docname, cell["line"]),
            )
            return


def _anchor(deck: list[slide], found: list[Unit], by_unit: dict[int, list[Shown]]) -> None:
    """Give each section that the deck skips an anchor on the slide before it.

    So a link from the page to any of its sections finds a slide.
    """
    for index, unit in enumerate(found):
        ids = [
            name
            for part in by_unit.get(index, ())
            if unit.kind == "skip" and isinstance(part.node, slide_heading)
            for name in part.node["ids"]
        ]
        if ids and deck:
            before = [made for made in deck if made["unit"] < index]
            (before or deck)[-1 if before else 0].append(
                nodes.target("", "", ids=ids, skipped=True)
            )
