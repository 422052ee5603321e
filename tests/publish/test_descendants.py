"""Nodes of a doctree are those that docutils finds, in its order, also while the tree changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from docutils import nodes
from hypothesis import given
from hypothesis import strategies as st

from gdbook.publish.core import upstream
from gdbook.publish.site.descendants import FINDALL, findall

KINDS: list[type[nodes.Element]] = [nodes.paragraph, nodes.inline, nodes.literal, nodes.section]


def trees() -> st.SearchStrategy[nodes.Node]:
    words = st.text(max_size=2).map(nodes.Text)
    kinds = st.sampled_from(KINDS)
    return st.recursive(
        words,
        lambda below: st.builds(lambda kind, children: kind("", *children), kinds, st.lists(below)),
        max_leaves=30,
    )


CONDITIONS: list[Any] = [
    None,
    nodes.Node,
    nodes.Text,
    nodes.Element,
    nodes.inline,
    lambda node: isinstance(node, nodes.literal | nodes.Text),
    lambda node: bool(node.children),
]


def order(found: Any) -> list[int]:
    return [id(node) for node in found]


@given(tree=trees(), condition=st.sampled_from(CONDITIONS))
def test_it_finds_what_docutils_finds(tree: nodes.Node, condition: Any) -> None:
    theirs = upstream.original(FINDALL)
    assert order(findall(tree, condition)) == order(theirs(tree, condition))
    for more in ({"include_self": False}, {"descend": False}, {"ascend": True}, {"siblings": True}):
        assert order(findall(tree, condition, **more)) == order(theirs(tree, condition, **more))


def emptied(node: nodes.Element) -> None:
    node.children = []


def filled(node: nodes.Element) -> None:
    if len(node) < 3:
        node.append(nodes.Text("new"))


def replaced(node: nodes.Element) -> None:
    if node.parent is not None and "done" not in node["classes"]:
        node.replace_self(nodes.inline("", "", *node.children, classes=["done"]))


def gone(node: nodes.Element) -> None:
    if node.parent is not None:
        node.parent.remove(node)


@pytest.mark.parametrize("change", [emptied, filled, replaced, gone])
@given(tree=trees(), kind=st.sampled_from([nodes.Element, nodes.inline]))
def test_what_changes_on_the_way_is_met_as_docutils_meets_it(
    change: Callable[[nodes.Element], None], tree: nodes.Node, kind: type[nodes.Element]
) -> None:
    def walked(search: Any, root: nodes.Node) -> tuple[list[str], str]:
        seen = []
        for node in search(root, kind):
            seen.append(repr(node))
            change(node)
        return seen, root.pformat()

    one, other = tree.deepcopy(), tree.deepcopy()
    assert walked(findall, one) == walked(upstream.original(FINDALL), other)
