"""Parts of blocks that go to different places of a deck: a question, an output, some rows."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docutils import nodes

from gdbook.publish.formats.slides.heights import plain
from gdbook.publish.myst.cells import is_cell

#: A sentence of fewer characters says nothing by itself.
BRIEF = 12
_STOP = re.compile(r"[.?!][\"”’)]?\s+(?=\S)")

#: What a unit shows of its node: all, or a part by its name.
Part = str | tuple[int, int] | None


def part(node: nodes.Element, which: Part) -> nodes.Element:
    """Return a part of a block, as a node of its own.

    Parameters
    ----------
    node : docutils.nodes.Element
    which : str, tuple of int or None
        ``rest`` and ``question``, or ``before`` and ``lead``, of a paragraph, ``code`` and
        ``output`` of a code cell, the rows of a table or box from one to before another, or all.
    """
    if which is None:
        return node
    if isinstance(which, tuple):
        return _rows(node, *which)
    made = node.copy()
    if which in ("rest", "question"):
        made += split_question(node)[which == "question"]
    elif which in ("before", "lead"):
        made += split_lead(node)[which == "lead"]
    else:
        made += code_and_output(node)[which == "output"]
        made["classes"].append("asks" if which == "code" else "answers")
    if which in ("rest", "before", "output"):  # an id may stand once in the deck
        made["ids"] = []
    return made


def split_question(paragraph: nodes.Element) -> tuple[list[nodes.Node], list[nodes.Node]]:
    """Split a paragraph before its last sentence.

    Returns
    -------
    rest, question : list of docutils.nodes.Node
        The paragraph's inline nodes, in order.
    """
    return _split(_joined(paragraph))


def split_lead(paragraph: nodes.Element) -> tuple[list[nodes.Node], list[nodes.Node]]:
    """Split a paragraph before what leads to the next block.

    That is its last sentence, with the one before it if the last is no more than "Then".
    """
    rest, last = split_question(paragraph)
    if rest and len("".join(map(plain, last))) < BRIEF:
        rest, more = _split(rest)
        last = [*more, nodes.Text(" "), *last]
    return rest, last


def _split(children: list[nodes.Node]) -> tuple[list[nodes.Node], list[nodes.Node]]:
    for index in range(len(children) - 1, -1, -1):
        child = children[index]
        text = child.astext() if isinstance(child, nodes.Text) else ""
        if stops := list(_STOP.finditer(text)):
            at = stops[-1].end()
            before, after = nodes.Text(text[:at].rstrip()), nodes.Text(text[at:])
            return [*children[:index], before], [after, *children[index + 1 :]]
    return [], children


def _joined(paragraph: nodes.Element) -> list[nodes.Node]:
    """Return the inline nodes of a paragraph; the lines of its source are one text."""
    made: list[nodes.Node] = []
    for child in paragraph.children:
        if made and isinstance(child, nodes.Text) and isinstance(made[-1], nodes.Text):
            made[-1] = nodes.Text(made[-1].astext() + child.astext())
        else:
            made.append(child)
    return made


def code_and_output(node: nodes.Element) -> tuple[list[nodes.Node], list[nodes.Node]]:
    """Return what a code cell is given, and what it answers."""
    assert is_cell(node)
    given = [c for c in node.children if "cell_input" in getattr(c, "attributes", {})["classes"]]
    return given, [c for c in node.children if c not in given]


def has_output(cell: nodes.Element) -> bool:
    """Whether anything is seen of what a code cell answers."""
    seen = (nodes.literal_block, nodes.image, nodes.raw, nodes.math_block, nodes.table)
    return any(isinstance(n, seen) for shown in code_and_output(cell)[1] for n in shown.findall())


def units_of(node: nodes.Element) -> list[nodes.Element]:
    """Return what a table or a box may be cut between: rows of a table, parts of a box."""
    if isinstance(node, nodes.table):
        return _body(node)
    return [unit for child in _inside(node) for unit in _units(child)]


def _units(child: nodes.Element) -> list[nodes.Element]:
    rows = [row for table in child.findall(nodes.table) for row in _body(table)]
    return rows or [child]


def _inside(box: nodes.Element) -> list[nodes.Element]:
    return [c for c in box.children if isinstance(c, nodes.Element) and not _is_title(c)]


def _is_title(node: nodes.Element) -> bool:
    return isinstance(node, nodes.title)


def _body(table: nodes.table) -> list[nodes.Element]:
    return [row for body in table.findall(nodes.tbody) for row in _elements(body)]


def _elements(node: nodes.Element) -> Iterator[nodes.Element]:
    return (child for child in node.children if isinstance(child, nodes.Element))


def _rows(node: nodes.Element, start: int, end: int) -> nodes.Element:
    """Return a copy that holds only some of its units; a later piece has no ids of its own."""
    made = node.deepcopy()
    kept = units_of(made)
    for number, unit in enumerate(kept):
        if not start <= number < end:
            unit.parent.remove(unit)
    for table in [t for t in made.findall(nodes.table) if t is not made and not _body(t)]:
        holder = table.parent
        holder.remove(table)
        if not holder.children:  # Furo puts a container around each table
            holder.parent.remove(holder)
    if start:
        for one in made.findall(nodes.Element):
            one["ids"] = []
    return made
