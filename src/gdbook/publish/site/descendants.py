"""The nodes below a node, found without recursion.

docutils searches a doctree by generators within generators, one for each node, and what the
innermost yields passes through all others. A page is searched some two hundred times by Sphinx, its
extensions and ours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from gdbook.publish.core import upstream

FINDALL = "docutils.nodes:Node.findall"

Condition = type[nodes.Node] | Callable[[nodes.Node], Any] | None


def findall(
    node: nodes.Node, condition: Condition = None, *rest: Any, **more: Any
) -> Iterator[nodes.Node]:
    """Return what `docutils.nodes.Node.findall` returns, in the same order.

    Parameters
    ----------
    node : nodes.Node
    condition : type or callable, optional
        Which nodes are wanted.
    *rest, **more
        Where else to look than in the node and below it: that is left to docutils.
    """
    if rest or more:
        found: Iterator[nodes.Node] = upstream.original(FINDALL)(node, condition, *rest, **more)
        return found
    if condition is None:
        return _below(node)
    if isinstance(condition, type):
        return (one for one in _below(node) if isinstance(one, condition))
    return filter(condition, _below(node))


def _below(node: nodes.Node) -> Iterator[nodes.Node]:
    """Yield a node and all below it; children are asked for after their parent was yielded."""
    yield node
    levels = [iter(node.children)]
    while levels:
        for child in levels[-1]:
            yield child
            if child.children:
                levels.append(iter(child.children))
                break
        else:
            levels.pop()


def setup(_app: Sphinx) -> None:
    """Let all searches be made so."""
    upstream.replace(FINDALL, findall)
