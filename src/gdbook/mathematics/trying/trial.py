"""One chain of a display, with all that is needed to try it."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

from gdbook.mathematics.kinds import NUMBER
from gdbook.mathematics.letters.declared import Declared
from gdbook.mathematics.reading import Chain, Display
from gdbook.mathematics.refusal import Refused
from gdbook.mathematics.tree import Expression
from gdbook.mathematics.values.building import environment
from gdbook.mathematics.values.drawing import Batch, batches
from gdbook.mathematics.values.environment import COPIES, REAL, Environment, number

Valued = tuple[Batch, Environment]

_NEARLY = 1e-3


class Fails(Exception):  # noqa: N818
    """A relation that is not true; the message says where."""


@dataclass
class Trial:
    """What is tried, and what came out so far.

    Attributes
    ----------
    declared : dict of str to Declared
        All letters, those that the display defines included.
    display : Display
    chain : Chain
        The one that is tried now.
    seed : int
    numbers : tuple of float
        Those that the formula names.
    within : float or None
        How near ≈ must be.
    loose : bool
        Whether bounds need not be sharp.
    tried, cornered : int
        How many draws decided, and how many of them at corners.
    """

    declared: dict[str, Declared]
    display: Display
    chain: Chain
    seed: int
    numbers: tuple[float, ...]
    within: float | None = None
    loose: bool = False
    tried: int = 0
    cornered: int = 0
    slack: float = math.inf
    _known: dict[tuple[int, int], list[Valued]] = field(default_factory=dict)
    _coming: dict[tuple[int, int], Iterator[Valued]] = field(default_factory=dict)

    def sizes(self) -> set[int]:
        """Return the sizes that were tried."""
        return {n for known in self._known.values() for b, _ in known for n in b.sizes.values()}

    def environments(self, count: int, corners: int) -> Iterator[Valued]:
        """Yield batches under the displayed conditions, with their values.

        Each is drawn once, when it is first needed: most wrong formulas fail at the first.
        """
        which = count, corners
        known = self._known.setdefault(which, [])
        coming = self._coming.setdefault(which, self._drawn(*which))
        for place in itertools.count():
            if place == len(known):
                try:
                    known.append(next(coming))
                except StopIteration:
                    return
            yield known[place]

    def _drawn(self, count: int, corners: int) -> Iterator[Valued]:
        if self.display.conditions:
            yield from self._drawn_where_met(count, corners)
            return
        for batch in batches(self.declared, count, corners, self.numbers, self.seed):
            yield batch, self.values(batch)

    def _drawn_where_met(self, count: int, corners: int) -> list[Valued]:
        conditions = self.display.conditions
        for more in (8, 100):
            made, refused = [], False
            drawn = [*batches(self.declared, more * count, more * corners, self.numbers, self.seed)]
            share = -(-count // len(drawn)), -(-corners // len(drawn))
            for candidates in drawn:
                met = self.met(self.values(candidates))
                refused = refused or not bool(met.all())
                plain = (met & ~candidates.cornered).nonzero().flatten()[: share[0]]
                at_corners = (met & candidates.cornered).nonzero().flatten()[: share[1]]
                batch = candidates.only(torch.cat([plain, at_corners]))
                if batch.count and not bool(batch.cornered.all()):
                    made.append((batch, self.values(batch)))
            if sum(int((~b.cornered).sum()) for b, _ in made) >= min(count, 4):
                break
        if not made:
            raise Refused("declaration", "no draw meets the displayed condition: widen the ranges")
        tested = [c for c in conditions if c.literal is None]
        if tested and not refused:
            text = " and ".join(c.text for c in tested)
            raise Refused("declaration", f"all draws meet {text}, so it is not tried: widen them")
        return made

    def values(self, batch: Batch) -> Environment:
        """Return the values of a batch, with those of the indices of which the chain holds."""
        env = environment(self.declared, batch)
        random = torch.Generator().manual_seed(batch.seed + 2)
        for name, index in self.chain.free.items():
            low, high = index.range(env)
            once = batch.count // batch.times
            share = torch.rand(once, generator=random, dtype=REAL).repeat(batch.times)
            env.base[name] = (low + torch.floor((high - low + 1) * share)).repeat(COPIES)
            env.draws.depends[name] = frozenset({name})
        return env

    def met(self, env: Environment) -> Tensor:
        """Return which draws meet the displayed conditions."""
        made = torch.ones(env.draws.count, dtype=torch.bool)
        for c in self.display.conditions:
            made &= c.value(env).expand(env.draws.rows)[: env.draws.count]
        return made

    def ordinary(self, env: Environment) -> Tensor:
        """Return the draws at which no letter is nearly 0, or at the end of its range.

        There two sides may come as near as one likes without ever being equal.
        """
        made = torch.ones(env.draws.count, dtype=torch.bool)
        for name, d in self.declared.items():
            if name not in env.base or d.kind != NUMBER or d.whole:
                continue
            x = env.base[name].detach()[: env.draws.count]
            made &= (x.abs() > _NEARLY) | (x == 0)
            if math.isfinite(d.high - d.low):
                inside = _NEARLY * (d.high - d.low)
                made &= (x > d.low + inside) & (x < d.high - inside)
        return made

    def told(self, env: Environment, row: int) -> str:
        """Return the values of one draw for a sentence."""
        named = {n: v for n, v in env.base.items() if ":" not in n}
        shown = {**{n: float(v) for n, v in env.draws.sizes.items()}, **named}
        parts = [f"{n} = {in_short(v, row)}" for n, v in shown.items() if in_short(v, row)]
        return ", ".join(parts)[:200]


def in_short(value: Any, row: int) -> str:
    """Return the value of one draw, in short; empty if it has no short form."""
    if isinstance(value, float):
        return f"{value:g}"
    if not isinstance(value, Tensor):
        return ""
    x = value.detach()[row if value.shape[0] > 1 else 0]
    if x.ndim == 0:
        return f"{x.item():.5g}"
    if x.ndim == 1:
        return "(" + ", ".join(f"{v:.4g}" for v in x.tolist()[:6]) + ")"
    return (
        "(" + "; ".join(", ".join(f"{v:.3g}" for v in r) for r in x.tolist()) + ")"
        if x.ndim == 2
        else ""
    )


def value_of(e: Expression, env: Environment) -> Tensor:
    """Return the values of a side, of all draws; a function's at random points."""
    value = e.value(env)
    if e.kind.what == "function":
        rng = torch.Generator().manual_seed(17)
        points = [
            torch.randn(
                1, *(env.draws.size(s) for s in k.shape if s is not None), generator=rng, dtype=REAL
            )
            for k in e.kind.args
        ]
        value = value(*points)
    made = number(value).detach()
    return made.expand(env.draws.rows, *made.shape[1:])


