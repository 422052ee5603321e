"""Formulas as texts: read into SymPy, compared, evaluated.

A leaf that both wings may import: chapters through `gdbook.checks`, the builder to hold
what a page displays against what was checked. Nothing here executes a text.
"""

from __future__ import annotations

from gdbook.expressions.arrays import function
from gdbook.expressions.comparison import (
    Difference,
    Evaluator,
    UndecidedError,
    equal,
    number,
    proved,
    same,
    without_order,
)
from gdbook.expressions.language import ExpressionError, indexed, read, read_chain, split, symbol
from gdbook.expressions.points import at, check_where, draw, integers
from gdbook.expressions.pretty import pretty
from gdbook.expressions.unknown import BigO, Unknown, fill, names, unknown

__all__ = [
    "BigO",
    "Difference",
    "Evaluator",
    "ExpressionError",
    "UndecidedError",
    "Unknown",
    "at",
    "check_where",
    "draw",
    "equal",
    "fill",
    "function",
    "indexed",
    "integers",
    "names",
    "number",
    "pretty",
    "proved",
    "read",
    "read_chain",
    "same",
    "split",
    "symbol",
    "unknown",
    "without_order",
]
