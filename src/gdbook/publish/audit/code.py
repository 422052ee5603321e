"""Code that fits the page and can be taken in: 78 columns, twelve lines."""

from __future__ import annotations

from collections.abc import Iterator

from docutils import nodes

from gdbook.publish.audit.page import Page, cell_around
from gdbook.publish.core.ancestors import line_of
from gdbook.publish.core.findings import Finding
from gdbook.publish.myst.cells import FOLDED

COLUMNS = 78
LINES = 12

WIDE = "a line of code of {columns} columns, cut off on the page: break it at {limit} or before"
LONG = (
    "a cell of {lines} lines: cut it into cells of at most {limit}, or fold it with the tag "
    "hide-input"
)


def code(page: Page) -> Iterator[Finding]:
    """Find the lines of code that are too wide, and the cells that are too long."""
    for cell in page.cells:
        lines = cell.code.splitlines()
        yield from _wide(page, lines, cell.line)
        if len(lines) > LINES and not FOLDED & cell.tags:
            yield Finding(cell.line, LONG.format(lines=len(lines), limit=LINES))
    for block in page.doctree.findall(nodes.literal_block):
        if cell_around(block) is None:
            yield from _wide(page, block.astext().splitlines(), line_of(block))


def _wide(page: Page, lines: list[str], near: int) -> Iterator[Finding]:
    for text in lines:
        if len(text) > COLUMNS:
            at = page.source.line(text.strip(), near)
            yield Finding(at, WIDE.format(columns=len(text), limit=COLUMNS))
