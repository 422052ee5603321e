"""What is written on the card of each node of a graph, modules folded into one card."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextPath

from gdbook.plots.base import Array

# A page that draws a graph has loaded this already; one that draws curves need not.
if TYPE_CHECKING:
    from gdbook.graph import Graph, Node

#: Of the formula in a card's box, and of the two numbers beside it, in points.
FORMULA, NUMBER = 12.0, 11.4

#: A formula wider than this, in points, is cut down to the name of its operation.
WIDEST = 200.0


@dataclass(frozen=True)
class Card:
    """One box of the drawing.

    Attributes
    ----------
    node : Node
        Whose value and adjoint stand beside the box: for a module, its result.
    kind : str
        ``operation``, ``input`` or ``module``.
    text : str
        In Matplotlib's mathematics.
    value, adjoint : str
    uses : tuple of int
        The numbers of the cards' nodes that it was computed from, with repeats.
    numbers : tuple of int
        The numbers of all nodes that it stands for.
    """

    node: Node
    kind: str
    text: str
    value: str
    adjoint: str
    uses: tuple[int, ...]
    numbers: tuple[int, ...]


def mathtext(latex: str) -> str:
    """Return LaTeX in the part of it that Matplotlib sets."""
    latex = re.sub(r"\\operatorname\{([^{}]*)\}(_\{\d+\})?", r"\\mathrm{\1}\2\\,", latex)
    for theirs, ours in ((r"\tfrac", r"\frac"), (r"{:}", ":"), (r"\dots", r"\ldots")):
        latex = latex.replace(theirs, ours)
    latex = latex.replace(r"\lVert", r"\Vert").replace(r"\rVert", r"\Vert")
    return latex.replace(r"\,(", "(")


def cards(graph: Graph, *, fold: bool = False) -> list[Card]:
    """Return the cards of a graph, none before one that uses it."""
    groups = _folded(graph) if fold else {}
    found = []
    for node in graph.nodes:
        members = groups.get(node.number, (node.number,))
        if members[0] != node.number:
            continue
        parents = [p for k in members for p in graph.parents(graph[k])]
        uses = [_head(p.number, groups) for p in parents if p.number not in members]
        found.append(_card(graph, node, members, uses))
    return found


def _card(graph: Graph, node: Node, members: tuple[int, ...], uses: list[int]) -> Card:
    kind = "input" if node.is_input else "operation"
    right = graph.short(node)
    if len(members) > 1:
        kind, right = "module", _call(graph, node, members)
    text = f"$v_{{{node.number}}} = {mathtext(right)}$"
    if width(text, FORMULA) > WIDEST:
        name = graph.modules[node.modules[-1]].kind if kind == "module" else node.name
        name = name.replace("_", r"\_")
        text = rf"$v_{{{node.number}}} = \mathrm{{{name}}}(\ldots)$"
    return Card(
        node=node,
        kind=kind,
        text=text,
        value=_numbers(node.value),
        adjoint=_numbers(node.adjoint),
        uses=tuple(uses),
        numbers=members,
    )


def _numbers(values: Array) -> str:
    from gdbook.graph.numerals import plain

    return plain(values) if values.ndim == 0 else plain(values, digits=2, shown=2)


def _call(graph: Graph, node: Node, members: tuple[int, ...]) -> str:
    """Return a folded module as a function of what goes in: ``Linear₀(v₂)``."""
    from gdbook.graph.latex import subscripted

    call = graph.modules[node.modules[-1]]
    inside = {graph[number].uid for number in members}
    operations = (graph[number].operation for number in members)
    operands = (o.node for operation in operations if operation for o in operation.operands)
    given = dict.fromkeys(uid for uid in operands if uid not in inside)
    arguments = ", ".join(subscripted(graph.symbol(uid), "") for uid in given)
    below = f"_{{{call.path.rpartition('.')[2]}}}" if call.path else ""
    return rf"\mathrm{{{call.kind}}}{below}({arguments})"


def _folded(graph: Graph) -> dict[int, tuple[int, ...]]:
    """Return, for each node of a folded module, the numbers of all nodes of that call."""
    calls: dict[int, list[int]] = {}
    for node in graph.nodes:
        if node.modules:
            calls.setdefault(node.modules[-1], []).append(node.number)
    for node in graph.inputs:
        inside = {user.modules[-1] if user.modules else 0 for user in graph.users(node)}
        call = inside.pop() if len(inside) == 1 else 0
        if call:
            calls[call].append(node.number)
    groups = {}
    for members in calls.values():
        members.sort()
        leaves = [k for k in members[1:] if _used_outside(graph, k, members)]
        if len(members) > 1 and not leaves:
            groups.update(dict.fromkeys(members, tuple(members)))
    return groups


def _used_outside(graph: Graph, number: int, members: list[int]) -> bool:
    return any(user.number not in members for user in graph.users(graph[number]))


def _head(number: int, groups: dict[int, tuple[int, ...]]) -> int:
    return groups[number][0] if number in groups else number


@lru_cache(maxsize=4096)
def width(text: str, points: float) -> float:
    """Return the width of a text, in points."""
    outline = TextPath((0, 0), text, size=points, prop=FontProperties())
    # Control points reach a hair beyond the curves, and are there already.
    return float(outline.vertices[:, 0].max())
