r"""Expressions in index notation: what a derivation displays and what it evaluates.

An expression stands for one number for each value of its free indices. It is built by
`add`, `mul`, `power`, `total` and `delta`, which simplify while they build:
:math:`\sum_j \delta_{ij} f_j` is already :math:`f_i`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from gdbook.graph.indices import Index, Term, indices_of

#: An int or a fraction as long as it can be exact.
Number: TypeAlias = int | Fraction | float


@dataclass(frozen=True)
class Num:
    """A number."""

    value: Number


@dataclass(frozen=True)
class Ref:
    """An element of a node: of its value, or of its adjoint."""

    node: int
    indices: tuple[Term, ...] = ()
    adjoint: bool = False


@dataclass(frozen=True)
class Sum:
    """Terms added."""

    terms: tuple[Expression, ...]


@dataclass(frozen=True)
class Product:
    """Factors multiplied; a number stands first."""

    factors: tuple[Expression, ...]


@dataclass(frozen=True)
class Power:
    """A base to a power."""

    base: Expression
    exponent: Expression


@dataclass(frozen=True)
class Call:
    """A function of one number, by its name in `gdbook.graph.elementary`."""

    function: str
    argument: Expression


@dataclass(frozen=True)
class Total:
    """A sum over all values of some indices."""

    indices: tuple[Index, ...]
    body: Expression


@dataclass(frozen=True)
class Fold:
    """The largest, the smallest or the product of the values that some indices run over.

    Its kind is ``max``, ``min`` or ``prod``.
    """

    kind: str
    indices: tuple[Index, ...]
    body: Expression


@dataclass(frozen=True)
class Delta:
    """Kronecker's delta: 1 where the two indices agree, else 0."""

    left: Term
    right: Term


@dataclass(frozen=True)
class Place:
    """The value of an index, as a number to be compared with another."""

    term: Term


@dataclass(frozen=True)
class Bracket:
    """Iverson's bracket: 1 where the relation holds, else 0."""

    left: Expression
    relation: str
    right: Expression


@dataclass(frozen=True)
class Partial:
    """The derivative of one node's element by another's, before it is written out."""

    of: Ref
    by: Ref
    meaning: Expression


Expression: TypeAlias = (
    Num | Ref | Sum | Product | Power | Call | Total | Fold | Delta | Place | Bracket | Partial
)


def parts(expression: Expression) -> tuple[Expression, ...]:
    """Return the expressions that an expression is made of, one level down."""
    match expression:
        case Sum(inner) | Product(inner):
            return inner
        case Power(base, exponent):
            return base, exponent
        case Call(_, body) | Total(_, body) | Fold(_, _, body):
            return (body,)
        case Bracket(left, _, right):
            return left, right
        case Partial(of, by, meaning):
            return of, by, meaning
    return ()


def walk(expression: Expression) -> Iterator[Expression]:
    """Yield an expression and all that it is made of, outermost first."""
    yield expression
    for part in parts(expression):
        yield from walk(part)


def own_indices(expression: Expression) -> Iterator[Index]:
    """Yield the indices written on this expression itself, not on its parts."""
    match expression:
        case Ref(_, at, _):
            for term in at:
                yield from indices_of(term)
        case Delta(left, right):
            yield from indices_of(left)
            yield from indices_of(right)
        case Place(term):
            yield from indices_of(term)
        case Total(indices, _) | Fold(_, indices, _):
            yield from indices


def all_indices(expression: Expression) -> list[Index]:
    """Return every index of an expression, free or summed over, in order of appearance."""
    found = (index for part in walk(expression) for index in own_indices(part))
    return list(dict.fromkeys(found))


def free_indices(expression: Expression) -> frozenset[Index]:
    """Return the indices that an expression depends on."""
    inner = frozenset().union(*map(free_indices, parts(expression)))
    if isinstance(expression, Total | Fold):
        return inner - frozenset(expression.indices)
    return inner | frozenset(own_indices(expression))
