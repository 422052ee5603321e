"""Answers to quick questions, judged by the same entries as on the page."""

from __future__ import annotations

from typing import Any

from gdbook import quick
from gdbook.exercises.verdict import Verdict, Wrong, kind, number


def judge(label: str, answer: Any) -> Verdict:
    """Look at the answer to a quick question.

    Parameters
    ----------
    label : str
        As ``"quick-stable-rate"``.
    answer : object
        A number, a text that says one (``"2/5"``), or the letter of an option.

    Raises
    ------
    ValueError
        If there is no question with that label.
    """
    question = quick.question(label)
    try:
        right, sentence = question.judge(_written(answer, choice=bool(question.options)))
    except quick.UnreadableError as error:
        return Verdict(False, str(error))
    except Wrong as wrong:
        return Verdict(False, str(wrong))
    return Verdict(right, sentence)


def _written(answer: Any, *, choice: bool) -> str:
    """Return an answer as a reader would write it."""
    if isinstance(answer, str):
        return answer
    if choice:
        raise Wrong(f'the answer should be a letter, as "a", got {kind(answer)}.')
    return f"{number(answer):.17g}"
