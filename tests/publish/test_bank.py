"""The bank: every problem and quick question of the book, by chapter, with its facts and a link."""

from __future__ import annotations

import io
from pathlib import Path

from bs4 import BeautifulSoup
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

PROBLEM = """\
:::{{problem}} {title}
:label: {label}
:tier: {tier}
:difficulty: {difficulty}
:minutes: {minutes}
:answer: {answer}
:hint: Think.
Do it.
:::

"""
QUICK = ":::{quick} quick-factor\nBy which factor?\n:::\n\n"


def problem(title: str, label: str, *facts: object) -> str:
    tier, difficulty, minutes, answer = facts
    return PROBLEM.format(
        title=title, label=label, tier=tier, difficulty=difficulty, minutes=minutes, answer=answer
    )


PAGES = {
    "index": "# Index\n\n```{toctree}\n:numbered:\n\nfirst\nsecond\n```\n"
    "```{toctree}\n\nbank\nnotes\n```\n",
    "first": "# First\n\n## A part of $x_0$\n\n"
    + QUICK
    + problem("One", "prob-one-of-two", "derive", "easy", 10, "function, one(x)"),
    "second": "# Second\n\n" + problem("Two", "prob-two", "debug", "demanding", 45, "words"),
    "bank": "# Bank\n\n```{bank}\n```\n",
    "notes": "# Notes\n\n" + problem("Three", "prob-three", "debug", "easy", 5, "words"),
}


def build(folder: Path, pages: dict[str, str], builder: str = "html") -> BeautifulSoup:
    """Return the page with the bank."""
    source = folder / "source"
    source.mkdir(parents=True, exist_ok=True)
    (source / "conf.py").write_text("", "utf-8")
    for name, text in pages.items():
        path = source / f"{name}.md"
        if not path.exists() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8")
    warnings = io.StringIO()
    with docutils_namespace():
        app = Sphinx(
            str(source), str(source), str(folder / builder), str(folder / "trees"), builder,
            confoverrides={
                "extensions": ["myst_parser", "gdbook.publish"],
                "gdbook_parts": ["myst", "bank"],
                "myst_enable_extensions": ["colon_fence", "dollarmath"],
                "source_suffix": {".md": "markdown"},
                "numfig": True,
            },
            status=io.StringIO(), warning=warnings,
        )  # fmt: skip
        app.build()
    assert warnings.getvalue() == ""
    made = next((folder / builder).glob("bank.*")).read_text("utf-8")
    return BeautifulSoup(made, "html.parser")


def rows(page: BeautifulSoup) -> list[list[str]]:
    return [
        [cell.get_text(" ", strip=True) for cell in row.select("td")]
        for row in page.select("table.bank tbody tr")
    ]


def test_it_lists_what_the_chapters_hold_and_follows_a_change(tmp_path: Path) -> None:
    page = build(tmp_path, PAGES)
    first, second = rows(page)[:2], rows(page)[2:]
    assert first == [
        ["Quick question 1: A part of x₀", "quick", "–", "2", "number"],
        ["Exercise 1.1 One", "derive", "easy", "10", "function"],
    ]
    assert [row[1:] for row in second] == [["debug", "demanding", "45", "–"]]
    links = {str(a["href"]) for a in page.select("table.bank a")}
    assert links == {
        "first.html#quick-factor",
        "first.html#prob-one-of-two",
        "second.html#prob-two",
    }
    headings = [h.get_text(strip=True).rstrip("¶") for h in page.select("section h2")]
    assert headings == ["1. First", "2. Second"]
    said = page.select_one(".bank-sum")
    assert said is not None
    assert said.get_text() == "3 problems, 1 of them with a checker, and 1 quick questions."
    assert page.find("script", src=lambda src: src is not None and "bank.mjs" in src)

    changed = PAGES | {"second": PAGES["second"].replace("demanding", "moderate")}
    assert rows(build(tmp_path, changed))[2][2] == "moderate"
    fewer = PAGES | {"second": "# Second\n"}
    assert len(rows(build(tmp_path, fewer))) == 2


def test_other_formats_have_a_plain_list(tmp_path: Path) -> None:
    made = " ".join(build(tmp_path, PAGES, "pseudoxml").get_text().split())
    assert "Quick question 1: A part of x₀ (quick, 2 minutes, checked, number)" in made
    assert "One (derive, easy, 10 minutes, checked, function)" in made
    assert "(debug, demanding, 45 minutes, without checker)" in made
