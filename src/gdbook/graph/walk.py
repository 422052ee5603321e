"""The walk along ``grad_fn.next_functions``: torch's own record of the run."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Stop:
    """One function of torch's graph.

    Attributes
    ----------
    function : str
        As ``MulBackward0``.
    following : tuple of (int or None)
        The places in the walk that its `next_functions` lead to; None where no gradient goes.
    node : str
        The recorded node that it differentiates, as ``v3``, or nothing.
    """

    function: str
    following: tuple[int | None, ...]
    node: str


@dataclass(frozen=True)
class Walk(Sequence[Stop]):
    """All functions, each once, none before one that leads to it."""

    stops: tuple[Stop, ...]

    def __getitem__(self, place):  # type: ignore[no-untyped-def]
        return self.stops[place]

    def __len__(self) -> int:
        return len(self.stops)

    def __str__(self) -> str:
        width = max(len(stop.function) for stop in self.stops)
        rows = []
        for place, stop in enumerate(self.stops):
            leads = ", ".join("–" if to is None else str(to) for to in stop.following)
            arrow = f"→ {leads}" if leads else ""
            rows.append(f"{place:>2}  {stop.function:<{width}}  {stop.node:<4} {arrow}".rstrip())
        return "\n".join(rows)

    __repr__ = __str__


def walk_from(root: Any, labels: Mapping[int, str]) -> Walk:
    """Return the walk from a ``grad_fn``.

    Parameters
    ----------
    root : torch.autograd.graph.Node
    labels : mapping of int to str
        Names of nodes, by the id of their function, or of the tensor for an input.
    """
    leads = {root: _following(root)}
    entering: dict[Any, int] = {}
    stack = [root]
    while stack:
        for function in leads[stack.pop()]:
            if function is None:
                continue
            entering[function] = entering.get(function, 0) + 1
            if function not in leads:
                leads[function] = _following(function)
                stack.append(function)
    order, ready = [], deque([root])
    while ready:
        order.append(ready.popleft())
        for function in leads[order[-1]]:
            if function is not None:
                entering[function] -= 1
                if not entering[function]:
                    ready.append(function)
    place = {function: k for k, function in enumerate(order)}
    stops = [
        Stop(
            type(function).__name__,
            tuple(None if f is None else place[f] for f in leads[function]),
            labels.get(id(getattr(function, "variable", function)), ""),
        )
        for function in order
    ]
    return Walk(tuple(stops))


def _following(function: Any) -> list[Any]:
    return [following for following, _ in function.next_functions]
