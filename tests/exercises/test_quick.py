"""Quick questions: how numbers are read, what answers are told, and that each entry is used."""

from __future__ import annotations

import math
import re
from fractions import Fraction
from pathlib import Path

import pytest
import torch

from gdbook import quick
from gdbook.exercises import check
from gdbook.exercises.hints import forget
from gdbook.quick.catalogue import questions
from quick_answers import ALIKE, REFUSED, hostile, written

QUESTIONS = quick.catalogue()


@pytest.mark.parametrize("text", ALIKE)
def test_one_half_is_one_number(text: str) -> None:
    assert quick.read(text) == 0.5


@pytest.mark.parametrize(("text", "sentence"), REFUSED.items())
def test_what_is_no_number_is_told_in_words(text: str, sentence: str) -> None:
    with pytest.raises(quick.UnreadableError, match=re.escape(sentence)):
        quick.read(text)


def test_a_number_is_what_exact_arithmetic_says() -> None:
    for text, exact in written(500):
        assert quick.read(text) == pytest.approx(float(exact), rel=1e-14, abs=0), text


def test_a_root_is_of_what_stands_in_its_brackets() -> None:
    assert quick.read("3*sqrt(2*8)/4") == 3
    assert quick.read("-sqrt(2)") == -math.sqrt(2)
    assert quick.read("√2/2") == math.sqrt(2) / 2
    assert quick.read("-2^2") == -4


def test_hostile_texts_are_numbers_or_refused() -> None:
    read = 0
    for text in hostile(2000):
        try:
            assert math.isfinite(quick.read(text)), text
            read += 1
        except quick.UnreadableError:
            continue
    assert 50 < read < 1000


@pytest.mark.parametrize("label", QUESTIONS)
def test_each_answer_is_told_by_its_own_sentence(label: str) -> None:
    question = QUESTIONS[label]
    right = check(label, question.answer)
    assert right
    assert repr(right) == f"Right: {question.right}"
    assert 2 <= len(question.wrong) <= 4
    for mistake in question.wrong:
        forget(label)  # a second wrong answer brings the hint
        assert repr(check(label, mistake.answer)) == f"Not yet: {mistake.sentence}"
    for sentence in (question.right, question.hint, *(m.sentence for m in question.wrong)):
        assert re.match(r"[^A-Z].*[.?…]$", sentence), "begins small, ends as a sentence"


def test_numbers_are_taken_as_numbers_texts_and_tensors() -> None:
    for answer in (0.2, "1/5", "0,2", "20 %", torch.tensor(0.2), Fraction(1, 5), 0.1 + 0.1):
        assert check("quick-stable-rate", answer), answer


def test_letters_are_taken_in_brackets_and_in_capitals() -> None:
    for answer in ("b", "B", " b. ", "(b)"):
        assert check("quick-which-valley", answer), answer


@pytest.mark.parametrize(
    ("label", "answer", "sentence"),
    [
        ("quick-stable-rate", ..., "write your answer in place of the three dots."),
        ("quick-stable-rate", None, "the answer should be one number, got nothing."),
        ("quick-stable-rate", math.nan, "this can't be read as one number"),
        ("quick-stable-rate", 10**400, "the answer should be one number"),
        ("quick-stable-rate", "1,000", "1,000 may mean one or a thousand"),
        ("quick-stable-rate", 7, "that is not it."),
        ("quick-which-valley", 2, 'the answer should be a letter, as "a", got 2.'),
        ("quick-which-valley", "e", "choose one of a, b, c, d."),
        ("quick-which-valley", "", "choose one of a, b, c, d."),
    ],
)
def test_other_answers_are_told_what_to_do(label: str, answer: object, sentence: str) -> None:
    verdict = check(label, answer)
    assert not verdict
    assert verdict.sentence.startswith(sentence)


def test_a_label_that_is_none_is_told_the_nearest() -> None:
    with pytest.raises(ValueError, match="did you mean 'quick-stable-rate'"):
        check("quick-stable-rat", 1)


# ------------------------------------------------------------------------ entries with a mistake

ENTRY = """\
[quick-one]
answer = "1/2"
right = "it is half."
hint = "halve it."
[quick-one.wrong]
"1/4" = "that is a quarter."
"""


def read_entry(tmp_path: Path, *changes: tuple[str, str]) -> list[quick.Question]:
    text = ENTRY
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = tmp_path / "chapter.toml"
    path.write_text(text)
    return list(questions(path))


def test_a_tolerance_takes_what_is_rounded(tmp_path: Path) -> None:
    (exact,) = read_entry(tmp_path)
    assert not exact.judge("0.501")[0]
    (near,) = read_entry(tmp_path, ('hint = "', 'tolerance = "1 %"\nhint = "'))
    assert near.judge("0.509")[0]
    assert near.judge("0.511") == (False, "that is not it.")
    assert near.judge("0.259") == (False, "that is a quarter.")


def test_a_tiny_answer_is_compared_with_itself(tmp_path: Path) -> None:
    (tiny,) = read_entry(tmp_path, ("1/2", "2e-10"), ("1/4", "4e-10"))
    assert tiny.judge("2e-10")[0]
    assert tiny.judge("0") == (False, "that is not it.")
    assert tiny.judge("4e-10") == (False, "that is a quarter.")
    (zero,) = read_entry(tmp_path, ('"1/2"', '"0"'))
    assert zero.judge("1e-10")[0]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('"1/4"', '"0.5"', "the wrong answer 0.5 is one with an answer before it"),
        ('"1/4"', '"quarter"', "this can't be read as one number"),
        ('answer = "1/2"', 'answer = "a half"', "this can't be read as one number"),
        ('answer = "1/2"', "answer = 0.5", "answer must be a text"),
        ('answer = "1/2"', 'answer = "c"', "the options must be a, b, c …, got 1/4, c"),
        ('hint = "halve it."\n', "", "hint is missing"),
        ('"1/4" = "that is a quarter."\n', "", "at least one wrong answer has a name"),
        ("hint =", "clue =", "clue is unknown; expected answer"),
        ("quick-one", "one", "a label is quick-, then small letters"),
        ("[quick-one]", "[quick-one", "Expected"),
    ],
)
def test_an_entry_that_cannot_be_judged_by_is_refused(
    tmp_path: Path, old: str, new: str, sentence: str
) -> None:
    with pytest.raises(ValueError, match=re.escape(sentence)) as told:
        read_entry(tmp_path, (old, new))
    assert str(told.value).startswith("chapter.toml")
