"""Every known mistake, made by a program of torch, is named; right answers never are."""

from __future__ import annotations

from typing import Any

import pytest
from wrong_answers import WRONG

import labs
from gdbook.grading.judges import judge
from gdbook.grading.mistakes import CATALOGUE
from gdbook.lab.tasks import Answer, tasks
from gdbook.lab.variants import variant

ASKED: dict[str, Answer] = {answer.name: answer for task in tasks() for answer in task.answers}


def named(answer: str, value: Any, seed: int) -> list[str]:
    answers = {**labs.plain_answers(labs.right(seed)), answer: labs.plain(value)}
    return [fault.name for fault in judge(ASKED[answer], answers, variant(seed))]


@pytest.mark.parametrize("seed", [4, 6, 23])
@pytest.mark.parametrize(
    ("name", "answer", "make"), WRONG, ids=[f"{name}-{answer}" for name, answer, _ in WRONG]
)
def test_a_wrong_answer_is_named(name: str, answer: str, make: Any, seed: int) -> None:
    assert named(answer, make(seed), seed) == [name]


def test_the_catalogue_holds_nothing_that_is_not_tried() -> None:
    assert {name for name, _, _ in WRONG} | {"missing"} == set(CATALOGUE)


def test_a_missing_answer_is_told() -> None:
    assert [fault.name for fault in judge(ASKED["sine"], {}, variant(3))] == ["missing"]


def test_two_mistakes_at_once_are_both_named() -> None:
    mine = variant(4)
    path, losses = labs.history(
        lambda X: labs.skewed(mine, X), mine.start, 500, zero=False, after=True
    )
    assert named("skewed_path", path, 4) == ["not-zeroed", "logged-after"]
    assert named("skewed_loss", losses, 4) == ["not-zeroed", "logged-after"]
    column = [
        [x] for x in labs.history(lambda X: labs.parabola(mine, X), mine.start, 200, after=True)[1]
    ]
    assert named("parabola_loss", column, 4) == ["column", "logged-after"]


def test_where_a_history_departs_is_told() -> None:
    path = labs.right(2)["parabola_path"].clone()
    path[123:] += 0.5
    answers = {"parabola_path": path.tolist()}
    assert "up to entry 123" in judge(ASKED["parabola_path"], answers, variant(2))[0].sentence


@pytest.mark.parametrize("name", CATALOGUE)
def test_sentences_end_and_credit_is_a_part(name: str) -> None:
    mistake = CATALOGUE[name]
    assert mistake.sentence.endswith(".") or mistake.sentence.endswith("?")
    assert 0 <= mistake.share < 1
    assert mistake.title
    assert mistake.title[-1] != "."
