"""What every operation means: its formula in index notation, its words, its shape.

A rule takes the arguments that torch's function takes, and says what an element of the
result is. Everything else follows from it: the local derivative, its δ and sums, the
adjoint, and their LaTeX.
"""

from __future__ import annotations

from gdbook.graph.rules import (
    activations,
    choices,
    elementwise,
    extremes,
    joining,
    losses,
    products,
    reductions,
    softmax,
)
from gdbook.graph.rules.extremes import WITH_POSITIONS
from gdbook.graph.rules.operation import SELF, Local, Operand, Operation, RefusedError
from gdbook.graph.rules.registry import RULES
from gdbook.graph.rules.reindexing import REINDEXING

#: Where tensors meet side by side, and a number is as good as a tensor without axes.
SIDE_BY_SIDE = {module.__name__ for module in (activations, choices, elementwise)}

# A module enters its rules when it is imported.
_MODULES = (
    activations,
    choices,
    elementwise,
    extremes,
    joining,
    losses,
    products,
    reductions,
    softmax,
)

__all__ = [
    "REINDEXING",
    "RULES",
    "SELF",
    "SIDE_BY_SIDE",
    "WITH_POSITIONS",
    "Local",
    "Operand",
    "Operation",
    "RefusedError",
    "supported",
]


def supported() -> list[str]:
    """Return the names of all operations that have a rule, in alphabetical order."""
    return sorted({*RULES, *REINDEXING, *WITH_POSITIONS})
