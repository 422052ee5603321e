"""Points at which two expressions are held against each other."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Iterator, Mapping, Sequence

import sympy as sp

Where = Mapping[str, tuple[float, float] | list[float]]

USUAL = (-2.0, 2.0)  # both signs: √x² = x must not pass for want of a negative x


def check_where(where: Mapping[str, object]) -> Where:
    """Return ranges and lists as they are, or say in one sentence what is wrong.

    Parameters
    ----------
    where : dict
        For each name a range ``(low, high)`` with low < high, or a list of values.

    Raises
    ------
    ValueError
        For an empty range or list, and for anything that holds no finite numbers.
    """
    made: dict[str, tuple[float, float] | list[float]] = {}
    for name, values in where.items():
        if not isinstance(values, tuple | list) or not all(
            isinstance(v, int | float) and not isinstance(v, bool) and math.isfinite(v)
            for v in values
        ):
            raise ValueError(
                f"{name} must be a range (low, high) or a list of numbers, got {values!r}"
            )
        if isinstance(values, list):
            if not values:
                raise ValueError(f"the list for {name} is empty")
            made[name] = values
        else:
            if len(values) != 2 or not values[0] < values[1]:
                raise ValueError(
                    f"the range of {name} must be (low, high), low < high, got {values}"
                )
            made[name] = (values[0], values[1])
    return made


def integers(*expressions: sp.Expr) -> set[str]:
    """Return the names that count something: limits of sums, arguments of factorials."""
    found: set[str] = set()
    for e in expressions:
        for term in e.atoms(sp.Sum, sp.Product):
            found |= {s.name for limit in term.limits for b in limit[1:] for s in b.free_symbols}
        for term in e.atoms(sp.factorial, sp.binomial):
            found |= {s.name for s in term.free_symbols}
    return found


def draw(
    names: Sequence[str],
    count: int,
    where: Where,
    *,
    whole: set[str] | frozenset[str] = frozenset(),
    corners: bool = False,
    seed: int = 0,
) -> Iterator[dict[str, float]]:
    """Yield points: first the corners of the ranges if asked for, then random ones.

    Parameters
    ----------
    names : sequence of str
        The coordinates, in the order in which they are drawn.
    count : int
        How many random points.
    where : dict
        Ranges and lists by name; the others are drawn from (−2, 2).
    whole : set of str
        Names that count something: integers from 1 to 6 unless ``where`` says otherwise.
    corners : bool
        Every combination of the ends of the ranges (and of all listed values) first.
    seed : int
        The same seed gives the same points.
    """
    rng = random.Random(seed)
    if corners:
        ends = [list(where.get(n, (1, 6) if n in whole else USUAL)) for n in names]
        if math.prod(map(len, ends)) <= 4096:
            for combination in itertools.product(*ends):
                yield dict(zip(names, combination, strict=True))
    for _ in range(count):
        yield {n: _one(rng, n, where, whole) for n in names}


def _one(rng: random.Random, name: str, where: Where, whole: set[str] | frozenset[str]) -> float:
    values = where.get(name)
    if isinstance(values, list):
        return rng.choice(values)
    if name in whole:
        low, high = values or (1, 6)
        return rng.randint(math.ceil(low), math.floor(high))
    return rng.uniform(*(values or USUAL))


def at(point: Mapping[str, float]) -> str:
    """Return a point for a sentence: ``h = 0.25, x = 1.5``."""
    return ", ".join(f"{n} = {v:.4g}" for n, v in point.items()).replace("-", "−")
