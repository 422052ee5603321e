"""Where the cards of a graph go: layers, the order in each, and positions along them.

The method is Sugiyama's: layers by dependence, dummies where an edge passes a layer,
order by barycentres, positions by least squares under the cards' widths
(Sugiyama, Tagawa and Toda 1981).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from gdbook.plots.base import _isotonic

SWEEPS, SETTLING = 24, 200

#: Parts of the width that cards may fill, the rest being left to edges.
PARTS = (1.0, 0.85, 0.7, 0.55, 0.4)


@dataclass(eq=False)
class Slot:
    """A card's place, or a place that an edge passes.

    Attributes
    ----------
    left, right : float
        How far it reaches from its centre line.
    up, down : list of Slot
        Neighbours in the layer above and below, one for each edge.
    x : float
        The centre line, found by `arrange`.
    """

    key: object
    left: float
    right: float
    up: list[Slot] = field(default_factory=list)
    down: list[Slot] = field(default_factory=list)
    x: float = 0.0


@dataclass(frozen=True)
class Arrangement:
    """Where everything goes.

    Attributes
    ----------
    layers : list of list of Slot
        From the top, each from left to right.
    routes : mapping
        The slots that each edge passes, its ends included.
    width : float
        The room that was needed: what there was, or more.
    """

    layers: list[list[Slot]]
    routes: Mapping[tuple[object, object], list[Slot]]
    width: float

    def layer_of(self, key: object) -> int:
        """Return the layer of a card."""
        return next(k for k, layer in enumerate(self.layers) if any(s.key == key for s in layer))


def arrange(
    reaches: Mapping[object, tuple[float, float]],
    edges: Sequence[tuple[object, object]],
    width: float,
    gap: float,
) -> Arrangement:
    """Arrange cards in layers.

    Parameters
    ----------
    reaches : mapping
        For each card, how far it reaches left and right of its centre line; in an order in
        which no card comes before one that uses it.
    edges : sequence of (user, used)
        The user gets the higher layer.
    width, gap : float
        Room for a layer, and between two neighbours in it. Where edges crowd, more is taken.

    Returns
    -------
    Arrangement
    """
    while True:
        # What edges pass takes room as well, so cards may have to leave some.
        for part in PARTS:
            found = _layered(reaches, edges, _levels(reaches, edges, part * width, gap), width)
            if all(_fits(layer, width, gap) for layer in found.layers):
                _order(found.layers)
                _place(found.layers, width, gap)
                return found
        width *= 1.2


def _fits(layer: Sequence[Slot], width: float, gap: float) -> bool:
    return sum(s.left + s.right for s in layer) + gap * (len(layer) - 1) <= width


def _layered(
    reaches: Mapping[object, tuple[float, float]],
    edges: Sequence[tuple[object, object]],
    level: Mapping[object, int],
    width: float,
) -> Arrangement:
    slots = {key: Slot(key, *reach) for key, reach in reaches.items()}
    layers: list[list[Slot]] = [[] for _ in range(max(level.values()) + 1)]
    for key, slot in slots.items():
        layers[level[key]].append(slot)
    routes = {}
    for user, used in dict.fromkeys(edges):
        route = [slots[user]]
        for depth in range(level[user] + 1, level[used]):
            passing = Slot(None, 3.0, 3.0)
            layers[depth].append(passing)
            route.append(passing)
        route.append(slots[used])
        for above, below in pairwise(route):
            above.down.append(below)
            below.up.append(above)
        routes[user, used] = route
    return Arrangement(layers, routes, width)


def _levels(
    reaches: Mapping[object, tuple[float, float]],
    edges: Sequence[tuple[object, object]],
    width: float,
    gap: float,
) -> dict[object, int]:
    """Put each card below its users, and lower where a layer is full."""
    level: dict[object, int] = {}
    taken: dict[int, float] = {}
    for key, (left, right) in reaches.items():
        users = [level[user] for user, used in edges if used == key]
        at = max(users, default=-1) + 1
        while taken.get(at, 0.0) and taken[at] + gap + left + right > width:
            at += 1
        taken[at] = taken.get(at, -gap) + gap + left + right
        level[key] = at
    # A full layer may have been skipped by all: no layer stays empty.
    used_levels = {old: new for new, old in enumerate(sorted(set(level.values())))}
    return {key: used_levels[at] for key, at in level.items()}


def _order(layers: list[list[Slot]]) -> None:
    best, fewest = [list(layer) for layer in layers], crossings(layers)
    for sweep in range(SWEEPS):
        downward = sweep % 2 == 0
        for layer in layers[1:] if downward else reversed(layers[:-1]):
            beside = layers[layers.index(layer) + (-1 if downward else 1)]
            rank = {id(slot): k for k, slot in enumerate(beside)}
            at = {id(slot): k for k, slot in enumerate(layer)}

            def centre(slot: Slot, rank: dict[int, int] = rank, at: dict[int, int] = at) -> float:
                near = slot.up if downward else slot.down  # noqa: B023
                return float(np.mean([rank[id(n)] for n in near])) if near else at[id(slot)]

            layer.sort(key=centre)
        found = crossings(layers)
        if found < fewest:
            best, fewest = [list(layer) for layer in layers], found
    for layer, order in zip(layers, best, strict=True):
        layer[:] = order


def crossings(layers: Sequence[Sequence[Slot]]) -> int:
    """Return how many pairs of edges cross, between all neighbouring layers."""
    count = 0
    for above, below in pairwise(layers):
        rank = {id(slot): k for k, slot in enumerate(below)}
        ends = [(k, rank[id(n)]) for k, slot in enumerate(above) for n in slot.down]
        start, end = np.array(ends, dtype=int).reshape(-1, 2).T
        order = np.subtract.outer(start, start) * np.subtract.outer(end, end)
        count += int((order < 0).sum()) // 2
    return count


def _place(layers: list[list[Slot]], width: float, gap: float) -> None:
    for layer in layers:
        _settle(layer, np.full(len(layer), width / 2), width, gap)
    for sweep in range(SETTLING):
        before = [slot.x for layer in layers for slot in layer]
        for layer in layers if sweep % 2 == 0 else reversed(layers):
            _settle(layer, np.array([_wanted(slot) for slot in layer]), width, gap)
        after = [slot.x for layer in layers for slot in layer]
        if np.allclose(before, after, rtol=0, atol=0.01):
            break
    every = [slot for layer in layers for slot in layer]
    left, right = min(s.x - s.left for s in every), max(s.x + s.right for s in every)
    for slot in every:
        slot.x += (width - left - right) / 2


def _wanted(slot: Slot) -> float:
    """Return where a slot's neighbours pull it: long edges and chains most, to be straight."""
    near = [*slot.up, *slot.down]
    if not near:
        return slot.x
    pulls = [_pull(slot, other) for other in near]
    return sum(pull * other.x for pull, other in zip(pulls, near, strict=True)) / sum(pulls)


def _pull(one: Slot, other: Slot) -> float:
    passing = (one.key is None) + (other.key is None)
    upper, lower = (one, other) if other in one.down else (other, one)
    chain = len(upper.down) == 1 and len(lower.up) == 1
    return (1.0, 2.0, 8.0)[passing] * (4.0 if chain else 1.0)


def _settle(layer: Sequence[Slot], wanted: NDArray[np.float64], width: float, gap: float) -> None:
    """Give the slots of a layer their x: nearest to what is wanted, in order, without overlap."""
    if not layer:
        return
    steps = np.zeros(len(layer))
    for k in range(1, len(layer)):
        steps[k] = steps[k - 1] + layer[k - 1].right + gap + layer[k].left
    low = layer[0].left
    high = width - layer[-1].right - steps[-1]
    free = np.clip(_isotonic(wanted - steps), low, max(low, high))
    for slot, x in zip(layer, free + steps, strict=True):
        slot.x = float(x)
