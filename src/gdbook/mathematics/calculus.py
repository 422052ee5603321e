"""Derivatives of functions and of expressions, taken by autograd."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from gdbook.mathematics.kinds import NUMBER, Kind, function_of, matrix_of
from gdbook.mathematics.refusal import Refused, mistyped, two_readings
from gdbook.mathematics.tree import Expression, is_number
from gdbook.mathematics.values import derivatives
from gdbook.mathematics.values.environment import Environment, number


def prime(f: Expression, order: int) -> Expression:
    """Return a derivative of a function of one number."""
    if f.kind.what != "function":
        raise two_readings(f"a prime on {f.text}, which is no function")
    if f.kind.args != (NUMBER,):
        raise two_readings(f"a prime on {f.text}, a {f.kind}: which derivative?")

    def value(env: Environment) -> Any:
        g, rows = f.value(env), env.draws.rows
        for _ in range(order):
            g = _slope(g, rows)
        return g

    return Expression(function_of(f.kind.args, f.kind.of), value, f.free, f.text + "'" * order)


def _slope(f: Callable[[Tensor], Tensor], rows: int) -> Callable[[Tensor], Tensor]:
    return lambda x: derivatives.jacobian(f, x, rows)


def gradient(f: Expression) -> Expression:
    """Return ∇f of a function of one vector or matrix, a function again."""
    k = f.kind
    if len(k.args) != 1 or k.args[0].what not in ("vector", "matrix"):
        raise mistyped(f"∇{f.text} of a {k}: it needs one vector")
    if k.result != NUMBER:
        raise two_readings(f"∇{f.text}, whose values are no numbers: J or its transpose?")

    def value(env: Environment) -> Any:
        g = f.value(env)
        return lambda x: derivatives.jacobian(g, x, env.draws.rows)

    return Expression(function_of(k.args, k.args[0]), value, f.free, f"∇{f.text}")


def hessian(f: Expression) -> Expression:
    """Return the Hessian of a function of one vector, a function again."""
    k = f.kind
    if len(k.args) != 1 or k.args[0].what != "vector" or k.result != NUMBER:
        raise mistyped(f"∇²{f.text} of a {k}: it needs one vector")
    n = k.args[0].shape[0]

    def value(env: Environment) -> Any:
        g = f.value(env)
        return lambda x: derivatives.hessian(g, x, env.draws.rows)

    return Expression(function_of(k.args, matrix_of(n, n)), value, f.free, f"∇²{f.text}")


def directional(f: Expression, u: Expression) -> Expression:
    """Return D_u f, a function again."""
    if f.kind.what != "function" or f.kind.args != (u.kind,):
        raise mistyped(f"D_{u.text} {f.text}")

    def value(env: Environment) -> Any:
        g, v = f.value(env), u.value(env)
        return lambda x: derivatives.along(g, x, v, env.draws.rows)

    kind = function_of(f.kind.args, f.kind.of)
    return Expression(kind, value, f.free | u.free, f"D_{u.text} {f.text}")


def entry_of_one(x: Tensor, at: list[Any], rows: int) -> Tensor:
    """Return the direction of one entry of x, which each draw may choose anew."""
    v = torch.zeros(rows, *x.shape[1:], dtype=x.dtype)
    places = [torch.as_tensor(i).round().long().reshape(-1).expand(rows) for i in at]
    for place, size in zip(places, x.shape[1:], strict=True):
        if int(place.min()) < 0 or int(place.max()) >= size:
            raise Refused(
                "index", f"a derivative with respect to an entry that is not one of {size}"
            )
    v[(torch.arange(rows), *places)] = 1.0
    return v


def derivative(body: Expression, name: str, at: list[Expression], first: int) -> Expression:
    """Return the derivative of an expression with respect to a letter, or to one of its entries."""
    if name not in body.free:
        raise mistyped(f"the derivative of {body.text} with respect to {name}, which is not in it")
    if body.kind.what in ("function", "family"):
        raise two_readings(f"the derivative of {body.text}, a function without its argument")

    def value(env: Environment) -> Tensor:
        x, rows = number(env[name]), env.draws.rows

        def moved(y: Tensor) -> Tensor:
            return number(body.value(env.with_(**{name: y})))

        if not at:
            return derivatives.jacobian(moved, x, rows)
        v = entry_of_one(x, [number(i.value(env)) - first for i in at], rows)
        return derivatives.along(moved, x, v, rows)

    free = body.free.union(*(i.free for i in at))
    which = f"{name}_{''.join(i.text for i in at)}"
    text = f"∂({body.text})/∂{which}" if at else f"diff({body.text}, {name})"
    return Expression(body.kind, value, free, text, None, body.terms)


def gradient_of(body: Expression, name: str, kind: Kind) -> Expression:
    """Return the gradient of an expression with respect to a letter."""
    if name not in body.free:
        raise mistyped(f"∇ of {body.text} with respect to {name}, which is not in it")
    if not is_number(body):
        raise two_readings(f"∇ of {body.text}, a {body.kind}: J or its transpose?")

    def value(env: Environment) -> Tensor:
        return derivatives.jacobian(
            lambda y: number(body.value(env.with_(**{name: y}))),
            number(env[name]),
            env.draws.rows,
        )

    return Expression(kind, value, body.free, f"∇_{name}({body.text})", None, body.terms)


def partial_of(
    f: Expression, place: int, at: list[Expression], first: int, text: str
) -> Expression:
    """Return the partial derivative of a function, a function again."""
    k = f.kind

    def value(env: Environment) -> Any:
        g, rows = f.value(env), env.draws.rows
        index = [number(i.value(env)) - first for i in at]

        def slope(*xs: Tensor) -> Tensor:
            def moved(y: Tensor) -> Tensor:
                made: Tensor = g(*xs[:place], y, *xs[place + 1 :])
                return made

            if not at:
                return derivatives.jacobian(moved, xs[place], rows)
            v = entry_of_one(xs[place], index, rows)
            return derivatives.along(moved, xs[place], v, rows)

        return slope

    free = f.free.union(*(i.free for i in at))
    return Expression(function_of(k.args, k.of, k.formal), value, free, text)
