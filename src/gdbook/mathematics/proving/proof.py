"""Whether algebra sees that two expressions are equal."""

from __future__ import annotations

import sympy as sp

from gdbook.mathematics.proving.unknown import Unknown


def proved(a: sp.Expr, b: sp.Expr) -> bool:
    """Whether SymPy sees that the two are equal, by expanding or simplifying."""
    gap = a - b
    # Functions become plain symbols: simplify would look for ways to rewrite them.
    gap = gap.xreplace({u: sp.Dummy(real=True) for u in _outermost(gap)})
    try:
        if sp.expand(gap) == 0 or sp.cancel(sp.together(gap)) == 0:
            return True
        return bool(gap.count_ops() < 80 and sp.simplify(gap) == 0)
    except (ValueError, TypeError, NotImplementedError, AttributeError, sp.PolynomialError):
        return False


def _outermost(e: sp.Basic) -> list[sp.Basic]:
    if isinstance(e, Unknown):
        return [e]
    return [u for argument in e.args for u in _outermost(argument)]
