"""Letters that are functions, and numbers that functions have: their least value, L, μ."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from gdbook.mathematics.kinds import NUMBER, Kind, Size, function_of, matrix_of, vector_of
from gdbook.mathematics.letters.declared import Declared
from gdbook.mathematics.refusal import Refused
from gdbook.mathematics.values import derivatives, functions
from gdbook.mathematics.values.author import over_draws
from gdbook.mathematics.values.environment import REAL, Environment
from gdbook.mathematics.values.minimum import stationary


def function(
    *args: Any,
    to: Any = None,
    code: Callable[..., Any] | None = None,
    by: Callable[..., Any] | None = None,
    convex: bool = False,
    first: int = 0,
    **named: Any,
) -> Declared:
    """Declare a function; it is any smooth one unless code says which.

    Parameters
    ----------
    *args, **named
        Its arguments: sizes of vectors, or declarations; one number if there are none. Names
        are those by which ∂f/∂x means an argument.
    to : str, int or Declared, optional
        Its values: numbers unless told otherwise.
    code : callable, optional
        The function itself, in torch, of one point.
    by : callable, optional
        Code that makes it from other letters.
    convex : bool
        Whether it is strongly convex, with a Lipschitz gradient.
    first : int
        The index of the first component, if its values are vectors.

    Raises
    ------
    ValueError
        If a convex function has several arguments, or values that are no numbers.
    """
    given = [*args, *named.values()] or [NUMBER]
    kinds = tuple(_kind_of(a) for a in given)
    kind = function_of(kinds, NUMBER if to is None else _kind_of(to), tuple(named))
    if code is not None:
        return Declared(kind, by=lambda: code, first=first)
    if by is not None:
        return Declared(kind, by=by, first=first)
    if convex and (len(kinds) != 1 or kind.result != NUMBER):
        raise ValueError("a convex function has one argument, and numbers as values")
    draw = functions.draw_convex if convex else functions.draw_smooth
    build = functions.convex if convex else functions.smooth
    return Declared(
        kind,
        lambda sizes, count, rng: draw(kind, sizes, count, rng),
        lambda raw, sizes: build(kind, sizes, raw),
        first=first,
    )


def _kind_of(given: Any) -> Kind:
    if isinstance(given, Declared):
        return given.kind
    return given if isinstance(given, Kind) else vector_of(given)


def _of_convex(what: Callable[[Any], Any], f: str, kind: Kind) -> Declared:
    return Declared(kind, rule=lambda env: what(env[f]), uses=(f,))


def minimum(f: str) -> Declared:
    """Declare the least value of a convex function."""
    return _of_convex(functions.minimum_of, f, NUMBER)


def minimiser(f: str, n: Size = None) -> Declared:
    """Declare where a convex function is least: a number, or a vector of that size."""
    if n is None:
        return _of_convex(lambda g: functions.centre_of(g)[..., 0], f, NUMBER)
    return _of_convex(functions.centre_of, f, vector_of(n))


def smoothness(f: str) -> Declared:
    """Declare L, the Lipschitz constant of a convex function's gradient."""
    return _of_convex(functions.smoothness_of, f, NUMBER)


def strong_convexity(f: str) -> Declared:
    """Declare μ, by which a convex function is strongly convex."""
    return _of_convex(functions.strong_convexity_of, f, NUMBER)


@dataclass(frozen=True)
class DerivativeOf:
    """A matrix of derivatives of a declared function: J or H, at any point or at a letter."""

    f: str
    at: str
    order: int

    def resolve(self, declared: Mapping[str, Declared]) -> Declared:
        """Return what the letter is declared as."""
        if self.f not in declared or declared[self.f].kind.what != "function":
            raise Refused("declaration", f"the derivatives of {self.f}, which is no function")
        k = declared[self.f].kind
        if len(k.args) != 1 or k.args[0].what != "vector":
            raise Refused("declaration", f"the matrix of derivatives of {self.f}, a {k}")
        n = k.args[0].shape[0]
        rows = n if self.order == 2 else k.of.shape[0]
        kind = matrix_of(rows, n)
        take = derivatives.hessian if self.order == 2 else derivatives.jacobian

        def rule(env: Environment) -> Any:
            f, count = env[self.f], env.draws.rows
            if self.at:
                return take(f, env[self.at], count)
            return lambda x: take(f, x, count)

        if self.at:
            return Declared(kind, rule=rule, uses=(self.f, self.at))
        return Declared(function_of(k.args, kind), rule=rule, uses=(self.f,))


def hessian(f: str, at: str = "") -> DerivativeOf:
    """Declare the Hessian of a function: H(x), or H at a declared point."""
    return DerivativeOf(f, at, 2)


def jacobian(f: str, at: str = "") -> DerivativeOf:
    """Declare the Jacobian of a function: J(x), or J at a declared point."""
    return DerivativeOf(f, at, 1)


def least(code: Callable[..., Any], *, positive: bool = False) -> Declared:
    """Declare the number at which code is least, as a function of its first parameter.

    Parameters
    ----------
    code : callable
        ``lambda h, M, u: M * h / 2 + u / h``, of one draw; what it takes besides is declared.
        It has one stationary point.
    positive : bool
        Whether only positive numbers are meant.
    """
    uses = tuple(inspect.signature(code).parameters)[1:]

    def rule(env: Environment) -> Tensor:
        rows, given = env.draws.rows, [env[name] for name in uses]

        def objective(t: Tensor) -> Tensor:
            made: Tensor = over_draws(code, [t.exp() if positive else t, *given], rows)
            return made

        found = stationary(objective, torch.zeros(rows, dtype=REAL), rows)
        return found.exp() if positive else found

    return Declared(NUMBER, rule=rule, uses=uses)
