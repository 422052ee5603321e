"""Limits, integrals, and where something is least."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from gdbook.latex import Token
from gdbook.mathematics.kinds import NUMBER
from gdbook.mathematics.letters.declared import Declared
from gdbook.mathematics.reading.context import Context, python_name
from gdbook.mathematics.reading.cursor import depth_change, show
from gdbook.mathematics.refusal import Refused, mistyped, notation, two_readings
from gdbook.mathematics.tree import Expression, need_number
from gdbook.mathematics.values.environment import Environment, number, together
from gdbook.mathematics.values.extrapolation import limit as extrapolated
from gdbook.mathematics.values.minimum import stationary

if TYPE_CHECKING:
    from gdbook.mathematics.reading.reader import Reader


@contextmanager
def _running(context: Context, name: str) -> Iterator[Declared | None]:
    """Let a letter run inside of a limit or an integral, whatever it is outside."""
    outside = context.declared.get(name)
    context.declared[name] = Declared(NUMBER)
    try:
        yield outside
    finally:
        if outside is None:
            del context.declared[name]
        else:
            context.declared[name] = outside


def limit(r: Reader) -> Expression:
    """Read a limit, whose sign was just taken."""
    if not r.skip("_"):
        raise notation(r"\lim without its variable")
    below = r.group()
    arrow = len(below) > 2 and below[1] == Token("relation", "→")
    if not arrow or below[0].kind != "letter":
        raise notation(rf"\lim over {show(below)}")
    name, to = python_name(below[0].text), below[2:]
    sides: tuple[int, ...] = (1, -1)
    if len(to) >= 3 and to[-2].kind == "^" and to[-1].kind in "+-":
        sides, to = ((1,) if to[-1].kind == "+" else (-1,)), to[:-2]
    endless = [t.text for t in to] == ["infty"]
    point = None if endless else r.whole(to)
    with _running(r.context, name) as outside:
        body = r.term()
    if name not in body.free:
        raise mistyped(f"a limit over {name} of {body.text}, which has no {name} in it")
    whole = outside is not None and outside.whole
    return limit_of(body, name, point, sides, whole=whole)


def limit_of(
    body: Expression,
    name: str,
    point: Expression | None,
    sides: tuple[int, ...] = (1, -1),
    *,
    whole: bool = False,
) -> Expression:
    """Return the limit of an expression as a letter tends to a point, or to ∞ without one."""

    def value(env: Environment) -> Tensor:
        if point is None:

            def far(s: float) -> Tensor:
                at = torch.tensor([round(1 / s) if whole else 1 / s], dtype=torch.float64)
                return number(body.value(env.with_(**{name: at})))

            return extrapolated(far, (1,), env.draws)
        there = number(point.value(env))
        return extrapolated(
            lambda s: number(body.value(env.with_(**{name: there + s}))), sides, env.draws
        )

    free = (body.free - {name}) | (point.free if point else frozenset())
    to = point.text if point else "∞"
    return Expression(body.kind, value, free, f"lim({body.text}, {name}, {to})", None, body.terms)


def integral(r: Reader) -> Expression:
    """Read an integral between two ends, by Gauss and Legendre."""
    if not r.skip("_"):
        raise notation("an integral without its ends")
    low = need_number(r.whole(r.group()), "an integral from")
    if not r.skip("^"):
        raise notation("an integral without its upper end")
    high = need_number(r.whole(r.group()), "an integral to")
    depth, start = 0, r.at
    for i in range(r.at, len(r.tokens) - 1):
        token = r.tokens[i]
        depth += depth_change(token)
        d = token.text == "d" and token.kind in ("letter", "word")
        if depth == 0 and d and r.tokens[i + 1].kind == "letter":
            break
    else:
        raise notation("an integral without dx")
    name = python_name(r.tokens[i + 1].text)
    with _running(r.context, name):
        body = r.whole(r.tokens[start:i])
    r.at = i + 2
    nodes, weights = np.polynomial.legendre.leggauss(24)

    def value(env: Environment) -> Tensor:
        a, b = number(low.value(env)), number(high.value(env))
        half = (b - a) / 2
        parts = [
            float(w) * number(body.value(env.with_(**{name: a + half * (1 + float(x))})))
            for x, w in zip(nodes, weights, strict=True)
        ]
        return half * together(parts).sum(-1)

    if body.kind != NUMBER:
        raise mistyped(f"the integral of {body.text}, a {body.kind}")
    free = (body.free - {name}) | low.free | high.free
    return Expression(NUMBER, value, free, f"∫({body.text}) d{name}", None, body.terms)


def extremal_point(r: Reader, called: str) -> Expression:
    """Read argmin_x of something with one stationary point."""
    if not r.skip("_"):
        raise two_readings(f"{called} over what?")
    below = r.group()
    name = python_name(below[0].text) if len(below) == 1 else ""
    declared = r.context.declared.get(name)
    if declared is None or declared.kind.what not in ("number", "vector"):
        raise Refused("undeclared", f"{called} over {show(below)}: what is it?")
    body = need_number(r.term(), f"the {called} of")
    if name not in body.free:
        raise mistyped(f"{called} over {name} of {body.text}, which has no {name} in it")
    sign = 1.0 if called == "argmin" else -1.0

    def value(env: Environment) -> Tensor:
        return stationary(
            lambda y: sign * number(body.value(env.with_(**{name: y}))),
            number(env[name]),
            env.draws.rows,
        )

    free = body.free - {name}
    return Expression(declared.kind, value, free, f"{called}_{name}[{body.text}]")
