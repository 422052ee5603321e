"""Bounds: true at draws, at corners and where a climb brings both sides nearest; and sharp."""

from __future__ import annotations

import math
from dataclasses import replace

import torch
from torch import Tensor

from gdbook.mathematics.algebra import marked
from gdbook.mathematics.kinds import NUMBER
from gdbook.mathematics.refusal import Refused, two_readings
from gdbook.mathematics.tree import Expression
from gdbook.mathematics.trying.equality import tolerance
from gdbook.mathematics.trying.trial import Compared, Fails, Trial, compare, in_short
from gdbook.mathematics.values.drawing import Batch
from gdbook.mathematics.values.environment import Environment

DRAWS, CORNERS = 160, 64
_ROUNDS, _CHILDREN, _PARENTS = 16, 8, 4
_TOUCHED = 1e-9
SHARP = 0.1
"""By what share each term of a bound is changed, which must break it somewhere."""


def bounded(trial: Trial, a: Expression, b: Expression, relation: str) -> None:
    """Try a ≤ b or a < b, and that it is sharp."""
    if a.kind != NUMBER:
        raise two_readings(f"an inequality between two {a.kind}s: entry by entry?")
    if a.literal != 0 and b.literal != 0:
        a, b = marked(a), marked(b)  # against 0, no factor of the other side counts
    some = False
    for batch, env in trial.environments(DRAWS, CORNERS):
        found = compare(a, b, env)
        if found.left.is_complex() or found.right.is_complex():
            raise two_readings("an inequality between complex numbers")
        _must_hold(trial, found, env, relation)
        valued = found.finite
        some = some or bool(valued.any())
        trial.tried += int((valued & ~batch.cornered).sum())
        trial.cornered += int((valued & batch.cornered).sum())
    if not some:
        raise Refused("undecided", "no draw gives both sides a value")
    nearest: list[Environment] = []
    _climb(trial, a, b, relation, nearest=nearest)
    if not trial.loose:
        _sharp(trial, a, b, nearest)


def _must_hold(trial: Trial, found: Compared, env: Environment, relation: str) -> None:
    x, y = found.left, found.right
    allowed = tolerance(found) + 1e-12 * found.scale
    wrong = (found.finite & (x > y + allowed)).nonzero()
    if wrong.numel():
        row = int(wrong[0])
        values = f"{in_short(x, row)} is not {relation} {in_short(y, row)}"
        raise Fails(f"{values} at {trial.told(env, row)}")
    if relation == "<":
        meet = (x - y).abs() <= 50 * found.noise + 1e-12 * found.scale
        same = (found.finite & trial.ordinary(env) & meet).nonzero()
        if same.numel():
            row = int(same[0])
            raise Fails(f"both sides are {in_short(x, row)} at {trial.told(env, row)}: ≤, not <")


def _slack(found: Compared) -> Tensor:
    """Return how far the sides are apart, relatively; negative where the bound is broken."""
    gap = (found.right - found.left) / found.scale.clamp_min(1e-300)
    return torch.where(found.finite & (found.scale > 0), gap, torch.inf)


def _climb(
    trial: Trial,
    a: Expression,
    b: Expression,
    relation: str,
    scaled: dict[object, float] | None = None,
    *,
    nearest: list[Environment] | None = None,
) -> bool:
    """Move the nearest draws nearer, round by round; whether a scaled bound breaks on the way.

    Where the climbs ended is added to ``nearest``.
    """
    best: list[tuple[float, Batch, Environment, Tensor]] = []
    for batch, env in trial.environments(DRAWS, CORNERS):
        found = _scaled(a, b, env, scaled or {})
        if scaled is not None and _broken(found):
            return True
        slack = _slack(found)
        if relation == "<":
            slack[~trial.ordinary(env)] = torch.inf
        best.append((float(slack.min()), batch, env, slack))
    best.sort(key=lambda one: one[0])
    for least, batch, _, slack in best[:2]:
        parents = batch.only(slack.argsort()[:_PARENTS])
        if math.isfinite(least) and _climb_one(
            trial, (a, b), relation, scaled, parents, nearest=nearest
        ):
            return True
    return False


def _climb_one(
    trial: Trial,
    sides: tuple[Expression, Expression],
    relation: str,
    scaled: dict[object, float] | None,
    parents: Batch,
    *,
    nearest: list[Environment] | None,
) -> bool:
    rng, step = torch.Generator().manual_seed(trial.seed), 0.5
    least = float("inf")
    rounds, floor = (_ROUNDS, 1e-3) if relation == "≤" else (4 * _ROUNDS, 1e-10)
    for _ in range(rounds):
        children = moved(parents, step, rng)
        env = trial.values(children)
        env.draws.scaled = scaled or {}
        found = compare(*sides, env)
        met = trial.met(env)
        found.finite &= met
        if scaled is None:
            _must_hold(trial, found, env, relation)
        elif _broken(found):
            return True
        slack = _slack(found)
        if relation == "<":
            slack[~trial.ordinary(env)] = torch.inf
        order = slack.argsort()[:_PARENTS]
        now = float(slack[order[0]])
        if not now < least - 1e-3 * abs(least):
            step = max(step * 0.6, floor)
        least = min(least, now)
        if relation == "≤" and scaled is None and least < _TOUCHED:
            break
        parents = children.only(order)
    if scaled is None:
        trial.slack = min(trial.slack, least)
    if nearest is not None:
        nearest.append(env)
    return False


def moved(parents: Batch, step: float, rng: torch.Generator) -> Batch:
    """Return the draws again, and near each of them some others."""
    copies = parents.only(torch.arange(parents.count).repeat(_CHILDREN + 1))
    raw = {}
    for name, parts in copies.raw.items():
        new = []
        for x in parts:
            by = step * torch.randn(x.shape, generator=rng, dtype=x.dtype)
            by[: parents.count] = 0.0
            new.append(x + by)
        raw[name] = tuple(new)
    return replace(copies, raw=raw)


def _broken(found: Compared) -> bool:
    allowed = tolerance(found) + 1e-12 * found.scale
    return bool((found.finite & (found.left > found.right + allowed)).any())


def _scaled(
    a: Expression, b: Expression, env: Environment, scaled: dict[object, float]
) -> Compared:
    """Compare two sides, some of their terms multiplied, and leave the draws as they were."""
    env.draws.scaled = scaled
    found = compare(a, b, env)
    env.draws.scaled = {}
    return found


def _breaks(
    trial: Trial, a: Expression, b: Expression, env: Environment, scaled: dict[object, float]
) -> bool:
    """Whether a scaled bound breaks at these draws."""
    found = _scaled(a, b, env, scaled)
    found.finite &= trial.met(env)
    return _broken(found)


def _sharp(trial: Trial, a: Expression, b: Expression, nearest: list[Environment]) -> None:
    """Each term a tenth off, one way or the other, must break the bound somewhere.

    It is tried first at the nearest draws, whose values are there already.
    """
    for number, mark in enumerate(dict.fromkeys([*a.terms, *b.terms])):
        ways = [{mark: 1 - SHARP}, {mark: 1 + SHARP}]
        if any(_breaks(trial, a, b, env, scaled) for env in nearest for scaled in ways):
            continue
        if not any(_climb(trial, a, b, "≤", scaled) for scaled in ways):
            side = a if mark in a.terms else b
            whole = mark is side.terms[-1]
            which = side.text if whole else f"term {number + 1} in {side.text}"
            raise Fails(
                f"the bound is not sharp: {which} could be {SHARP:.0%} larger or smaller; "
                'say why with loose="…", or state the best one'
            )
