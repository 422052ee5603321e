"""Evaluating expressions by NumPy: index notation as it stands, and no automatic derivative."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdbook.graph.algebra import ONE
from gdbook.graph.elementary import ELEMENTARY
from gdbook.graph.indices import Index, Term, values_of
from gdbook.graph.terms import (
    Bracket,
    Call,
    Delta,
    Expression,
    Fold,
    Num,
    Partial,
    Place,
    Power,
    Product,
    Ref,
    Sum,
    Total,
    all_indices,
)

Array = NDArray[np.float64]

#: Of a node and whether its adjoint is meant.
Key = tuple[int, bool]

_RELATIONS: dict[str, Any] = {
    ">": np.greater,
    "≥": np.greater_equal,
    "<": np.less,
    "≤": np.less_equal,
    "=": np.equal,
    "≠": np.not_equal,
}

_FOLDS: dict[str, Any] = {"max": np.max, "min": np.min, "prod": np.prod}


def evaluate(
    expression: Expression, free: Sequence[Term], shape: Sequence[int], known: Mapping[Key, Array]
) -> Array:
    """Return the values of an expression for all values of its free indices.

    Parameters
    ----------
    expression : Expression
    free : sequence of Term
        The free indices, one for each axis of the result, 0 where the axis has length one.
    shape : sequence of int
        Of the result.
    known : mapping of (int, bool) to numpy.ndarray
        The values and adjoints of nodes.

    Returns
    -------
    numpy.ndarray
        float64, of that shape. The memory needed grows with the product of the extents of all
        indices of the expression.
    """
    every = dict.fromkeys(index for index in free if isinstance(index, Index))
    every.update(dict.fromkeys(all_indices(expression)))
    axes = {}
    for axis, index in enumerate(every):
        along = [1] * len(every)
        along[axis] = index.extent
        axes[index] = np.arange(index.extent).reshape(along)
    with np.errstate(all="ignore"):
        found = _Evaluation(known, axes, list(every)).value(expression)
    kept = sum(isinstance(index, Index) for index in free)
    found = found.reshape(found.shape[:kept]) if found.ndim else found
    extents = [index.extent for index in free if isinstance(index, Index)]
    return np.array(np.broadcast_to(found, extents)).reshape(tuple(shape))


class _Evaluation:
    def __init__(
        self,
        known: Mapping[Key, Array],
        axes: Mapping[Index, NDArray[np.int64]],
        order: list[Index],
    ) -> None:
        self.known, self.axes, self.order = known, axes, order

    def value(self, expression: Expression) -> Array:  # noqa: PLR0911, PLR0912
        match expression:
            case Num(value):
                return np.asarray(float(value))
            case Ref(node, at, adjoint):
                array = self.known[node, adjoint]
                return np.asarray(array[tuple(values_of(term, self.axes) for term in at)])
            case Sum(terms):
                found = self.value(terms[0])
                for term in terms[1:]:
                    found = found + self.value(term)
                return found
            case Product(factors):
                return self._product(factors)
            case Power(base, exponent):
                return np.asarray(np.power(self.value(base), self.value(exponent)))
            case Call(function, argument):
                return np.asarray(ELEMENTARY[function].evaluate(self.value(argument)))
            case Delta(left, right):
                equal = values_of(left, self.axes) == values_of(right, self.axes)
                return np.asarray(equal, dtype=float)
            case Place(term):
                return np.asarray(values_of(term, self.axes), dtype=float)
            case Bracket(left, relation, right):
                holds = _RELATIONS[relation](self.value(left), self.value(right))
                return np.asarray(holds, dtype=float)
            case Partial(_, _, meaning):
                return self.value(meaning)
            case Total(indices, body):
                return self._reduced(np.sum, indices, body)
            case Fold(kind, indices, body):
                return self._reduced(_FOLDS[kind], indices, body)

    def _product(self, factors: Sequence[Expression]) -> Array:
        # A bracket that is 0 makes the product 0, whatever stands beside it: Iverson's meaning.
        masks = [self.value(f) for f in factors if isinstance(f, Delta | Bracket)]
        rest = [self.value(f) for f in factors if not isinstance(f, Delta | Bracket)]
        found = rest[0] if rest else self.value(ONE)
        for factor in rest[1:]:
            found = found * factor
        for mask in masks:
            found = np.where(mask == 0, 0.0, found)
        return found

    def _reduced(self, reduce: Any, indices: Sequence[Index], body: Expression) -> Array:
        inner = self.value(body)
        axes = tuple(self.order.index(index) for index in indices)
        shape = list(inner.shape) if inner.ndim else [1] * len(self.order)
        for axis in axes:
            shape[axis] = self.order[axis].extent
        return np.asarray(reduce(np.broadcast_to(inner, shape), axis=axes, keepdims=True))
