"""Exponentials and their sums along an axis."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gdbook.graph.algebra import (
    bound,
    deltas,
    minus,
    mul,
    over,
    total,
)
from gdbook.graph.indices import Term, fresh
from gdbook.graph.rules.operation import (
    SELF,
    Operand,
    Operation,
    refuse_unless,
)
from gdbook.graph.rules.reductions import Along, along, named
from gdbook.graph.rules.registry import rule
from gdbook.graph.terms import Call, Expression, Ref


@rule("logsumexp")
def _logsumexp(x: Operand, dim: Any, keepdim: bool = False) -> Operation:
    a = along(x, dim, keepdim)
    indices, inner = fresh(a.shape), a.inner()

    def local(i: Sequence[Term], j: Sequence[Term]) -> Expression:
        return mul(Call("exp", minus(x.at(j), Ref(SELF, a.outer(j)))), a.same(i, j))

    body = Call("log", total(bound(inner), Call("exp", x.at(a.full(indices, inner)))))
    said = "its share of the sum of exponentials"
    return Operation(named("logsumexp"), said, (x,), a.shape, indices, body, {0: local})


def _softmax_parts(x: Operand, dim: Any) -> tuple[Along, tuple[Term, ...], Expression]:
    a = along(x, dim, True)
    indices, inner = fresh(x.shape), a.inner()
    return a, indices, total(bound(inner), Call("exp", x.at(a.full(a.outer(indices), inner))))


@rule("softmax")
def _softmax(x: Operand, dim: Any, _stacklevel: int = 3, dtype: Any = None) -> Operation:
    refuse_unless(dim is not None, "softmax without dim")
    a, indices, sum_of = _softmax_parts(x, dim)

    def local(i: Sequence[Term], j: Sequence[Term]) -> Expression:
        v = Ref(SELF, tuple(i))
        same = deltas([i[k] for k in a.axes], [j[k] for k in a.axes])
        elsewhere = deltas(a.kept(i), a.kept(j))
        return mul(v, minus(same, Ref(SELF, tuple(j))), elsewhere)

    body = over(Call("exp", x.at(indices)), sum_of)
    said = "∂vᵢ/∂xⱼ = vᵢ(δᵢⱼ − vⱼ)"
    return Operation(named("softmax"), said, (x,), x.shape, indices, body, {0: local})


@rule("log_softmax")
def _log_softmax(x: Operand, dim: Any, _stacklevel: int = 3, dtype: Any = None) -> Operation:
    refuse_unless(dim is not None, "log_softmax without dim")
    a, indices, sum_of = _softmax_parts(x, dim)

    def local(i: Sequence[Term], j: Sequence[Term]) -> Expression:
        same = deltas([i[k] for k in a.axes], [j[k] for k in a.axes])
        elsewhere = deltas(a.kept(i), a.kept(j))
        return mul(minus(same, Call("exp", Ref(SELF, tuple(j)))), elsewhere)

    body = minus(x.at(indices), Call("log", sum_of))
    said = "∂vᵢ/∂xⱼ = δᵢⱼ − softmaxⱼ"
    return Operation(named("logsoftmax"), said, (x,), x.shape, indices, body, {0: local})
