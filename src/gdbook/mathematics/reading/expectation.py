"""Expectations, variances and probabilities: means over finitely many outcomes, exact."""

from __future__ import annotations

from typing import TYPE_CHECKING

from torch import Tensor

from gdbook.mathematics.kinds import NUMBER, matrix_of
from gdbook.mathematics.reading.conditions import comparison
from gdbook.mathematics.reading.cursor import cut
from gdbook.mathematics.refusal import mistyped, notation, two_readings
from gdbook.mathematics.tree import Expression, aligned
from gdbook.mathematics.values.environment import Environment, number

if TYPE_CHECKING:
    from gdbook.mathematics.reading.reader import Reader


def read(r: Reader, which: str) -> Expression:
    """Read E[…], Var(…), Cov(…, …) or P(…), whose name was just taken."""
    if not r.is_("open", "[", "("):
        raise two_readings(f"{which} of what? Use brackets")
    inside = r.bracket()
    outside, r.context.random = r.context.random, True
    try:
        if any(t.kind == "bar" for t in inside) and len(cut(inside, "bar")) == 2:
            raise notation("a conditional expectation")
        if which in ("P", "Pr"):
            parts = [comparison(r.whole, inside)]
        else:
            parts = [r.whole(p) for p in cut(inside, ",")]
    finally:
        r.context.random = outside
    if len(parts) != (2 if which == "Cov" else 1):
        raise mistyped(f"{which} of {len(parts)} things")
    x, y = parts[0], parts[-1]
    random = {n for n, d in r.context.declared.items() if d.law}
    if not random & (x.free | y.free):
        raise mistyped(f"{which} of {x.text}, in which nothing is random")
    free = (x.free | y.free) - random
    text = f"{which}[{', '.join(p.text for p in parts)}]"
    if which in ("E", "P", "Pr"):
        return Expression(x.kind, lambda env: _mean(x, env), free, text, None, x.terms)
    if x.kind.what != y.kind.what or x.kind.what not in ("number", "vector"):
        raise mistyped(f"{text} of a {x.kind} and a {y.kind}")
    numbers = x.kind == NUMBER

    def covariance(env: Environment) -> Tensor:
        a, b = _mean(x, env), _mean(y, env)
        parts = []
        for weight, outcome in env.draws.outcomes:
            at = env.with_(**outcome)
            u, v = number(x.value(at)) - a, number(y.value(at)) - b
            parts.append(_weighted(weight, u * v if numbers else u[:, :, None] * v[:, None, :]))
        return _sum(parts)

    kind = NUMBER if numbers else matrix_of(x.kind.shape[0], y.kind.shape[0])
    return Expression(kind, covariance, free, text, None, x.terms)


def _mean(e: Expression, env: Environment) -> Tensor:
    return _sum(
        [
            _weighted(weight, number(e.value(env.with_(**outcome))))
            for weight, outcome in env.draws.outcomes
        ]
    )


def _weighted(weight: Tensor, x: Tensor) -> Tensor:
    w, x = aligned(weight, x)
    return w * x


def _sum(parts: list[Tensor]) -> Tensor:
    made = parts[0]
    for part in parts[1:]:
        made = made + part
    return made
