"""What a block of a page is to its deck, and how high it is: from its node alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from docutils import nodes
from sphinx_exercise.nodes import exercise_enumerable_node, exercise_node, solution_node
from sphinx_proof.nodes import proof_node

from gdbook.publish.formats.slides import heights, paragraphs, tables
from gdbook.publish.formats.slides.cutting import (
    Part,
    code_and_output,
    has_output,
    units_of,
)
from gdbook.publish.formats.slides.lengths import plain
from gdbook.publish.formats.slides.placement import Block, Role
from gdbook.publish.myst.cells import FOLDED, is_cell
from gdbook.publish.myst.quick_question import quick_question

_LEFT_OUT = {"check", "remove-cell", "remove_cell", "hide-cell", "hide_cell"}
_SILENT = {"hide-output", "hide_output", "remove-output", "remove_output"}
_PROBLEMS = (exercise_node, exercise_enumerable_node, solution_node)
#: A list of at most so many entries, of so many characters each, is shown; a longer one is prose.
SHORT = (6, 70)
_SHOWN = (
    nodes.math_block,
    nodes.figure,
    nodes.literal_block,
    nodes.image,
    nodes.container,
    quick_question,
)
#: What says nothing of why it is there, unless it has a caption.
_WORDLESS = (nodes.math_block, nodes.literal_block, nodes.image, nodes.paragraph)


def roles(
    node: nodes.Element, level: int, following: Iterator[nodes.Element], cell: Any
) -> Iterator[tuple[Block, Part]]:
    """Yield what a block is to the deck; more than one if parts of it go to different places.

    Parameters
    ----------
    node : docutils.nodes.Element
    level : int
        Of the section that it opens or is in.
    following : iterator of docutils.nodes.Element
        The blocks after it.
    cell : dict
        Of the document's ``slide_cells``, the cell that it is from.
    """
    if isinstance(node, nodes.section):
        yield Block(Role.HEADING, heights.title(_title(node), level), alone=level == 1), None
    elif is_cell(node):
        yield from _cell(node, cell)
    elif node.get("slides_only"):
        yield _slides_only(node), None
    elif isinstance(node, nodes.paragraph) and not any(node.findall(nodes.image)):
        if cell["marked"]:
            yield Block(Role.SPOKEN, heights.height(node), asks=_asks(node), says=True), None
        else:
            after = _shown_next(following)
            asks = _asks(node) and after is not None
            yield from paragraphs.divide(node, asks=asks, leads=_is_led_to(after))
    else:
        yield _block(node), None


def _title(section: nodes.section) -> nodes.Element:
    return next(c for c in section.children if isinstance(c, nodes.title))


def _asks(node: nodes.Element) -> bool:
    return node.astext().rstrip().endswith("?")


def _shown_next(following: Iterator[nodes.Element]) -> nodes.Element | None:
    """Return the next block that is not left out, if it is shown."""
    for node in following:
        if is_cell(node) and set(_tags(node)) & _LEFT_OUT:
            continue
        if is_cell(node) or node.get("slides_only"):
            return node
        shown = not isinstance(node, nodes.section) and _block(node).role is Role.SHOWN
        return node if shown else None
    return None


def _is_led_to(node: nodes.Element | None) -> bool:
    """Whether a block says nothing of why it is there: it has neither caption nor title."""
    if node is None or any(node.findall(nodes.image)):
        return False
    return is_cell(node) or isinstance(node, (nodes.math_block, nodes.table, nodes.literal_block))


def _tags(cell: nodes.Element) -> Sequence[str]:
    return cell["cell_metadata"].get("tags") or ()


def _cell(node: nodes.Element, cell: Any) -> Iterator[tuple[Block, Part]]:
    """Show a cell's code, and what it says at the next key; folded code is left out."""
    tags = set(_tags(node))
    if tags & _LEFT_OUT:
        yield Block(Role.LEFT_OUT), None
        return
    answers = has_output(node) and not tags & _SILENT
    output = heights.TALL if "tall" in tags else _output(node)
    least = heights.ANSWER if output == heights.PICTURE else 0
    count = cell["code"].count("\n") + 1
    if tags & FOLDED:
        role = Role.SHOWN if answers else Role.LEFT_OUT
        yield Block(role, output, least=least, says=_captioned(node)), None
    elif not answers or cell["marked"]:
        code = heights.CODE_AROUND + heights.CODE_LINE * count
        yield Block(Role.SHOWN, code + output * answers, says=_captioned(node)), None
    else:
        code = heights.ASKING_AROUND + heights.ASKING_LINE * count
        yield Block(Role.SHOWN, code, asks=True), "code"
        yield Block(Role.SHOWN, output, least=least, says=_captioned(node)), "output"


def _output(cell: nodes.Element) -> int:
    """Return the height of what a cell shows: a picture, if it has one, stands for all."""
    _, shown = code_and_output(cell)
    if any(True for one in shown for _ in one.findall(nodes.image)):
        return heights.PICTURE
    return sum(heights.height(text) for one in shown for text in one.findall(nodes.literal_block))


def _slides_only(node: nodes.Element) -> Block:
    """Show a cell for slides only; with a heading it opens a slide."""
    role = Role.HEADING if any("level" in n for n in node.findall(nodes.rubric)) else Role.SHOWN
    says = any(node.findall(nodes.paragraph))
    return Block(role, heights.total(node.children), asks=_asks(node), says=says)


def _block(node: nodes.Element) -> Block:
    """Return what a block of other kinds is to the deck."""
    if isinstance(node, _PROBLEMS) or {"dropdown", "objectives"} & set(node["classes"]):
        return Block(Role.LEFT_OUT)
    if isinstance(node, proof_node):
        return Block(Role.SPOKEN)
    if isinstance(node, (nodes.Admonition, nodes.admonition)) and "realtype" not in node:
        return _rows(node, heights.BOX + sum(map(tables.head, node.findall(nodes.table))))
    if isinstance(node, nodes.table):
        return _rows(node, tables.head(node))
    if isinstance(node, (nodes.bullet_list, nodes.enumerated_list)):
        most, longest = SHORT
        entries = [len(plain(item)) for item in node.children]
        short = len(entries) <= most and max(entries) <= longest
        return Block(Role.SHOWN if short else Role.SPOKEN, heights.height(node), says=True)
    shown = isinstance(node, _SHOWN) or "realtype" in node or any(node.findall(nodes.image))
    alone = isinstance(node, quick_question)
    says = not isinstance(node, _WORDLESS) or _captioned(node)
    role = Role.SHOWN if shown else Role.SPOKEN
    return Block(role, heights.height(node), alone=alone, says=says)


def _rows(node: nodes.Element, around: int) -> Block:
    """Show a table or a box, which may be cut; `around` is what each piece repeats."""
    rows = tuple(map(heights.unit, units_of(node)))
    says = not isinstance(node, nodes.table) or _captioned(node)
    return Block(Role.SHOWN, around + sum(rows), rows=rows, says=says)


def _captioned(node: nodes.Element) -> bool:
    return any(node.findall(lambda one: isinstance(one, (nodes.caption, nodes.title))))
