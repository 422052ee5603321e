"""Every checker against the catalogue of right and wrong answers of all chapters."""

from __future__ import annotations

import importlib
import math
import re
from collections import defaultdict
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import torch
from catalogue import RIGHT, WRONG
from torch import Tensor

from gdbook import hints
from gdbook.exercises import check
from gdbook.exercises.verdict import CHECKERS, close
from judging import checkers

LABELS = sorted(checkers())
NUMBERS = [
    label for label in LABELS if isinstance(RIGHT[label][0], int | float | Fraction | np.number)
]
FUNCTIONS = [label for label in LABELS if callable(RIGHT[label][0])]


def test_every_checker_is_in_the_catalogue() -> None:
    assert sorted(RIGHT) == LABELS
    assert sorted(WRONG) == LABELS
    assert len(LABELS) > 120


@pytest.mark.parametrize("label", LABELS)
def test_every_mistake_has_a_sentence_of_its_own(label: str) -> None:
    names, named = defaultdict(set), set()
    for answer, name in WRONG[label]:
        verdict = check(label, answer)
        assert not verdict, answer
        names[verdict.sentence].add(name)
        if verdict.named:
            named.add(verdict.sentence)
    shared = {sentence: which for sentence, which in names.items() if len(which) > 1}
    assert not shared
    assert len(named) >= 3, "a checker knows three mistakes or more"


# ------------------------------------------------------------------- what a checker compares with


def compared(label: str) -> list[dict[str, Any]]:
    """Return what a checker hands to `compare` when it judges a right answer."""
    module = importlib.import_module(CHECKERS[label].__module__)
    if not hasattr(module, "compare"):
        return []
    whole, seen = module.compare, []

    def watching(got: Any, right: Any, **known: Any) -> Any:
        seen.append({"right": right, **known})
        return whole(got, right, **known)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(module, "compare", watching)
        assert check(label, RIGHT[label][0])
    return seen


@pytest.mark.parametrize("label", NUMBERS)
def test_every_number_that_a_checker_knows_is_told_by_its_own_sentence(label: str) -> None:
    for known in compared(label):
        for sentence, value in known["mistakes"].items():
            verdict = check(label, value)
            assert not verdict, value
            assert verdict.sentence == sentence
            assert verdict.named


@pytest.mark.parametrize("label", FUNCTIONS)
def test_no_mistake_of_a_function_hides_another(label: str) -> None:
    for known in compared(label):
        tol = known.get("mistakes_tol") or known["tol"]
        found = [("the right answer", known["right"]), *known["mistakes"].items()]
        for k, (sentence, value) in enumerate(found):
            for other, its in found[:k]:
                assert not close(value, its, tol), (sentence, other)


# ------------------------------------------------------------------------- other forms of answers

FORMS: dict[str, Callable[[float], Any]] = {
    "float": float,
    "float64": np.float64,
    "tensor": lambda value: torch.tensor(value, dtype=torch.float64),
    "parameter": lambda value: torch.tensor(value, dtype=torch.float64, requires_grad=True),
    "list of one": lambda value: [value],
    "array of one": lambda value: np.array([value]),
    "text": repr,
    "text with a comma": lambda value: f"{value:.9f}".replace(".", ","),
    "float32": np.float32,
    "float32 tensor": lambda value: torch.tensor(value, dtype=torch.float32),
    "fraction": lambda value: Fraction(value).limit_denominator(10**6),
    "text of a fraction": lambda value: str(Fraction(value).limit_denominator(10**6)),
}


@pytest.mark.parametrize("label", NUMBERS)
def test_a_right_number_is_right_in_every_form(label: str) -> None:
    value = float(RIGHT[label][0])
    for form, made in FORMS.items():
        assert check(label, made(value)), form


def rewritten(answer: Callable[..., Any], form: Callable[[Tensor], Any]) -> Callable[..., Any]:
    """Return a function that gives the same numbers in another form."""

    def other(*given: Any) -> Any:
        made = answer(*given)
        if isinstance(made, tuple | list):
            return tuple(form(part) if isinstance(part, Tensor) else part for part in made)
        return form(made) if isinstance(made, Tensor) else made

    return other


#: Those whose result must be a tensor, and why.
TENSORS_ONLY = {
    "prob-forty-two": "torch differentiates it",
    "prob-huber-loss": "torch differentiates it",
    "prob-kepler": "torch differentiates it",
    "prob-learned-noise": "torch differentiates it",
    "prob-touching": "torch differentiates it",
}
#: NumPy's multiplications cannot be counted.
NO_ARRAYS = {*TENSORS_ONLY, "prob-speelpenning"}
CLASSES = {label for label in FUNCTIONS if isinstance(RIGHT[label][0], type)}


@pytest.mark.parametrize("label", [label for label in FUNCTIONS if label not in CLASSES])
def test_a_right_function_may_return_arrays_or_lists(label: str) -> None:
    lists = check(label, rewritten(RIGHT[label][0], lambda made: made.tolist()))
    assert bool(lists) is (label not in TENSORS_ONLY), lists
    arrays = check(label, rewritten(RIGHT[label][0], lambda made: made.detach().numpy()))
    assert bool(arrays) is (label not in NO_ARRAYS), arrays


# -------------------------------------------------------------------------- nothing is given away

_NUMBER = re.compile(r"(?<![\w.,^⁰¹²³⁴⁵⁶⁷⁸⁹])[−-]?\d+(?:[.,]\d+)*(?:/\d+)?(?![\w%])")


def written(value: float) -> set[str]:
    """Return a number as it may be written in a sentence."""
    size = abs(value)
    made = {f"{size:.{digits}g}" for digits in range(3, 10)} | {repr(size)}
    near = Fraction(size).limit_denominator(200)
    if math.isclose(near, size, rel_tol=1e-6):
        made.add(str(near))
    return made


def gives_away(sentence: str, value: float) -> bool:
    found = {text.lstrip("−-") for text in _NUMBER.findall(sentence)}
    return bool(found & written(value))


#: Answers so small and round that the number stands in the problem itself, or in any sentence.
COMMON = {
    "prob-last-line", "prob-centimetres", "prob-time-scale", "prob-deeper", "prob-all-up",
    "prob-box",
}  # fmt: skip


@pytest.mark.parametrize("label", [label for label in NUMBERS if label not in COMMON])
def test_nothing_that_is_said_of_a_wrong_answer_has_the_right_numbers_digits(label: str) -> None:
    value = float(RIGHT[label][0])
    said = [hints.plain(text) for text in hints.catalogue()[label].texts]
    said += [check(label, answer).sentence for answer, _ in WRONG[label]]
    assert not [sentence for sentence in said if gives_away(sentence, value)]


def test_what_gives_a_number_away_is_seen() -> None:
    assert gives_away("it is 2.5 or so", 2.5)
    assert gives_away("that is 1/3, the edge", 1 / 3)
    assert gives_away("at −0.25 it turns", -0.25)
    assert not gives_away("it is 12.5, or x₂.5 %", 2.5)
    assert not gives_away("10¹ and v1", 1.0)
