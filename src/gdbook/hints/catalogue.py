"""The hints of problems, read from the TOML files of this folder and checked."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
MOST = 3
_LABEL = re.compile(r"prob-[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True)
class Hints:
    """The hints to one problem.

    Attributes
    ----------
    label : str
        The problem's, as ``prob-richardson``.
    chapter : str
        The file that they stand in, without its ending.
    texts : tuple of str
        One to three, as Markdown with LaTeX between dollar signs.
    """

    label: str
    chapter: str
    texts: tuple[str, ...]


def catalogue() -> dict[str, Hints]:
    """Return the hints of all problems by label, in the order of their files."""
    files = sorted(FOLDER.glob("*.toml"))
    return _catalogue(tuple((path, path.stat().st_mtime_ns) for path in files))


@cache
def _catalogue(files: tuple[tuple[Path, int], ...]) -> dict[str, Hints]:
    """Read files as they are at a time: the live preview outlives their changes."""
    found: dict[str, Hints] = {}
    for path, _ in files:
        for made in read(path):
            if made.label in found:
                other = found[made.label].chapter
                raise ValueError(f"{path.name}: {made.label} stands in {other}.toml already")
            found[made.label] = made
    return found


def read(path: Path) -> Iterator[Hints]:
    """Read one file.

    Raises
    ------
    ValueError
        With the file, the label and a sentence, for an entry that is no list of hints.
    """
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"{path.name}: {error}") from None
    for label, texts in entries.items():
        wrong = _wrong(label, texts)
        if wrong:
            raise ValueError(f"{path.name}, {label}: {wrong}")
        yield Hints(label, path.stem, tuple(texts))


def _wrong(label: str, texts: Any) -> str:
    """Return what is wrong with an entry, "" if nothing is."""
    if not _LABEL.fullmatch(label):
        return "a label is prob-, then small letters, digits and hyphens"
    if not isinstance(texts, list) or not 1 <= len(texts) <= MOST:
        return f"write a list of one to {MOST} hints"
    for text in texts:
        if not isinstance(text, str) or not text.rstrip("`)").endswith((".", "?")):
            return f"a hint is a text that ends as a sentence does, got {text!r}"
    return "" if len(set(texts)) == len(texts) else "two hints say the same"
