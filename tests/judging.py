"""What the tests of all chapters' checkers ask."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from gdbook.exercises import check
from gdbook.exercises.verdict import CHECKERS, Verdict

Wrongs = Sequence[tuple[str, Any, str]]


def checkers() -> dict[str, Callable[[Any], Verdict]]:
    """Return the checkers of all chapters, which are registered when one is asked for."""
    with pytest.raises(ValueError, match="has a checker"):
        check("", None)
    return CHECKERS


def all_tested(right: Mapping[str, list[Any]], wrong: Wrongs, *modules: str) -> None:
    """Assert that each checker of some modules of exercises has right and wrong answers."""
    names = [f"gdbook.exercises.{module}" for module in modules]
    for name in names:
        importlib.import_module(name)
    ours = {label for label, judge in CHECKERS.items() if judge.__module__ in names}
    assert ours, f"{names[0]} has no checker: write a function with @checker for each answer"
    for kind, tested in (("right", set(right)), ("wrong", {label for label, _, _ in wrong})):
        assert tested == ours, f"{kind} answers for {sorted(tested)}, checkers for {sorted(ours)}"


def judged_right(label: str, answers: list[Any]) -> None:
    """Assert that answers are right."""
    for answer in answers:
        verdict = check(label, answer)
        assert verdict, verdict
        assert repr(verdict).startswith("Right: ")


def judged_wrong(label: str, answer: Any, named: str) -> None:
    """Assert that an answer is wrong, and that the mistake is named."""
    verdict = check(label, answer)
    assert not verdict
    assert re.search(named, verdict.sentence), verdict
    assert repr(verdict).startswith("Not yet: ")
