"""From a chapter's resolved doctree to a list of slides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode

from gdbook.publish.formats.slides import lines
from gdbook.publish.formats.slides.captions import shorten
from gdbook.publish.formats.slides.grouping import Grouped, group
from gdbook.publish.formats.slides.nodes import (
    slide,
    slide_body,
    slide_fragment,
    slide_heading,
    slide_notes,
)
from gdbook.publish.myst.deeper import DEEPER, is_deeper
from gdbook.publish.myst.quick_question import quick_option, quick_question, title

#: Nodes that lead a page, and say nothing on a slide.
DROPPED = (nodes.comment, nodes.transition, nodes.docinfo, nodes.system_message, nodes.footnote)


@dataclass(frozen=True)
class Part:
    """A node of the chapter, the cell it came from and the section of the page it is in."""

    cell: int
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
    by_cell: dict[int, list[Part]] = {}
    for part in _parts(document):
        by_cell.setdefault(part.cell, []).append(part)
    types, below = kinds(document), deeper(document)
    for index, parts in by_cell.items():
        _step(docname, cells[index], parts)
    deck = [
        made for grouped in group(types) if (made := _slide(grouped, by_cell, cells)) is not None
    ]
    for made in deck:
        if below[made["cell"] - 1]:
            made["classes"].append(DEEPER)
    for number, made in enumerate(deck):
        made["opens_stack"] = made["opens_stack"] or number == 0
    for made, after in zip(deck, [*deck[1:], None], strict=True):
        made["closes_stack"] = after is None or after["opens_stack"]
    _anchor(deck, types, by_cell)
    document.children = []
    document.extend(deck)
    # sphinx-proof and sphinx-exercise keep their text in sections; to reveal.js those are slides.
    for section in list(document.findall(nodes.section)):
        box = nodes.container("", *section.children, ids=section["ids"])
        box["classes"] = section["classes"]
        section.replace_self(box)


def walk(document: nodes.document) -> Iterator[tuple[int, str, int, nodes.Element]]:
    """Go through what a chapter's cells hold, in order.

    Yields
    ------
    cell : int
        Number of the cell, from 0.
    section : str
        The section that it is in, or opens.
    level : int
        That section's level, from 1.
    node : docutils.nodes.Element
        A section stands for its heading; what is in it follows.
    """
    cell: int | None = None
    section = ""

    def go(parent: nodes.Element, level: int) -> Iterator[tuple[int, str, int, nodes.Element]]:
        nonlocal cell, section
        for node in list(parent.children):
            if not isinstance(node, nodes.Element):
                continue
            if isinstance(node, nodes.section):
                section = node["ids"][0]
            elif "cell_index" in node:  # a mark, a code cell, or a cell for slides only
                cell = node["cell_index"]
            if cell is not None and not isinstance(node, (*DROPPED, nodes.title)):
                yield cell, section, level, node
            if isinstance(node, nodes.section):
                yield from go(node, level + 1)

    yield from go(document, 1)


def kinds(document: nodes.document) -> list[str]:
    """Return the slide type of each cell.

    A claim's check, which the page folds, is skipped. What is deeper hangs below the core: its
    slides open no stack, and the next of the core opens one.
    """
    cells: list[dict[str, Any]] = document["slide_cells"]
    types = ["skip" if "check" in cell["tags"] else cell["kind"] for cell in cells]
    below = deeper(document)
    for index, kind in enumerate(types):
        if below[index] and kind == "slide":
            types[index] = "subslide"
        elif kind == "subslide" and not below[index] and index and below[index - 1]:
            types[index] = "slide"
    return types


def deeper(document: nodes.document) -> list[bool]:
    """Return for each cell whether it is in a deeper section, or opens one."""
    opened: dict[int, bool] = {}
    within: dict[int, bool] = {}
    for cell, _, _, node in walk(document):
        within.setdefault(cell, is_deeper(node))
        if isinstance(node, nodes.section):
            opened.setdefault(cell, is_deeper(node))
    found, last = [], False
    for index in range(len(document["slide_cells"])):  # one that left no node is where the last is
        last = opened.get(index, within.get(index, last))
        found.append(last)
    return found


def drop_skipped(document: nodes.document) -> None:
    """Take out what no slide shows, all but headings, before anything in it is resolved."""
    skipped = kinds(document)
    for cell, _, _, node in walk(document):
        if skipped[cell] == "skip" and not isinstance(node, nodes.section):
            node.parent.remove(node)


def _parts(document: nodes.document) -> Iterator[Part]:
    """Go through the chapter in order, its sections flattened to headings."""
    for cell, section, level, node in list(walk(document)):
        if isinstance(node, nodes.section):
            title = node[0]
            assert isinstance(title, nodes.title)
            heading = slide_heading("", "", *title.children, level=level, ids=node["ids"])
            yield Part(cell, section, heading)
        elif isinstance(node, nodes.container) and node.get("slides_only"):
            for rubric in list(node.findall(nodes.rubric)):
                if "level" in rubric:
                    heading = slide_heading("", "", *rubric.children, level=rubric["level"])
                    rubric.replace_self(heading)
            for child in node.children:
                if isinstance(child, nodes.Element):
                    yield Part(cell, section, child)
        else:
            yield Part(cell, section, node)


def _slide(
    grouped: Grouped, by_cell: dict[int, list[Part]], cells: list[dict[str, Any]]
) -> slide | None:
    """Make one slide; ``None`` where nothing would be seen on it."""
    body = slide_body()
    heading: slide_heading | None = None
    fragment: slide_fragment | None = None
    shown: list[Part] = []
    seen = False
    last: int | None = None
    first = next(place.cell for place in grouped.places if not place.notes)
    for place in grouped.places:
        parts = by_cell.get(place.cell, [])
        if place.fragment is None:
            fragment = None
        elif place.fragment != last:
            fragment = slide_fragment()
            body.append(fragment)
        last = place.fragment
        target: nodes.Element = body if fragment is None else fragment
        if place.notes:
            notes = slide_notes()
            for part in parts:
                spoken = isinstance(part.node, slide_fragment)  # notes have no steps
                notes.extend(part.node.children if spoken else [part.node])
            target.append(notes)
            continue
        for part in parts:
            if heading is None and not seen and isinstance(part.node, slide_heading):
                heading = part.node
            else:
                target.append(part.node)
            shown.append(part)
            seen = seen or visible(part.node)
    if not seen:
        return None
    cut = [whole for figure in body.findall(nodes.figure) if (whole := shorten(figure))]
    if cut:
        body.append(slide_notes("", *cut))
    made = slide(opens_stack=grouped.opens_stack, cell=first + 1, line=cells[first]["line"])
    headings = [part.section for part in shown if isinstance(part.node, slide_heading)]
    made["page"] = headings[0] if headings else shown[0].section
    if heading is not None:
        made.append(heading)
        if heading["level"] == 1:
            made["classes"].append("title")
    made.append(body)
    return made


def visible(node: nodes.Element) -> bool:
    """Whether anything of a node is seen."""
    if isinstance(node, (nodes.Invisible, nodes.target)) or node.tagname == "index":
        return False
    return not (isinstance(node, nodes.container) and not node.children)


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


def _step(docname: str, cell: dict[str, Any], parts: list[Part]) -> None:
    """Give the cell's first block of code the steps that its metadata asks for."""
    if cell["lines"] is None:
        return
    for part in parts:
        for block in part.node.findall(nodes.literal_block):
            block["steps"] = lines.steps(
                cell["lines"],
                block.astext().rstrip("\n").count("\n") + 1,
                location=(docname, cell["line"]),
            )
            return


def _anchor(deck: list[slide], types: list[str], by_cell: dict[int, list[Part]]) -> None:
    """Give each section that the deck skips an anchor on the slide before it.

    So a link from the page to any of its sections finds a slide.
    """
    for index, kind in enumerate(types):
        ids = [
            name
            for part in by_cell.get(index, ())
            if kind == "skip" and isinstance(part.node, slide_heading)
            for name in part.node["ids"]
        ]
        if ids and deck:
            before = [made for made in deck if made["cell"] <= index]
            (before or deck)[-1 if before else 0].append(
                nodes.target("", "", ids=ids, skipped=True)
            )
