"""What may be done with which kinds: every operation checks its sizes, or refuses by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

from gdbook.mathematics.kinds import NUMBER, Kind, function_of, matrix_of, vector_of
from gdbook.mathematics.refusal import mistyped, notation, two_readings
from gdbook.mathematics.tree import (
    Expression,
    aligned,
    is_number,
    joined,
    literal,
    need_number,
)
from gdbook.mathematics.values.environment import Environment, number

Pointwise = Callable[[Any, Any], Any]


def of_functions(f: Expression, g: Expression, text: str, rule: Pointwise) -> Expression:
    """Return the function whose values are computed from those of two others."""
    kind = function_of(f.kind.args, f.kind.of)
    return joined(kind, text, [f, g], lambda a, b: lambda *xs: rule(a(*xs), b(*xs)))


def add(a: Expression, b: Expression, sign: int) -> Expression:
    """Return a sum or a difference."""
    if a.literal == 0 and sign > 0:
        return b
    text = f"{a.text} + {b.text}" if sign > 0 else f"{a.text} - {as_factor(b)}"
    if a.kind.what == b.kind.what == "function":
        if not a.kind.same(replace(b.kind, formal=a.kind.formal)):
            raise mistyped(f"{a.text} and {b.text} are functions of different things")
        return of_functions(a, b, f"({text})", lambda u, v: u + sign * v)
    if a.kind != b.kind:
        raise mistyped(f"{a.text} is a {a.kind}, {b.text} a {b.kind}: they have no sum")
    return joined(a.kind, text, [a, b], lambda u, v: number(u) + sign * number(v))


def marked(a: Expression) -> Expression:
    """Return a term that can be scaled, to see whether a bound needs it."""
    if a.kind.what == "function":
        return a
    mark = object()

    def value(env: Environment) -> Any:
        made = a.value(env)
        env.draws.note(made)
        if env.draws.scaled and mark in env.draws.scaled:
            return env.draws.scaled[mark] * number(made)
        return made

    return replace(a, value=value, terms=(*a.terms, mark))


def negative(a: Expression) -> Expression:
    """Return −a."""
    if a.kind.what == "function":
        return times(literal(-1), a)
    made = joined(a.kind, f"-{as_factor(a)}", [a], lambda u: -number(u))
    return replace(made, literal=None if a.literal is None else -a.literal)


def scaled(a: Any, b: Any) -> Any:
    """Multiply a number and an array."""
    x, y = aligned(number(a), number(b))
    return x * y


def times(a: Expression, b: Expression) -> Expression:
    """Return the product of two things side by side."""
    x, y = a.kind, b.kind
    text = f"{as_factor(a)}*{as_factor(b)}"
    if "function" in (x.what, y.what):
        return _times_function(a, b, text)
    if is_number(a) and y.what in ("number", "vector", "row", "matrix"):
        return joined(y, text, [a, b], scaled)
    if is_number(b) and x.what in ("vector", "row", "matrix"):
        return joined(x, text, [a, b], scaled)
    if x.what == y.what == "vector":
        raise two_readings(f"{a.text} and {b.text}, two vectors side by side: ⊤ or ·?")
    rule = _PRODUCTS.get((x.what, y.what))
    if rule is None:
        raise mistyped(f"there is no product of a {x} and a {y}: {a.text} {b.text}")
    if x.what != "vector" and x.shape[-1] != y.shape[0]:
        raise mistyped(f"{a.text} is a {x}, {b.text} a {y}: {x.shape[-1]} is not {y.shape[0]}")
    return joined(_product_kind(x, y), text, [a, b], rule)


def _times_function(a: Expression, b: Expression, text: str) -> Expression:
    """Return a multiple of a function, or the product of two whose values are numbers."""
    x, y = a.kind, b.kind
    if is_number(a):
        kind = function_of(y.args, y.of)
        return joined(kind, text, [a, b], lambda c, f: lambda *xs: scaled(c, f(*xs)))
    if x.what == y.what and x.args == y.args and x.result == y.result == NUMBER:
        return of_functions(a, b, text, torch.mul)
    name = a.text if x.what == "function" else b.text
    raise two_readings(f"{name} is a function without its argument, in a product: of what?")


def _product_kind(x: Kind, y: Kind) -> Kind:
    """Return what a product of two arrays is, from what is left on the outside."""
    if (x.what, y.what) == ("vector", "row"):
        return matrix_of(x.shape[0], y.shape[0])
    if (x.what, y.what) == ("row", "vector"):
        return NUMBER
    if y.what == "vector":
        return vector_of(x.shape[0])
    return Kind(x.what, (*x.shape[:-1], y.shape[1]))


def _dot(u: Tensor, v: Tensor) -> Tensor:
    return (u * v).sum(-1)


_PRODUCTS: dict[tuple[str, str], Callable[[Tensor, Tensor], Tensor]] = {
    ("matrix", "matrix"): lambda a, b: a @ b,
    ("matrix", "vector"): lambda a, v: (a @ v.unsqueeze(-1)).squeeze(-1),
    ("row", "matrix"): lambda u, a: (u.unsqueeze(-2) @ a).squeeze(-2),
    ("row", "vector"): _dot,
    ("vector", "row"): lambda u, v: u.unsqueeze(-1) * v.unsqueeze(-2),
}


def _signs(text: str) -> str:
    """Return what stands in a text outside of all brackets and bars."""
    depth, made = 0, ""
    for i, sign in enumerate(text):
        if sign in "([⟨{":
            depth += 1
        elif sign in ")]⟩}":
            depth -= 1
        elif sign == "‖":
            depth += -1 if text[:i].count("‖") % 2 else 1
        elif depth == 0:
            made += sign
    return made


def as_factor(a: Expression) -> str:
    """Return the text of a factor: a sum stands in brackets."""
    outside = _signs(a.text)
    return f"({a.text})" if " + " in outside or "-" in outside else a.text


def as_atom(a: Expression) -> str:
    """Return the text of what a power or a division is about: all but names stand in brackets."""
    return f"({a.text})" if any(s in " +-*/·⊙∘" for s in _signs(a.text)) else a.text


def dot(a: Expression, b: Expression) -> Expression:
    """Return the product of two numbers, or of two vectors, with a dot between them."""
    x, y = a.kind, b.kind
    if x.what == y.what == "vector":
        if x != y:
            raise mistyped(f"{a.text} is a {x}, {b.text} a {y}")
        return joined(NUMBER, f"{as_factor(a)} · {as_factor(b)}", [a, b], _dot)
    if {x.what, y.what} == {"function", "vector"}:
        raise two_readings(f"{a.text} · {b.text}: a function without its argument")
    if "number" in (x.what, y.what) or x.what == y.what == "function":
        return times(a, b)
    raise two_readings(f"{a.text} · {b.text}: what is a dot between a {x} and a {y}?")


def inner(a: Expression, b: Expression) -> Expression:
    """Return ⟨a, b⟩."""
    if a.kind != b.kind or a.kind.what not in ("vector", "matrix"):
        raise mistyped(f"⟨{a.text}, {b.text}⟩ of a {a.kind} and a {b.kind}")
    axes = (-1,) if a.kind.what == "vector" else (-2, -1)
    return joined(NUMBER, f"⟨{a.text}, {b.text}⟩", [a, b], lambda u, v: (u * v).sum(axes))


def entrywise(a: Expression, b: Expression) -> Expression:
    """Return a ⊙ b."""
    if a.kind != b.kind or a.kind.what not in ("vector", "matrix"):
        raise mistyped(f"{a.text} ⊙ {b.text} of a {a.kind} and a {b.kind}")
    return joined(a.kind, f"{as_factor(a)} ⊙ {as_factor(b)}", [a, b], torch.mul)


def divide(a: Expression, b: Expression) -> Expression:
    """Return a quotient."""
    text = f"{as_factor(a)}/{as_atom(b)}"
    if a.kind.what == b.kind.what == "function" and a.kind.args == b.kind.args:
        return of_functions(a, b, text, torch.div)
    need_number(b, "division by")
    if a.kind.what == "function":
        raise two_readings(f"{a.text} without its argument, in a fraction: of what?")
    return joined(a.kind, text, [a, b], lambda u, v: _divided(number(u), number(v)))


def _divided(u: Tensor, v: Tensor) -> Tensor:
    u, v = aligned(u, v)
    return u / v


def transpose(a: Expression) -> Expression:
    """Return the transpose."""
    k, text = a.kind, f"{as_atom(a)}⊤"
    if k.what == "matrix":
        return joined(matrix_of(k.shape[1], k.shape[0]), text, [a], lambda u: u.transpose(-1, -2))
    if k.what in ("vector", "row"):
        kind = Kind("row" if k.what == "vector" else "vector", k.shape)
        return joined(kind, text, [a], lambda u: u)
    raise mistyped(f"the transpose of {a.text}, a {k}")


def power(a: Expression, e: Expression) -> Expression:
    """Return a power of a number or of a square matrix."""
    need_number(e, "the exponent")
    text = f"{as_atom(a)}**{as_atom(e)}"
    if a.kind.what == "matrix":
        if a.kind.shape[0] != a.kind.shape[1]:
            raise mistyped(f"a power of {a.text}, a {a.kind}")
        return joined(a.kind, text, [a, e], _matrix_power)
    if a.kind.what == "function":
        raise two_readings(f"{a.text} to a power: of its values, or applied again?")
    if not is_number(a):
        raise two_readings(f"a power of {a.text}, a {a.kind}: of the entries, of the norm?")
    if e.literal is not None and e.literal == int(e.literal):
        k = int(e.literal)
        return joined(NUMBER, text, [a], lambda u: number(u) ** k)
    return joined(NUMBER, text, [a, e], lambda u, v: number(u) ** number(v))


def _matrix_power(a: Tensor, e: Tensor) -> Tensor:
    """Return powers of matrices, each draw with its own exponent; singular ones have none."""
    if bool((e != e.round()).any()):
        raise notation("a power of a matrix that is not a whole number")
    least, most = int(e.min()), int(e.max())
    if least < 0:
        inverse, info = torch.linalg.inv_ex(a)
        inverse = torch.where((info != 0)[:, None, None], torch.nan, inverse)
    if least == most:
        made: Tensor = torch.linalg.matrix_power(a if least >= 0 else inverse, abs(least))
        return made
    rows = max(a.shape[0], e.shape[0])
    made = torch.empty(rows, *a.shape[1:], dtype=a.dtype)
    for k in range(least, most + 1):
        found = torch.linalg.matrix_power(a if k >= 0 else inverse, abs(k))
        here = (e.expand(rows) == k)[:, None, None]
        made = torch.where(here, found, made)
    return made


def call(f: Expression, args: list[Expression]) -> Expression:
    """Return a function's value."""
    k = f.kind
    if len(args) != len(k.args):
        raise mistyped(f"{f.text} takes {len(k.args)} arguments, here are {len(args)}")
    for a, wanted in zip(args, k.args, strict=True):
        if not a.kind.same(wanted):
            raise mistyped(f"{f.text} is a {k}, {a.text} is a {a.kind}")
    text = f"{f.text}({', '.join(a.text for a in args)})"
    made = joined(k.of, text, [f, *args], lambda g, *xs: g(*xs))
    # Where a vector or a matrix is taken at a point, no bound is about the terms of the point.
    return made if k.of == NUMBER else replace(made, terms=f.terms)


