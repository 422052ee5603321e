"""Each checker knows the right answer, in several forms, and names the well-known wrong ones."""

from __future__ import annotations

import math
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from gdbook import exercises
from gdbook.exercises import check
from judging import all_tested, judged_right, judged_wrong


def richardson_of_numbers(f: Callable[..., Any], x: float, h: float) -> float:
    """A function of numbers only, as a reader may write who tries it on `math.sin`."""
    if h == 0:
        return math.nan
    wide, narrow = (float(f(x + step) - f(x - step)) / (2 * step) for step in (h, h / 2))
    return (4 * narrow - wide) / 3


RIGHT: dict[str, list[Any]] = {
    "prob-last-line": [0, 0.0, np.float64(0)],
    "prob-reciprocal-limit": [
        lambda eps: min(1, 2 * eps),
        lambda eps: 4 * eps / (1 + 2 * eps),  # the largest that works
        lambda eps: min(0.5, eps),
        lambda eps: torch.tensor(2 * eps).clamp(max=1),
        lambda eps: np.minimum(1, eps**2),
    ],
    "prob-second-difference": [0.25, 1 / 4, "1/4"],
    "prob-richardson": [
        lambda f, x, h: (8 * f(x + h / 2) - 8 * f(x - h / 2) - f(x + h) + f(x - h)) / (6 * h),
        lambda f, x, h: richardson_of_numbers(f, float(x), h),
    ],
    "prob-edge": [
        lambda f, x, h: (-1.5 * f(x) + 2 * f(x + h) - 0.5 * f(x + 2 * h)) / h,
        lambda f, x, h: np.gradient([float(f(x + k * h)) for k in range(3)], h, edge_order=2)[0],
    ],
    "prob-half-a-step": [
        lambda x, y: (x[:-1] + np.diff(x) / 2, np.diff(y) / np.diff(x)),
        lambda x, y: (x[1:-1], np.gradient(y, x)[1:-1]),
        lambda x, y: (x, np.gradient(y, x, edge_order=2)),
    ],
    "prob-weierstrass": [1.5, 1.505, 1.48, 1.54],
    "prob-forty-two": [
        lambda x: 42 * (x - torch.relu(x) + torch.relu(-x)),
        lambda x: (
            42 * (torch.relu(x) - torch.relu(-x)) * 0 + 42 * (x - torch.relu(x) + torch.relu(-x))
        ),
        lambda x: 42 * x if x == 0 else 0 * x,
    ],
}


def central(f: Callable[..., Any], x: Any, h: float) -> Any:
    return (f(x + h) - f(x - h)) / (2 * h)


