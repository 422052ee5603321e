"""Expressions as fast functions of float64 arrays, for bounds over many points."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray


def function(expression: sp.Expr, names: Sequence[str]) -> Callable[..., NDArray[np.float64]]:
    """Return a function of one array per name.

    Parameters
    ----------
    expression : sympy.Expr
        Without unknown functions.
    names : sequence of str
        The arguments, in order.

    Returns
    -------
    callable
        Takes float64 arrays of one shape ``(n,)``, returns float64 ``(n,)``; nan where the
        expression has no real value. Without names n is 1.
    """
    if expression.has(sp.zoo, sp.nan):
        expression = sp.Symbol("nan")  # no value anywhere
    raw = sp.lambdify([sp.Symbol(n, real=True) for n in names], expression, modules="numpy")

    def evaluate(*arrays: NDArray[np.float64]) -> NDArray[np.float64]:
        shape = np.shape(arrays[0]) if arrays else (1,)
        with np.errstate(all="ignore"):
            made: Any = np.broadcast_to(np.asarray(raw(*arrays)), shape)
            if np.iscomplexobj(made):
                made = np.where(made.imag == 0, made.real, np.nan)
            return np.asarray(made, dtype=np.float64)

    return evaluate
