r"""What a page defines: η^\star = …, f(x) = …, x_{k+1} = … or H_{ij} = …, for later claims."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

from gdbook.latex import Token
from gdbook.latex.notation import tokenise
from gdbook.mathematics import algebra
from gdbook.mathematics.kinds import NUMBER, Kind, function_of
from gdbook.mathematics.letters.declared import Declared
from gdbook.mathematics.reading.context import Context, Index, python_name
from gdbook.mathematics.reading.cursor import cut, show
from gdbook.mathematics.reading.display import pieces, trimmed
from gdbook.mathematics.reading.names import STARS
from gdbook.mathematics.reading.reader import Reader, read_side
from gdbook.mathematics.refusal import Refused, mistyped, notation
from gdbook.mathematics.tree import Expression
from gdbook.mathematics.values.building import started
from gdbook.mathematics.values.environment import REAL, Environment, number, together
from gdbook.mathematics.values.sequences import Terms


def define(latex: str, context: Context) -> None:
    """Read a displayed definition, and declare what it defines.

    Its first equation defines what stands on the left; what follows an equation with the same
    left side is a claim, and is left to the display's own check. Conditions are left out.

    Raises
    ------
    Refused
        If it is no equation whose left side can be defined.
    """
    claims, _ = pieces([t for t in tokenise(latex) if t.kind != "space"])
    for piece in claims:
        relations = [t.text for t in piece if t.kind == "relation"]
        if not relations or relations[0] != "=":
            raise notation(f"{show(piece)} defines nothing: it is no equation")
        left, right = cut(piece, "relation")[:2]
        _one(left, trimmed(right), context)


def _one(left: list[Token], right: list[Token], context: Context) -> None:
    at = Reader(left, context)
    if not at.is_("letter") and not at.is_("word"):
        raise notation(f"{show(left)} = … defines nothing: a letter must stand on the left")
    name = python_name(at.take().text)
    if at.is_("^") and at.next(1).text in STARS:
        at.take()
        at.take()
        name = f"{name.rstrip('_')}_star"
    squared = at.is_("^") and at.is_("number", "2", ahead=1)
    if squared:  # σ² = … defines σ, which is not negative
        at.take()
        at.take()
    index: list[Token] | None = None
    if at.skip("_"):
        index = at.group()
        if all(t.kind == "number" for t in index):
            name, index = f"{name.rstrip('_')}_{''.join(t.text for t in index)}", None
    arguments = at.bracket() if at.is_("open", "(") else None
    if not at.is_("end"):
        raise notation(f"{show(left)} = … defines nothing")
    if index is not None and arguments is not None:  # ℓ_c(w): the index is part of the name
        name, index = f"{name.rstrip('_')}_{''.join(t.text for t in index)}", None
    if squared and (index is not None or arguments is not None):
        raise notation(f"the definition of {show(left)}")
    if index is not None and name in context.declared:
        _sequence(name, index, right, context)
    elif name in context.declared:
        raise Refused("declaration", f"{name} is declared, and the page defines it: leave it out")
    elif arguments is not None:
        _function(name, arguments, right, context)
    elif index is not None:
        _entries(name, index, right, context)
    else:
        body = _read(name, right, context)
        if squared:
            body = algebra.pointwise("sqrt", torch.sqrt, body)
        context.declared[name] = Declared(body.kind, rule=body.value, uses=tuple(body.free))


def _read(name: str, right: list[Token], context: Context) -> Expression:
    context.free, context.ever_bound, context.orders = {}, set(), []
    body = read_side(right, context)
    if context.orders:
        raise notation(f"{name} is defined up to O(…) only")
    if name in body.free and context.declared[name].kind.what != "family":
        raise Refused("declaration", f"{name} is defined by itself")
    return body


def _function(name: str, arguments: list[Token], right: list[Token], context: Context) -> None:
    """Define f(x) = …; an argument that is not declared is a number."""
    names = []
    for part in cut(arguments, ","):
        text = "_".join(t.text for t in part if t.kind in ("letter", "number"))
        if not part or part[0].kind != "letter":
            raise notation(f"{name} is defined at {show(part)}, not at a letter")
        names.append(python_name(text))
    outside = {n: context.declared.get(n) for n in names}
    for n in names:
        context.declared[n] = _argument(outside[n])
    body = _read(name, right, context)
    if context.free:
        raise mistyped(f"{name} has the index {', '.join(context.free)}")
    kinds = tuple(context.declared[n].kind for n in names)
    for n, d in outside.items():
        context.used.add(n)
        if d is None:
            del context.declared[n]
        else:
            context.declared[n] = d

    def rule(env: Environment) -> Any:
        return lambda *xs: body.value(env.with_(**dict(zip(names, xs, strict=True))))

    uses = tuple(body.free - set(names))
    context.declared[name] = Declared(
        function_of(kinds, body.kind, tuple(names)), rule=rule, uses=uses
    )


def _argument(declared: Declared | None) -> Declared:
    """Return what an argument is: a number, what its letter is declared as, or a term of it."""
    if declared is None:
        return Declared(NUMBER)
    return Declared(declared.kind.of) if declared.kind.what == "family" else declared


def _sequence(name: str, index: list[Token], right: list[Token], context: Context) -> None:
    r"""Define x_{k+1} = …, from the terms before it."""
    d = context.declared[name]
    letters = [t.text for t in index if t.kind == "letter"]
    if d.kind.what != "family" or d.kind.shape != (None,) or len(letters) != 1:
        raise Refused("declaration", f"{name} is declared, and the page defines it")
    (k,) = letters
    outside = context.bound.get(k)
    context.bound[k] = Index(k, written=True)
    try:
        place, body = read_side(index, context), _read(name, right, context)
    finally:
        del context.bound[k]
        if outside is not None:
            context.bound[k] = outside
    if body.kind != d.kind.of:
        raise mistyped(f"{name} is a {d.kind}, its definition gives a {body.kind}")

    def rule(env: Environment) -> Terms:
        # x_{k+1} is the term with index k + 1: which k gives which term?
        zero = torch.zeros(1, dtype=REAL)
        ahead = round(float(number(place.value(env.at(**{k: zero})))))

        def term(m: int, before: list[Tensor]) -> Tensor:
            if not before:
                first: Tensor = env[started(name)]
                return first
            at = torch.tensor([float(m - ahead)], dtype=REAL)
            made: Tensor = number(body.value(env.at(**{k: at})))
            return made

        return Terms(term, d.first)

    uses = tuple(body.free - {k, name})
    context.declared[name] = replace(d, rule=rule, uses=uses)


def _entries(name: str, index: list[Token], right: list[Token], context: Context) -> None:
    """Define H_{ij} = … by all entries."""
    letters = [t.text for t in index if t.kind != ","]
    if any(t.kind not in ("letter", ",") for t in index):
        raise notation(f"{name}_{show(index)} = … defines no entries")
    body = _read(name, right, context)
    found = [context.free[i] for i in letters if i in context.free]
    if set(context.free) != set(letters):
        raise mistyped(f"{name}_{show(index)} has the indices {', '.join(sorted(context.free))}")
    what = {1: "vector", 2: "matrix"}.get(len(found))
    of_function = body.kind.what == "function"
    value = body.kind.of if of_function else body.kind
    if what is None or value != NUMBER or any(i.size is None for i in found):
        raise notation(f"the entries {name}_{show(index)}: how many are there, of what?")

    def stacked(env: Environment, entry: Callable[[Any], Tensor]) -> Tensor:
        ends = [i.range(env) for i in found]
        counts = [range(int(low), int(high) + 1) for low, high in ends]
        values = []
        for at in itertools.product(*counts):
            here = {
                n: torch.tensor([float(k)], dtype=REAL) for n, k in zip(letters, at, strict=True)
            }
            values.append(entry(body.value(env.at(**here))))
        made = together(values)
        return made.reshape(made.shape[0], *(len(c) for c in counts))

    def rule(env: Environment) -> Any:
        if of_function:
            return lambda *xs: stacked(env, lambda f: number(f(*xs)))
        return stacked(env, number)

    kind = Kind(what, tuple(i.size for i in found))
    uses = tuple(body.free - set(letters))
    if of_function:
        kind = function_of(body.kind.args, kind, body.kind.formal)
    context.declared[name] = Declared(kind, rule=rule, uses=uses, first=found[0].first)
