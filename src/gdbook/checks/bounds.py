"""Inequalities, and where something is least."""

from __future__ import annotations

import inspect
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import sympy as sp

from gdbook import expressions as ex
from gdbook.checks.common import Function, chain, columns_of, define, passed, point_of, read_sides
from gdbook.reporting import CheckFailed


def bound(
    *sides: str | Function,
    tight: float = 0.6,
    of: str | None = None,
    latex: str | None = None,
    **where: Any,
) -> None:
    """Check that ``small ≤ large`` wherever the variables may be, and that it is nearly reached.

    Parameters
    ----------
    *sides : str or callable
        ``small, large``, or one text with relations: ``"abs(x**2 - 9) = abs(x - 3)*abs(x + 3)
        <= 7*abs(x - 3)"``. Or two functions of the variables, in float64.
    tight : float
        How near the smaller side must come to the larger, as a ratio, and how much of
        each term of the larger side is needed somewhere. A bound that is twice too large
        would be true as well, and nobody would notice.
    **where
        The ranges, lists and definitions; 2000 random points and all corners are tried.

    Raises
    ------
    CheckFailed
        With a point at which it is false, or saying that it is never nearly reached.
    """
    if not 0 <= tight <= 1:
        raise ValueError(f"tight must be between 0 and 1, got {tight}")
    texts: list[str] = []
    if any(callable(s) for s in sides):
        functions = [s for s in sides if callable(s)]
        if len(functions) != len(sides) or len(sides) != 2:
            raise ValueError("give two functions, or texts")
        relations, ranges = ["≤"], ex.check_where(where)
        names = list(inspect.signature(functions[0]).parameters)
        columns, arrays = columns_of(names, ranges, set())
        points = list(zip(*arrays, strict=True))
        values = [np.array([float(f(*p)) for p in points]) for f in functions]
        terms = [{"": v} for v in values]
    else:
        texts, relations = chain(sides)
        if len(sides) > 1:
            relations = ["≤"] * len(relations)
        read, ranges, given = read_sides(texts, where)
        filled = [ex.fill(define(e, given)) for e in read]
        names = sorted({s.name for e in filled for s in e.free_symbols})
        columns, arrays = columns_of(names, ranges, ex.integers(*filled))
        values = [ex.function(e, names)(*arrays) for e in filled]
        terms = [
            {str(t): ex.function(t, names)(*arrays) for t in sp.Add.make_args(e)} for e in filled
        ]
    if set(relations) == {"="}:
        raise ValueError("bound needs a relation such as <=; use identity for equal sides")
    shown = [ex.pretty(t) for t in texts] or ["the smaller side", "the larger side"]
    closest = 1.0
    for i, relation in enumerate(relations):
        small, large = (i, i + 1) if relation in "=≤<" else (i + 1, i)
        sign = {"≥": "≤", ">": "<"}.get(relation, relation)
        pair = (shown[small], sign, shown[large])
        _holds(pair, values[small], values[large], columns)
        if sign != "=":
            reached = _reached(pair, values[small], values[large], terms[large], tight)
            closest = min(closest, reached)
    how = f"at {len(values[0])} points, reached to {closest:.0%}"
    passed("bound", texts, relations, how, of=of, latex=latex, ranges=ranges)


def minimiser(
    objective: str,
    at: str,
    /,
    x: str = "h",
    *,
    name: str | None = None,
    of: str | None = None,
    latex: str | None = None,
    **where: Any,
) -> None:
    """Check that an expression is least, as a function of ``x``, at ``at``.

    Parameters
    ----------
    objective, at : str
        What is made small, and where it is smallest.
    x : str
        The variable that is chosen.
    name : str, optional
        How the page calls the best value: ``h_star`` (for h*) unless told otherwise.
    **where
        Ranges, lists and definitions of the other variables.

    Raises
    ------
    CheckFailed
        With a value of ``x`` that is as good or better, or where the slope is not zero.
    """
    read, ranges, given = read_sides([objective, at], where)
    f, best = (define(e, given) for e in read)
    variable = ex.symbol(x)
    if found := ex.equal(f.diff(variable).subs(variable, best), sp.Integer(0), ranges):
        raise CheckFailed(f"{ex.pretty(at)} is no minimiser, the slope there is not 0: {found}")
    f, best = ex.fill(f), ex.fill(best)
    names = sorted({s.name for s in (f.free_symbols | best.free_symbols) - {variable}})
    columns, arrays = columns_of(names, ranges, set())
    least = ex.function(f.subs(variable, best), names)(*arrays)
    for percent in (-50, -10, -1, 1, 10, 100):
        moved = sp.Rational(percent, 100)
        moved = best * (1 + moved) if best != 0 else moved
        there = ex.function(f.subs(variable, moved), names)(*arrays)
        if (bad := np.flatnonzero(~(there > least + 1e-12 * np.abs(least)))).size:
            raise CheckFailed(
                f"{ex.pretty(at)} is no minimiser of {ex.pretty(objective)}: "
                f"{point_of(columns, int(bad[0]))}{ex.pretty(str(moved))} is as good or better"
            )
    texts = [name or f"{x}_star", at]
    line = f"{ex.pretty(objective)} is least at {x} = {ex.pretty(at)}"
    passed("minimiser", texts, ["="], line, of=of, latex=latex, ranges=ranges, whole=True)


def _holds(pair: tuple[str, str, str], a: Any, b: Any, columns: Mapping[str, Any]) -> None:
    """Check one relation at all points where both sides have a value."""
    left, sign, right = pair
    defined = np.isfinite(a) & np.isfinite(b)
    if not defined.any():
        raise CheckFailed(f"{left} and {right} have no value at any of the points")
    slack = 1e-12 * (1e-3 + np.abs(a) + np.abs(b))
    holds = {"=": np.abs(a - b) <= slack, "≤": a <= b + slack, "<": a < b}[sign] | ~defined
    if not holds.all():
        k = int(np.flatnonzero(~holds)[0])
        raise CheckFailed(
            f"{left} {sign} {right} is false: {point_of(columns, k)}"
            f"the sides are {ex.number(a[k])} and {ex.number(b[k])}"
        )


def _reached(
    pair: tuple[str, str, str], a: Any, b: Any, terms: Mapping[str, Any], tight: float
) -> float:
    """Check that no term of the larger side could be much smaller; return how tight it is.

    Of a sum each term is looked at by itself: where h/2 is reached for large h, a factor 2
    too much in 1/h would go unnoticed.
    """
    left, _, right = pair
    tightness = 1.0
    for term, value in terms.items():
        spare = np.where(
            np.isfinite(a) & np.isfinite(b) & (value != 0),
            (b - a) / np.where(value != 0, np.abs(value), 1.0),
            np.inf,
        )
        reached = max(0.0, 1 - float(np.min(spare)))
        if reached < tight:
            which = f"the term {ex.pretty(term)} of {right}" if len(terms) > 1 else right
            raise CheckFailed(
                f"{which} could be {1 - reached:.0%} smaller and still bound {left}: is there a "
                f"factor too much? (tight={math.floor(reached * 100) / 100} if it is meant so)"
            )
        tightness = min(tightness, reached)
    return tightness
