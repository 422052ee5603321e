"""The mark of a place that is still to be written, and the files in which it is looked for.

`gdbook new-chapter` leaves the mark in all that it lays out; the editor names each line that
has it, so that a chapter is not published half written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from gdbook.publish.core.findings import Finding

MARK = "UNWRITTEN:"

STILL = "still to be written: {what}"

EXERCISES = "src/gdbook/exercises"
TESTS = "tests/exercises"
CHANGELOG = "CHANGELOG.md"


def unwritten(lines: Iterable[str]) -> Iterator[Finding]:
    """Find the lines that have the mark; what follows it says what is to be written.

    Parameters
    ----------
    lines : iterable of str
        A page, or a file of any other kind: the mark stands in a comment of that kind.
    """
    for number, line in enumerate(lines, 1):
        _, mark, what = line.partition(MARK)
        if mark:
            yield Finding(number, STILL.format(what=what.removesuffix("-->").strip()))


def companions(docname: str) -> tuple[str, str]:
    """Return the files that hold a chapter's checkers and their tests, from the book's folder.

    Parameters
    ----------
    docname : str
        As ``book/optimizers/stochastic-descent``.
    """
    module = docname.rpartition("/")[2].replace("-", "_")
    return f"{EXERCISES}/{module}.py", f"{TESTS}/test_{module}.py"


def beside(root: Path, chapters: Iterable[str], *others: Path) -> Iterator[tuple[Path, Finding]]:
    """Find the marked lines in what belongs to chapters and is no page.

    Parameters
    ----------
    root : Path
        The book's folder.
    chapters : iterable of str
        The names of their pages.
    *others : Path
        Further files, beside the chapters' companions and the changelog.
    """
    names = [CHANGELOG, *(name for chapter in chapters for name in companions(chapter))]
    for path in [*(root / name for name in names), *others]:
        if path.is_file():
            lines = path.read_text("utf-8").splitlines()
            yield from ((path, found) for found in unwritten(lines))
