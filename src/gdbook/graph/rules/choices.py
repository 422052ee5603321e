"""Elementwise operations that choose: the larger, the allowed, the one where a condition holds."""

from __future__ import annotations

from fractions import Fraction

from gdbook.graph.algebra import (
    ZERO,
    add,
    bracket,
    mul,
    num,
)
from gdbook.graph.rules.elementwise import elementwise
from gdbook.graph.rules.operation import (
    Factor,
    Operand,
    Operation,
    refuse_unless,
    shorts,
)
from gdbook.graph.rules.registry import rule
from gdbook.graph.terms import Expression


@rule("maximum")
def _maximum(x: Factor, other: Factor) -> Operation:
    return _larger("max", ">", x, other)


@rule("minimum")
def _minimum(x: Factor, other: Factor) -> Operation:
    return _larger("min", "<", x, other)


def _larger(name: str, beats: str, x: Factor, other: Factor) -> Operation:
    half = num(Fraction(1, 2))
    not_less = {">": "≥", "<": "≤"}[beats]

    def slope(p: Expression, q: Expression) -> Expression:
        return add(bracket(p, beats, q), mul(half, bracket(p, "=", q)))

    a, b = shorts(x, other)
    return elementwise(
        rf"\{name}({a}, {b})",
        f"{name}: the winner takes it, a tie is shared",
        lambda p, q: add(mul(p, bracket(p, not_less, q)), mul(q, bracket(q, beats, p))),
        x,
        other,
        slopes=(lambda p, q, v: slope(p, q), lambda p, q, v: slope(q, p)),
    )


@rule("clamp", "clip")
def _clamp(x: Factor, min: float | None = None, max: float | None = None) -> Operation:  # noqa: A002
    number_only = not isinstance(min, Operand) and not isinstance(max, Operand)
    refuse_unless(number_only, "clamp between tensors")
    low = None if min is None else num(min)
    high = None if max is None else num(max)

    def formula(p: Expression) -> Expression:
        inside, terms = [p], []
        if low is not None:
            inside.append(bracket(p, "≥", low))
            terms.append(mul(low, bracket(p, "<", low)))
        if high is not None:
            inside.append(bracket(p, "≤", high))
            terms.append(mul(high, bracket(p, ">", high)))
        return add(mul(*inside), *terms)

    return elementwise(r"\operatorname{clamp} #0", "clamp: 1 inside, else 0", formula, x)


@rule("where")
def _where(condition: Factor, x: Factor, other: Factor) -> Operation:
    c, a, b = shorts(condition, x, other)
    return elementwise(
        rf"\operatorname{{where}}({c}, {a}, {b})",
        "the chosen branch",
        lambda c, p, q: add(mul(bracket(c, "≠", ZERO), p), mul(bracket(c, "=", ZERO), q)),
        condition,
        x,
        other,
    )


@rule("masked_fill")
def _masked_fill(x: Factor, mask: Factor, value: Factor) -> Operation:
    a, b, _ = shorts(x, mask, value)
    return elementwise(
        rf"\operatorname{{masked}}({a}, {b})",
        "the chosen branch",
        lambda p, c, q: add(mul(bracket(c, "=", ZERO), p), mul(bracket(c, "≠", ZERO), q)),
        x,
        mask,
        value,
    )
