"""The checkers of chapter 2: right answers in several forms, wrong ones told by their names."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
import torch
from scipy.optimize import brentq, minimize_scalar

from judging import all_tested, judged_right, judged_wrong

Slope = Callable[[Any], Any]


def on_slope(slope: Slope, x: Any, rate: float, tolerance: float) -> Any:
    while abs(slope(x)) > tolerance:
        x = x - rate * slope(x)
    return x


def on_step_over_rate(
    slope: Slope, x: Any, rate: float, tolerance: float, ahead: bool = True
) -> Any:
    while True:
        new = x - rate * slope(x)
        if abs(new - x) / rate < tolerance:
            return new if ahead else x
        x = new


def on_step_over_rate_then_back(slope: Slope, x: Any, rate: float, tolerance: float) -> Any:
    return on_step_over_rate(slope, x, rate, tolerance, ahead=False)


def on_step(slope: Slope, x: Any, rate: float, tolerance: float) -> Any:
    while True:
        new = x - rate * slope(x)
        if abs(new - x) < tolerance:
            return new
        x = new


def on_gain(slope: Slope, x: Any, rate: float, tolerance: float) -> Any:
    while True:
        new = x - rate * slope(x)
        if x**2 - new**2 < tolerance:
            return new
        x = new


def on_signed_slope(slope: Slope, x: Any, rate: float, tolerance: float) -> Any:
    while slope(x) > tolerance:
        x = x - rate * slope(x)
    return x


def on_budget(slope: Slope, x: Any, rate: float, tolerance: float) -> Any:
    for _ in range(1000):
        if abs(slope(x)) > tolerance:
            x = x - rate * slope(x)
    return x


def careful_rate(mu: float, L: float) -> float:
    """A function of numbers only: it compares, and asks `math`."""
    return 1 / L if mu == L else 2 / math.fsum([mu, L])


def searched_rate(mu: float, L: float) -> Any:
    """No formula: the best of many rates."""
    return min(
        (k / (50_000 * L) for k in range(1, 100_000)),
        key=lambda eta: max(abs(1 - eta * mu), abs(1 - eta * L)),
    )


def careful_polyak(f: Slope, slope: Slope, lowest: float, x: Any) -> Any:
    return x if slope(x) == 0 else x - (f(x) - lowest) / slope(x)


def careful_secant(slope: Slope, before: Any, now: Any) -> Any:
    if before == now:
        return now
    return now - slope(now) * (now - before) / (slope(now) - slope(before))


def far_end() -> float:
    """Where the quartic is as high as at 4, on the left, by bisection."""
    return float(brentq(lambda x: x - 4 * x**2 + x**4 / 4 - 4, -5, -3))


def largest_mu() -> float:
    """The worst ratio of the waves between 1 and 4, by Brent's method."""

    def ratio(x: float) -> float:
        return (2 * x + 3 * math.sin(2 * x)) ** 2 / (2 * (x**2 + 3 * math.sin(x) ** 2))

    return float(minimize_scalar(ratio, bounds=(1, 4), method="bounded").fun)


RIGHT: dict[str, list[Any]] = {
    "prob-another-parabola": [1 / 3, torch.tensor(1 / 3, dtype=torch.float64), 0.333],
    "prob-cube": [10 / 3, 3.3333],
    "prob-one-rate": [
        lambda mu, L: 2 / (mu + L),
        lambda mu, L: 1 / ((mu + L) / 2),
        careful_rate,
        searched_rate,
    ],
    "prob-flat-bottom": [5, 4.99],
    "prob-sublevel": [2 / (3 * far_end() ** 2 - 8), 0.0439],
    "prob-polyak": [
        lambda f, slope, lowest, x: x - (f(x) - lowest) / slope(x),
        lambda f, slope, lowest, x: x - (f(x) - lowest) / slope(x) ** 2 * slope(x),
        careful_polyak,
    ],
    "prob-two-slopes": [
        lambda s, a, b: b - s(b) * (b - a) / (s(b) - s(a)),
        lambda s, a, b: (a * s(b) - b * s(a)) / (s(b) - s(a)),
        careful_secant,
    ],
    "prob-too-early": [on_slope, on_step_over_rate_then_back],
    "prob-feigenbaum": [4.669, 4.6692016],
    "prob-waves": [largest_mu(), 0.1755, 0.176],
}


def until(update: Callable[[float, float, float], float]) -> Callable[..., float]:
    """Stop where the slope is small, whatever leads there."""

    def answer(slope: Any, x: float, rate: float, tolerance: float) -> float:
        while abs(slope(x)) > tolerance:
            x = update(x, slope(x), rate)
        return x

    return answer


