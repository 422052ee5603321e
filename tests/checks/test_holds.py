"""The check of a display: what it tells, and how it fails."""

from __future__ import annotations

from typing import Any

import pytest

import gdbook.checks.common
from gdbook.checks import CheckFailed, holds
from gdbook.mathematics import integers, matrix, real, sequence, vector


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, Any]]]:
    found: list[tuple[str, dict[str, Any]]] = []
    monkeypatch.setattr(
        gdbook.checks.common, "report", lambda line, record: found.append((line, record))
    )
    return found


def test_it_tells_what_was_tried(told: list[tuple[str, dict[str, Any]]]) -> None:
    latex = r"(A x)^\top = x^\top A^\top"
    holds("eq-turned", latex, A=matrix("m", "n"), x=vector("n"))
    ((line, record),) = told
    assert "random matrices, 1 × 1 to " in line
    assert (record["kind"], record["of"], record["latex"]) == ("holds", "eq-turned", latex)


def test_it_fails_with_values_and_how_it_read() -> None:
    with pytest.raises(CheckFailed, match=r"eq-wrong, read as A\*x = x\*.* at n = \d"):
        holds("eq-wrong", "A x = x \\, 2", A=matrix("n", "n"), x=vector("n"))


def test_an_index_that_is_a_sum_is_told_in_brackets() -> None:
    steps = {"def-e": "e_{k+1} = 3 e_k"}
    with pytest.raises(CheckFailed, match=r"eq-next, read as e_\(k \+ 1\) = 2\*e_k"):
        holds("eq-next", "e_{k+1} = 2 e_k", using=steps, e=sequence(real()), k=integers(0, 5))


def test_two_readings_are_a_question() -> None:
    with pytest.raises(ValueError, match=r"eq-two: this can be read in two ways: .*⊤ or ·"):
        holds("eq-two", "x y = y x", x=vector("n"), y=vector("n"))


def test_without_its_formula_it_says_so() -> None:
    with pytest.raises(ValueError, match="no equation of this page has that label"):
        holds("eq-missing", x=real())
    with pytest.raises(ValueError, match="does not display all of def-a def-b"):
        holds("eq-x", "x = x", x=real(), using="def-a def-b")


def test_definitions_give_letters_their_meaning() -> None:
    holds("eq-x", "q = 2 x", x=real(), using={"def-q": "q = x + x"})
    with pytest.raises(CheckFailed):
        holds("eq-x", "q = 2 x", x=real(), using={"def-q": "q = x - x"})


def test_a_loose_bound_says_why(told: list[tuple[str, dict[str, Any]]]) -> None:
    holds("eq-loose", r"-1 \le x^2", x=real(), loose="any constant will do")
    assert told[0][0].endswith("; any constant will do")
    with pytest.raises(CheckFailed, match="not sharp"):
        holds("eq-loose", r"-1 \le x^2", x=real())
