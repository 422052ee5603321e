"""Sides that are equal: exactly, up to an order term, in float64, or nearly."""

from __future__ import annotations

import inspect
from itertools import pairwise
from typing import Any

import mpmath
import numpy as np
import sympy as sp

from gdbook import expressions as ex
from gdbook.checks.common import (
    Function,
    all_used,
    chain,
    columns_of,
    define,
    passed,
    point_of,
    read_sides,
)
from gdbook.reporting import CheckFailed


def identity(*sides: str, of: str | None = None, latex: str | None = None, **where: Any) -> None:
    """Check that all sides are equal, whatever the numbers.

    Parameters
    ----------
    *sides : str
        At least two, or one text with ``=`` in it. Unknown functions may be any smooth
        ones; a side with an order term ``O(h**2)`` is equal up to that order.
    **where
        ``x=(0, 1)`` a range, ``n=[1, 2, 3]`` a list, ``f="x**2"`` a definition.

    Raises
    ------
    CheckFailed
        With a point at which two sides differ, and both values.
    ValueError
        For a text that can't be read, or an option that says nothing.
    """
    texts, relations = chain(sides)
    if set(relations) != {"="}:
        raise ValueError("identity needs sides that are equal; use bound for ≤ and <")
    read, ranges, given = read_sides(texts, where)
    exact = True
    for i, (left, right) in enumerate(pairwise(read)):
        said = f"{ex.pretty(texts[i])} is not {ex.pretty(texts[i + 1])}"
        (a, order_a), (b, order_b) = ex.without_order(left), ex.without_order(right)
        a, b = define(a, given), define(b, given)
        if order_a is None and order_b is None:
            if found := ex.equal(a, b, ranges):
                raise CheckFailed(f"{said}: {found}")
            exact = exact and ex.proved(a, b, ranges)
        else:
            _same_order(said, a - b, [o for o in (order_a, order_b) if o is not None], ranges)
            exact = False
    how = "exactly (SymPy)" if exact else "at 16 random points to 20 digits"
    if any("O(" in t for t in texts):
        how = "with the error's order measured to 40 digits"
    elif any("lim(" in t for t in texts):
        how = "with the limits followed to 9 digits"
    passed("identity", texts, relations, how, of=of, latex=latex, ranges=ranges)


def derivative(
    f: str,
    df: str,
    x: str = "x",
    /,
    *,
    of: str | None = None,
    latex: str | None = None,
    **where: Any,
) -> None:
    """Check that ``df`` is the derivative of ``f`` with respect to ``x``.

    Parameters
    ----------
    f, df : str
        The function and its derivative, as expressions in ``x``.
    x : str
        The variable.
    **where
        Ranges, lists and definitions, as for `identity`.

    Raises
    ------
    CheckFailed
        With a point at which they differ.
    """
    identity(f"diff({f}, {x})", df, of=of, latex=latex, **where)


def near(
    a: str,
    b: str | float,
    /,
    within: float = 0.05,
    *,
    of: str | None = None,
    latex: str | None = None,
    **where: Any,
) -> None:
    """Check that two sides are approximately equal.

    Parameters
    ----------
    a, b : str
        The sides of ``a ≈ b``.
    within : float
        The relative difference that is allowed, below a half.
    **where
        Ranges, lists and definitions, as for `identity`.

    Raises
    ------
    CheckFailed
        With the point at which they differ most.
    """
    if not 0 < within < 0.5:
        raise ValueError(f"within must be between 0 and 0.5, got {within}")
    texts = [a, str(b)]
    read, ranges, given = read_sides(texts, where)
    filled = [ex.fill(define(e, given)) for e in read]
    names = sorted({s.name for e in filled for s in e.free_symbols})
    columns, arrays = columns_of(names, ranges, ex.integers(*filled))
    u, v = (ex.function(e, names)(*arrays) for e in filled)
    gap = np.abs(u - v) / np.maximum(np.abs(v), 1e-300)
    worst = int(np.argmax(np.where(np.isnan(gap), np.inf, gap)))
    if not gap[worst] <= within:
        raise CheckFailed(
            f"{ex.pretty(a)} is not within {within:.0%} of {ex.pretty(str(b))}: "
            f"{point_of(columns, worst)}they are {ex.number(u[worst])} and {ex.number(v[worst])}"
        )
    passed("near", texts, ["≈"], f"to {gap[worst]:.2%}", of=of, latex=latex, ranges=ranges)


def numeric(
    *functions: Function,
    points: int = 100,
    tolerance: float = 1e-9,
    of: str | None = None,
    latex: str | None = None,
    **where: Any,
) -> None:
    """Check that functions of the same variables agree in float64 at random points.

    Parameters
    ----------
    *functions : callable
        At least two; all take the variables in the order of the first.
    points : int
        How many points.
    tolerance : float
        The relative difference that rounding may leave.
    **where
        Ranges and lists by name; from −2 to 2 otherwise.

    Raises
    ------
    CheckFailed
        With a point at which they differ, and the values.
    """
    if len(functions) < 2 or not all(callable(f) for f in functions):
        raise ValueError("numeric needs at least two functions")
    ranges = ex.check_where(where)
    names = list(inspect.signature(functions[0]).parameters)
    all_used(ranges, set(names))
    worst = 0.0
    for point in ex.draw(names, points, ranges):
        values = [float(f(*point.values())) for f in functions]
        for a, b in pairwise(values):
            gap = abs(a - b) / max(1.0, abs(a), abs(b))
            if not gap <= tolerance:
                raise CheckFailed(
                    f"at {ex.at(point)} the sides are {ex.number(a)} and {ex.number(b)}"
                )
            worst = max(worst, gap)
    line = f"{points} random points in float64, largest relative difference {worst:.1e}"
    passed(
        "numeric", [], [], line.replace("e-", "e−"), of=of, latex=latex, ranges=ranges, whole=True
    )


def _same_order(said: str, gap: sp.Expr, orders: list[sp.Expr], ranges: Any) -> None:
    """Check that the gap between two sides vanishes like the order term, or faster."""
    variables = {s for o in orders for s in o.free_symbols}
    if len(variables) != 1:
        raise ValueError("an order term O(…) needs exactly one variable")
    (x,) = variables
    point = next(ex.draw(sorted({s.name for s in gap.free_symbols} - {x.name}), 1, ranges))
    error = ex.Evaluator(gap, [*point, x.name])
    size = [ex.Evaluator(o, [x.name]) for o in orders]
    one = size[0]({x.name: mpmath.mpf("1e-3")})
    falling = one is not None and abs(one) < abs(size[0]({x.name: mpmath.mpf("1e-2")}))
    steps = [mpmath.mpf("1e-3"), mpmath.mpf("1e-5")] if falling else [1000, 100000]
    errors = [error({**point, x.name: h}) for h in steps]
    if any(e is None for e in errors):
        raise CheckFailed(f"{said}: the difference has no value near {x} = 0")
    if errors[1] == 0:
        return
    slope = mpmath.log(abs(errors[0] / errors[1])) / mpmath.log(100)
    wanted = min(mpmath.log(abs(s({x.name: steps[0]}) / s({x.name: steps[1]}))) for s in size)
    wanted = wanted / mpmath.log(100)
    if slope < wanted - 0.05:
        raise CheckFailed(
            f"{said}: their difference is of order {ex.number(round(float(slope), 2))}, "
            f"not {ex.number(round(float(wanted), 2))}"
        )
