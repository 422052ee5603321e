"""The words of a page, block by block: what a reader reads and no cell printed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from docutils import nodes
from docutils.utils import get_source_line
from sphinx import addnodes

from gdbook.publish.audit.page import Page, cell_around
from gdbook.publish.core.ancestors import around, line_of

#: What a reader takes for code, a label or a number that was computed.
_SILENT = (
    nodes.literal,
    nodes.literal_block,
    nodes.comment,
    nodes.raw,
    nodes.image,
    nodes.citation,
    nodes.citation_reference,
    nodes.footnote_reference,
    nodes.system_message,
)
_GAP = "\ufffc"
_FIELD = re.compile(r"\{(?:[^{}]|\{[^{}]*\})*\}")


@dataclass(frozen=True)
class Block:
    """A paragraph, title, caption, cell of a table, displayed formula or alt text.

    Attributes
    ----------
    text : str
        Its words and formulas.
    in_math : str
        As long as `text`: ``$`` where a character is part of a formula.
    line : int
        Where it begins.
    cites : bool
        Whether it cites a work, whose sections have numbers of their own.
    """

    text: str
    in_math: str
    line: int
    cites: bool = False


def blocks(page: Page, outside: type[nodes.Element] | None = None) -> Iterator[Block]:
    """Yield what is to be read on a page, and then the alt texts of its figures.

    Parameters
    ----------
    page : Page
    outside : type, optional
        A kind of node whose words are left out.
    """
    silent = (*_SILENT, outside) if outside else _SILENT
    for node in page.doctree.findall(nodes.TextElement):
        if isinstance(node, nodes.Inline) or around(node, *silent) or _from_docstring(node):
            continue
        if cell_around(node) and not around(node, nodes.caption):
            continue  # what a cell printed
        if isinstance(node, nodes.math_block):
            # A claim is held against its check, numbers and all.
            if not (node.get("label") or "").startswith("eq-"):
                yield Block(node.astext(), "$" * len(node.astext()), line_of(node))
            continue
        pieces = list(_pieces(node))
        cites = any(x.get("refdomain") == "cite" for x in node.findall(addnodes.pending_xref))
        yield Block(
            "".join(text for text, _ in pieces),
            "".join(mark * len(text) for text, mark in pieces),
            _line(page, node),
            cites,
        )
    yield from _alternatives(page)


def _from_docstring(node: nodes.Element) -> bool:
    """Whether autodoc took a block from the package, whose examples are run by tests."""
    return "docstring of gdbook" in str(get_source_line(node)[0] or "")


def _line(page: Page, node: nodes.Element) -> int:
    """Return a block's line; MyST gives the line of the table to all that is in it."""
    line = line_of(node)
    row, table = around(node, nodes.row), around(node, nodes.table)
    if row is None or table is None:
        return line
    number = [id(one) for one in table.findall(nodes.row)].index(id(row))
    piped = any(text.startswith("|") for text in page.source.lines[line - 1 : line])
    return line + number + (number > 0 and piped)  # below the heading is a line of dashes


def _pieces(node: nodes.Element) -> Iterator[tuple[str, str]]:
    for child in node.children:
        if isinstance(child, nodes.Text):
            yield child.astext(), " "
        elif isinstance(child, nodes.math):
            yield child.astext(), "$"
        elif not isinstance(child, nodes.Element):
            continue
        elif not isinstance(child, nodes.Inline) or _says_nothing(child):
            yield _GAP, " "
        else:
            yield from _pieces(child)


def _says_nothing(node: nodes.Element) -> bool:
    """Whether a part of a sentence is code, an address, a reference or computed."""
    if isinstance(node, nodes.reference):
        return "://" in node.astext()
    if {"computed", "pasted-text"} & set(node.get("classes", ())):
        return True
    return isinstance(node, (*_SILENT, addnodes.pending_xref))


def _alternatives(page: Page) -> Iterator[Block]:
    """Yield alt texts; those of cells as they were written, with ``{name}`` for a number."""
    seen = set()
    for image in page.doctree.findall(nodes.image):
        cell = cell_around(image)
        template = cell["cell_metadata"].get("alt") if cell else None
        written = template or image.get("alt") or ""
        key = (cell["cell_index"] if cell else id(image), written)
        if written and key not in seen:
            seen.add(key)
            text = _FIELD.sub(_GAP, str(written))  # where a number will be filled in
            yield Block(text, " " * len(text), line_of(image))
