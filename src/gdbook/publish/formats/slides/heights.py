"""How high blocks are on a slide, told from what they hold: no browser is there at the build.

The numbers are those of ``static/deck.css``; tests hold what comes of them against Chromium.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from math import ceil
from typing import Any

from docutils import nodes

from gdbook.publish.myst.quick_question import quick_question

WIDTH = 1136
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
#: A table's head and the space around it.
TABLE = 92
ROW, CELL_APART, CELL_CHARACTER = 58, 45, 12.5

_COMMAND = re.compile(r"\\[a-zA-Z]+\*?|[{}^_$&]")
_MATRIX = re.compile(r"\\begin\{pmatrix\}.*?\\end\{pmatrix\}", re.DOTALL)
_HIGH_IN_A_ROW = re.compile(r"\\(?:[dt]?frac|sum|prod|int|lim|binom|under|over)")
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
    return row(node) if isinstance(node, nodes.row) else height(node)


def total(children: Iterable[nodes.Node]) -> int:
    """Return the height of blocks, one below the other."""
    return sum(map(height, children))


def plain(node: nodes.Node) -> str:
    """Return a text as long as what is seen of it: a formula's commands are one sign each."""
    if isinstance(node, nodes.Text):
        return node.astext()
    if isinstance(node, nodes.math):
        return _COMMAND.sub(lambda m: "x" if m[0][0] == "\\" else "", node.astext())
    return "".join(map(plain, node.children))


def row(node: nodes.Node) -> int:
    """Return the height of a table's row."""
    table = node.parent
    while not isinstance(table, nodes.tgroup):
        table = table.parent
    widths = _widths(table)
    lines = [
        ceil(CELL_CHARACTER * len(plain(entry)) / width)
        for entry, width in zip(node.children, widths, strict=False)
    ]
    high = any(_HIGH_IN_A_ROW.search(math.astext()) for math in node.findall(nodes.math))
    return ROW - 38 + 38 * max([1, *lines]) + 8 * high


def _widths(group: nodes.tgroup) -> list[float]:
    """Return the widths of a table's columns, as a browser shares them out.

    If there is not room for all, each has its longest word, and of the rest its share.
    """
    words: list[int] = []
    wholes: list[int] = []
    for line in group.findall(nodes.row):
        for number, entry in enumerate(line.children):
            if number == len(wholes):
                words.append(1)
                wholes.append(1)
            text = plain(entry)
            words[number] = max(words[number], *map(len, text.split() or [""]))
            wholes[number] = max(wholes[number], len(text))
    free = WIDTH - CELL_APART * len(wholes) - CELL_CHARACTER * sum(words)
    wanted = CELL_CHARACTER * (sum(wholes) - sum(words))
    scale = max(0, min(1, free / wanted)) if wanted else 0
    return [
        CELL_CHARACTER * (word + scale * (whole - word))
        for word, whole in zip(words, wholes, strict=True)
    ]


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
    return TABLE + sum(row(line) for body in node.findall(nodes.tbody) for line in body.children)


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
