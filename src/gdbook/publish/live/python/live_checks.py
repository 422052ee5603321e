"""Judge an answer in the page, by the checkers that `gdbook.exercises.check` uses.

An answer is a piece of code that defines one name. What the page's Python lacks is told as such,
and is no wrong answer.
"""

import json
import sys

import live_cells

from gdbook.exercises import hints, verdict
from gdbook.quick import QUOTED  # type: ignore[attr-defined]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

ANSWER = "answer"  # what an error's place is called, and the name of an answer that has none
UNDEFINED = "your code should define {name}."
LACKING = (AttributeError, ImportError, NotImplementedError, MemoryError)

with open("/hints.json") as _file:
    _TEXTS: "dict[str, list[str]]" = json.load(_file)
_errors: "list[BaseException]" = []
_said = verdict.failure


def _noted(error: BaseException) -> str:
    """Keep an error that becomes part of a sentence."""
    _errors.append(error)
    return _said(error)


hints.texts = lambda label: tuple(_TEXTS[label])
verdict.failure = _noted


def _judged(module: str, label: str, answer: "Any") -> "Any":
    """Return the verdict of a problem's checker."""
    name = "gdbook.exercises." + module
    __import__(name)
    for module in list(sys.modules):
        if module.startswith("gdbook.exercises.") and hasattr(sys.modules[module], "failure"):
            sys.modules[module].failure = _noted  # where it is imported by its name
    if answer is ...:
        return verdict.Verdict(False, "write your answer in place of the three dots.")
    return verdict.CHECKERS[label](answer)


def _failure(sentence: str, text: str) -> "dict[str, Any] | None":
    """Return the error for which an answer can't be judged; None if it was judged.

    It is the last error that the sentence tells, or one that comes of what the page lacks.
    """
    found = None
    for error in _errors:
        failure = live_cells.failure_of(error, ANSWER, len(text.rstrip().split("\n")))
        if failure["hint"] or isinstance(error, LACKING):
            return failure
        if _said(error) in sentence:
            failure["hint"] = sentence[:1].upper() + sentence[1:]
            found = failure
    if sentence == QUOTED:
        return {"text": "I" + QUOTED[1:], "hint": "", "cell": "", "line": 0}
    return found


def judge(module: str, label: str, name: str, text: str, missed: int) -> str:
    """Run an answer and judge it; return the failure, the drawings and the verdict as JSON.

    Parameters
    ----------
    module : str
        Of `gdbook.exercises`, which holds the checker.
    label : str
        The problem's.
    name : str
        What the code defines as the answer.
    text : str
        The reader's code.
    missed : int
        How many wrong answers came before it.
    """
    del _errors[:]
    names = live_cells.names_so_far()
    names.pop(name, None)
    failure = live_cells.execute(text, ANSWER, names)
    told: "dict[str, Any] | None" = None
    if failure is None:
        if name in names:
            made = _judged(module, label, names[name])
        else:
            made = verdict.Verdict(False, UNDEFINED.format(name=name))
        failure = None if made.right else _failure(made.sentence, text)
        if failure is None:
            told = _told(label, made, missed)
    outcome = {"failure": failure, "drawings": live_cells.drawings(), "verdict": told}
    return json.dumps(outcome)


def _told(label: str, made: "Any", missed: int) -> "dict[str, Any]":
    """Return a verdict, with the hint that comes with it, as `check` gives it."""
    hints.forget(label)
    for _ in range(missed):
        hints.after(label, right=False)
    hint = hints.after(label, right=made.right)
    return {
        "right": made.right,
        "sentence": made.sentence,
        "hint": None if hint is None else repr(hint),
        "last": hint is not None and hint.number == hint.of,
    }
