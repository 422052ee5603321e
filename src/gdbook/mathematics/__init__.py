"""Displayed mathematics that checks itself: LaTeX is read over declared letters, and tried.

`judge` reads a display and tries it on random shapes and values; chapters call it through
`gdbook.checks.holds`. What a letter is, the author declares: ``real()``, ``integers(0, 9)``,
``vector("n")``, ``matrix("n", "n", symmetric=True)``, ``function("n")`` and so on. What has two
readings is refused with the question that it raises; nothing is guessed.
"""

from __future__ import annotations

from gdbook.mathematics.letters.chances import coin, permutation, sample
from gdbook.mathematics.letters.declared import Declared
from gdbook.mathematics.letters.families import alias, family, random, sequence
from gdbook.mathematics.letters.functions import (
    function,
    hessian,
    jacobian,
    least,
    minimiser,
    minimum,
    smoothness,
    strong_convexity,
)
from gdbook.mathematics.letters.numbers import (
    basis,
    identity,
    integers,
    matrix,
    ones,
    positive,
    real,
    vector,
)
from gdbook.mathematics.refusal import Refused
from gdbook.mathematics.verdict import Verdict, judge

__all__ = [
    "Declared",
    "Refused",
    "Verdict",
    "alias",
    "basis",
    "coin",
    "family",
    "function",
    "hessian",
    "identity",
    "integers",
    "jacobian",
    "judge",
    "least",
    "matrix",
    "minimiser",
    "minimum",
    "ones",
    "permutation",
    "positive",
    "random",
    "real",
    "sample",
    "sequence",
    "smoothness",
    "strong_convexity",
    "vector",
]
