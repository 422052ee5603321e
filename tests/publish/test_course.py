"""The table of chapters: what each needs, its minutes and slides, in every format and build."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

BOX = ":::{{admonition}} In this chapter\n:class: objectives\n{}\n:::\n\n"
WORDS = " ".join(["word"] * 1000)
PAGES = {
    "index": "# Index\n\n```{toctree}\n:numbered:\n\nfirst\nsecond\n```\n"
    "```{toctree}\n\nplan\nnotes\n```\n",
    "first": "(sec-first)=\n# First\n\n" + BOX.format("**You need** nothing.") + WORDS,
    "second": "(sec-second)=\n# Second\n\n"
    + BOX.format("**You need** {ref}`sec-first`, {ref}`sec-first` and {ref}`sec-below`.")
    + "(sec-below)=\n## Below\n\n"
    + WORDS
    + WORDS,
    "plan": "# Plan\n\n```{chapters}\n```\n",
    "notes": "# Notes\n\n" + BOX.format("It has objectives, and is no chapter."),
}


def build(folder: Path, pages: dict[str, str]) -> list[list[str]]:
    """Return the rows of the table."""
    source = folder / "source"
    source.mkdir(parents=True, exist_ok=True)
    (source / "conf.py").write_text("", "utf-8")
    for name, text in pages.items():
        if not (source / f"{name}.md").exists() or (source / f"{name}.md").read_text() != text:
            (source / f"{name}.md").write_text(text, "utf-8")
    warnings = io.StringIO()
    with docutils_namespace():
        app = Sphinx(
            str(source), str(source), str(folder / "out"), str(folder / "trees"), "html",
            confoverrides={
                "extensions": ["myst_parser", "gdbook.publish"],
                "gdbook_parts": ["course"],
                "myst_enable_extensions": ["colon_fence"],
                "source_suffix": {".md": "markdown"},
            },
            status=io.StringIO(), warning=warnings,
        )  # fmt: skip
        app.build()
    assert warnings.getvalue() == ""
    page = BeautifulSoup((folder / "out" / "plan.html").read_text("utf-8"), "html.parser")
    links = [a["href"] for a in page.select("table a")]
    assert all(str(link).endswith(".html") for link in links), links
    return [[cell.get_text(" ", strip=True) for cell in row.select("td, th")]
            for row in page.select("table tr")]  # fmt: skip


def test_it_tells_needs_minutes_and_slides_and_follows_a_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = build(tmp_path, PAGES)
    assert rows[0] == ["chapter", "needs", "minutes, core", "minutes, all", "slides, core",
                       "slides, all"]  # fmt: skip
    # 200 words a minute: a thousand take five, two thousand ten, and the boxes some seconds.
    assert rows[1:] == [
        ["1. First", "–", "5", "5", "0", "0"],
        ["2. Second", "1", "10", "10", "0", "0"],
    ]
    longer = PAGES | {"first": PAGES["first"] + "\n\n" + WORDS * 3}
    assert build(tmp_path, longer)[1] == ["1. First", "–", "20", "20", "0", "0"]
