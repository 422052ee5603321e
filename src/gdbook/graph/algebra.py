r"""Building expressions so that they come out simple: sums, products, powers and δ."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from gdbook.graph.indices import Index, Term, indices_of, put, reach
from gdbook.graph.terms import (
    Bracket,
    Call,
    Delta,
    Expression,
    Fold,
    Num,
    Number,
    Partial,
    Place,
    Power,
    Product,
    Ref,
    Sum,
    Total,
    free_indices,
)

ZERO, ONE = Num(0), Num(1)

# Beyond this an exact fraction says less than a decimal.
_DIGITS = 10**15


def num(value: Number) -> Num:
    """Return a number, exact if its decimal form is: 0.1 is one tenth, as it was written."""
    return Num(exact(value))


def exact(value: Number) -> Number:
    """Return a number as an int if it is whole, as a fraction if that says more than digits."""
    if type(value) is int:
        return value if abs(value) <= _DIGITS else float(value)
    if not isinstance(value, Fraction):
        if not math.isfinite(value):
            return float(value)
        value = Fraction(repr(float(value)))
    if max(abs(value.numerator), value.denominator) > _DIGITS:
        return float(value)
    return value.numerator if value.denominator == 1 else value


def add(*terms: Expression) -> Expression:
    """Return the sum, like terms collected."""
    number: Number = 0
    collected: dict[Expression, Number] = {}
    stack = list(reversed(terms))
    while stack:
        term = stack.pop()
        match term:
            case Sum(inner):
                stack.extend(reversed(inner))
            case Num(value):
                number = exact(number + value)
            case Product((Num(value), *rest)):
                key = rest[0] if len(rest) == 1 else Product(tuple(rest))
                collected[key] = exact(collected.get(key, 0) + value)
            case _:
                collected[term] = exact(collected.get(term, 0) + 1)
    kept = [mul(Num(value), term) for term, value in collected.items() if value != 0]
    if number != 0:
        kept.append(Num(number))
    if not kept:
        return ZERO
    return kept[0] if len(kept) == 1 else Sum(tuple(kept))


def mul(*factors: Expression) -> Expression:
    """Return the product, numbers in front and equal factors as powers."""
    number: Number = 1
    exponents: dict[Expression, Number] = {}
    stack = list(reversed(factors))
    while stack:
        factor = stack.pop()
        match factor:
            case Product(inner):
                stack.extend(reversed(inner))
            case Num(value):
                number = exact(number * value)
            case Delta() | Bracket():
                exponents[factor] = 1
            case Power(base, Num(e)):
                exponents[base] = exact(exponents.get(base, 0) + e)
            case _:
                exponents[factor] = exact(exponents.get(factor, 0) + 1)
    if number == 0:
        return ZERO
    kept = [
        base if exponent == 1 else power(base, Num(exponent))
        for base, exponent in exponents.items()
        if exponent != 0
    ]
    if any(isinstance(factor, Num | Product) for factor in kept):
        return mul(Num(number), *kept)
    if number != 1 or not kept:
        kept.insert(0, Num(number))
    return kept[0] if len(kept) == 1 else Product(tuple(kept))


def power(base: Expression, exponent: Expression) -> Expression:
    """Return base to the power of exponent."""
    match base, exponent:
        case _, Num(e) if e == 0:
            return ONE
        case _, Num(e) if e == 1:
            return base
        case Num(b), Num(e) if b != 0 and e == int(e) and -50 < e < 50:
            return num(Fraction(b) ** int(e) if isinstance(b, int) else b ** int(e))
        case Power(inner, Num(e)), Num(f) if _whole(e) and _whole(f):
            return power(inner, num(e * f))
        case Product(factors), Num(e) if _whole(e):
            return mul(*(power(factor, exponent) for factor in factors))
    return Power(base, exponent)


def _whole(e: Number) -> bool:
    return -1e9 < e < 1e9 and e == int(e)  # false for nan


def negative(expression: Expression) -> Expression:
    """Return minus the expression."""
    return mul(Num(-1), expression)


def minus(a: Expression, b: Expression) -> Expression:
    """Return a − b."""
    return add(a, negative(b))


def over(a: Expression, b: Expression) -> Expression:
    """Return a / b."""
    return mul(a, power(b, Num(-1)))


def delta(left: Term, right: Term) -> Expression:
    """Return Kronecker's δ, which is a number where the indices say so already."""
    if left == right:
        return ONE
    if isinstance(left, int) and isinstance(right, int):
        return ZERO
    return Delta(left, right)


def deltas(left: Sequence[Term], right: Sequence[Term]) -> Expression:
    """Return the product of δ over the axes of a tensor."""
    return mul(*(delta(a, b) for a, b in zip(left, right, strict=True)))


def bracket(left: Expression, relation: str, right: Expression) -> Expression:
    """Return Iverson's bracket of a relation: ``>``, ``≥``, ``=`` or ``≠``."""
    return Bracket(left, relation, right)


