"""Checkers of answers to problems and quick questions: they name the mistake.

>>> from gdbook.exercises import check
>>> check("prob-last-line", 0.54)
Not yet: that is the slope of the sine at 1, to two digits. The computer first adds h to 1.
What is 1 + h, if only 53 binary digits are kept?
"""

from __future__ import annotations

import difflib
import importlib
import pkgutil
from functools import cache
from typing import Any

from gdbook.exercises import quick
from gdbook.exercises.verdict import CHECKERS, Verdict

__all__ = ["Verdict", "check"]


def check(label: str, answer: Any) -> Verdict:
    """Look at an answer to a problem or a quick question and say what is right or wrong with it.

    Parameters
    ----------
    label : str
        The problem's label, as ``"prob-richardson"``; it stands at the end of the problem. Or
        a quick question's, as ``"quick-stable-rate"``.
    answer : object
        What the problem asks for: a number, a tensor, a function, a set of names or a class.
        Of a quick question, a number or the letter of an option.

    Returns
    -------
    Verdict
        True where the answer is right; shows its sentence.

    Raises
    ------
    ValueError
        If no problem with that label has a checker, and no quick question has answers.
    """
    if label.startswith("quick-"):
        return quick.judge(label, answer)
    _register_all()
    if label not in CHECKERS:
        near = difflib.get_close_matches(label, CHECKERS, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(sorted(CHECKERS))}"
        raise ValueError(f"no problem {label!r} has a checker; {hint}")
    return CHECKERS[label](answer)


@cache
def _register_all() -> None:
    """Import every module of this folder: its checkers register themselves."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
