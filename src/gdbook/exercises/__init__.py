"""Checkers of answers to problems and quick questions: they name the mistake.

>>> from gdbook.exercises import check
>>> check("prob-last-line", 0.54)
Not yet: that is the slope of the sine at 1, to two digits. The computer first adds h to 1.
What is 1 + h, if only 53 binary digits are kept?
"""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import replace
from functools import cache
from typing import Any, overload

from gdbook.exercises import hints, quick
from gdbook.exercises.hints import Hint
from gdbook.exercises.verdict import CHECKERS, Verdict
from gdbook.quick.catalogue import nearest

__all__ = ["Hint", "Verdict", "check", "hint"]

_NOTHING: Any = object()


@overload
def check(label: str) -> Hint: ...
@overload
def check(label: str, answer: Any) -> Verdict: ...
def check(label: str, answer: Any = _NOTHING) -> Verdict | Hint:
    """Look at an answer to a problem or a quick question and say what is right or wrong with it.

    The second wrong answer to a problem brings its first hint, each further one the next. How
    many there were is remembered until the process ends or the answer is right.

    Parameters
    ----------
    label : str
        The problem's label, as ``"prob-richardson"``; it stands at the end of the problem. Or
        a quick question's, as ``"quick-stable-rate"``.
    answer : object, optional
        What the problem asks for: a number, a tensor, a function, a set of names or a class.
        Of a quick question, a number or the letter of an option. Without an answer, the next
        hint is returned, as by `hint`.

    Returns
    -------
    Verdict or Hint
        True where the answer is right; shows its sentence.

    Raises
    ------
    ValueError
        If no problem with that label has a checker, and no quick question has answers.
    """
    if answer is _NOTHING:
        return hint(label)
    if not label.startswith("quick-"):
        _has_a_checker(label)
    if answer is ...:
        return Verdict(False, "write your answer in place of the three dots.")
    judge = quick.judge if label.startswith("quick-") else _judge
    verdict = judge(label, answer)
    return replace(verdict, hint=hints.after(label, right=verdict.right))


def hint(label: str) -> Hint:
    """Return the next hint to a problem, from general to specific, and the last one again.

    Parameters
    ----------
    label : str
        As for `check`; also of a problem that is answered in words.

    Raises
    ------
    ValueError
        If there is no problem or quick question with that label.
    """
    return hints.following(label)


def _judge(label: str, answer: Any) -> Verdict:
    return CHECKERS[label](answer)


def _has_a_checker(label: str) -> None:
    _register_all()
    if label in CHECKERS:
        return
    try:
        hints.texts(label)
    except ValueError:
        said = f"no problem {label!r} has a checker; {nearest(label, CHECKERS)}"
    else:
        said = f"{label} has no checker: compare with its solution, or ask for hint({label!r})"
    raise ValueError(said)


@cache
def _register_all() -> None:
    """Import every module of this folder: its checkers register themselves."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