def bound(indices: Sequence[Term]) -> tuple[Index, ...]:
    """Return those of `indices` that a sum can run over."""
    return tuple(index for index in indices if isinstance(index, Index))


def total(indices: Sequence[Term], body: Expression) -> Expression:  # noqa: PLR0911
    r"""Return the sum over indices: :math:`\sum_j \delta_{ij} f_j` becomes :math:`f_i`."""
    over_all = bound(indices)
    if not over_all or body == ZERO:
        return body
    match body:
        case Total(inner, deeper):
            new, renamed = _renamed(inner, deeper)
            return total((*over_all, *new), renamed)
        case Sum(terms) if any(_has_delta(term, over_all) for term in terms):
            return add(*(total(over_all, term) for term in terms))
    factors: list[Expression] = list(body.factors) if isinstance(body, Product) else [body]
    for position, factor in enumerate(factors):
        rest = factors[:position] + factors[position + 1 :]
        match factor:
            case Sum(terms) if any(_has_delta(term, over_all) for term in terms):
                return add(*(total(over_all, mul(*rest, term)) for term in terms))
            case Total(inner, deeper) if free_indices(factor) & set(over_all):
                new, renamed = _renamed(inner, deeper)
                return total((*over_all, *new), mul(*rest, renamed))
            case Delta(left, right):
                for one, other in ((left, right), (right, left)):
                    if isinstance(one, Index) and one in over_all and _meets(one, other):
                        left_over = tuple(index for index in over_all if index is not one)
                        return total(left_over, substitute(mul(*rest), {one: other}))
    return _pulled_out(over_all, factors)


def _meets(index: Index, other: Term) -> bool:
    """Say whether the index takes the other's value exactly once, whatever that is."""
    low, high = reach(other)
    return index not in set(indices_of(other)) and low >= 0 and high < index.extent


def _pulled_out(indices: tuple[Index, ...], factors: list[Expression]) -> Expression:
    inside = [factor for factor in factors if free_indices(factor) & set(indices)]
    outside = [factor for factor in factors if not free_indices(factor) & set(indices)]
    used = frozenset().union(*map(free_indices, inside))
    outside += [num(index.extent) for index in indices if index not in used]
    kept = tuple(index for index in indices if index in used)
    return mul(*outside, Total(kept, mul(*inside)) if kept else ONE)


def _has_delta(expression: Expression, indices: Sequence[Index]) -> bool:
    """Say whether a δ of one of the indices is a factor here, perhaps in an inner sum."""
    match expression:
        case Delta(left, right):
            return not set(indices).isdisjoint((*indices_of(left), *indices_of(right)))
        case Product(inner):
            return any(_has_delta(factor, indices) for factor in inner)
        case Sum(inner):
            return any(_has_delta(term, indices) for term in inner)
        case Total(_, body):
            return _has_delta(body, indices)
    return False


def _renamed(indices: Sequence[Index], body: Expression) -> tuple[tuple[Index, ...], Expression]:
    new = tuple(Index(index.extent) for index in indices)
    return new, substitute(body, dict(zip(indices, new, strict=True)))


def substitute(  # noqa: PLR0911
    expression: Expression, values: Mapping[Index, Term]
) -> Expression:
    """Return the expression with free indices replaced; what is summed over gets new names."""
    if free_indices(expression).isdisjoint(values):
        return expression

    def go(part: Expression) -> Expression:
        return substitute(part, values)

    match expression:
        case Ref(node, at, adjoint):
            return Ref(node, tuple(put(term, values) for term in at), adjoint)
        case Delta(left, right):
            return delta(put(left, values), put(right, values))
        case Place(term):
            return Place(put(term, values))
        case Total(indices, body):
            new, renamed = _renamed(indices, body)
            return total(new, substitute(renamed, values))
        case Fold(kind, indices, body):
            new, renamed = _renamed(indices, body)
            return Fold(kind, new, substitute(renamed, values))
    return rebuild(expression, go)


def placed(expression: Expression, indices: Sequence[Term], at: Sequence[Term]) -> Expression:
    """Return an expression of some free indices at other ones."""
    pairs = zip(indices, at, strict=True)
    return substitute(expression, {i: term for i, term in pairs if isinstance(i, Index)})


def rebuild(  # noqa: PLR0911
    expression: Expression, change: Callable[[Expression], Expression]
) -> Expression:
    """Return the expression with its parts, one level down, changed, and simplified again."""
    match expression:
        case Sum(terms):
            return add(*map(change, terms))
        case Product(factors):
            return mul(*map(change, factors))
        case Power(base, exponent):
            return power(change(base), change(exponent))
        case Call(function, argument):
            return Call(function, change(argument))
        case Total(indices, body):
            return total(indices, change(body))
        case Fold(kind, indices, body):
            return Fold(kind, indices, change(body))
        case Bracket(left, relation, right):
            return Bracket(change(left), relation, change(right))
        case Partial(of, by, meaning):
            one, other = change(of), change(by)
            assert isinstance(one, Ref)
            assert isinstance(other, Ref)
            return Partial(one, other, change(meaning))
    return expression
