"""Files that are made of the package are made once, and again when their sources change."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from gdbook.publish.core import cache, files
from gdbook.publish.core.made_files import write_once


class Book:
    """A book that is built many times, of two files in a folder and one beside it."""

    def __init__(self, folder: Path) -> None:
        self.sources = [folder / "parts", folder / "one.txt"]
        self.static = folder / "html" / "_static"
        self.written = 0
        for path in (folder / "parts" / "a.txt", folder / "parts" / "b.txt", folder / "one.txt"):
            files.write(path, path.stem)

    def write(self, static: Path) -> list[str]:
        self.written += 1
        files.write(static / "deep" / "made.js", "made")
        return ["deep/made.js"]

    def build(self, write: Callable[[Path], list[str]] | None = None) -> int:
        """Build; return how often the files have been written until then."""
        app: Any = SimpleNamespace(outdir=self.static.parent)
        write_once(app, "some", write or self.write, self.sources, ["esbuild"])
        cache.save(app, None)
        return self.written


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return Book(tmp_path)


def test_a_second_build_writes_nothing(book: Book) -> None:
    assert [book.build() for _ in range(3)] == [1, 1, 1]


@pytest.mark.parametrize("changed", ["parts/a.txt", "parts/new.txt", "one.txt"])
def test_a_source_that_changes_is_noticed(book: Book, tmp_path: Path, changed: str) -> None:
    book.build()
    files.write(tmp_path / changed, "other")
    assert [book.build() for _ in range(2)] == [2, 2]


def test_a_source_that_goes_is_noticed(book: Book, tmp_path: Path) -> None:
    book.build()
    (tmp_path / "parts" / "b.txt").rename(tmp_path / "parts" / "c.txt")
    assert book.build() == 2


def test_what_was_removed_is_written_again(book: Book) -> None:
    book.build()
    (book.static / "deep" / "made.js").unlink()
    assert book.build() == 2
    assert (book.static / "deep" / "made.js").read_text() == "made"


def test_a_build_that_fails_is_tried_again(book: Book) -> None:
    def fail(_static: Path) -> list[str]:
        raise OSError("no space left")

    with pytest.raises(OSError, match="no space"):
        book.build(fail)
    assert book.build() == 1