def compose(g: Expression, f: Expression) -> Expression:
    """Return g ∘ f."""
    if g.kind.what != "function" or f.kind.what != "function" or g.kind.args != (f.kind.of,):
        raise mistyped(f"{g.text} ∘ {f.text}")
    kind = function_of(f.kind.args, g.kind.of)
    return joined(kind, f"({g.text} ∘ {f.text})", [g, f], lambda o, i: lambda *xs: o(i(*xs)))


def pointwise(name: str, f: Callable[[Tensor], Tensor], a: Expression) -> Expression:
    """Return an elementary function of a number."""
    need_number(a, f"{name} of")
    return joined(NUMBER, f"{name}({a.text})", [a], lambda u: f(number(u)))


def diagonal(a: Expression) -> Expression:
    """Return diag(v) of a vector, or the vector of a square matrix's diagonal."""
    k = a.kind
    if k.what == "vector":
        return joined(matrix_of(k.shape[0], k.shape[0]), f"diag({a.text})", [a], torch.diag_embed)
    if k.what == "matrix" and k.shape[0] == k.shape[1]:
        made = vector_of(k.shape[0])
        return joined(made, f"diag({a.text})", [a], lambda u: u.diagonal(dim1=-2, dim2=-1))
    raise mistyped(f"diag of {a.text}, a {k}")
