"""Judge an answer in the page, by the checkers that `gdbook.exercises.check` uses.

An answer is a piece of code that defines one name. What the page's Python lacks is told as such,
and is no wrong answer.
"""

import json
import sys

import gdbook.autodiff as torch
from gdbook.exercises import hints, verdict
from gdbook.quick import QUOTED  # type: ignore[attr-defined]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

live_cells: "Any" = __import__("live_cells")

ANSWER = "answer"  # what an error's place is called, and the name of an answer that has none
UNDEFINED = "your code should define {name}."
DOUBLE = (
    "Here all numbers are float64. In torch, what is made without a dtype is float32: "
    "write dtype=torch.float64."
)
LACKING = (AttributeError, ImportError, NotImplementedError, MemoryError)

_TEXTS: "dict[str, list[str]]" = {}
#: What torch makes in float32 where no dtype is said.
_MAKERS = ("eye", "full", "linspace", "ones", "rand", "randn", "tensor", "zeros")
_errors: "list[BaseException]" = []
_said = verdict.failure


def _noted(error: BaseException) -> str:
    """Keep an error that becomes part of a sentence."""
    _errors.append(error)
    return _said(error)


hints.texts = lambda label: tuple(_TEXTS[label])
verdict.failure = _noted


def _verdict(module: str, label: str, name: str, names: "dict[str, Any]") -> "Any":
    """Return the verdict of a problem's checker on what a name stands for."""
    if name not in names:
        return verdict.Verdict(False, UNDEFINED.format(name=name))
    answer = names[name]
    if label not in _TEXTS:
        with open("/hints-" + module + ".json") as file:
            _TEXTS.update(json.load(file))
    __import__("gdbook.exercises." + module)
    for place in list(sys.modules):
        if place.startswith("gdbook.exercises.") and hasattr(sys.modules[place], "failure"):
            sys.modules[place].failure = _noted  # type: ignore[attr-defined]  # where it is imported by its name
    if answer is ...:
        return verdict.Verdict(False, "write your answer in place of the three dots.")
    return verdict.CHECKERS[label](answer)


class _Watched:
    """Notes whether the reader's code makes what torch would make in float32."""

    def __init__(self) -> None:
        self.single = False
        self.plain: "list[tuple[Any, str, Any]]" = [
            (torch, name, getattr(torch, name)) for name in _MAKERS
        ]
        self.plain.append((torch.Tensor, "float", torch.Tensor.float))

    def __enter__(self) -> "_Watched":
        for place, name, plain in self.plain:
            setattr(place, name, self._watching(plain))
        return self

    def __exit__(self, *_: "Any") -> None:
        for place, name, plain in self.plain:
            setattr(place, name, plain)

    def _watching(self, plain: "Callable[..., Any]") -> "Callable[..., Any]":
        def made(*given: "Any", **options: "Any") -> "Any":
            tensor = plain(*given, **options)
            if options.get("dtype") is None and tensor.dtype is torch.float64:
                self.single = True
            return tensor

        return made


def _failure(sentence: str, text: str) -> "dict[str, Any] | None":
    """Return the error for which an answer can't be judged; None if it was judged.

    It is the last error that the sentence tells, or one that comes of what the page lacks.
    """
    found = None
    for error in _errors:
        failure: "dict[str, Any]" = live_cells.failure_of(
            error, ANSWER, len(text.rstrip().split("\n"))
        )
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
    told: "dict[str, Any] | None" = None
    watched = _Watched()
    with watched:
        failure = live_cells.execute(text, ANSWER, names)
        made = _verdict(module, label, name, names) if failure is None else None
    if made is not None:
        failure = None if made.right else _failure(made.sentence, text)
        if failure is None:
            told = _told(label, made, missed)
            told["note"] = DOUBLE if made.right and watched.single else ""
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
