"""How high the rows of a table are: a browser shares the width out among its columns."""

from __future__ import annotations

import re
from math import ceil

from docutils import nodes

from gdbook.publish.core.ancestors import around
from gdbook.publish.formats.slides.lengths import BOXED, WIDTH, plain

#: The space around a table; a row without its lines, a line of it.
AROUND, ROW, LINE = 34, 20, 38
#: The space beside what a cell holds; a character of words, and of code.
CELL, CHARACTER, CODE = 45, 12.5, 15.5

_HIGH = re.compile(r"\\(?:[dt]?frac|sum|prod|int|lim|binom|under|over)")


def head(table: nodes.Element) -> int:
    """Return the height of what each piece of a table repeats: its head, the space around it."""
    rows = (line for part in table.findall(nodes.thead) for line in part.children)
    return AROUND + sum(map(row, rows))


def row(line: nodes.Node) -> int:
    """Return the height of a row."""
    group = around(line, nodes.tgroup)
    assert isinstance(group, nodes.tgroup)
    lines = [
        ceil(_width(entry) / width)
        for entry, width in zip(line.children, _columns(group), strict=False)
    ]
    high = any(_HIGH.search(math.astext()) for math in line.findall(nodes.math))
    return ROW + LINE * max([1, *lines]) + 8 * high


def _width(entry: nodes.Node) -> float:
    code = sum(len(text.astext()) for text in entry.findall(nodes.literal))
    return CHARACTER * len(plain(entry)) + (CODE - CHARACTER) * code


def _columns(group: nodes.tgroup) -> list[float]:
    """Return the widths of a table's columns.

    If there is not room for all, each has its longest word, and of the rest its share.
    """
    words: list[float] = []
    wholes: list[float] = []
    for line in group.findall(nodes.row):
        for number, entry in enumerate(line.children):
            if number == len(wholes):
                words.append(CHARACTER)
                wholes.append(CHARACTER)
            longest = max(map(len, plain(entry).split() or [""]))
            words[number] = max(words[number], CHARACTER * longest)
            wholes[number] = max(wholes[number], _width(entry))
    room = BOXED if around(group, nodes.Admonition, nodes.admonition) is not None else WIDTH
    free = room - CELL * len(wholes) - sum(words)
    wanted = sum(wholes) - sum(words)
    scale = max(0, min(1, free / wanted)) if wanted else 0
    return [word + scale * (whole - word) for word, whole in zip(words, wholes, strict=True)]
