"""Right answers get full points, whichever way they were computed and written down."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import labs
from gdbook.grading.marking import Mark, mark_file
from gdbook.grading.numbers import numbers
from gdbook.lab.tasks import tasks
from gdbook.lab.variants import LINES, variant


def marked(folder: Path, answers: dict[str, Any], seed: int) -> Mark:
    path = folder / "one.json"
    path.write_text(json.dumps(labs.file("one", seed, answers)), "utf-8")
    return mark_file(path, tasks())


@pytest.mark.parametrize("seed", [0, 1, 2, 3, 17, 999_999_999_999])
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
def test_torch_gets_full_points(tmp_path: Path, seed: int, dtype: torch.dtype) -> None:
    mark = marked(tmp_path, labs.plain_answers(labs.right(seed, dtype)), seed)
    assert mark.findings == []
    assert mark.total == 100


def ones(answers: dict[str, Any]) -> dict[str, Any]:
    """Numbers as tensors of shape (1,), as `tolist` gives them."""
    return {k: [v] if isinstance(v, float) else labs.plain(v) for k, v in answers.items()}


def arrays_in_lists(answers: dict[str, Any]) -> dict[str, Any]:
    """Histories as lists of arrays, each written by json_tricks."""
    made = labs.plain_answers(answers)
    for name in ("parabola_path", "skewed_path", "adamw_path"):
        made[name] = [labs.tricky(np.array(row)) for row in made[name]]
    return made


def turned(answers: dict[str, Any]) -> dict[str, Any]:
    """Return the same sine by other parameters."""
    return labs.plain_answers(answers) | {"blind_w": labs.turned(answers["blind_w"])}


def printed(answers: dict[str, Any]) -> dict[str, Any]:
    """Functions by what `str` shows of them, or by their full name."""
    names = [f"<{name} object at 0x7f00>" for name in answers["graph"][:-1]]
    return labs.plain_answers(answers) | {"graph": [*names, "torch::autograd::AccumulateGrad"]}


@pytest.mark.parametrize(
    "form",
    [
        lambda answers: {k: labs.tricky(v) for k, v in answers.items()},
        ones,
        arrays_in_lists,
        turned,
        printed,
        lambda answers: labs.plain_answers(answers) | {"graph": ", ".join(answers["graph"])},
        lambda answers: (
            labs.plain_answers(answers) | {"matrix": answers["matrix"].int().tolist()}
            if (answers["matrix"] % 1 == 0).all()
            else labs.plain_answers(answers)
        ),
    ],
)
@pytest.mark.parametrize("seed", [0, 5])
def test_equivalent_forms_get_full_points(tmp_path: Path, form: Any, seed: int) -> None:
    mark = marked(tmp_path, form(labs.right(seed)), seed)
    assert mark.findings == []
    assert mark.total == 100


def test_float32_stays_below_a_tenth_of_every_tolerance() -> None:
    asked = {answer.name: answer for task in tasks() for answer in task.answers}
    for seed in (0, 4, 5, 6, 17):
        single, double = labs.right(seed, torch.float32), labs.right(seed, torch.float64)
        for name in set(asked) - {"graph", "blind_w", "blind_loss"}:
            off = np.abs(np.asarray(single[name]) - np.asarray(double[name])).max()
            assert off <= asked[name].tolerance / 10, name


def test_every_answer_has_the_shape_that_the_table_says() -> None:
    answers = labs.right(3)
    for task in tasks():
        for answer in task.answers:
            if answer.shape != "names":
                assert numbers(labs.plain(answers[answer.name])).shape == answer.shape, answer


@pytest.mark.parametrize("line", LINES)
def test_torch_records_each_line_as_the_table_says(line: str) -> None:
    assert tuple(labs.graph_names(dataclasses.replace(variant(0), line=line))) == LINES[line]


def test_the_lowest_minimum_of_the_blind_date_is_found_by_no_other_start_lower() -> None:
    """SciPy, from a grid of starts over all four parameters."""
    from scipy.optimize import least_squares

    from gdbook.grading.blind import lowest

    for seed in (0, 1, 2):
        mine = variant(seed)
        x, y = np.array(mine.blind_x), np.array(mine.blind_y)
        costs = [
            least_squares(
                lambda w, x=x, y=y: w[0] * np.sin(w[1] * x + w[2]) + w[3] - y, [1.0, omega, t, 0.0]
            ).cost
            / len(x)
            for omega in np.linspace(0.3, 3.9, 10)
            for t in (-2.0, 0.0, 2.0)
        ]
        assert lowest(mine) == pytest.approx(min(costs), rel=1e-6)
