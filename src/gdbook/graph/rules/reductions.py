"""Operations that run over axes: sums, products, means, variances, norms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gdbook.graph.algebra import (
    ONE,
    bound,
    bracket,
    deltas,
    minus,
    mul,
    num,
    over,
    power,
    total,
)
from gdbook.graph.indices import Term, fresh
from gdbook.graph.rules.operation import (
    SELF,
    Operand,
    Operation,
    axes_of,
    refuse_unless,
)
from gdbook.graph.rules.registry import rule
from gdbook.graph.terms import Call, Expression, Fold, Place, Ref


@dataclass(frozen=True)
class Along:
    """The axes that an operation runs over, and the indices of result and operand."""

    operand: Operand
    axes: tuple[int, ...]
    keepdim: bool

    @property
    def shape(self) -> tuple[int, ...]:
        """Of the result."""
        shape = self.operand.shape
        if self.keepdim:
            return tuple(1 if k in self.axes else n for k, n in enumerate(shape))
        return tuple(n for k, n in enumerate(shape) if k not in self.axes)

    @property
    def count(self) -> int:
        """How many elements go into one."""
        found = 1
        for axis in self.axes:
            found *= self.operand.shape[axis]
        return found

    def inner(self) -> tuple[Term, ...]:
        """Return new indices to run over the axes."""
        return fresh([self.operand.shape[axis] for axis in self.axes])

    def full(self, outer: Sequence[Term], inner: Sequence[Term]) -> tuple[Term, ...]:
        """Return the operand's indices, from those of the result and those along the axes."""
        inside, outside = iter(inner), iter(outer)
        found = []
        for axis in range(len(self.operand.shape)):
            if axis in self.axes:
                found.append(next(inside))
                if self.keepdim:
                    next(outside)
            else:
                found.append(next(outside))
        return tuple(found)

    def outer(self, full: Sequence[Term]) -> tuple[Term, ...]:
        """Return the result's indices that belong to indices of the operand."""
        if self.keepdim:
            return tuple(0 if k in self.axes else term for k, term in enumerate(full))
        return tuple(term for k, term in enumerate(full) if k not in self.axes)

    def kept(self, full: Sequence[Term]) -> tuple[Term, ...]:
        """Return the operand's indices off the axes."""
        return tuple(term for k, term in enumerate(full) if k not in self.axes)

    def same(self, outer: Sequence[Term], full: Sequence[Term]) -> Expression:
        """Return the δ that says that a result and an operand's element belong together."""
        return deltas(outer, self.outer(full))


def along(x: Operand, dim: Any, keepdim: bool = False) -> Along:
    """Return the axes that ``dim`` names."""
    return Along(x, axes_of(dim, len(x.shape)), keepdim)


def named(name: str, operand: str = "#0") -> str:
    """Return an operation written by its name."""
    return rf"\operatorname{{{name}}} {operand}"


@rule("sum")
def _sum(x: Operand, dim: Any = None, keepdim: bool = False, *, dtype: Any = None) -> Operation:
    a = along(x, dim, keepdim)
    indices, inner = fresh(a.shape), a.inner()
    body = total(bound(inner), x.at(a.full(indices, inner)))
    return Operation(named("sum"), "sum rule", (x,), a.shape, indices, body)


@rule("mean")
def _mean(x: Operand, dim: Any = None, keepdim: bool = False, *, dtype: Any = None) -> Operation:
    a = along(x, dim, keepdim)
    refuse_unless(a.count > 0, "mean of nothing")
    said = f"mean of {a.count}"
    return Operation(
        named("mean"), said, (x,), a.shape, indices := fresh(a.shape), _mean_of(a, indices)
    )


def _mean_of(a: Along, indices: Sequence[Term]) -> Expression:
    inner = a.inner()
    return over(total(bound(inner), a.operand.at(a.full(indices, inner))), num(a.count))


def _spread(a: Along, correction: float, indices: Sequence[Term]) -> Expression:
    inner = a.inner()
    centred = minus(a.operand.at(a.full(indices, inner)), _mean_of(a, indices))
    return over(total(bound(inner), power(centred, num(2))), num(a.count - correction))


def _correction(a: Along, unbiased: Any, correction: Any) -> float:
    if unbiased is not None:
        return 1.0 if unbiased else 0.0
    found = 1.0 if correction is None else float(correction)
    refuse_unless(a.count > found, "the variance of a single number")
    return found


