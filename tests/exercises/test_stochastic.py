"""The checkers of book/optimizers/stochastic: right answers in several forms, wrong ones named."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import stochastic_answers as answers
import torch
from torch.utils.data import DataLoader, TensorDataset

from gdbook.exercises import check
from judging import all_tested, judged_right, judged_wrong

RIGHT: dict[str, list[Any]] = {
    "prob-two-balls": [1.1875, Fraction(19, 16), np.float32(1.1875), torch.tensor(1.1875)],
    "prob-one-epoch": [3, 3.0, torch.tensor(3.0)],
    "prob-mean-square": answers.mean_square_right,
    "prob-interpolate": answers.interpolate_right,
    "prob-epoch-batches": answers.shuffles_right,
    "prob-accumulate": answers.accumulated_right,
    "prob-averaged-sgd": answers.averaged_right,
    "prob-evaluate": answers.evaluate_right,
    "prob-too-timid": [0.6, 0.5996, torch.tensor(0.601)],
}

WRONG: list[tuple[str, Any, str]] = [
    ("prob-two-balls", 1.0, "small"),
    ("prob-two-balls", 16 / 19, "upside down"),
    ("prob-two-balls", 4.75, "quarter"),
    ("prob-two-balls", "1.2 or so", "can't be read as one number"),
    ("prob-two-balls", 0.4 * 0.5 / 4 / 1.6 / (0.1 * 2 / 1.9), "without replacement"),
    ("prob-one-epoch", 25 / 6, "first step forgets"),
    ("prob-one-epoch", 10, "forgotten"),
    ("prob-one-epoch", 5, "order does not matter"),
    ("prob-one-epoch", 4.2, "mean of two numbers"),
    *(("prob-mean-square", f, named) for f, named in answers.mean_square_wrong),
    *(("prob-interpolate", f, named) for f, named in answers.interpolate_wrong),
    *(("prob-epoch-batches", f, named) for f, named in answers.shuffles_wrong),
    *(("prob-accumulate", f, named) for f, named in answers.accumulated_wrong),
    *(("prob-averaged-sgd", f, named) for f, named in answers.averaged_wrong),
    *(("prob-evaluate", f, named) for f, named in answers.evaluate_wrong),
    ("prob-too-timid", -0.6, "positive"),
    ("prob-too-timid", 1, "forgotten more slowly"),
    ("prob-too-timid", 0.3, "distance"),
    ("prob-too-timid", 0.75, "log10"),
]


def test_every_checker_is_tested() -> None:
    all_tested(RIGHT, WRONG, "stochastic", "stochastic_average", "stochastic_code")


@pytest.mark.parametrize("label", RIGHT)
def test_right_answers_are_right(label: str) -> None:
    judged_right(label, RIGHT[label])


@pytest.mark.parametrize(("label", "answer", "named"), WRONG)
def test_wrong_answers_are_told_why(label: str, answer: Any, named: str) -> None:
    judged_wrong(label, answer, named)


def test_a_shuffler_is_judged_as_torch_shuffles() -> None:
    """The batches of a DataLoader, asked for one epoch, are right."""

    def by_torch(N: int, B: int, generator: torch.Generator, drop_last: bool) -> list[Any]:
        # A sampler draws a seed from the global numbers unless it has a generator of its own.
        loader = DataLoader(
            TensorDataset(torch.arange(N)),
            B,
            shuffle=True,
            generator=generator,
            drop_last=drop_last,
        )
        return [rows for (rows,) in loader]

    assert check("prob-epoch-batches", by_torch)
