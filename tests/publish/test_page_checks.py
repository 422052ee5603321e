"""Problems that are judged in the page: the sentences of MicroPython are those of CPython."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from gdbook.exercises import check, hints
from gdbook.publish.live.offered import OFFERED
from page_checks import Typed, catalogue, in_micropython

#: Of random data, which are others in the page.
_DRAWN = re.compile(r"got \[[^\]…]*[\]…]")


def difference(typed: Typed, outcome: dict[str, Any]) -> str:
    """Return in which respect a page judges otherwise than CPython with torch; "" if in none.

    An answer may be refused in words: for an error in its own code, which may be what the page's
    Python lacks, for one that CPython's sentence tells, and for a number in quotes. What is wrong
    in torch only for being float32 is right in the page, which then says that.
    """
    hints.forget()
    verdict = check(typed.label, typed.answer)
    failure, told = outcome["failure"], outcome["verdict"]
    if told is None:
        in_answer = failure["cell"] == "answer" or "stopped with" in verdict.sentence
        quoted = isinstance(typed.answer, str) and "without quotes" in failure["text"]
        return "" if in_answer or quoted else f"refused: {failure}"
    if told["right"] and not verdict and "float32" in verdict.sentence:
        return "" if "float32" in told["note"] else "float32 is not told"
    one, other = (_DRAWN.sub("got […]", each) for each in (verdict.sentence, told["sentence"]))
    same = told["right"] == verdict.right and one == other
    return "" if same else f"{other!r} instead of {one!r}"


def judged(label: str, folder: Path) -> tuple[list[str], bool]:
    """Return the differences in judging a problem, and whether its main answers are judged."""
    answers = catalogue()[label]
    outcomes = in_micropython(answers, folder)
    pairs = list(zip(answers, outcomes, strict=True))
    rights = [o["verdict"] is not None for each, o in pairs if each.right]
    wrongs = {o["verdict"]["sentence"] for each, o in pairs if o["verdict"] and not each.right}
    differences = [said for each, o in pairs if (said := difference(each, o))]
    return differences, 2 * sum(rights) >= len(rights) and len(wrongs) >= 3


@pytest.mark.parametrize("label", OFFERED)
def test_an_offered_problem_is_judged_in_the_page_as_by_check(label: str, tmp_path: Path) -> None:
    differences, enough = judged(label, tmp_path)
    assert differences == []
    assert enough
