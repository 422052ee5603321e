"""Largest and smallest along axes, who wins and who shares a tie; and sorting."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import numpy as np

from gdbook.graph.algebra import (
    bound,
    bracket,
    mul,
    over,
    total,
)
from gdbook.graph.indices import Index, Lookup, Positions, Term, fresh
from gdbook.graph.rules.operation import (
    SELF,
    Operand,
    Operation,
)
from gdbook.graph.rules.reductions import Along, along, named
from gdbook.graph.rules.registry import rule
from gdbook.graph.rules.reindexing import reindexed
from gdbook.graph.terms import Expression, Fold, Ref

Picking = TypeVar("Picking", bound=Callable[..., Operation])


@rule("amax")
def _amax(x: Operand, dim: Any = (), keepdim: bool = False) -> Operation:
    return _extreme("max", along(x, dim, keepdim))


@rule("amin")
def _amin(x: Operand, dim: Any = (), keepdim: bool = False) -> Operation:
    return _extreme("min", along(x, dim, keepdim))


def _extreme(kind: str, a: Along) -> Operation:
    x, indices, inner = a.operand, fresh(a.shape), a.inner()

    def local(i: Sequence[Term], j: Sequence[Term]) -> Expression:
        v, others = Ref(SELF, a.outer(j)), a.inner()
        ties = total(bound(others), bracket(x.at(a.full(a.outer(j), others)), "=", v))
        return mul(over(bracket(x.at(j), "=", v), ties), a.same(i, j))

    runs = bound(inner)
    element = x.at(a.full(indices, inner))
    body: Expression = Fold(kind, runs, element) if runs else element
    said = f"{kind}: the winner takes it, ties share it"
    return Operation(rf"\{kind} #0", said, (x,), a.shape, indices, body, {0: local})


#: Operations that return values and their positions: a rule takes its name, the positions that
#: torch has found, and torch's arguments.
WITH_POSITIONS: dict[str, Callable[..., Operation]] = {}


def _with_positions(*names: str) -> Callable[[Picking], Picking]:
    def enter(function: Picking) -> Picking:
        for name in names:
            WITH_POSITIONS[name] = function
        return function

    return enter


@_with_positions("max", "min")
def _extreme_along(
    kind: str, winners: Any, x: Operand, dim: int = 0, keepdim: bool = False
) -> Operation:
    """Return a maximum along one axis, which picks the one element that torch reports."""
    a = along(x, dim, keepdim)
    indices = fresh(a.shape)
    table = winners.reshape(a.shape) if a.shape else winners
    at: Term = Lookup(Positions(table), indices)
    if not any(isinstance(index, Index) for index in indices):
        at = int(table.reshape(-1)[0])
    body = x.at(a.full(indices, (at,) if a.axes else ()))
    said = f"{kind}: the winner takes it"
    return Operation(rf"\{kind} #0", said, (x,), a.shape, indices, body)


@_with_positions("sort")
def _sort(
    name: str,
    positions: Any,
    x: Operand,
    dim: int = -1,
    descending: bool = False,
    *,
    stable: bool = False,
) -> Operation:
    return _picked(name, positions, x, dim)


@_with_positions("topk")
def _topk(  # noqa: PLR0917
    name: str,
    positions: Any,
    x: Operand,
    k: int,
    dim: int = -1,
    largest: bool = True,
    sorted: bool = True,  # noqa: A002
) -> Operation:
    return _picked(name, positions, x, dim)


@_with_positions("cummax", "cummin")
def _running(name: str, positions: Any, x: Operand, dim: int) -> Operation:
    return _picked(name, positions, x, dim)


def _picked(name: str, positions: Any, x: Operand, dim: int) -> Operation:
    """Return the operation whose result has, along one axis, the elements at some positions."""
    every = np.arange(x.value.size).reshape(x.shape)
    flat = np.take_along_axis(every, positions, axis=dim) if x.shape else every
    return reindexed(named(name), x, flat)
