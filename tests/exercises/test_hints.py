"""Hints come one after the other, from the same source as those of the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from gdbook import hints
from gdbook.exercises import check, hint
from gdbook.exercises.hints import forget
from gdbook.hints.catalogue import read
from judging import checkers

LABEL = "prob-cube"
BOOK = Path(__file__).parents[2] / "book"
CARD = re.compile(r"^:{3,}\{problem\} .*\n(?:^:\w+:.*\n)*?^:label: (\S+)", re.MULTILINE)


@pytest.fixture(autouse=True)
def _anew() -> Iterator[None]:
    forget(LABEL)
    yield
    forget(LABEL)


def test_the_first_wrong_answer_is_told_its_mistake_alone() -> None:
    verdict = check(LABEL, 10)
    assert verdict.hint is None
    assert repr(verdict) == f"Not yet: {verdict.sentence}"


def test_each_further_wrong_answer_brings_the_next_hint_and_then_the_last_again() -> None:
    texts = [hints.plain(text) for text in hints.catalogue()[LABEL].texts]
    assert len(texts) == 3
    check(LABEL, 10)
    for number in (1, 2, 3, 3):
        verdict = check(LABEL, 7)
        assert verdict.sentence in repr(verdict)
        assert repr(verdict).splitlines()[1] == f"Hint {number} of 3: {texts[number - 1]}"


def test_a_right_answer_begins_anew() -> None:
    check(LABEL, 10)
    assert check(LABEL, 10).hint is not None
    solved = check(LABEL, "10/3")
    assert solved
    assert solved.hint is None
    assert check(LABEL, 10).hint is None


def test_a_hint_can_be_asked_for_and_is_no_solution() -> None:
    assert repr(check(LABEL)).startswith("Hint 1 of 3: ")
    assert repr(hint(LABEL)).startswith("Hint 2 of 3: ")
    assert not hint(LABEL)
    check(LABEL, 10)  # the first wrong answer is told its mistake alone, whatever was asked for
    assert check(LABEL, 7).hint == hint(LABEL)


def test_three_dots_are_no_answer() -> None:
    for _ in range(3):
        assert check(LABEL, ...).hint is None


def test_problems_in_words_have_hints_and_no_checker() -> None:
    assert "numerator" in hint("prob-root").text
    with pytest.raises(ValueError, match="compare with its solution, or ask for hint"):
        check("prob-root", 7)
    with pytest.raises(ValueError, match="did you mean 'prob-root'"):
        hint("prob-rot")


def test_a_quick_question_has_one() -> None:
    forget("quick-factor")
    assert check("quick-factor", 7).hint is None
    assert repr(check("quick-factor", 7)).splitlines()[1].startswith("Hint: find λ")


def test_every_problem_of_the_book_has_its_hints_and_no_other() -> None:
    pages = [path.read_text(encoding="utf-8") for path in BOOK.rglob("*.md")]
    assert not [text for text in pages if "\n:hint:" in text], "write hints into gdbook/hints"
    on_pages = [label for text in pages for label in CARD.findall(text)]
    assert len(on_pages) > 130
    assert sorted(on_pages) == sorted(hints.catalogue())


def test_every_checker_has_three() -> None:
    known = hints.catalogue()
    assert {label for label in checkers() if len(known[label].texts) < 3} == set()


@pytest.mark.parametrize(
    "text", [text for known in hints.catalogue().values() for text in known.texts]
)
def test_in_a_terminal_no_latex_is_left(text: str) -> None:
    shown = hints.plain(text)
    assert not set(shown) & set("\\${}~")
    assert "\n" not in shown
    assert shown.endswith((".", "?"))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (r"$\frac{1}{2\eta}$ of $x_k^2$", "1/(2η) of x_k²"),
        (r"$x_{k+1} = x_0 - 3$", "x_(k+1) = x₀ − 3"),
        (r"$\sqrt{\frac{1+x}{2}}$", "√((1+x)/2)"),
        (r"$\bar v_6$, $\hat v$, $X^\top r$", "v̄₆, v̂, Xᵀ r"),
        (r"$e^{-2s}$ and $2^{-52}$, `w.grad`", "e^(−2s) and 2⁻⁵², `w.grad`"),
        ("See {eq}`eq-a`. By {numref}`sec-b`, go.", None),
    ],
)
def test_formulas_are_read(text: str, shown: str | None) -> None:
    wanted = shown or "See the formula `eq-a` of the book. By the section `sec-b` of the book, go."
    assert hints.plain(text) == wanted


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        ("prob-a = 'One.'", "write a list of one to 3 hints"),
        ("prob-a = []", "write a list of one to 3 hints"),
        ("prob-a = ['One']", "ends as a sentence does, got 'One'"),
        ("prob-a = ['One.', 'One.']", "two hints say the same"),
        ("quick-a = ['One.']", "a label is prob-"),
        ("prob-a = [", "a.toml: "),
    ],
)
def test_an_entry_that_is_none_is_told(tmp_path: Path, entry: str, sentence: str) -> None:
    path = tmp_path / "a.toml"
    path.write_text(entry, encoding="utf-8")
    with pytest.raises(ValueError, match=re.escape(sentence)):
        list(read(path))
