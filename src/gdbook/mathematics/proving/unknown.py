"""Functions known only by name: f, g, φ, and their derivatives."""

from __future__ import annotations

from functools import cache

import sympy as sp


class Unknown(sp.Function):  # type: ignore[misc]
    """A smooth real function of which only the name is known.

    SymPy's own undefined functions wrap a derivative at a point in ``Subs`` and ``Derivative``,
    which then don't compare. Here each derivative is a function of its own.
    """


@cache
def unknown(name: str, arguments: int) -> type[Unknown]:
    """Return the class of an unknown function; the same name gives the same class.

    Parameters
    ----------
    name : str
        Its letter, with the primes of its derivative: ``"f''"``.
    arguments : int
        How many it takes.
    """
    made: type[Unknown] = type(Unknown)(  # type: ignore[misc]
        name, (Unknown,), {"nargs": arguments}
    )
    return made