WRONG: list[tuple[str, Any, str]] = [
    ("prob-last-line", math.cos(1), "slope of the sine"),
    ("prob-last-line", 0.54, "slope of the sine"),
    ("prob-last-line", 1, "Compute 1 . h first"),
    ("prob-last-line", math.nan, "nothing is divided by 0"),
    ("prob-last-line", 7, "inside out"),
    ("prob-last-line", "zero", "can't be read as one number"),
    ("prob-reciprocal-limit", lambda eps: min(1, 4 * eps), "slope at 2"),
    ("prob-reciprocal-limit", lambda eps: 2 * eps, "largest δ"),
    ("prob-reciprocal-limit", lambda eps: 3 if eps > 2 else min(1, 2 * eps), "reaches 0"),
    ("prob-reciprocal-limit", lambda eps: min(1, 3 * eps), "how small can"),
    ("prob-reciprocal-limit", lambda eps: -eps, "positive"),
    ("prob-reciprocal-limit", lambda: 1, "stopped with TypeError"),
    ("prob-reciprocal-limit", 0.1, "should be a function, got 0.1"),
    ("prob-second-difference", 0.5, "forward difference"),
    ("prob-second-difference", 1 / 3, "divided by h²"),
    ("prob-second-difference", 2, "as a power of h"),
    ("prob-second-difference", 4, "of u is h"),
    ("prob-second-difference", 0.7, "powers of h"),
    (
        "prob-richardson",
        lambda f, x, h: (4 * central(f, x, h) - central(f, x, h / 2)) / 3,
        "exchanged",
    ),
    (
        "prob-richardson",
        lambda f, x, h: 2 * central(f, x, h / 2) - central(f, x, h),
        "proportional to h²",
    ),
    ("prob-richardson", lambda f, x, h: (central(f, x, h / 2) + central(f, x, h)) / 2, "the mean"),
    ("prob-richardson", lambda f, x, h: central(f, x, h / 2), "same order"),
    ("prob-richardson", lambda f, x, h: central(f, x, h / 2) - central(f, x, h) / 4, "to 3/4"),
    ("prob-richardson", central, "at h itself"),
    ("prob-richardson", lambda f, x, h: 4 * central(f, x, h / 2) - central(f, x, h), "add up to 1"),
    (
        "prob-richardson",
        lambda f, x, h: (4 * central(f, x, h) - central(f, x, 2 * h)) / 3,
        "h and 2h",
    ),
    (
        "prob-richardson",
        lambda f, x, h: (8 * f(x + h / 2) - 7 * f(x) - f(x + h)) / (3 * h),
        "forward one",
    ),
    (
        "prob-richardson",
        lambda f, x, h: h**2 * (central(f, x, h / 2) - central(f, x, h)) / 3,
        "brackets",
    ),
    ("prob-richardson", lambda f, x, h: x, "unknown slope"),
    ("prob-richardson", lambda f, x: x, "stopped with TypeError"),
    ("prob-richardson", lambda f, x, h: "no", "should return numbers"),
    ("prob-edge", lambda f, x, h: (f(x + h) - f(x)) / h, "doesn't use"),
    ("prob-edge", lambda f, x, h: (f(x + 2 * h) - f(x)) / (2 * h), "step 2h"),
    ("prob-edge", lambda f, x, h: (-3 * f(x) + 4 * f(x + h) - f(x + 2 * h)) / h, "by 2h"),
    ("prob-edge", lambda f, x, h: (f(x + 2 * h) - f(x + h)) / h, "slope at x . 3h/2"),
    ("prob-edge", lambda f, x, h: (3 * f(x) - 4 * f(x + h) + f(x + 2 * h)) / (2 * h), "reversed"),
    ("prob-edge", lambda f, x, h: (3 * f(x) - 4 * f(x - h) + f(x - 2 * h)) / (2 * h), "looks back"),
    ("prob-edge", lambda f, x, h: 0 * x, "three equations"),
    ("prob-half-a-step", lambda x, y: (x[:-1], np.diff(y) / np.diff(x)), "left ends"),
    ("prob-half-a-step", lambda x, y: (x[1:], np.diff(y) / np.diff(x)), "right ends"),
    ("prob-half-a-step", lambda x, y: (x, np.diff(y) / np.diff(x)), "belong together"),
    (
        "prob-half-a-step",
        lambda x, y: (x[:-1] + (x[1] - x[0]) / 2, np.diff(y) / np.diff(x)),
        "not even",
    ),
    ("prob-half-a-step", lambda x, y: (x, np.gradient(y, x)), "two ends"),
    ("prob-half-a-step", lambda x, y: (x, np.gradient(y)), "twice the place"),
    ("prob-half-a-step", lambda x, y: x, "places and slopes"),
    ("prob-weierstrass", 2 / 3, "upside down"),
    ("prob-weierstrass", 1.585, "an exponent"),
    ("prob-forty-two", lambda x: 0 * x, "kink"),
    ("prob-forty-two", lambda x: x, "0 for every x"),
    ("prob-forty-two", lambda x: x - torch.relu(x) + torch.relu(-x), "Now make it 42"),
    ("prob-forty-two", lambda x: -42 * (x - torch.relu(x) + torch.relu(-x)), "reversed"),
    ("prob-forty-two", lambda x: 7 * (x - torch.relu(x) + torch.relu(-x)), "says 7"),
    ("prob-forty-two", lambda x: torch.zeros(x.shape), "no way"),
    ("prob-reciprocal-limit", lambda eps: 1e-4, "may depend on"),
    ("prob-reciprocal-limit", lambda eps: min(1.7, eps), "how small can"),
    ("prob-edge", lambda f, x, h: (-3 * f(x) + 4 * f(x + h) - f(x + 2 * h)) / 2 * h, "brackets"),
    ("prob-last-line", False, "one number, got False"),
    ("prob-last-line", 0j, "one number, got 0j"),
    ("prob-last-line", 1e-17, "inside out"),
    ("prob-reciprocal-limit", lambda eps: eps / 10, "largest δ"),
    ("prob-reciprocal-limit", lambda eps: min(1, max(2 * eps, 1e-8)), "how small can"),
    ("prob-reciprocal-limit", lambda eps: math.nan, "positive"),
    ("prob-reciprocal-limit", lambda eps: 1e-12, "may depend on"),
    ("prob-second-difference", "a quarter", "can't be read as one number"),
    ("prob-second-difference", 0.26, "powers of h"),
    ("prob-richardson", lambda f, x, h: torch.tensor([x, x]), "one number"),
    ("prob-richardson", lambda f, x, h: np.float32(richardson_of_numbers(f, x, h)), "float32"),
    ("prob-half-a-step", lambda x, y: (x, 2 * x), "twice the place"),
    ("prob-half-a-step", lambda x, y: (x[1:2], np.gradient(y, x)[1:2]), "of 5 positions"),
    ("prob-half-a-step", lambda x, y: (0.0, 0.0), "of 5 positions"),
    ("prob-half-a-step", lambda x, y: (None, None), "two arrays of numbers"),
    ("prob-weierstrass", 1.6, "go on to smaller h"),
    ("prob-weierstrass", 1.612, "go on to smaller h"),
    ("prob-weierstrass", 1.35, "go on to smaller h"),
    ("prob-forty-two", lambda x: 42 * torch.relu(x - 100), "0 for every x"),
    ("prob-forty-two", lambda x: 0 if x else 1 / x, "0 for every x"),
    ("prob-forty-two", lambda x: torch.zeros((), requires_grad=True).double(), "no way"),
    ("prob-weierstrass", 1.0, "settle"),
    ("prob-weierstrass", 3, "by how much h shrinks"),
    ("prob-weierstrass", 0.5, "changes of the function"),
    ("prob-weierstrass", 10, "mean size"),
]


