"""What differs between two students' labs: numbers, drawn from a seed.

Plain Python, so that reading a variant needs neither torch nor NumPy. The same seed gives the
same numbers on every machine; 0 is the variant of the printed book.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

Pair = tuple[float, float]

#: How many steps each run takes; as many entries are logged, each before its step.
PARABOLA_STEPS, SKEWED_STEPS, ADAMW_STEPS = 200, 500, 200

#: The learning rate of the steps by hand and of SGD, and that of AdamW.
RATE, ADAMW_RATE = 0.001, 1.0

#: What the third task walks through: its code, and the functions that torch records for it.
LINES = {
    "C * (X**2).sum()": ("MulBackward0", "SumBackward0", "PowBackward0", "AccumulateGrad"),
    "(C * X**2).sum()": ("SumBackward0", "MulBackward0", "PowBackward0", "AccumulateGrad"),
    "((C * X.sin()) ** 2).mean()": (
        "MeanBackward0",
        "PowBackward0",
        "MulBackward0",
        "SinBackward0",
        "AccumulateGrad",
    ),
    "C * X.exp().sum().sqrt()": (
        "MulBackward0",
        "SqrtBackward0",
        "SumBackward0",
        "ExpBackward0",
        "AccumulateGrad",
    ),
}


@dataclass(frozen=True)
class Variant:
    """The numbers of one student's lab.

    Attributes
    ----------
    seed : int
    width, frequency, point : float, float, pair
        Task 1: the gradient of x₀²/width + sin(frequency·x₁) at the point.
    scale, matrix : float, rows
        Task 2: the gradient of scale·Σxᵢⱼ² at a 3 × 4 matrix. The parabola has the scale too.
    line : str
        Task 3: the code whose graph is walked.
    sine_x, sine_y, sine_at : tuples of float
        Task 4: five rows of data, and (ω, t).
    start, stretch : pair, float
        Tasks 5 to 8: where descent starts, and the number on the diagonal that makes G skewed.
    blind_x, blind_y : tuples of float
        Task 9: the data that the student does not see.
    blind_truth : tuple of float
        What they were made from: a, ω, t, c.
    """

    seed: int
    width: float
    frequency: float
    point: Pair
    scale: float
    matrix: tuple[tuple[float, ...], ...]
    line: str
    sine_x: tuple[float, ...]
    sine_y: tuple[float, ...]
    sine_at: Pair
    start: Pair
    stretch: float
    blind_x: tuple[float, ...]
    blind_y: tuple[float, ...]
    blind_truth: tuple[float, float, float, float]


@lru_cache(maxsize=256)
def variant(seed: int) -> Variant:
    """Return the numbers that belong to a seed.

    Parameters
    ----------
    seed : int
        From 0 on. With 0 descent starts from (8, 8) on 10·vᵀGv, G = [[1, −1], [1, 1]]·diag(1, 4).

    Raises
    ------
    ValueError
        If the seed is no integer from 0 to 10¹² − 1.
    """
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed < 10**12:
        raise ValueError(f"a seed is an integer from 0 to 999999999999, got {seed!r}")
    draw = random.Random(f"downhill lab 1, seed {seed}")
    classic = seed == 0
    sine_x, sine_y, sine_at = _sine(draw)
    made: dict[str, Any] = {
        "width": draw.choice((3.0, 4.0, 5.0)),
        "frequency": draw.choice((2.0, 3.0)),
        "point": (draw.choice((-3.5, -2.5, 2.5, 4.5)), draw.choice((-1.5, 0.4, 0.7, 1.0, 1.3))),
        "scale": draw.choice((5.0, 8.0, 10.0, 20.0)),
        "matrix": tuple(
            tuple(draw.choice((-3.0, -1.5, -1.0, 0.5, 1.0, 2.0, 2.5, 4.0)) for _ in range(4))
            for _ in range(3)
        ),
        "line": draw.choice(list(LINES)),
        "start": (draw.choice((-9.0, -7.0, 6.0, 8.0)), draw.choice((-8.0, -5.0, 5.0, 7.0, 9.0))),
        "stretch": draw.choice((2.0, 3.0, 4.0, 5.0)),
    }
    if classic:
        made |= {"width": 4.0, "frequency": 2.0, "point": (-3.5, 1.0), "scale": 10.0}
        made |= {"line": next(iter(LINES)), "start": (8.0, 8.0), "stretch": 4.0}
    truth = (
        draw.uniform(1.2, 2.5),
        draw.uniform(1.6, 2.6),
        draw.uniform(-3.0, 3.0),
        draw.uniform(-1.5, 1.5),
    )
    hidden_x = tuple(sorted(round(draw.uniform(-3, 3), 3) for _ in range(60)))
    return Variant(
        seed=seed,
        sine_x=sine_x,
        sine_y=sine_y,
        sine_at=sine_at,
        blind_x=hidden_x,
        blind_y=tuple(
            round(truth[0] * math.sin(truth[1] * x + truth[2]) + truth[3] + draw.gauss(0, 0.2), 3)
            for x in hidden_x
        ),
        blind_truth=truth,
        **made,
    )


def _sine(draw: random.Random) -> tuple[tuple[float, ...], tuple[float, ...], Pair]:
    """Return data and parameters whose two derivatives are neither small nor nearly equal.

    If they were, an answer with a mistake could be right.
    """
    while True:
        omega, phase = draw.uniform(0.6, 1.8), draw.uniform(-1.0, 1.0)
        x = tuple(sorted(round(draw.uniform(-2.5, 2.5), 1) for _ in range(5)))
        y = tuple(
            round(math.sin(omega * one + phase) + draw.choice((-0.4, -0.3, 0.2, 0.5)), 1)
            for one in x
        )
        at = (round(omega + draw.choice((-0.4, 0.3, 0.5)), 1), round(phase + 0.5, 1))
        slopes = [
            (math.sin(at[0] * a + at[1]) - b) * math.cos(at[0] * a + at[1])
            for a, b in zip(x, y, strict=True)
        ]
        by_omega = sum(slope * a for slope, a in zip(slopes, x, strict=True)) / 5
        by_t = sum(slopes) / 5
        if min(abs(by_omega), abs(by_t), abs(abs(by_omega) - abs(by_t))) > 0.03:
            return x, y, at