@dataclass
class Compared:
    """Two sides at all draws of a batch.

    Attributes
    ----------
    left, right : Tensor
        As drawn.
    gap, noise, scale : Tensor
        For each draw the largest difference, what rounding does to it, and how large the
        sides are.
    finite : Tensor
        Where both sides have values.
    doubt : Tensor
        By how much limits in them may be off.
    largest : Tensor
        The largest number in a sum on the way.
    """

    left: Tensor
    right: Tensor
    gap: Tensor
    noise: Tensor
    scale: Tensor
    finite: Tensor
    doubt: Tensor
    largest: Tensor


def compare(a: Expression, b: Expression, env: Environment) -> Compared:
    """Evaluate both sides, once: the copies of the draws tell what rounding does."""
    env.draws.doubt = env.draws.largest = torch.zeros(1, dtype=REAL)
    with torch.no_grad():
        x, y = value_of(a, env), value_of(b, env)
    if x.shape != y.shape:
        shapes = f"{tuple(x.shape[1:])}, {b.text} {tuple(y.shape[1:])}"
        raise Refused("kinds", f"{a.text} has the shape {shapes}")
    flat = (x - y).reshape(COPIES, env.draws.count, -1)
    left, right = (v.reshape(COPIES, env.draws.count, -1) for v in (x, y))
    ok = torch.isfinite(left) & torch.isfinite(right)
    noise = (flat[1:] - flat[0]).abs().amax((0, 2))
    doubt = env.draws.doubt.expand(env.draws.rows).reshape(COPIES, -1).amax(0)
    largest = env.draws.largest.expand(env.draws.rows)[: env.draws.count]
    return Compared(
        x[: env.draws.count],
        y[: env.draws.count],
        flat[0].abs().amax(1),
        noise + doubt / 4,
        torch.maximum(left[0].abs(), right[0].abs()).amax(1),
        ok[0].all(1),
        doubt,
        torch.where(torch.isfinite(largest), largest, 0.0),
    )


def alike(a: Expression, b: Expression) -> tuple[Expression, Expression]:
    """Bring both sides to one kind: a literal 0 is the zero of any."""
    if a.kind.same(b.kind):
        return a, b
    if a.literal == 0 or b.literal == 0:
        zero, other = (a, b) if a.literal == 0 else (b, a)
        made = Expression(
            other.kind, lambda env: torch.zeros_like(value_of(other, env)), frozenset(), "0", 0.0
        )
        if other.kind.what != "function":
            return (made, other) if zero is a else (other, made)
    raise Refused("kinds", f"{a.text} is a {a.kind}, {b.text} a {b.kind}")


__all__ = ["NUMBER", "Compared", "Fails", "Mapping", "Trial", "alike", "compare", "value_of"]
