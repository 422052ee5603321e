"""Numbers as they stand in a derivation: rounded, and of a tensor the first few."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from gdbook.graph.arithmetic import Array
from gdbook.graph.latex import Symbol, Writer, decimal
from gdbook.graph.terms import Expression, Ref, walk

SHOWN = 3


def vector(values: Array, digits: int = 3, shown: int = SHOWN) -> str:
    r"""Return values as LaTeX: ``-0.12``, or ``(0.1, 0.2, 0.3, \ldots)`` row by row."""
    if values.ndim == 0:
        return decimal(float(values), digits)
    flat = values.reshape(-1)
    # In braces: a minus sign or dots after a comma would get an operator's space.
    texts = [f"{{{decimal(float(value), digits)}}}" for value in flat[:shown]]
    more = [r"{\ldots}"] if flat.size > shown else []
    inner = r",\, ".join([*texts, *more])
    return f"({inner})"


def plain(values: Array, digits: int = 3, shown: int = SHOWN) -> str:
    """Return values as text: ``−0.12``, or ``(0.1, 0.2, …)``."""
    flat = values.reshape(-1)
    texts = [f"{value:.{digits}g}".replace("-", "−") for value in flat[:shown].tolist()]
    if values.ndim == 0:
        return texts[0]
    more = ["…"] if flat.size > shown else []
    return f"({', '.join([*texts, *more])})"


class NumberWriter(Writer):
    """Writes an expression of single numbers with the numbers put in."""

    def __init__(self, symbol: Callable[[int], Symbol], lookup: Callable[[Ref], Array]) -> None:
        super().__init__(symbol)
        self.lookup = lookup

    def ref(self, ref: Ref) -> str:
        """Return the number itself, in brackets if it is negative or has a power of ten."""
        text = decimal(float(self.lookup(ref)))
        return f"({text})" if text[0] == "-" or "times" in text else text

    def _side_by_side(self, first: list[str], factors: object) -> str:
        joined = super()._side_by_side(first, factors)  # type: ignore[arg-type]
        return joined.replace(r" \, ", r" \cdot ")


def has_numbers_only(expression: Expression, lookup: Callable[[Ref], Array]) -> bool:
    """Say whether an expression names values, and all of them are single numbers."""
    refs = [part for part in walk(expression) if isinstance(part, Ref)]
    return bool(refs) and all(np.ndim(lookup(ref)) == 0 for ref in refs)
