"""Runs of descent on vᵀMv: the right ones, and those with a known mistake.

The right answers of the lab do not come from torch, so that a marker needs no torch; a test
holds them against the model solution, which does. A step of descent or of momentum on a
quadratic is linear, so a run is a sequence of matrix powers. Steps of Adam are taken one by one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from gdbook.grading.numbers import Array
from gdbook.lab.variants import ADAMW_RATE, RATE, Pair
from gdbook.optimizers.rules import adam, adamw

Matrix = tuple[float, float, float, float]
State = dict[str, Any]

#: One step of one coordinate: number, slope, state → number, state.
Step = Callable[[float, float, State], tuple[float, State]]


@dataclass(frozen=True)
class Run:
    """The points before each step and after the last, and the loss at each."""

    points: Array
    losses: Array


#: The mistakes that a run by hand may have; "" is none.
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


def _uncorrected(x: float, g: float, state: State) -> tuple[float, State]:
    m = 0.9 * state.get("m", 0.0) + 0.1 * g
    v = 0.999 * state.get("v", 0.0) + 0.001 * g * g
    return x * (1 - ADAMW_RATE * 0.01) - ADAMW_RATE * m / (v**0.5 + 1e-8), {"m": m, "v": v}


_ADAM: dict[str, Step] = {
    "adamw": lambda x, g, state: adamw(x, g, state, lr=ADAMW_RATE),
    "adamw not-zeroed": lambda x, g, state: adamw(x, g, state, lr=ADAMW_RATE),
    "adam": lambda x, g, state: adam(x, g, state, lr=ADAMW_RATE),
    "coupled": lambda x, g, state: adam(x, g, state, lr=ADAMW_RATE, weight_decay=0.01),
    "adam-rate": lambda x, g, state: adamw(x, g, state, lr=1e-3),
    "no-correction": _uncorrected,
}
#: The same for AdamW, whose right run comes first.
ADAMW = tuple(_ADAM)


def mistake(flavour: str) -> str:
    """Return the name in the catalogue of what a flavour does wrong; empty for nothing."""
    return flavour.removeprefix("adamw").strip()


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
    M = np.array(matrix).reshape(2, 2)
    if flavour in _ADAM:
        points = _stepped(M + M.T, start, steps, flavour)
    else:
        points = _powers(_map(M, scale, flavour), np.array(start), steps)
    return Run(points, np.einsum("ni,ij,nj->n", points, M, points))


def _map(M: Array, scale: float, flavour: str) -> Array:
    """Return the matrix of one step, on (x, y) or on (x, y, buffer)."""
    unit = np.eye(2)
    H = 2 * M if flavour == "taken-symmetric" else M + M.T
    H = H * {"climbs": -1.0, "factor-missing": 1 / scale, "halved": 0.5}.get(flavour, 1.0)
    rate = {"rate-ten": 10 * RATE, "rate-tenth": RATE / 10}.get(flavour, RATE)
    if (beta := {"not-zeroed": 1.0, "momentum": 0.9}.get(flavour)) is not None:
        return np.block([[unit - rate * H, -rate * beta * unit], [H, beta * unit]])
    step = unit - rate * H
    if flavour == "one-after-the-other":  # the second row meets what the first has made
        step[1] = unit[1] - rate * (H[1, 0] * step[0] + H[1, 1] * unit[1])
    return np.asarray(step)


def _powers(step: Array, start: Array, steps: int) -> Array:
    """Return start, A·start, A²·start, …: each round doubles how many are known."""
    points = np.zeros((1, len(step)))
    points[0, :2] = start
    power = step
    while len(points) <= steps:
        points = np.concatenate([points, points @ power.T])
        power = power @ power
    return points[: steps + 1, :2]


def _stepped(H: Array, start: Pair, steps: int, flavour: str) -> Array:
    """Return the points of a run that is taken step by step, on plain numbers."""
    (p, q), (_, r) = H.tolist()
    step, adds_up = _ADAM[flavour], flavour.endswith("not-zeroed")
    x, y = start
    left: State = {}
    right: State = {}
    g = h = 0.0
    points = [start]
    for _ in range(steps):
        g, h = p * x + q * y + g * adds_up, q * x + r * y + h * adds_up
        x, left = step(x, g, left)
        y, right = step(y, h, right)
        points.append((x, y))
    return np.array(points)
