"""The elements around a node of a doctree, and its line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from docutils import nodes


def around(
    node: nodes.Node,
    *kinds: type[Any],
    where: Callable[[Any], Any] = lambda _: True,
) -> nodes.Element | None:
    """Return a node itself, or the nearest around it, of some kinds and for which a test holds."""
    at: nodes.Node | None = node
    while at is not None:
        if isinstance(at, kinds or nodes.Element) and where(at):
            assert isinstance(at, nodes.Element)
            return at
        at = at.parent
    return None


def line_of(node: nodes.Node) -> int:
    """Return the line of a node, or of the nearest one around it that has a line."""
    known = around(node, where=lambda at: at.line)
    return (known.line or 1) if known is not None else 1
