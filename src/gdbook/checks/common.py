"""What the checks share: reading their arguments, drawing points, reporting."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import sympy as sp

from gdbook import expressions as ex
from gdbook.reporting import report

Function = Callable[..., Any]


def chain(sides: Sequence[Any]) -> tuple[list[str], list[str]]:
    """Split the arguments of a check into sides and relations."""
    if len(sides) == 1:
        texts, relations = ex.split(sides[0])
    else:
        texts, relations = list(sides), ["="] * (len(sides) - 1)
        if any(isinstance(s, str) and ex.split(s)[1] for s in sides):
            raise ValueError("give the sides one by one, or one text with the relations in it")
    if len(texts) < 2:
        raise ValueError("a check needs at least two sides")
    return texts, relations


def read_sides(
    texts: Sequence[str], where: Mapping[str, Any]
) -> tuple[list[sp.Expr], Any, dict[str, Any]]:
    """Read the sides, the ranges, and the definitions among the options."""
    sides = [ex.read(t) for t in texts]
    ranges = ex.check_where({n: v for n, v in where.items() if not isinstance(v, str)})
    given: dict[str, Any] = {}
    used = {s.name for e in sides for s in e.atoms(sp.Symbol)}
    for name, text in where.items():
        if isinstance(text, str):
            given[name] = definition(text)
            used |= {s.name for s in given[name][1].free_symbols}
            used |= set(ex.names(given[name][1]))
    used |= {n for e in sides for n in ex.names(e)}
    all_used(where, used)
    return sides, ranges, given


def definition(text: str) -> tuple[tuple[sp.Symbol], sp.Expr]:
    """Read ``"x**2"``, or ``"h: (f(x+h) - f(x))/h"`` where it must be said what varies."""
    variable, colon, rest = text.partition(":")
    body = ex.read(rest if colon else text)
    found = sorted(body.free_symbols, key=str)
    if colon:
        if not isinstance(ex.read(variable), sp.Symbol):
            raise ValueError(f"{variable.strip()!r} is no variable, in the definition {text!r}")
        return (ex.symbol(variable.strip()),), body
    if len(found) > 1 and ex.symbol("x") not in found:
        raise ValueError(f"which is the variable of {text!r}? write {found[0]}: {text}")
    return (found[0] if len(found) == 1 else ex.symbol("x"),), body


def all_used(where: Mapping[str, Any], used: set[str]) -> None:
    """Raise ValueError for an option that no side contains."""
    if idle := sorted(set(where) - used):
        raise ValueError(
            f"no side contains {', '.join(idle)}; the sides contain {', '.join(sorted(used))}"
        )


def define(e: sp.Expr, given: Mapping[str, Any]) -> sp.Expr:
    """Put definitions in: f="x**2" for the function f, M="1" for the number M.

    One definition may use another, so it is done until none is left.
    """
    for _ in range(len(given)):
        functions = {n: d for n, d in given.items() if n in ex.names(e)}
        for name in functions:
            if ex.names(e)[name] != 1:
                raise ValueError(f"{name} has {ex.names(e)[name]} arguments; define it with one")
        if functions:
            e = ex.fill(e, {**keep(e, functions), **functions})
        numbers = {ex.symbol(n): body for n, (_, body) in given.items() if n not in functions}
        e = e.subs(numbers)
    return e


def keep(e: sp.Expr, functions: Mapping[str, Any]) -> dict[str, Any]:
    """Return the functions that stay unknown, each defined as itself."""
    kept = {}
    for name, count in ex.names(e).items():
        if name not in functions:
            xs = tuple(sp.Dummy(f"x{i}", real=True) for i in range(count))
            kept[name] = (xs, ex.unknown(name, (0,) * count)(*xs))
    return kept


def columns_of(names: list[str], ranges: Any, whole: set[str]) -> tuple[dict[str, Any], list[Any]]:
    """Return random points and corners, one float64 array per name."""
    all_used(ranges, set(names))
    drawn = list(ex.draw(names, 2000 if names else 1, ranges, whole=whole, corners=bool(names)))
    columns = {n: np.array([p[n] for p in drawn], dtype=np.float64) for n in names}
    return columns, list(columns.values())


def point_of(columns: Mapping[str, Any], i: int) -> str:
    """Return the i-th point for a sentence."""
    return f"at {ex.at({n: float(c[i]) for n, c in columns.items()})} " if columns else ""


def passed(
    kind: str,
    texts: list[str],
    relations: list[str],
    how: str,
    *,
    of: str | None,
    latex: str | None,
    ranges: Mapping[str, Any],
    whole: bool = False,
) -> None:
    """Report a passed check, and what it was about."""
    line = how
    if not whole:
        pairs = zip(relations, texts[1:], strict=False)
        chain = " ".join([texts[0] if texts else "", *(f"{r} {t}" for r, t in pairs)])
        line = f"{ex.pretty(chain)}, {how}" if texts else how
    record: dict[str, Any] = {"kind": kind, "sides": texts, "relations": relations}
    if of is not None:
        record["of"] = of
    if latex is not None:
        record["latex"] = latex
    if ranges:
        record["where"] = {n: list(v) for n, v in ranges.items()}
    report(line, record)
