"""What happens as a step shrinks: limits, and the order of an error."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import mpmath
import sympy as sp

from gdbook import expressions as ex
from gdbook.checks.common import Function, define, passed, read_sides
from gdbook.reporting import CheckFailed


def limit(
    expression: str,
    value: str | float,
    /,
    x: str = "h",
    to: str | float = 0,
    side: str = "+-",
    *,
    of: str | None = None,
    latex: str | None = None,
    **where: Any,
) -> None:
    """Check the limit of an expression as ``x`` tends to ``to``.

    Numbers walk towards the point, to 10⁻³⁰ in 240 digits, from both sides unless
    ``side`` names one.

    Parameters
    ----------
    expression, value : str
        The expression and its limit; ``"oo"`` if it grows beyond all bounds.
    x : str
        The variable that moves.
    to : str or float
        Where it moves: a number, a name, ``"oo"``.
    side : str
        ``"+"`` from above, ``"-"`` from below, ``"+-"`` both.

    Raises
    ------
    CheckFailed
        With the value that was found instead, or saying that there is none.
    """
    if side not in ("+", "-", "+-"):
        raise ValueError(f"side must be '+', '-' or '+-', got {side!r}")
    way = {"+": ", right", "-": ", left", "+-": ""}[side]
    texts = [f"lim({expression}, {x}, {to}{way})", str(value)]
    read, ranges, given = read_sides(texts, where)
    a, b = (define(e, given) for e in read)
    arrow = (
        f"{ex.pretty(expression)} as {x} → {ex.pretty(str(to))}{way.replace(', ', ' from the ')}"
    )
    if b in (sp.oo, -sp.oo):
        # It grows without bound where its inverse goes to zero, from the right side.
        e, s, *rest = a.args
        inverse = sp.Limit(1 / e, s, rest[0], str(rest[1]))
        near_by = ex.equal(inverse, sp.Integer(0), ranges) or ex.equal(
            sp.Limit(sp.sign(e), s, rest[0], str(rest[1])), sp.sign(b), ranges
        )
        if near_by:
            raise CheckFailed(f"{arrow} does not grow to {ex.pretty(str(value))}")
    elif found := ex.equal(a, b, ranges):
        what = found.why if found.values and None not in found.values else "it settles nowhere"
        raise CheckFailed(f"the limit of {arrow} is not {ex.pretty(str(value))}: {what}")
    line = f"{arrow} tends to {ex.pretty(str(value))}, followed to 10⁻³⁰"
    passed("limit", texts, ["="], line, of=of, latex=latex, ranges=ranges, whole=True)


def rate(
    approximation: str | Function,
    exact: str | float | Function,
    /,
    order: float,
    *,
    at: Mapping[str, float] | None = None,
    x: str = "h",
    steps: Sequence[float] | None = None,
    of: str | None = None,
    latex: str | None = None,
    **functions: str,
) -> None:
    """Check that an approximation's error shrinks like ``h**order``, no faster, no slower.

    State the leading error inside ``exact`` and the order rises by one: then a wrong
    coefficient is caught too.

    Parameters
    ----------
    approximation, exact : str or callable
        Texts in h, in which ``f`` stands for ``f="sin(x)"`` unless told otherwise; they
        are evaluated to 60 digits, so that rounding plays no role. Or functions of h (or a
        number), in float64.
    order : float
        The power of h that the difference of the two follows.
    at : dict, optional
        Values of the other variables, ``{"x": 1}``; each is 1 unless given.
    x : str
        The variable that shrinks.
    steps : sequence of float, optional
        At least two values of it, from large to small.
    **functions
        What the unknown functions are for this measurement: ``f="exp(x)"``.

    Raises
    ------
    CheckFailed
        With the measured order, if it is off by more than 0.05.
    """
    symbolic = isinstance(approximation, str)
    steps = _steps(steps, (1e-3, 1e-4) if symbolic else (2e-2, 1e-2))
    if symbolic:
        texts = [str(approximation), str(exact)]
        read, _, given = read_sides(
            texts, {**functions, **({} if "f" in functions else _sine(texts))}
        )
        gap = define(read[0] - read[1], given)
        others = {s.name for s in gap.free_symbols} - {x}
        if unknown := set(at or {}) - others:
            raise ValueError(f"neither side contains {', '.join(sorted(unknown))}, named in at")
        point = {n: mpmath.mpf(repr((at or {}).get(n, 1))) for n in others}
        error = ex.Evaluator(gap, [*point, x])
        errors = [error({**point, x: mpmath.mpf(repr(h))}) for h in steps]
        texts[1] += f" + O({x}**{order})" if order != 1 else f" + O({x})"
    else:
        texts = []
        if not callable(approximation):
            raise ValueError("approximation must be a text or a function of the step")
        errors = [
            float(approximation(h)) - float(exact(h) if callable(exact) else exact) for h in steps
        ]
    if any(e is None or not mpmath.isfinite(e) for e in errors):
        raise CheckFailed("the error has no value at one of the steps")
    if any(e == 0 for e in errors):
        raise CheckFailed(f"there is no error at all, so it does not shrink like {x}^{order}")
    e0, e1, h0, h1 = abs(errors[-2]), abs(errors[-1]), steps[-2], steps[-1]
    slope = float(mpmath.log(e0 / e1) / mpmath.log(h0 / h1))
    if abs(slope - order) > 0.05:
        raise CheckFailed(
            f"the error shrinks with order {slope:.2f}, not {order}: it is "
            f"{ex.number(e0)} at {x} = {h0:g} and {ex.number(e1)} at {x} = {h1:g}".replace("-", "−")
        )
    passed(
        "rate",
        texts,
        ["="] if texts else [],
        f"measured order {slope:.3f}",
        of=of,
        latex=latex,
        ranges={},
    )


def _sine(texts: Sequence[str]) -> dict[str, str]:
    return {"f": "sin(x)"} if any("f" in ex.names(ex.read(t)) for t in texts) else {}


def _steps(steps: Sequence[float] | None, usual: tuple[float, ...]) -> Sequence[float]:
    steps = steps or usual
    if len(steps) < 2 or any(h <= 0 for h in steps) or any(a <= b for a, b in pairwise(steps)):
        raise ValueError(f"steps must be at least two, falling and positive, got {steps}")
    return steps
