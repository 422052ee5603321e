"""What references to sections say, on pages and in notebooks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from small_book import SmallBook

pytestmark = pytest.mark.book


def test_chapters_are_chapters_and_sections_sections(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = SmallBook.warm(tmp_path, monkeypatch)
    book.edit("_config.yml", "  config:\n", "  config:\n    numfig: true\n")
    book.edit("book/alone.md", "# Alone\n", "(sec-alone)=\n# Alone\n\n(sec-part)=\n## Part\n")
    book.edit(
        "book/helped.md",
        "Prose",
        "See {numref}`sec-alone`, {numref}`sec-part`, {numref}`Section %s <sec-part>`. Prose",
    )
    book.write_toc()
    book.edit("_toc.yml", "chapters:", "defaults: {numbered: true}\nchapters:")
    book.build()
    text = re.sub(r"<[^>]+>", "", book.page("helped"))
    assert "See Chapter 3, Section 3.1, Section 3.1. Prose" in text
    assert "See Chapter 3, Section 3.1" in book.read("_build/html/notebooks/book/helped.ipynb")
