"""The values of a batch: letters that are drawn, put to corners, or computed from others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor

from gdbook.mathematics.kinds import Kind
from gdbook.mathematics.letters.declared import Declared, Outcomes, depends_on
from gdbook.mathematics.refusal import Refused
from gdbook.mathematics.values.author import PerDraw, over_draws
from gdbook.mathematics.values.drawing import OUTCOMES, Batch
from gdbook.mathematics.values.environment import COPIES, REAL, Draws, Environment
from gdbook.mathematics.values.sequences import Terms

OFF = 2.0**-30
"""By how much the copies of a draw are off, relatively."""


def environment(declared: Mapping[str, Declared], batch: Batch) -> Environment:
    """Return the values of a batch, each draw with its copies."""
    rng = torch.Generator().manual_seed(batch.seed + 1)
    rows = COPIES * batch.count

    def off(x: Tensor) -> Tensor:
        copies = x.repeat(COPIES, *[1] * (x.ndim - 1))
        once = batch.count // batch.times
        noise = torch.randn(COPIES, once, *x.shape[1:], generator=rng, dtype=REAL)
        noise[0] = 0.0
        noise = noise.repeat(1, batch.times, *[1] * (x.ndim - 1)).reshape(copies.shape)
        return copies * (1 + OFF * noise)

    draws = Draws(batch.sizes, batch.count, off(torch.ones(batch.count, dtype=REAL)))
    base: dict[str, Any] = {}
    computed: dict[str, Callable[[Environment], Any]] = {}
    random: dict[str, tuple[Declared, list[Any]]] = {}
    listed: dict[str, Callable[[Environment], Outcomes]] = {}
    for name, d in declared.items():
        if d.outcomes is not None:
            listed[name] = d.outcomes
        elif d.law:
            assert d.build is not None
            values = [d.build((off(p),), batch.sizes) for p in batch.raw[name]]
            random[name] = (d, values)
        elif d.kind.what == "family" and d.kind.shape == (None,):
            if d.build is not None:
                base[started(name)] = d.build((off(batch.raw[name][0]),), batch.sizes)
            computed[name] = d.rule or _sequence(name, d)
        elif d.rule is not None:
            computed[name] = d.rule
        elif d.by is not None:
            computed[name] = _computed(name, d)
        elif d.build is not None:
            base[name] = _drawn(name, d, batch, off)
    draws.depends = {n: depends_on(declared, n) for n in declared}
    made = Environment(base, computed, draws)
    if random or listed:
        draws.outcomes = _outcomes(random, batch, rows)
    for name, outcomes in listed.items():
        more = outcomes(made)
        draws.outcomes = [(w * p, {**at, name: v}) for w, at in draws.outcomes for p, v in more]
    return made


def _drawn(name: str, d: Declared, batch: Batch, off: Callable[[Tensor], Tensor]) -> Any:
    """Return a letter that is drawn, with its copies, and where it is put to corners."""
    assert d.build is not None
    raw = batch.raw[name]
    if d.kind.what == "function" or d.whole:
        repeated = tuple(p.repeat(COPIES, *[1] * (p.ndim - 1)) for p in raw)
        made = d.build(repeated, batch.sizes)
    else:
        made = d.build(tuple(off(p) for p in raw), batch.sizes)
    if name in batch.put:
        here, value = batch.put[name]
        value = value.repeat(COPIES) if d.whole else off(value)
        here = here.repeat(COPIES).reshape(-1, *[1] * (value.ndim - 1))
        made = torch.where(here, value, made)
    return made


def given_to(d: Declared, env: Environment) -> list[Any]:
    """Return what a letter's code takes: values, and sizes as integers."""
    return [env.draws.sizes[n] if n in env.draws.sizes else env[n] for n in d.needs]


def _computed(name: str, d: Declared) -> Callable[[Environment], Any]:
    """Return the letter that the author's code computes."""

    def value(env: Environment) -> Any:
        given = given_to(d, env)
        assert d.by is not None
        code, rows = d.by, env.draws.rows
        if d.kind.what != "function":
            return checked(name, over_draws(code, given, rows), d.kind, env)

        return PerDraw(tuple(given), code, rows)

    return value


def started(name: str) -> str:
    """Return the name under which the first term of a sequence is known."""
    return f"{name}:first"


def _sequence(name: str, d: Declared) -> Callable[[Environment], Any]:
    """Return a sequence whose steps or terms the author's code computes."""
    member = d.kind.of

    def value(env: Environment) -> Terms:
        given, rows = given_to(d, env), env.draws.rows

        def term(k: int, before: list[Tensor]) -> Tensor:
            if (code := d.term) is not None:
                made = over_draws(lambda *a: code(k, *a), given, rows)
                return checked(f"a term of {name}", made, member, env)
            if not before:
                first: Tensor = env[started(name)]
                return first
            if d.step is None:
                raise Refused("declaration", f"{name} has no step: define it, or give one")
            made = over_draws(d.step, [before[-1], *given], rows)
            return checked(f"a term of {name}", made, member, env)

        return Terms(term, d.first)

    return value


def checked(name: str, value: Tensor, kind: Kind, env: Environment) -> Tensor:
    """Return a computed value, whose shape must be what was declared."""
    wanted = [env.draws.size(s) for s in kind.shape if s is not None]
    if kind.what == "family":
        wanted += [env.draws.size(s) for s in kind.of.shape if s is not None]
    if list(value.shape[1:]) != wanted:
        shape = tuple(value.shape[1:])
        raise Refused("declaration", f"{name} has the shape {shape}, declared {tuple(wanted)}")
    return value


def _outcomes(
    random: dict[str, tuple[Declared, list[Any]]], batch: Batch, rows: int
) -> list[tuple[Tensor, dict[str, Any]]]:
    """Return a finite probability space: joint outcomes, times those of independent letters."""
    weights = torch.softmax(batch.raw[""][0], -1).repeat(COPIES, 1)
    joint = {n: v for n, (d, v) in random.items() if d.law == "joint"}
    made: list[tuple[Tensor, dict[str, Any]]]
    made = [(torch.ones(rows, dtype=REAL), {})]
    if joint:
        made = [(weights[:, i], {n: v[i] for n, v in joint.items()}) for i in range(OUTCOMES)]
    for name, (d, values) in random.items():
        if d.law != "joint":
            p = torch.softmax(weights[:, : len(values)].roll(len(made), 1), -1)
            made = [(w * p[:, i], {**at, name: v}) for w, at in made for i, v in enumerate(values)]
    return made
