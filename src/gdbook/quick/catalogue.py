"""The answers of quick questions, read from the TOML files of this folder and checked."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from gdbook.quick.numbers import UnreadableError, read

FOLDER = Path(__file__).parent
LETTERS = "abcdefgh"
_KEYS = {"answer": str, "right": str, "hint": str, "tolerance": str, "wrong": dict}
_EXACT = 1e-6  # of the answer: a number in float32 is exact
_ZERO = 1e-9  # where the answer is 0
_LABEL = re.compile(r"quick-[a-z0-9]+(?:-[a-z0-9]+)*")

#: What is said to an answer that is in no catalogue; then, from the second on, the hint.
UNKNOWN = "that is not it."


@dataclass(frozen=True)
class Mistake:
    """A wrong answer, and the sentence that names the mistake."""

    answer: str
    sentence: str


@dataclass(frozen=True)
class Question:
    """The answers of one quick question.

    Attributes
    ----------
    label : str
        As ``quick-stable-rate``.
    chapter : str
        The file that it stands in, without its ending.
    answer : str
        The right one: a number as a reader may write it, or a letter.
    right : str
        Why it is right.
    hint : str
        What to think of.
    tolerance : float
        By how much a number may be off, up or down; of the size of 1e-6 of it if the file
        says nothing.
    wrong : tuple of Mistake
        Well-known wrong answers; the first that fits is told.
    """

    label: str
    chapter: str
    answer: str
    right: str
    hint: str
    tolerance: float
    wrong: tuple[Mistake, ...]

    @property
    def options(self) -> str:
        """The letters to choose from, "" if the answer is a number."""
        if not _is_letter(self.answer):
            return ""
        return "".join(sorted([self.answer, *(mistake.answer for mistake in self.wrong)]))

    def judge(self, given: str) -> tuple[bool, str]:
        """Return whether an answer is right, and a sentence: why, or which mistake it is.

        Parameters
        ----------
        given : str
            What the reader wrote, or the letter that was chosen.

        Returns
        -------
        right : bool
        sentence : str
            ``UNKNOWN`` for a wrong answer that is in no catalogue.

        Raises
        ------
        UnreadableError
            If it is no number, or no letter of this question.
        """
        if self.options:
            letter = given.strip(" \t\n().").lower()
            if len(letter) != 1 or letter not in self.options:
                raise UnreadableError(f"choose one of {', '.join(self.options)}.")
            return self._entry(lambda answer: answer == letter)
        number = read(given)
        return self._entry(lambda answer: abs(number - read(answer)) <= self.tolerance)

    def _entry(self, fits: Callable[[str], bool]) -> tuple[bool, str]:
        if fits(self.answer):
            return True, self.right
        found = (mistake.sentence for mistake in self.wrong if fits(mistake.answer))
        return False, next(found, UNKNOWN)

    def for_script(self) -> dict[str, Any]:
        """Return what the page's script judges by: each answer as a float or a letter."""
        value = str if self.options else read
        return {
            "right": [value(self.answer), self.right],
            "wrong": [[value(mistake.answer), mistake.sentence] for mistake in self.wrong],
            "tolerance": self.tolerance,
            "hint": self.hint,
        }


def question(label: str) -> Question:
    """Return the answers of a question.

    Raises
    ------
    ValueError
        If there is no question with that label.
    """
    known = catalogue()
    if label not in known:
        raise ValueError(f"no quick question {label!r} has answers; {nearest(label, known)}")
    return known[label]


def nearest(label: str, known: Iterable[str]) -> str:
    """Return which label may have been meant, or which there are."""
    near = difflib.get_close_matches(label, known, n=1)
    return f"did you mean {near[0]!r}?" if near else f"there are {', '.join(sorted(known))}"


def catalogue() -> dict[str, Question]:
    """Return all questions by label, in the order of their files."""
    files = sorted(FOLDER.glob("*.toml"))
    return _catalogue(tuple((path, path.stat().st_mtime_ns) for path in files))


@cache
def _catalogue(files: tuple[tuple[Path, int], ...]) -> dict[str, Question]:
    """Read files as they are at a time: the live preview outlives their changes."""
    found: dict[str, Question] = {}
    for path, _ in files:
        for made in questions(path):
            if made.label in found:
                other = found[made.label].chapter
                raise ValueError(f"{path.name}: [{made.label}] stands in {other}.toml already")
            found[made.label] = made
    return found


def questions(path: Path) -> Iterator[Question]:
    """Read one file.

    Raises
    ------
    ValueError
        With the file, the label and a sentence, for an entry that can't be judged by.
    """
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"{path.name}: {error}") from None
    for label, entry in entries.items():
        try:
            yield _question(label, path.stem, entry)
        except ValueError as error:
            raise ValueError(f"{path.name}, [{label}]: {error}") from None


def _question(label: str, chapter: str, entry: Any) -> Question:
    if not _LABEL.fullmatch(label):
        raise ValueError("a label is quick-, then small letters, digits and hyphens")
    if not isinstance(entry, Mapping):
        raise ValueError("write it as a table with answer, right, hint, wrong")  # noqa: TRY004
    for key, value in entry.items():
        if key not in _KEYS:
            raise ValueError(f"{key} is unknown; expected {', '.join(_KEYS)}")
        if not isinstance(value, _KEYS[key]):
            wanted = "a table" if key == "wrong" else "a text"
            raise ValueError(f"{key} must be {wanted}")  # noqa: TRY004
    missing = [key for key in _KEYS if key not in entry and key != "tolerance"]
    if missing:
        raise ValueError(f"{' and '.join(missing)} is missing")
    wrong = tuple(Mistake(answer, str(sentence)) for answer, sentence in entry["wrong"].items())
    letters = _is_letter(entry["answer"])
    tolerance = 0.0
    if not letters:
        exact = _EXACT * abs(read(entry["answer"])) or _ZERO
        tolerance = read(entry.get("tolerance", "0")) or exact
    made = Question(
        label, chapter, entry["answer"], entry["right"], entry["hint"], tolerance, wrong
    )
    if letters and made.options != LETTERS[: len(made.options)]:
        got = ", ".join(sorted([made.answer, *entry["wrong"]]))
        raise ValueError(f"the options must be a, b, c …, got {got}")
    if not wrong:
        raise ValueError("at least one wrong answer has a name")
    _all_are_reached(made)
    return made


def _is_letter(answer: str) -> bool:
    return len(answer) == 1 and answer in LETTERS


def _all_are_reached(made: Question) -> None:
    """Refuse a mistake that a right answer, or one before it, hides."""
    for mistake in made.wrong:
        if made.judge(mistake.answer) != (False, mistake.sentence):
            raise ValueError(f"the wrong answer {mistake.answer} is one with an answer before it")
