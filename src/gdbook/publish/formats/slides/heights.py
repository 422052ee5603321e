"""How high blocks are on a slide, told from what they hold: no browser is there at the build.

The numbers are those of ``static/deck.css``; tests hold what comes of them against Chromium.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from math import ceil
from typing import Any

from docutils import nodes

from gdbook.publish.formats.slides import tables
from gdbook.publish.formats.slides.lengths import WIDTH, plain
from gdbook.publish.myst.quick_question import quick_question

#: A line of text and the space around a paragraph, in pixels; characters in a line of it.
LINE, APART, ACROSS = 48, 20, 72
#: A line of a sentence beside what is shown, in smaller print, and characters in it.
SMALL_LINE, SMALL_ACROSS = 42, 72
#: A formula of one line and a line of several, with a fraction, a sum or a limit and without; and
#: the space below.
FORMULA, HIGH_FORMULA, FORMULA_LINE, HIGH_LINE, FORMULA_AROUND = 52, 118, 64, 128, 20
CODE_LINE, CODE_AROUND = 33, 54
#: Code whose output comes after it, and that output.
ASKING_LINE, ASKING_AROUND = 30, 38
OUTPUT_LINE, OUTPUT_AROUND = 27, 16
#: A picture takes what is left, and should have so much; below a question the smaller one. A tall
#: picture has the whole slide.
PICTURE, ANSWER, TALL = 400, 360, 500
#: A box with its title, without what is in it: a note, a statement, a quick question.
BOX, STATEMENT, QUESTION = 102, 122, 110
TITLE = 444

_MATRIX = re.compile(r"\\begin\{pmatrix\}.*?\\end\{pmatrix\}", re.DOTALL)
_HIGH = re.compile(r"\\(?:[dt]?frac|sum|prod|int|lim|max|min|binom|sqrt|under|over)")


def title(node: nodes.Element, level: int) -> int:
    """Return the height of a heading; the page's title leaves room for a line or two."""
    if level == 1:
        return TITLE
    return 46 + 53 * _lines(node.astext() + " deeper", 46)


def height(node: nodes.Node) -> int:
    """Return the height of a block."""
    for kinds, how in _HEIGHTS:
        if isinstance(node, kinds):
            return how(node)
    return 0


def sentence(node: nodes.Element) -> int:
    """Return the height of a sentence that leads to what is shown, or says what was seen."""
    return SMALL_LINE * _lines(plain(node), across=SMALL_ACROSS)


def unit(node: nodes.Element) -> int:
    """Return the height of what a block may be cut between."""
    return tables.row(node) if isinstance(node, nodes.row) else height(node)


def total(children: Iterable[nodes.Node]) -> int:
    """Return the height of blocks, one below the other."""
    return sum(map(height, children))


def _formula(text: str) -> int:
    text = _MATRIX.sub(r"\\frac", re.sub(r"\\(?:begin|end)\{aligned\}", "", text))
    lines = [line for line in re.split(r"\\\\(?:\[.*?\])?", text) if line.strip()]
    low, high = (FORMULA, HIGH_FORMULA) if len(lines) == 1 else (FORMULA_LINE, HIGH_LINE)
    return FORMULA_AROUND + sum(high if _HIGH.search(line) else low for line in lines)


def _lines(text: str, size: int = 34, across: int | None = None) -> int:
    across = across or int(WIDTH / (0.5 * size))
    return max(1, ceil(len(text) / across))


def _code(node: nodes.literal_block) -> int:
    count = node.astext().rstrip("\n").count("\n") + 1
    if "output" in node["classes"]:
        return OUTPUT_AROUND + OUTPUT_LINE * count
    return CODE_AROUND + CODE_LINE * count


def _table(node: nodes.table) -> int:
    rows = (line for body in node.findall(nodes.tbody) for line in body.children)
    return tables.head(node) + sum(map(tables.row, rows))


def _list(node: nodes.Element) -> int:
    if "quick-options" in node["classes"]:  # in two columns
        lines = [_lines(plain(item), across=ACROSS // 2 - 2) for item in node.children]
        return APART + sum(6 + LINE * max(lines[at : at + 2]) for at in range(0, len(lines), 2))
    return APART + sum(12 + LINE * _lines(plain(item)) for item in node.children)


def _words(node: nodes.TextElement) -> int:
    if any(node.findall(nodes.image)):
        return PICTURE
    return APART + LINE * _lines(plain(node), across=ACROSS)


def _box(node: nodes.Element) -> int:
    """Return the height of a box, or of what only holds others."""
    titled = any(isinstance(child, nodes.title) for child in node.children)
    inside = [child for child in node.children if not isinstance(child, nodes.title)]
    around = (STATEMENT if "realtype" in node else BOX) if titled else 0
    return around + total(inside)


def _question(node: quick_question) -> int:
    answer = nodes.paragraph("", f"Answer {node['answer']}")
    return QUESTION + total(node.children) + height(answer)


_HEIGHTS: tuple[tuple[Any, Callable[[Any], int]], ...] = (
    (nodes.math_block, lambda node: _formula(node.astext())),
    ((nodes.figure, nodes.image), lambda _: PICTURE),
    (nodes.literal_block, _code),
    (nodes.table, _table),
    ((nodes.bullet_list, nodes.enumerated_list), _list),
    (quick_question, _question),
    ((nodes.paragraph, nodes.rubric, nodes.term), _words),
    (nodes.Element, _box),
)
