"""The checkers of book/losses/absolute-error: right answers in several forms, wrong ones told why."""

from __future__ import annotations

from typing import Any

import pytest

from judging import all_tested, judged_right, judged_wrong

# UNWRITTEN: for each checker's label the right answers, in several forms
RIGHT: dict[str, list[Any]] = {}

# UNWRITTEN: for each checker the well-known wrong answers, each with words that must be said
WRONG: list[tuple[str, Any, str]] = []


def test_every_checker_is_tested() -> None:
    all_tested(RIGHT, WRONG, "absolute_error")


@pytest.mark.parametrize("label", RIGHT)
def test_right_answers_are_right(label: str) -> None:
    judged_right(label, RIGHT[label])


@pytest.mark.parametrize(("label", "answer", "named"), WRONG)
def test_wrong_answers_are_told_why(label: str, answer: Any, named: str) -> None:
    judged_wrong(label, answer, named)
