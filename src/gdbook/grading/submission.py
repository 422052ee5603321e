"""A submission, read as data: one JSON file of limited size, without following a link."""

from __future__ import annotations

import json
import os
import re
import stat
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gdbook.grading.shown import shown

#: The largest file that is read. One with every answer has about 70 kB.
LARGEST = 2_000_000

#: What a file of this lab says of itself.
LAB = "downhill-lab-1"

_ID = re.compile(r"[^\W_][\w.@+-]{0,63}")
_LONGEST_INTEGER = 18


class Unreadable(Exception):  # noqa: N818 (a fact about a file, not of the program's)
    """Raised with the sentence that says why a file is not marked."""


@dataclass(frozen=True)
class Submission:
    """What a student handed in.

    Attributes
    ----------
    student : str
        The id, which is fit for a file's name.
    seed : int
        Whose variant it is.
    answers : mapping of str to parsed JSON
    notes : tuple of str
        What was odd about the file and did no harm.
    """

    student: str
    seed: int
    answers: Mapping[str, Any]
    notes: tuple[str, ...] = ()


def read(path: Path) -> Submission:
    """Read a submission.

    Raises
    ------
    Unreadable
        If it is none. The sentence says why.
    """
    notes: list[str] = []
    parsed = _parse(_text(_content(path), notes), notes)
    if not isinstance(parsed, dict) or parsed.get("lab") != LAB:
        raise Unreadable(f'is no submission of this lab: "lab" is not "{LAB}"')
    answers = parsed.get("answers")
    if not isinstance(answers, dict):
        raise Unreadable('has no dictionary "answers"')
    return Submission(_student(parsed.get("student")), _seed(parsed), answers, tuple(notes))


def _content(path: Path) -> bytes:
    """Return the bytes of a regular file, if they are not too many."""
    if path.is_symlink():
        raise Unreadable("is a link: hand in the file itself")
    # O_NOFOLLOW, in case it became a link just now; O_NONBLOCK, since a pipe would wait forever.
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        descriptor = os.open(path, flags | getattr(os, "O_BINARY", 0))
    except OSError as error:
        raise Unreadable(f"cannot be opened: {error.strerror}") from None
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise Unreadable("is not a regular file")
        if found.st_size <= LARGEST:
            with os.fdopen(descriptor, "rb", closefd=False) as file:
                content = file.read(LARGEST + 1)
            if len(content) <= LARGEST:
                return content
    except OSError as error:
        raise Unreadable(f"cannot be read: {error.strerror}") from None
    finally:
        os.close(descriptor)
    raise Unreadable(f"is larger than {LARGEST // 10**6} MB, which no submission is")


def _text(content: bytes, notes: list[str]) -> str:
    encoding = json.detect_encoding(content)
    if not encoding.startswith("utf-8"):
        notes.append(f"written in {encoding.upper()}")
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise Unreadable("is not text in UTF-8: save it with that encoding") from None


def _parse(text: str, notes: list[str]) -> Any:
    """Return parsed JSON of plain dictionaries, lists, texts and numbers."""

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        table = dict(found)
        if len(table) < len(found):
            notes.append("a key stands twice in one dictionary: the last one counts")
        return table

    try:
        return json.loads(text, object_pairs_hook=pairs, parse_int=_integer)
    except json.JSONDecodeError as error:
        raise Unreadable(f"is no JSON: line {error.lineno}, column {error.colno}") from None
    except RecursionError:
        raise Unreadable("is nested too deeply") from None


def _integer(digits: str) -> int | float:
    """Return an integer; one with more digits than any answer has becomes a float, or inf."""
    return int(digits) if len(digits) <= _LONGEST_INTEGER else float(digits)


def _student(written: Any) -> str:
    if isinstance(written, int) and not isinstance(written, bool):
        written = str(written)
    if not isinstance(written, str):
        raise Unreadable('has no text "student" with the student\'s id')
    name = unicodedata.normalize("NFC", written)
    if not _ID.fullmatch(name) or len(name.encode()) > 200:
        raise Unreadable(
            f"has the id “{shown(written)}”; an id begins with a letter or digit and has at most "
            "64 letters, digits and signs . _ - @ +"
        )
    return name


def _seed(parsed: Mapping[str, Any]) -> int:
    seed = parsed.get("seed")
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed < 10**12:
        raise Unreadable('has no "seed" from 0 to 999999999999')
    return seed
