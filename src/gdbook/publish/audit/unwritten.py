"""Nothing that `gdbook new-chapter` laid out is left to be written: on pages, nor beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from gdbook.publish.audit.page import Page
from gdbook.publish.core.findings import Finding
from gdbook.publish.core.unwritten import CHANGELOG, MARK, companions

STILL = "still to be written: {what}"


def unwritten(page: Page) -> Iterator[Finding]:
    """Find the lines of a page that have the mark."""
    return marked(page.source.lines)


def beside(
    root: Path, chapters: Iterable[str], bibliographies: Iterable[Path]
) -> Iterator[tuple[Path, Finding]]:
    """Find the marked lines in what belongs to chapters and is no page.

    Parameters
    ----------
    root : Path
        The book's folder, with the changelog.
    chapters : iterable of str
        The names of the chapters' pages.
    bibliographies : iterable of Path
    """
    names = [CHANGELOG, *(name for chapter in chapters for name in companions(chapter))]
    for path in [*(root / name for name in names), *bibliographies]:
        if path.is_file():
            lines = path.read_text("utf-8").splitlines()
            yield from ((path, found) for found in marked(lines))


def marked(lines: Iterable[str]) -> Iterator[Finding]:
    """Find the lines that have the mark, in a comment of whatever kind.

    What follows it says what is to be written.
    """
    for number, line in enumerate(lines, 1):
        _, mark, what = line.partition(MARK)
        if mark:
            yield Finding(number, STILL.format(what=what.removesuffix("-->").strip()))
