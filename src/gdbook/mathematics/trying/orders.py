"""a = b + O(h^p): the gap vanishes with that order, and with no higher one; and limits as →."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from gdbook.mathematics.reading.limits import limit_of
from gdbook.mathematics.refusal import Refused, two_readings
from gdbook.mathematics.tree import Expression
from gdbook.mathematics.trying.equality import equal
from gdbook.mathematics.trying.trial import Fails, Trial, compare
from gdbook.mathematics.values.drawing import Batch
from gdbook.mathematics.values.environment import COPIES, REAL, Environment, number
from gdbook.mathematics.values.extrapolation import SIZES, order

DRAWS = 6


def ordered(trial: Trial, a: Expression, b: Expression, o: Expression, *, at_least: bool) -> None:
    """Try that a and b differ by O(…)."""
    small = [n for n in o.free if n in trial.declared]
    if len(small) != 1:
        raise two_readings(f"O({o.text}): what is small?")
    (h,) = small
    endless = any(n == h and to is None for n, to in trial.display.tending)
    wanted = least = math.nan
    found: list[float] = []
    for batch, env in trial.environments(DRAWS, 0):
        few = [_at(env, h, torch.tensor([s], dtype=REAL), endless=endless) for s in (0.02, 0.01)]
        sizes = [number(o.value(at)).detach().abs()[0].item() for at in few]
        wanted = math.log2(sizes[0] / sizes[1])
        compared = compare(a, b, _at_all(trial, batch, h, endless=endless))
        gaps = torch.where(compared.finite, compared.gap, math.nan)
        found += order(*(x.reshape(len(SIZES), -1) for x in (gaps, compared.noise)))
        trial.tried += batch.count
        least = min(found, key=lambda x: -math.inf if math.isnan(x) else x)
        if math.isnan(least):
            raise Fails(f"the difference has no value near {h} = {'∞' if endless else 0}")
        if wanted <= 0:
            raise two_readings(f"O({o.text}) does not vanish: what tends where?")
        if least < wanted - 0.2:
            raise Fails(f"the difference of both sides is of order {least:.2f}, not {wanted:.0f}")
    if not least <= wanted + 0.2 and not at_least:
        higher = "higher order" if math.isinf(least) else f"order {least:.2f}"
        raise Fails(f"the difference is of {higher}: O({o.text}) says less than is true")


def _at_all(trial: Trial, batch: Batch, h: str, *, endless: bool) -> Environment:
    """Return the values of a batch with the small letter of every size, side by side."""
    env = trial.values(batch.repeated(len(SIZES)))
    sizes = torch.tensor(SIZES, dtype=REAL).repeat_interleave(batch.count)
    return _at(env, h, sizes.repeat(COPIES), endless=endless)


def _at(env: Environment, h: str, s: Tensor, *, endless: bool) -> Environment:
    """Return an environment in which a letter is small, in its own direction."""
    start = number(env.base[h])
    if start.ndim == 1:
        made = s * env.draws.jitter
        return env.with_(**{h: 1 / made if endless else made})
    apart = (-1, *[1] * (start.ndim - 1))
    largest = start.abs().reshape(start.shape[0], -1).amax(1)
    return env.with_(**{h: start * s.reshape(apart) / largest.reshape(apart)})


def tends(trial: Trial, a: Expression, b: Expression) -> None:
    """Try a → b as one letter tends somewhere, which the display must say."""
    if len(trial.display.tending) != 1:
        raise Refused("two readings", r"→: as what tends where? Say (h \to 0)")
    name, to = trial.display.tending[0]
    if name not in a.free:
        raise Refused("kinds", f"{a.text} tends as {name} does, which is not in it")
    whole = trial.declared[name].whole if name in trial.declared else False
    sides = (1,) if to is None else (1, -1)
    equal(trial, limit_of(a, name, to, sides, whole=whole), b)
