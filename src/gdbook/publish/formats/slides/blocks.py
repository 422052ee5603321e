"""The blocks of a page whose front matter says ``slides: blocks``, and the units of its deck.

The page is read once: what each block is to the deck is decided here, when it is read, and kept
in the doctree. Deck, notebook and editor take it from there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from docutils import nodes
from sphinx.environment import BuildEnvironment

from gdbook.publish.core.ancestors import line_of
from gdbook.publish.core.findings import Finding
from gdbook.publish.formats.slides.cutting import Part
from gdbook.publish.formats.slides.layout import arrange
from gdbook.publish.formats.slides.leads import with_sentences
from gdbook.publish.formats.slides.placement import UNSEEN, Block, Placed, Role
from gdbook.publish.formats.slides.roles import roles
from gdbook.publish.formats.slides.units import Unit, visible, walk
from gdbook.publish.myst.cells import is_cell
from gdbook.publish.myst.deeper import is_deeper

#: The sections of a chapter that no deck has, by their titles.
NOT_PRESENTED = ("problems", "further reading")
#: By so many pixels an estimate may be wrong.
SLACK = 80

UNKNOWN = "the front matter of a page with cells may say `slides: blocks`; here it says {got!r}"
TOO_HIGH = (
    "from here on the slide is too high, by about {over} of 720 pixels: shorten this block, divide "
    'it, or leave it out of the deck with +++ {{"slideshow": {{"slide_type": "skip"}}}}'
)


def find(env: BuildEnvironment, document: nodes.document) -> list[Finding]:
    """Assign the blocks of the page that is being read, if its front matter says so."""
    said = env.metadata[env.docname].get("slides")
    if said == "blocks" and "slide_cells" in document:
        return assign(document)
    return [] if said is None else [Finding(1, UNKNOWN.format(got=said))]


@dataclass(frozen=True)
class _Read:
    """A block as it was read: its node, what is shown of it, its place in the source."""

    block: Block
    node: nodes.Element
    part: Part
    cell: int
    line: int


def assign(document: nodes.document) -> list[Finding]:
    """Give each block of a page its place in the deck, in place.

    In front of each block goes a mark, a comment with the attribute ``slide_units``: the first
    and the last of its units, which stand in the document's attribute of that name.

    Returns
    -------
    list of Finding
        The slides that are too high, as far as can be told without a browser.
    """
    reads = list(_read(document))
    read_blocks = [one.block for one in reads]
    placed = with_sentences(read_blocks, arrange(read_blocks))
    units: list[Unit] = []
    found: list[Finding] = []
    spans: dict[int, tuple[nodes.Element, int, int]] = {}
    for one in placed:
        read = reads[one.block]
        first = spans.get(id(read.node), (read.node, len(units), 0))[1]
        unit = _unit(read, one)
        if len(units) > first and (joined := _joined(units[-1], unit)):
            units[-1] = joined
        else:
            units.append(unit)
        spans[id(read.node)] = (read.node, first, len(units))
        if one.over > SLACK:
            found.append(Finding(read.line, TOO_HIGH.format(over=one.over)))
    for node, first, end in spans.values():
        node.parent.insert(node.parent.index(node), nodes.comment("", "", slide_units=(first, end)))
    document["slide_units"] = units
    return found


def _unit(read: _Read, one: Placed) -> Unit:
    part = read.part if one.rows is None else one.rows
    beside = one.kind not in UNSEEN and bool(read.block.lead or read.block.remark)
    return Unit(one.kind, read.cell, read.line, read.block.deeper, part, one.again, beside)


def _joined(before: Unit, unit: Unit) -> Unit | None:
    """Join sentences of one paragraph that are both spoken."""
    first, then = before.part, unit.part
    if before.kind == unit.kind == "notes" and isinstance(first, tuple) and isinstance(then, tuple):
        return before._replace(part=(first[0], then[1]))
    return None


def _read(document: nodes.document) -> Iterator[_Read]:
    """Read the blocks of a page, in order; what is never seen belongs to the one before it."""
    cells: list[dict[str, Any]] = document["slide_cells"]
    found = [place for place in walk(document) if visible(place[3])]
    skipped = 0  # the level of a section that is not presented
    begun: set[int] = set()
    for number, (units, _, level, node) in enumerate(found):
        cell = units.start
        if isinstance(node, nodes.section):
            name = node[node.first_child_matching_class(nodes.title) or 0].astext().lower()
            if not skipped or level <= skipped:
                skipped = level if name in NOT_PRESENTED else 0
        meta = cells[cell]
        mark = meta["kind"] if meta["marked"] else ""
        following = (
            after
            for later, _, _, after in found[number + 1 :]
            if not (cells[later.start]["marked"] and cells[later.start]["kind"] in UNSEEN)
        )
        hidden = skipped and not mark
        parts: Iterable[tuple[Block, Part]] = (
            [(Block(Role.LEFT_OUT), None)] if hidden else roles(node, level, following, meta)
        )
        for block, shown in parts:
            opens = bool(mark) and cell not in begun
            begun.add(cell)
            whole = replace(block, deeper=is_deeper(node), mark=mark, opens=opens)
            line = meta["line"] if is_cell(node) else line_of(node)
            yield _Read(whole, node, shown, cell, line)
