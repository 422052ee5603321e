"""Limits and orders of what is known at a few small steps, for all draws at once."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise

import torch
from torch import Tensor

from gdbook.mathematics.values.environment import REAL, Draws

_STEPS = tuple(0.25 * 2.0**-j for j in range(12))
SIZES = tuple(0.4 * 2.0**-j for j in range(9))


def size(x: Tensor) -> Tensor:
    """Return the largest entry of each draw, in magnitude."""
    x = x.detach().abs()
    return x.reshape(x.shape[0], -1).amax(1) if x.ndim > 1 else x


def limit(g: Callable[[float], Tensor], sides: tuple[int, ...], draws: Draws) -> Tensor:
    """Return the limit of g(s) for s → 0; NaN for the draws that have none.

    By how much it may be off is added to the draws' doubt.

    Parameters
    ----------
    g : callable
        Of a number, which is positive and negative.
    sides : tuple of int
        The signs of the sides from which s comes; the limits from both must agree.
    draws : Draws
    """
    found = [
        # Other steps on the other side: how far both are apart then tells of a lucky guess.
        _from_one_side(lambda s, by=side * scale: g(by * s))  # type: ignore[misc]
        for side, scale in zip(sides, (1.0, 0.77), strict=False)
    ]
    value, doubt = found[0]
    for other, also in found[1:]:
        apart = size(value - other)
        # A little apart, the limit is in doubt; far apart, there is none.
        near = 10 * (doubt + also) + 1e-7 + 0.02 * torch.maximum(size(value), size(other))
        differ = ~(apart <= near)
        doubt = torch.maximum(torch.maximum(doubt, also), apart)
        doubt = torch.where(differ, math.inf, doubt)
    none = ~torch.isfinite(doubt)
    draws.doubt = torch.maximum(draws.doubt, torch.where(none, 0.0, doubt))
    return torch.where(_like(none, value), math.nan, value)


def _like(x: Tensor, y: Tensor) -> Tensor:
    return x.reshape(-1, *[1] * (y.ndim - 1))


def _from_one_side(g: Callable[[float], Tensor]) -> tuple[Tensor, Tensor]:
    """Extrapolate by Richardson; where that settles nowhere, the last values themselves must."""
    rows: list[list[Tensor]] = []
    best, doubt = torch.tensor(math.nan), torch.tensor([math.inf], dtype=REAL)
    for j, s in enumerate(_STEPS):
        row = [g(s).detach()]
        for k in range(1, j + 1):
            row.append(row[k - 1] + (row[k - 1] - rows[j - 1][k - 1]) / (2.0**k - 1))
            off = size(row[k] - row[k - 1]) + size(row[k] - rows[j - 1][k - 1])
            if j > 2:
                better = off < doubt
                best = torch.where(_like(better, row[k]), row[k], best)
                doubt = torch.where(better, off, doubt)
        rows.append(row)
    settled = doubt < 1e-6 * (1 + size(best))
    fine = torch.where(settled, doubt + 1e-11 * (1 + size(best)), math.inf)
    if bool(settled.all()):
        return best, fine
    tail = [g(math.pi * 10.0**-j).detach() for j in (5, 6, 7, 8)]
    off = size(tail[-1] - tail[-2])
    near = (off <= 1e-4 * (1 + size(tail[-1]))) & (off <= 2 * size(tail[-2] - tail[-3]) + 1e-9)
    use = near & ~settled
    return (
        torch.where(_like(use, tail[-1]), tail[-1], best),
        torch.where(use, 10 * off + 1e-7, fine),
    )


def order(gaps: Tensor, noises: Tensor) -> list[float]:
    """Return, for each draw, the order with which a gap vanishes with s.

    It is inf where the gap is below rounding, and NaN where it has no value near 0.

    Parameters
    ----------
    gaps, noises : Tensor
        The gap of each draw, and what rounding does to it: a row for each s of `SIZES`.
    """
    noises = torch.cummax(noises, 0)[0]
    return [_order_of_one(g.tolist(), n.tolist()) for g, n in zip(gaps.T, noises.T, strict=True)]


def _order_of_one(gaps: list[float], noises: list[float]) -> float:
    good = [
        (s, e)
        for s, e, n in zip(SIZES, gaps, noises, strict=True)
        if math.isfinite(e) and e > 100 * n + 1e-15
    ]
    if len(good) < 3:
        return math.inf if all(math.isfinite(e) for e in gaps[:3]) else math.nan
    slopes = [math.log(a / b) / math.log(s / t) for (s, a), (t, b) in pairwise(good)]
    if len(slopes) >= 3 and abs(slopes[-1] - slopes[-2]) > abs(slopes[-2] - slopes[-3]):
        slopes.pop()  # the last one feels the rounding already
    if len(slopes) < 2:
        return slopes[-1]
    return slopes[-1] + (slopes[-1] - slopes[-2])  # their own error halves with s
