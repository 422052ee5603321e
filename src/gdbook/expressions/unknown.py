"""Functions known only by name: f, g, φ, and their derivatives."""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable
from functools import cache
from typing import Any

import sympy as sp


class Unknown(sp.Function):  # type: ignore[misc]
    """A smooth real function of which only the name is known.

    SymPy's own undefined functions wrap a derivative at a point in ``Subs`` and
    ``Derivative``, which then don't compare. Here each derivative is a function of
    its own, and ``fdiff`` names the next one: SymPy's chain rule does the rest.

    Attributes
    ----------
    name : str
        The letter, without primes.
    orders : tuple of int
        How often it is differentiated, for each argument.
    """

    name: str = ""
    orders: tuple[int, ...] = ()

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        """Return the derivative for the given argument, at the same arguments."""
        orders = list(self.orders)
        orders[argindex - 1] += 1
        return unknown(self.name, tuple(orders))(*self.args)

    def _eval_is_extended_real(self) -> bool | None:
        return True if all(a.is_extended_real for a in self.args) else None

    def _eval_is_finite(self) -> bool | None:
        return True if all(a.is_finite for a in self.args) else None

    def _eval_conjugate(self) -> sp.Expr:
        return self.func(*(a.conjugate() for a in self.args))


def unknown(name: str, orders: tuple[int, ...] = (0,)) -> type[Unknown]:
    """Return the class of an unknown function; the same arguments give the same class.

    Parameters
    ----------
    name : str
        Its letter, such as ``"f"``.
    orders : tuple of int
        Orders of its derivative, one for each argument: ``(2,)`` is f''.
    """
    return _made(name, orders)


@cache
def _made(name: str, orders: tuple[int, ...]) -> type[Unknown]:
    if len(orders) == 1:
        label = name + ("'" * orders[0] if orders[0] < 4 else f"^({orders[0]})")
    else:
        label = name + "".join(f"_{i + 1}" * k for i, k in enumerate(orders))
    made: type[Unknown] = type(Unknown)(  # type: ignore[misc]
        label, (Unknown,), {"name": name, "orders": orders, "nargs": len(orders)}
    )
    return made


class BigO(sp.Function):  # type: ignore[misc]
    """An order term O(h²), which nothing absorbs: ``h**3 + O(h**2)`` stays as it was written.

    SymPy's own ``O`` swallows terms, and asks for the limit of each, as soon as it is added.
    """

    nargs = 1


def sample(name: str, arguments: int) -> tuple[tuple[sp.Symbol, ...], sp.Expr]:
    """Return a function to stand in for an unknown one when numbers are needed.

    It is entire and positive, and its coefficients come from the name, so that f and g
    differ from each other and no identity holds by accident.

    Parameters
    ----------
    name : str
        The unknown function's letter.
    arguments : int
        How many arguments it takes.

    Returns
    -------
    variables, expression
        The sample as an expression in the variables.
    """
    rng = random.Random(zlib.crc32(f"{name}/{arguments}".encode()))
    xs = tuple(sp.Dummy(f"x{i}", real=True) for i in range(arguments))

    def number(low: int, high: int) -> sp.Rational:
        return sp.Rational(rng.randint(16 * low, 16 * high) * 2 + 1, 32)

    mix = sum(number(1, 2) * x for x in xs) + (sp.prod(xs) if arguments > 1 else 0)
    slope = sum(number(0, 1) * x for x in xs) / (2 * arguments)
    return xs, number(3, 4) + number(1, 2) * sp.sin(mix + number(0, 1)) + sp.exp(slope)


def names(expression: sp.Basic) -> dict[str, int]:
    """Return the unknown functions of an expression, and how many arguments each takes."""
    return {type(u).name: len(u.args) for u in expression.atoms(Unknown)}


@cache
def sample_function(name: str, orders: tuple[int, ...]) -> Callable[..., Any]:
    """Return a derivative of the `sample` as a function of mpmath numbers."""
    xs, body = sample(name, len(orders))
    for x, k in zip(xs, orders, strict=True):
        body = sp.diff(body, x, k) if k else body
    made: Callable[..., Any] = sp.lambdify(xs, body, modules="mpmath")
    return made


def callables(expression: sp.Expr) -> tuple[sp.Expr, dict[str, Callable[..., Any]]]:
    """Prepare an expression with unknown functions for `sympy.lambdify`.

    Returns
    -------
    expression : sympy.Expr
        Each unknown function replaced by one whose name Python can spell.
    functions : dict
        Its `sample_function`, by that name. Far faster than putting the sample in.
    """
    found: dict[str, Callable[..., Any]] = {}

    def replace(u: Any) -> sp.Expr:
        name = f"unknown_{u.name}_{'_'.join(map(str, u.orders))}"
        found[name] = sample_function(u.name, u.orders)
        return sp.Function(name)(*u.args)

    return expression.replace(lambda e: isinstance(e, Unknown), replace), found


def fill(expression: sp.Expr, given: dict[str, Any] | None = None) -> sp.Expr:
    """Replace every unknown function, and each derivative by the function's own.

    Parameters
    ----------
    expression : sympy.Expr
        With or without unknown functions.
    given : dict, optional
        Pairs ``(variables, expression)`` by name; the rest get a `sample`.
    """
    given = given or {}

    def replace(u: Any) -> sp.Expr:
        xs, body = given.get(u.name) or sample(u.name, len(u.args))
        for x, k in zip(xs, u.orders, strict=True):
            body = sp.diff(body, x, k) if k else body
        return body.subs(dict(zip(xs, u.args, strict=True)), simultaneous=True)

    return expression.replace(lambda e: isinstance(e, Unknown), replace)