@rule("var")
def _var(
    x: Operand,
    dim: Any = None,
    unbiased: Any = None,
    keepdim: bool = False,
    *,
    correction: Any = None,
) -> Operation:
    if isinstance(dim, bool):
        dim, unbiased = None, dim
    a = along(x, dim, keepdim)
    by = _correction(a, unbiased, correction)
    indices = fresh(a.shape)

    def local(i: Sequence[Term], j: Sequence[Term]) -> Expression:
        centred = minus(x.at(j), _mean_of(a, a.outer(j)))
        return mul(num(2), over(centred, num(a.count - by)), a.same(i, j))

    said = "variance: twice the distance from the mean"
    body = _spread(a, by, indices)
    return Operation(named("var"), said, (x,), a.shape, indices, body, {0: local})


@rule("std")
def _std(
    x: Operand,
    dim: Any = None,
    unbiased: Any = None,
    keepdim: bool = False,
    *,
    correction: Any = None,
) -> Operation:
    if isinstance(dim, bool):
        dim, unbiased = None, dim
    a = along(x, dim, keepdim)
    by = _correction(a, unbiased, correction)
    indices = fresh(a.shape)

    def local(i: Sequence[Term], j: Sequence[Term]) -> Expression:
        centred = minus(x.at(j), _mean_of(a, a.outer(j)))
        size = mul(num(a.count - by), Ref(SELF, a.outer(j)))
        return mul(over(centred, size), a.same(i, j))

    body = Call("sqrt", _spread(a, by, indices))
    return Operation(named("std"), "root of the variance", (x,), a.shape, indices, body, {0: local})


@rule("norm", "linalg_norm", "linalg_vector_norm", "frobenius_norm")
def _norm(
    x: Operand,
    p: Any = "fro",
    dim: Any = None,
    keepdim: bool = False,
    *,
    ord: Any = None,  # noqa: A002
    dtype: Any = None,
    out: Any = None,
) -> Operation:
    kind = p if ord is None else ord
    refuse_unless(kind in ("fro", 2, 2.0, None), f"the norm of order {kind}")
    matrix = kind != "fro" and ord is not None and len(x.shape) == 2 and dim is None
    refuse_unless(not matrix, "the spectral norm")
    a = along(x, dim, keepdim)
    indices, inner = fresh(a.shape), a.inner()

    def local(i: Sequence[Term], j: Sequence[Term]) -> Expression:
        return mul(over(x.at(j), Ref(SELF, a.outer(j))), a.same(i, j))

    squares = total(bound(inner), power(x.at(a.full(indices, inner)), num(2)))
    body = Call("sqrt", squares)
    return Operation(
        r"\lVert #0\rVert", "the norm's slope is x/‖x‖", (x,), a.shape, indices, body, {0: local}
    )


@rule("prod")
def _prod(x: Operand, dim: Any = None, keepdim: bool = False, *, dtype: Any = None) -> Operation:
    a = along(x, dim, keepdim)
    indices, inner = fresh(a.shape), a.inner()

    def local(i: Sequence[Term], j: Sequence[Term]) -> Expression:
        # The exponent is 0 for the factor itself: no division, so a factor may be 0.
        others = a.inner()
        mine = deltas(others, [j[axis] for axis in a.axes])
        rest = power(x.at(a.full(a.outer(j), others)), minus(ONE, mine))
        return mul(_multiplied(others, rest), a.same(i, j))

    body = _multiplied(inner, x.at(a.full(indices, inner)))
    said = "product rule: all other factors"
    return Operation(r"\prod #0", said, (x,), a.shape, indices, body, {0: local})


def _multiplied(indices: Sequence[Term], body: Expression) -> Expression:
    runs = bound(indices)
    return Fold("prod", runs, body) if runs else body


@rule("cumsum")
def _cumsum(x: Operand, dim: int, *, dtype: Any = None) -> Operation:
    indices = fresh(x.shape)
    if not x.shape:
        return Operation(named("cumsum"), "a single number", (x,), (), (), x.at(()))
    axis = dim % len(x.shape)
    (inner,) = fresh([x.shape[axis]])
    terms = x.at((*indices[:axis], inner, *indices[axis + 1 :]))
    upto = bracket(Place(inner), "≤", Place(indices[axis]))
    body = total(bound([inner]), mul(terms, upto)) if bound([inner]) else terms
    said = "sum rule: a term counts from its place on"
    return Operation(named("cumsum"), said, (x,), x.shape, indices, body)


@rule("trace")
def _trace(x: Operand) -> Operation:
    refuse_unless(len(x.shape) == 2, "trace")
    (i,) = fresh([min(x.shape)])
    body = total([i], x.at((i, i)))
    return Operation(r"\operatorname{tr} #0", "sum rule", (x,), (), (), body)
