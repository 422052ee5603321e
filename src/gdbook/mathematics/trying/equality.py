"""Two sides that are equal, up to what rounding does to them there."""

from __future__ import annotations

import torch
from torch import Tensor

from gdbook.mathematics.refusal import Refused
from gdbook.mathematics.tree import Expression
from gdbook.mathematics.trying.trial import Compared, Fails, Trial, compare, in_short
from gdbook.mathematics.values.environment import Environment

DRAWS, CORNERS = 40, 16


def equal(trial: Trial, a: Expression, b: Expression) -> None:
    """Try a = b."""
    decided = plain = 0
    for batch, env in trial.environments(DRAWS, CORNERS):
        found = compare(a, b, env)
        _must_have_values(trial, (a, b), env, found, batch.cornered)
        allowed = tolerance(found)
        wrong = (found.finite & torch.isfinite(allowed) & (found.gap > allowed)).nonzero()
        if wrong.numel():
            row = int(wrong[0])
            x, y = in_short(found.left, row), in_short(found.right, row)
            raise Fails(f"{a.text} is {x} and {b.text} is {y} at {trial.told(env, row)}")
        rough = torch.where(found.doubt > 0, 1e-4, 1e-6)
        enough = found.finite & (allowed <= 1e-4 * found.scale + rough)
        decided += int((enough & ~batch.cornered).sum())
        plain += int((~batch.cornered).sum())
        trial.cornered += int((enough & batch.cornered).sum())
    trial.tried += decided
    if decided < plain / 2:
        raise Refused("undecided", f"rounding hides {plain - decided} of {plain} draws")


def tolerance(found: Compared) -> Tensor:
    """Return by how much two equal sides may differ: from the jitter of their difference."""
    rounding = 1e-13 * found.scale + 4e-16 * found.largest + 1e-15
    return 50 * found.noise + rounding


def _must_have_values(
    trial: Trial,
    sides: tuple[Expression, Expression],
    env: Environment,
    found: Compared,
    cornered: Tensor,
) -> None:
    """Both sides have values at the same draws, corners apart."""
    has = [torch.isfinite(v).reshape(v.shape[0], -1).all(1) for v in (found.left, found.right)]
    one = ((has[0] ^ has[1]) & ~cornered).nonzero()
    if one.numel():
        row = int(one[0])
        which = sides[int(has[0][row])].text
        raise Fails(f"{which} has no value at {trial.told(env, row)}")


def near(trial: Trial, a: Expression, b: Expression) -> None:
    """Try a ≈ b, to the share that the author declares."""
    if trial.within is None:
        raise Refused("two readings", "≈: how near? Say within=0.05")
    for batch, env in trial.environments(DRAWS, CORNERS):
        found = compare(a, b, env)
        off = found.gap / found.scale.clamp_min(1e-300)
        wrong = (found.finite & (off > trial.within) & ~batch.cornered).nonzero()
        if wrong.numel():
            row = int(wrong[0])
            x, y = in_short(found.left, row), in_short(found.right, row)
            raise Fails(f"{x} is not within {trial.within:.0%} of {y} at {trial.told(env, row)}")
        trial.tried += int((found.finite & ~batch.cornered).sum())
    if not trial.tried:
        raise Refused("undecided", "no draw gives both sides a value")
