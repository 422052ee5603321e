"""Chapters are promised by a reference only: one that is never written then breaks the build."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docutils import nodes
from sphinx import addnodes

from gdbook.publish.audit.page import Page, cell_around
from gdbook.publish.core.ancestors import around, line_of
from gdbook.publish.core.findings import Finding

PROMISED = (
    "“{words}” promises what may never be written: refer to it in this sentence, by "
    "{{numref}}`sec-…`, or take it out"
)

_PROMISE = re.compile(
    r"\b(?:(?:next|later|following|coming|future)\s+(?:chapters?|parts?\b(?!\s+of))"
    r"|(?:chapters?|parts)\s+(?:to\s+come|ahead|below|that\s+follows?)"
    r"|chapter\s+of\s+(?:its|their)\s+own"
    r"|[Cc]hapters?\s+\d+|Parts?\s+[IVX]+\b)"
)
_END = re.compile(r"(?<=[.!?:])\s+")
_REFERENCE = "\ufffc"


def promises(page: Page) -> Iterator[Finding]:
    """Find the sentences that speak of a chapter to come and do not refer to it."""
    if not page.held:
        return
    for node in page.doctree.findall(nodes.TextElement):
        if isinstance(node, (nodes.Inline, nodes.literal_block, nodes.math_block, nodes.comment)):
            continue
        if cell_around(node) and not around(node, nodes.caption):
            continue
        for sentence in _END.split("".join(_pieces(node))):
            found = _PROMISE.search(sentence)
            if found and _REFERENCE not in sentence:
                words = " ".join(found[0].split())
                at = page.source.line(found[0].split("\n")[0], line_of(node))
                yield Finding(at, PROMISED.format(words=words))


def _pieces(node: nodes.Element) -> Iterator[str]:
    """Yield a block's words, with a sign for each reference to a place of the book."""
    for child in node.children:
        if isinstance(child, nodes.Text):
            yield child.astext()
        elif isinstance(child, addnodes.pending_xref):
            yield _REFERENCE if child.get("reftype") in ("numref", "ref", "doc") else " "
        elif isinstance(child, nodes.Element):
            silent = isinstance(child, nodes.literal) or "computed" in child.get("classes", ())
            yield from [" … "] if silent else _pieces(child)
