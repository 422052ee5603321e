"""Runs of descent on vᵀMv in plain Python: the right ones, and those with a known mistake.

The right answers of the lab do not come from torch, so that a marker needs no torch; a test
holds them against the model solution, which does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from gdbook.grading.numbers import Array
from gdbook.lab.variants import ADAMW_RATE, RATE, Pair
from gdbook.optimizers.rules import adam, adamw, sgd

Matrix = tuple[float, float, float, float]
State = dict[str, Any]

#: One step of one coordinate: number, slope, state → number, state.
Step = Callable[[float, float, State], tuple[float, State]]


@dataclass(frozen=True)
class Run:
    """The points before each step and after the last, and the loss at each."""

    points: Array
    losses: Array


def _plain(rate: float) -> Step:
    return lambda x, g, state: (x - rate * g, state)


def _uncorrected(x: float, g: float, state: State) -> tuple[float, State]:
    m = 0.9 * state.get("m", 0.0) + 0.1 * g
    v = 0.999 * state.get("v", 0.0) + 0.001 * g * g
    return x * (1 - ADAMW_RATE * 0.01) - ADAMW_RATE * m / (v**0.5 + 1e-8), {"m": m, "v": v}


_BY_HAND: Step = _plain(RATE)
_ADAMW: Step = lambda x, g, state: adamw(x, g, state, lr=ADAMW_RATE)  # noqa: E731

#: How each flavour of a run steps; what it does to the gradient stands in `_slope`.
_STEPS: dict[str, Step] = {
    "rate-ten": _plain(10 * RATE),
    "rate-tenth": _plain(RATE / 10),
    "momentum": lambda x, g, state: sgd(x, g, state, lr=RATE, momentum=0.9),
    "adamw": _ADAMW,
    "adamw not-zeroed": _ADAMW,
    "adam": lambda x, g, state: adam(x, g, state, lr=ADAMW_RATE),
    "coupled": lambda x, g, state: adam(x, g, state, lr=ADAMW_RATE, weight_decay=0.01),
    "adam-rate": lambda x, g, state: adamw(x, g, state, lr=1e-3),
    "no-correction": _uncorrected,
}

#: The mistakes that a run may have, the likeliest first; "" is none.
BY_HAND = (
    "",
    "not-zeroed",
    "climbs",
    "rate-ten",
    "rate-tenth",
    "factor-missing",
    "halved",
    "taken-symmetric",
    "one-after-the-other",
)
SGD = ("", "not-zeroed", "momentum", "rate-ten", "rate-tenth", "taken-symmetric")
ADAMW = ("adamw", "adam", "coupled", "adam-rate", "no-correction", "adamw not-zeroed")


def mistake(flavour: str) -> str:
    """Return the name in the catalogue of what a flavour does wrong; empty for nothing."""
    return flavour.removeprefix("adamw").strip()


def _slope(matrix: Matrix, scale: float, flavour: str) -> Callable[[float, float], Pair]:
    a, b, c, d = matrix
    if flavour == "taken-symmetric":
        return lambda x, y: (2 * (a * x + b * y), 2 * (c * x + d * y))
    factor = {"climbs": -1.0, "factor-missing": 1 / scale, "halved": 0.5}.get(flavour, 1.0)
    p, q, r = 2 * a * factor, (b + c) * factor, 2 * d * factor
    return lambda x, y: (p * x + q * y, q * x + r * y)


@lru_cache(maxsize=128)
def run(matrix: Matrix, scale: float, start: Pair, steps: int, flavour: str = "") -> Run:
    """Return a run.

    Parameters
    ----------
    matrix : four floats
        M, row by row; it need not be symmetric.
    scale : float
        The factor in front, which the flavour ``factor-missing`` leaves out.
    start : pair of float
    steps : int
    flavour : str
        A mistake of `BY_HAND`, `SGD` or `ADAMW`.
    """
    slope, step = _slope(matrix, scale, flavour), _STEPS.get(flavour, _BY_HAND)
    x, y = start
    left: State = {}
    right: State = {}
    sum_x = sum_y = 0.0
    points = [start]
    for _ in range(steps):
        g, h = slope(x, y)
        if flavour.endswith("not-zeroed"):
            sum_x, sum_y = g, h = sum_x + g, sum_y + h
        x, left = step(x, g, left)
        if flavour == "one-after-the-other":
            h = slope(x, y)[1]
        y, right = step(y, h, right)
        points.append((x, y))
    made = np.array(points)
    return Run(made, values(matrix, made))


def values(matrix: Matrix, points: Array) -> Array:
    """Return vᵀMv at each point."""
    a, b, c, d = matrix
    x, y = points[:, 0], points[:, 1]
    return np.asarray(a * x * x + (b + c) * x * y + d * y * y)
