"""A table of contents that names what is not there."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_book import SmallBook

from gdbook.publish.myst.toc_check import missing

SUFFIXES = [".md", ".ipynb"]


def test_a_chapter_that_is_not_there_is_named_with_its_line_and_the_nearest(
    tmp_path: Path,
) -> None:
    book = SmallBook(tmp_path)
    book.names[1] = "dates"
    book.write_toc()
    (found,) = missing(tmp_path, tmp_path / "_toc.yml", SUFFIXES, set())
    expected = "_toc.yml:5 names book/dates, but there is no such file; did you mean book/data?"
    assert found == expected


def test_a_complete_one_is_silent_and_built_copies_do_not_count(tmp_path: Path) -> None:
    book = SmallBook(tmp_path)
    assert missing(tmp_path, tmp_path / "_toc.yml", SUFFIXES, set()) == []
    (tmp_path / "_build" / "book").mkdir(parents=True)
    (tmp_path / "book/alone.md").rename(tmp_path / "_build/book/alone.md")
    assert len(missing(tmp_path, tmp_path / "_toc.yml", SUFFIXES, {"_build"})) == 1
    del book


@pytest.mark.book
def test_it_stops_the_build_and_leaves_the_site(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = SmallBook.warm(tmp_path, monkeypatch)
    book.build()
    before = book.site()
    book.names.append("another")
    book.write_toc()
    log = book.command(ok=False).log
    assert "_toc.yml:7 names book/another, but there is no such file" in log
    assert book.site() == before