WRONG: list[tuple[str, Any, str]] = [
    ("prob-another-parabola", 1, "2/λ for x²"),
    ("prob-another-parabola", 1 / 6, "best rate"),
    ("prob-another-parabola", 2 / 3, "differentiate twice"),
    ("prob-another-parabola", 6, "λ itself"),
    ("prob-another-parabola", 0.167, "best rate"),
    ("prob-another-parabola", 0.34, "near, but off by 2.0%"),
    ("prob-another-parabola", 0.2, "When is that .1"),
    ("prob-cube", 0, "rests already"),
    ("prob-cube", 10, "mind the 3"),
    ("prob-cube", 20 / 3, "the factor 1 . 3ηx is .1"),
    ("prob-cube", 5 / 3, "x . 3ηx² is largest"),
    ("prob-cube", 3.3, "more digits"),
    ("prob-cube", 1, "for which x > 0"),
    ("prob-one-rate", lambda mu, L: 1 / L, "slow on the other"),
    ("prob-one-rate", lambda mu, L: 2 / L, "never converges"),
    ("prob-one-rate", lambda mu, L: 1 / mu, "on the sharp one"),
    ("prob-one-rate", lambda mu, L: 1 / (mu + L), "is half of it"),
    ("prob-one-rate", lambda mu, L: (1 / mu + 1 / L) / 2, "explode"),
    ("prob-one-rate", lambda mu, L: (L - mu) / (L + mu), "best factor"),
    ("prob-one-rate", lambda mu, L: 1 / (mu * L) ** 0.5, "different sizes"),
    ("prob-one-rate", lambda mu, L: 3 / (mu + L), "where they cross"),
    ("prob-one-rate", lambda mu, L: [mu, L], "return one number"),
    ("prob-one-rate", 0.1, "should be a function"),
    ("prob-flat-bottom", 10, "the square doubles"),
    ("prob-flat-bottom", 0.2, "divided by k times"),
    ("prob-flat-bottom", 0, "in balance"),
    ("prob-flat-bottom", 5**0.5, "square it"),
    ("prob-flat-bottom", 7, "about k times"),
    ("prob-sublevel", 0.05, "f'' at 4"),
    ("prob-sublevel", 1 / (3 * far_end() ** 2 - 8), "is 1/L"),
    ("prob-sublevel", 0.1341, "right minimum"),
    ("prob-sublevel", 0.1174, "left minimum"),
    ("prob-sublevel", 3 * far_end() ** 2 - 8, "that is L"),
    ("prob-sublevel", 0.117, "left minimum"),
    ("prob-sublevel", 0.044, "more digits"),
    ("prob-sublevel", 0.1, "how large is"),
    ("prob-polyak", lambda f, s, low, x: x + (f(x) - low) / s(x), "reversed"),
    ("prob-polyak", lambda f, s, low, x: x - (f(x) - low) / s(x) ** 2, "square of the slope"),
    ("prob-polyak", lambda f, s, low, x: x - (f(x) - low) * s(x), "you multiply"),
    ("prob-polyak", lambda f, s, low, x: x - f(x) / s(x), "is missing"),
    ("prob-polyak", lambda f, s, low, x: x - 2 * (f(x) - low) / s(x), "twice as far"),
    ("prob-polyak", lambda f, s, low, x: (f(x) - low) / s(x), "how far to go"),
    ("prob-polyak", lambda f, s, low, x: (f(x) - low) / s(x) ** 2, "this is the rate alone"),
    ("prob-polyak", lambda f, s, low, x: x, "has the height"),
    ("prob-two-slopes", lambda s, a, b: b - s(b) * (s(b) - s(a)) / (b - a), "upside down"),
    ("prob-two-slopes", lambda s, a, b: a - s(b) * (b - a) / (s(b) - s(a)), "one before"),
    ("prob-two-slopes", lambda s, a, b: b - s(a) * (b - a) / (s(b) - s(a)), "is followed"),
    ("prob-two-slopes", lambda s, a, b: b + s(b) * (b - a) / (s(b) - s(a)), "reversed"),
    ("prob-two-slopes", lambda s, a, b: (b - a) / (s(b) - s(a)), "this is the rate"),
    ("prob-two-slopes", lambda s, a, b: b - s(b) * abs((b - a) / (s(b) - s(a))), "take its size"),
    ("prob-two-slopes", lambda s, a, b: b, "on a parabola"),
    ("prob-too-early", on_step, "look at the slope itself"),
    ("prob-too-early", on_gain, "look at the slope itself"),
    ("prob-too-early", on_step_over_rate, "returns the next"),
    ("prob-too-early", on_signed_slope, "compare their size"),
    ("prob-too-early", on_budget, "budget"),
    ("prob-too-early", lambda s, x, rate, tol: x - rate * s(x), "still"),
    ("prob-too-early", lambda s, x, rate, tol: x, "That is the start"),
    ("prob-too-early", lambda s, x, rate, tol: 0.0, "goes on until"),
    ("prob-too-early", lambda s, x, rate, tol: on_slope(s, x, rate, -1), "still running"),
    ("prob-too-early", lambda s, x, rate, tol: [x, x], "return the last x"),
    ("prob-too-early", lambda s, x, rate, tol: math.nan, "stops where the slope is still nan"),
    ("prob-too-early", until(lambda x, slope, rate: rate * slope), "does not visit"),
    ("prob-too-early", until(lambda x, slope, rate: x / 2), "does not visit"),
    ("prob-feigenbaum", 1 / 4.669, "upside down"),
    ("prob-feigenbaum", 2, "how the periods grow"),
    ("prob-feigenbaum", 2.5, "shrink in height"),
    ("prob-feigenbaum", 4.4, "longer periods"),
    ("prob-feigenbaum", 3, "longer and longer"),
    ("prob-waves", 2 * largest_mu(), "has 2μ"),
    ("prob-waves", -4, "convexity"),
    ("prob-waves", 8, "at 0"),
    ("prob-waves", 1 / 32, "several times"),
    ("prob-waves", 0.5, "smallest value"),
    ("prob-waves", 0.628196, "the 2 is missing"),
]


def test_every_checker_of_the_chapter_is_tested() -> None:
    all_tested(RIGHT, WRONG, "descent_in_one_dimension")


@pytest.mark.parametrize("label", RIGHT)
def test_right_answers_are_right(label: str) -> None:
    judged_right(label, RIGHT[label])


@pytest.mark.parametrize(("label", "answer", "named"), WRONG)
def test_wrong_answers_are_told_why(label: str, answer: Any, named: str) -> None:
    judged_wrong(label, answer, named)
