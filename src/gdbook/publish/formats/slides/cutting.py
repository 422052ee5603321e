"""Parts of blocks that go to different places of a deck: sentences, an output, some rows."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docutils import nodes

from gdbook.publish.myst.cells import is_cell

_STOP = re.compile(r"[.?!][\"”’)]?\s+")

#: What a unit shows of its node: all, or a part by its name.
Part = str | tuple[int, int] | None


def part(node: nodes.Element, which: Part) -> nodes.Element:
    """Return a part of a block, as a node of its own.

    Parameters
    ----------
    node : docutils.nodes.Element
    which : str, tuple of int or None
        ``code`` or ``output`` of a code cell; the sentences of a paragraph or the rows of a table
        or box, from one to before another; or all.
    """
    if which is None:
        return node
    if isinstance(which, tuple):
        return (_sentences if isinstance(node, nodes.paragraph) else _rows)(node, *which)
    made = node.copy()
    made += code_and_output(node)[which == "output"]
    made["classes"].append("asks" if which == "code" else "answers")
    if which == "output":  # an id may stand once in the deck
        made["ids"] = []
    return made


def sentences(paragraph: nodes.Element) -> list[list[nodes.Node]]:
    """Divide a paragraph into its sentences.

    Returns
    -------
    list of list of docutils.nodes.Node
        The inline nodes of each, in order.
    """
    made: list[list[nodes.Node]] = [[]]
    for child in _joined(paragraph):
        if not isinstance(child, nodes.Text):
            made[-1].append(child)
            continue
        start, text = 0, child.astext()
        if made[-1] and text[:1].isspace() and _ends(made[-1][-1]):
            made.append([])
            text = text.lstrip()
        for stop in _STOP.finditer(text):
            made[-1].append(nodes.Text(text[start : stop.end()].rstrip()))
            made.append([])
            start = stop.end()
        if text[start:]:
            made[-1].append(nodes.Text(text[start:]))
    return made if made[-1] else made[:-1]


def _ends(node: nodes.Node) -> bool:
    """Whether a node is a formula bound to the stop of its sentence, as in what is written."""
    bound = isinstance(node, nodes.inline) and "formula-end" in node["classes"]
    return bound and _STOP.search(node.astext() + " ") is not None


def _sentences(paragraph: nodes.Element, start: int, end: int) -> nodes.Element:
    """Return a paragraph of some sentences; the last piece has the ids."""
    found = sentences(paragraph)
    made = paragraph.copy()
    for number, sentence in enumerate(found[start:end]):
        made += [*([nodes.Text(" ")] if number else []), *sentence]
    if end < len(found):
        made["ids"] = []
    return made


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
