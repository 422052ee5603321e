"""Largest and smallest along axes: who wins, and who shares a tie."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

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
from gdbook.graph.rules.reductions import Along, along
from gdbook.graph.rules.registry import rule
from gdbook.graph.terms import Expression, Extreme, Ref


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
    body: Expression = Extreme(kind, runs, element) if runs else element
    said = f"{kind}: the winner takes it, ties share it"
    return Operation(rf"\{kind} #0", said, (x,), a.shape, indices, body, {0: local})


def extreme_along(kind: str, x: Operand, dim: int, keepdim: bool, winners: Any) -> Operation:
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
