"""The blind date: parameters are judged by the loss that they reach, not by their values.

(a, ω, t, c), (−a, ω, t + π, c) and (a, ω, t + 2π, c) are one curve, so only the loss tells.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from gdbook.grading.mistakes import Fault
from gdbook.grading.numbers import Array, numbers
from gdbook.lab.tasks import Answer
from gdbook.lab.variants import Variant

_NEAR = 1.05  # a loss that is larger by less belongs to the lowest basin
_FLAT = 2e-2  # a slope that is shorter belongs to a minimum, or nearly


def _residual(w: Array, mine: Variant) -> tuple[Array, Array]:
    """Return y − f and the derivatives of f, of shape (n, 4)."""
    a, omega, t, c = w
    x, y = np.array(mine.blind_x), np.array(mine.blind_y)
    sine, cosine = np.sin(omega * x + t), np.cos(omega * x + t)
    slopes = np.stack([sine, a * x * cosine, a * cosine, np.ones_like(x)], axis=1)
    return y - a * sine - c, slopes


def loss_at(w: Array, mine: Variant) -> float:
    """Return ½·mean((y − a·sin(ωx + t) − c)²)."""
    rest, _ = _residual(w, mine)
    return float((rest**2).mean() / 2)


@lru_cache(maxsize=256)
def lowest(mine: Variant) -> float:
    """Return the loss of the best fit: Gauss–Newton from what the data were made from."""
    w = np.array(mine.blind_truth)
    for _ in range(20):
        rest, slopes = _residual(w, mine)
        w = w + np.linalg.lstsq(slopes, rest, rcond=None)[0]
    return loss_at(w, mine)


def _handed_in(answers: Mapping[str, Any]) -> Array | None:
    """Return the parameters that were handed in, if they are four finite numbers."""
    try:
        w = numbers(answers.get("blind_w"))
    except Fault:
        return None
    fits = w.shape == (4,) and bool(np.isfinite(w).all()) and bool((np.abs(w) < 1e6).all())
    return w if fits else None


def parameters(value: Any, _answer: Answer, mine: Variant, _: Mapping[str, Any]) -> Iterator[Fault]:
    """Judge (a, ω, t, c)."""
    w = numbers(value)
    if w.shape != (4,):
        raise Fault("shape", got=w.shape, want=(4,))
    if not np.isfinite(w).all():
        raise Fault("not-finite", step=int(np.argmin(np.isfinite(w))))
    if (np.abs(w) >= 1e6).any():  # no fit has such numbers, and their squares may be infinite
        raise Fault("unknown")
    got, best = loss_at(w, mine), lowest(mine)
    if got <= 1.001 * best:
        return
    if got <= _NEAR * best:
        raise Fault("near-minimum")
    rest, slopes = _residual(w, mine)
    if np.abs(slopes.T @ rest).max() / len(rest) <= _FLAT:
        raise Fault("other-basin", got=got, best=best)
    yield Fault("not-a-minimum", got=got)


def loss(value: Any, answer: Answer, mine: Variant, answers: Mapping[str, Any]) -> Iterator[Fault]:
    """Judge the loss: that at the parameters which were handed in, or else the lowest."""
    got = numbers(value)
    if got.size != 1:
        raise Fault("shape", got=got.shape, want="one number")
    number = float(got.reshape(()))
    if not math.isfinite(number):
        raise Fault("not-finite", step=0)
    w = _handed_in(answers)
    right = lowest(mine) if w is None else loss_at(w, mine)
    forms = {
        "half-missing": 2 * right,
        "loss-sum": right * len(mine.blind_x),
        "both-missing": 2 * right * len(mine.blind_x),
        "root": math.sqrt(right),
    }

    def near(wanted: float) -> bool:
        return abs(number - wanted) <= max(answer.tolerance, 1e-5 * abs(wanted))

    if near(right):
        return
    for name, wanted in forms.items():
        if near(wanted):
            raise Fault(name)
    if near(math.sqrt(2 * right)):
        raise Fault("root")
    yield Fault("not-this-loss")
