"""The checkers of book/losses/linear-regression: right answers, and wrong ones told why."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import linear_regression_answers as answers
import numpy as np
import pytest
import torch

from judging import all_tested, judged_right, judged_wrong

RIGHT: dict[str, list[Any]] = {
    "prob-noisy-slope": [
        (7 / 3, 3.5),
        [2.33, 3.5],
        torch.tensor([2.3333, 3.4995]),
        np.array([2.334, 3.5]),
        (Fraction(7, 3), 3.5),
    ],
    "prob-other-way-round": [0.789 / 50.52, 0.01562, torch.tensor(0.01563)],
    "prob-noise-columns": [50 / 205, 0.24, torch.tensor(0.25), np.float32(0.239)],
    "prob-through-origin": answers.origin_right,
    "prob-weighted-fit": answers.weighted_right,
    "prob-left-out": answers.left_out_right,
    "prob-own-fit": answers.fit_right,
    "prob-standardised-run": answers.standardised_right,
    "prob-ridge-step": answers.ridge_right,
    "prob-own-scale": answers.scale_right,
}

WRONG: list[tuple[str, Any, str]] = [
    ("prob-noisy-slope", (3.5, 7 / 3), "other order"),
    ("prob-noisy-slope", (2.25, 3.5), "square of the mean"),
    ("prob-noisy-slope", (2.5, 3.5), "mean of rand"),
    ("prob-noisy-slope", (2, 3.5), "has a mean, too"),
    ("prob-noisy-slope", (7 / 3, 3), "on the slope"),
    ("prob-noisy-slope", (2, 3), "without noise"),
    ("prob-noisy-slope", (2.36, 3.5), "more digits"),
    ("prob-noisy-slope", 2.33, "two numbers"),
    ("prob-other-way-round", 1 / 50.52, "turns the line round"),
    ("prob-other-way-round", 0.789 * 50.52, "mm/g"),
    ("prob-other-way-round", 0.789**0.5 / 50.52, "R² itself"),
    ("prob-other-way-round", 1 / (0.789 * 50.52), "divides by R²"),
    ("prob-other-way-round", 50.52, "given slope"),
    ("prob-noise-columns", 0, "one would wish"),
    ("prob-noise-columns", 0.84, "flipper"),
    ("prob-noise-columns", 0.49, "hundred columns"),
    ("prob-noise-columns", 24.4, "per cent"),
    ("prob-noise-columns", -0.5, "never negative"),
    ("prob-noise-columns", 155 / 205, "left over"),
    *(("prob-through-origin", f, named) for f, named in answers.origin_wrong),
    *(("prob-weighted-fit", f, named) for f, named in answers.weighted_wrong),
    *(("prob-left-out", f, named) for f, named in answers.left_out_wrong),
    *(("prob-own-fit", f, named) for f, named in answers.fit_wrong),
    *(("prob-standardised-run", f, named) for f, named in answers.standardised_wrong),
    *(("prob-ridge-step", f, named) for f, named in answers.ridge_wrong),
    *(("prob-own-scale", f, named) for f, named in answers.scale_wrong),
]


def test_every_checker_is_tested() -> None:
    all_tested(RIGHT, WRONG, "linear_regression", "linear_regression_code")


@pytest.mark.parametrize("label", RIGHT)
def test_right_answers_are_right(label: str) -> None:
    judged_right(label, RIGHT[label])


@pytest.mark.parametrize(("label", "answer", "named"), WRONG)
def test_wrong_answers_are_told_why(label: str, answer: Any, named: str) -> None:
    judged_wrong(label, answer, named)
