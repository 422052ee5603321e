"""No answer stops a checker, and nothing that is no answer is praised."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from gdbook import exercises
from gdbook.exercises import check
from gdbook.exercises.verdict import CHECKERS
from judging import checkers

LABELS = sorted(checkers())


class Odd:
    """Says no to whatever is asked of it."""

    def __getattr__(self, name: str) -> Any:
        raise ZeroDivisionError(name)

    def __float__(self) -> float:
        raise KeyError("float")

    def __iter__(self) -> Iterator[Any]:
        raise MemoryError

    def __len__(self) -> int:
        raise LookupError


def stops(*_: Any) -> Any:
    raise ValueError("of two\nlines.")


def leaves(*_: Any) -> Any:
    raise SystemExit(3)


def deep(*given: Any) -> Any:
    return deep(*given)


#: Names, and what makes an answer: some are used up by looking at them.
HOSTILE: dict[str, Any] = {
    "nothing": lambda: None,
    "an empty text": lambda: "",
    "a text": lambda: "seven",
    "nan": lambda: math.nan,
    "infinity": lambda: math.inf,
    "minus infinity": lambda: -math.inf,
    "huge": lambda: 1e300,
    "beyond floats": lambda: 10**400,
    "negative": lambda: -7.5,
    "a wrong shape": lambda: torch.randn(3, 4, 5),
    "whole numbers": lambda: torch.arange(6),
    "true or false": lambda: torch.tensor([True, False]),
    "True": lambda: True,
    "complex": lambda: 2 + 3j,
    "complex tensor": lambda: torch.tensor(1j),
    "two numbers": lambda: (3.5, -8.25),
    "no numbers": list,
    "endless": itertools.count,
    "a generator": lambda: (k for k in (None, "a")),
    "float32": lambda: np.linspace(0, 1, 7, dtype=np.float32),
    "objects": lambda: np.array([None, "a"], dtype=object),
    "a ragged list": lambda: [[1.0], [2.0, 3.0]],
    "a dictionary": lambda: {"a": 1},
    "a set": lambda: {1, "a", None},
    "a module": lambda: nn.Linear(2, 3),
    "a class": lambda: Odd,
    "an odd thing": Odd,
    "a fraction": lambda: Fraction(355, 113),
    "it stops": lambda: stops,
    "it leaves": lambda: leaves,
    "it never ends": lambda: deep,
    "it gives nothing": lambda: lambda *_: None,
    "it gives its arguments": lambda: lambda *given: given,
    "it gives a text": lambda: lambda *_: "7",
    "it gives nan": lambda: lambda *_: math.nan,
    "it gives many": lambda: lambda *_: torch.full((4, 3), 0.5),
    "it gives a complex number": lambda: lambda *_: 1j,
    "it gives a generator": lambda: lambda *_: (k for k in range(3)),
    "it gives endlessly many": lambda: lambda *_: itertools.count(),
    "it gives an odd thing": lambda: lambda *_: Odd(),
    "it gives a huge number": lambda: lambda *_: 10**400,
    "it gives float32": lambda: lambda *_: np.ones(3, dtype=np.float32),
    "it gives whole numbers": lambda: lambda *_: [3, 4, 5],
    "it asks for nothing": lambda: lambda: 1.0,
}


@pytest.mark.filterwarnings("ignore")  # what an answer warns of is its own affair
@pytest.mark.parametrize("label", LABELS)
def test_no_answer_stops_a_checker(label: str) -> None:
    for name, make in HOSTILE.items():
        verdict = check(label, make())
        assert not verdict, (name, verdict)
        assert verdict.sentence.endswith((".", "?", "…")), (name, verdict)
        assert "\n" not in verdict.sentence, (name, verdict)
        # Near is what has been rounded, and none of these has.
        assert "more digits" not in verdict.sentence, (name, verdict)


WHOLE = {
    "prob-five-boxes": (135, 132),
    "prob-how-many-ways": (100, 98),
    "prob-four": (381, 379),
    "prob-bottleneck": (60_000, 60_100),
    "prob-last-bits-sum": (6, 6.1),
    "prob-three-steps": (5, 5.1),
    "prob-box": (4, 3.9),
    "prob-flat-bottom": (5, 4.95),
}


@pytest.mark.parametrize("label", WHOLE)
def test_a_count_is_never_near(label: str) -> None:
    right, off = WHOLE[label]
    for answer in (right, float(right), np.int64(right), torch.tensor(right), Fraction(right)):
        assert check(label, answer), label
    if label != "prob-flat-bottom":  # measured, and rounded to two digits right
        verdict = check(label, off)
        assert not verdict
        assert "digits" not in verdict.sentence
        assert "near" not in verdict.sentence


@pytest.mark.parametrize(
    ("label", "answer", "rounded"),
    [
        ("prob-another-parabola", 0.33, True),
        ("prob-another-parabola", 0.3, False),
        ("prob-another-parabola", 0.325, False),
        ("prob-cube", 3.3, True),
        ("prob-sublevel", 0.044, True),
        ("prob-waves", 0.18, True),
        ("prob-waves", 0.17, False),  # off by more than three per cent
    ],
)
def test_near_is_what_was_rounded(label: str, answer: float, rounded: bool) -> None:
    verdict = check(label, answer)
    assert not verdict
    assert ("give more digits" in verdict.sentence) is rounded


def test_arguments_stay_as_they_were() -> None:
    """A function may work in place; the next answer is judged by the same numbers."""

    def polyak(f: Any, slope: Any, lowest: Any, x: Any) -> Any:
        x -= (f(x) - lowest) / slope(x)
        return x

    def residual(W: Any, X: Any, Y: Any) -> Any:
        Y -= X @ W
        return -X.T @ Y

    def rows(w: Any, x: Any, y: Any) -> Any:
        y -= torch.sin(w[0] * x + w[1])
        slope = -y * torch.cos(w[0] * x + w[1])
        return torch.stack([slope * x, slope], 1)

    for label, answer in (
        ("prob-polyak", polyak),
        ("prob-matrix-residual", residual),
        ("prob-rows", rows),
    ):
        for _ in range(2):
            verdict = check(label, answer)
            assert verdict, label
            assert verdict.sentence.endswith("Make a new tensor: x = x - 1, not x -= 1."), label


def test_only_who_changes_an_argument_is_told_so() -> None:
    def back(g: Any, x: Any) -> Any:
        return g * torch.softmax(x, 0)

    def spoiling(g: Any, x: Any) -> Any:
        x -= x.max()
        return g * x.exp() / x.exp().sum()

    def step(w: Any, g: Any, b: Any, lr: float, momentum: float) -> Any:
        b.mul_(momentum).add_(g)
        return w.sub_(lr * (g + momentum * b)), b

    assert "in place" in check("prob-logsumexp", spoiling).sentence
    for label, answer in (("prob-logsumexp", back), ("prob-own-nesterov", step)):
        verdict = check(label, answer)
        assert verdict
        assert "in place" not in verdict.sentence, label


def test_a_model_is_handed_back_as_it_was() -> None:
    class Sine(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.omega = nn.Parameter(torch.tensor(3.0))
            self.t = nn.Parameter(torch.tensor(1.0))

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return torch.sin(self.omega * x + self.t)

    model = Sine()
    assert check("prob-stuck", model)
    assert (model.omega.item(), model.t.item()) == (3.0, 1.0)


def test_every_chapter_has_checkers() -> None:
    """Each file that registers a checker has been found, without being listed anywhere."""
    found = {judge.__module__ for judge in CHECKERS.values()}
    folder = Path(exercises.__file__).parent
    files = [f for f in folder.glob("*.py") if "\n@checker(" in f.read_text(encoding="utf-8")]
    assert len(files) > 7
    assert found == {f"gdbook.exercises.{f.stem}" for f in files}
