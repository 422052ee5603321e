"""Pages for the editor's rules, parsed in this process: no book is built, nothing runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from docutils import nodes
from docutils.core import publish_doctree
from myst_parser.parsers.docutils_ import Parser

from gdbook.publish.audit.page import Cell, Page, Source

SETTINGS = {
    "myst_enable_extensions": ["amsmath", "attrs_block", "colon_fence", "dollarmath"],
    "report_level": 5,
    "doctitle_xform": False,
}


def page(
    text: str,
    code: Sequence[str] = (),
    *,
    tags: Sequence[str] = (),
    given: Mapping[str, str] | None = None,
) -> Page:
    """Return a page of words, with code cells that stand nowhere in it.

    A word in ⟦brackets⟧ becomes what the role ``{n}`` makes: an inline node of class
    ``computed``.
    """
    doctree = publish_doctree(text, parser=_parser(), settings_overrides=dict(SETTINGS))
    for block in doctree.findall(nodes.literal_block):  # as Sphinx does
        block["language"] = " ".join(block["classes"]).removeprefix("code ")
    for figure in doctree.findall(nodes.figure):
        figure["names"] = [name for image in figure.findall(nodes.image) for name in image["names"]]
    for formula in doctree.findall(nodes.math_block):
        formula["label"] = " ".join(formula["names"])
    for leaf in list(doctree.findall(nodes.Text)):
        before, bracket, rest = leaf.astext().partition("⟦")
        if bracket:
            number, _, after = rest.partition("⟧")
            computed = nodes.inline("", number, classes=["computed"])
            parts = [nodes.Text(before), computed, nodes.Text(after)]
            leaf.parent.replace(leaf, parts)
    cells = [Cell(source, 1, frozenset(tags)) for source in code]
    return Page(doctree, Source(text), cells, given or {})


@cache
def _parser() -> Any:
    return Parser()