def test_every_checker_is_tested() -> None:
    all_tested(RIGHT, WRONG, "limits_and_derivatives")


@pytest.mark.parametrize("label", RIGHT)
def test_right_answers_are_right(label: str) -> None:
    judged_right(label, RIGHT[label])


@pytest.mark.parametrize(("label", "answer", "named"), WRONG)
def test_wrong_answers_are_told_why(label: str, answer: Any, named: str) -> None:
    judged_wrong(label, answer, named)


def test_an_unknown_problem_is_named() -> None:
    with pytest.raises(ValueError, match="did you mean 'prob-richardson'"):
        check("prob-richardsen", 1)
    with pytest.raises(ValueError, match=r"there are prob-[a-z-]+, "):
        check("x", 1)


def test_every_checker_of_the_folder_is_found() -> None:
    folder = Path(exercises.__file__).parent
    sources = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.py"))]
    written = [
        label for text in sources for label in re.findall(r'^@checker\("(.+)"\)', text, re.M)
    ]
    assert len(set(written)) == len(written) > 50
    # In a new process, where no other test has imported a chapter's checkers.
    code = "from gdbook.exercises import check\ntry: check('x' * 99, 0)\n"
    code += "except ValueError as error: print(error)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith(f"there are {', '.join(sorted(written))}")
