"""What a rule says of an operation, and the means to say it in index notation."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from gdbook.graph.algebra import num
from gdbook.graph.indices import Term, fresh
from gdbook.graph.latex import number
from gdbook.graph.terms import Expression, Ref

#: In a formula, the node that the operation makes.
SELF = -1

#: ``local(i, j)`` is the derivative of the result's element i by an operand's element j.
Local: TypeAlias = Callable[[Sequence[Term], Sequence[Term]], Expression]


class RefusedError(ValueError):
    """The run did something that cannot be explained; the message names it."""


@dataclass(frozen=True)
class Operand:
    """A tensor that an operation was given.

    Attributes
    ----------
    node : int
        Who it is.
    shape : tuple of int
    value : numpy.ndarray
        Its numbers: float64 for real numbers, else as they are.
    """

    node: int
    shape: tuple[int, ...]
    value: NDArray[Any]

    def at(self, indices: Sequence[Term]) -> Ref:
        """Return the element at some indices."""
        return Ref(self.node, tuple(indices))


Factor: TypeAlias = Operand | float | int


@dataclass(frozen=True)
class Operation:
    r"""An operation, explained.

    Attributes
    ----------
    short : str
        LaTeX with ``#0``, ``#1``, … for the operands, as ``\operatorname{mean} #0``.
    rule : str
        What a derivation says of a step through it.
    operands : tuple of Operand
        In order; a tensor that is used twice stands here twice.
    shape : tuple of int
        Of the result.
    indices : tuple of Term
        The free indices of `formula`, one an axis.
    formula : Expression
        An element of the result.
    local : mapping of int to Local
        Derivatives by the operand at a place, where they read better, or are chosen by
        convention, than what differentiating `formula` would give.
    """

    short: str
    rule: str
    operands: tuple[Operand, ...]
    shape: tuple[int, ...]
    indices: tuple[Term, ...]
    formula: Expression
    local: Mapping[int, Local] = field(default_factory=dict)


def shape_of(x: Factor) -> tuple[int, ...]:
    """Return a factor's shape; a number has the empty one."""
    return x.shape if isinstance(x, Operand) else ()


def broadcast(*factors: Factor) -> tuple[tuple[int, ...], tuple[Term, ...]]:
    """Return the shape of an elementwise result and an index for each of its axes."""
    shape = np.broadcast_shapes(*map(shape_of, factors))
    return shape, fresh(shape)


def element(x: Factor, indices: Sequence[Term]) -> Expression:
    """Return the element of x that meets an element of the broadcast result."""
    if not isinstance(x, Operand):
        return num(x)
    return x.at(meeting(x.shape, indices))


def meeting(shape: Sequence[int], indices: Sequence[Term]) -> tuple[Term, ...]:
    """Return the last indices, with 0 where an axis of length one is stretched."""
    last = indices[len(indices) - len(shape) :]
    return tuple(0 if extent == 1 else index for extent, index in zip(shape, last, strict=True))


def tensors(*factors: Factor) -> tuple[Operand, ...]:
    """Return those factors that are tensors."""
    return tuple(factor for factor in factors if isinstance(factor, Operand))


def shorts(*factors: Factor) -> list[str]:
    """Return ``#0``, ``#1``, … for tensors and LaTeX for numbers."""
    out: list[str] = []
    seen = 0
    for factor in factors:
        if isinstance(factor, Operand):
            out.append(f"#{seen}")
            seen += 1
        else:
            text = number(num(factor).value)
            out.append(f"({text})" if text[0] == "-" or "times" in text else text)
    return out


def axes_of(dim: Any, ndim: int) -> tuple[int, ...]:
    """Return the axes that ``dim`` names, counted from the front; all for None."""
    if dim is None or dim == ():
        return tuple(range(ndim))
    dims = (dim,) if isinstance(dim, int) else tuple(dim)
    return tuple(sorted(axis % ndim if ndim else 0 for axis in dims)) if ndim else ()


def refuse_unless(condition: bool, name: str) -> None:
    """Refuse a form of an operation that has no rule."""
    if not condition:
        raise RefusedError(f"no rule for {name}")
