"""Numbered references say what Sphinx says, and read no doctree from disk."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sphinx.domains.std import StandardDomain
from sphinx.environment.collectors.toctree import TocTreeCollector
from sphinx_book import SphinxBook, doctrees_read

from gdbook.publish.core import upstream
from gdbook.publish.site import figure_numbers, numrefs

NUMREFS = " ".join(["{numref}`sec-there`, {numref}`fig-there`."] * 10)
PAGES = {
    "index": "# Index\n\n```{toctree}\n:numbered:\n\nhere\nthere\n```\n",
    "here": (
        f"# Here\n\n{NUMREFS}\n\n{{numref}}`number {{number}} <sec-there>`\n\n"
        "{numref}`top`, {numref}`tab`, {numref}`code`, {numref}`second`.\n\n"
        "No number: {numref}`bare`, {numref}`words`, {numref}`absent`.\n"
    ),
    "there": (
        "(top)=\n# There\n\n(sec-there)=\n## Below\n\n"
        "```{figure} x.png\n:name: fig-there\nA.\n```\n\n"
        "(second)=\n```{figure} x.png\n:name: first\nB.\n```\n\n"
        "```{table} C.\n:name: tab\n| a |\n| - |\n| b |\n```\n\n"
        "```{code-block} python\n:caption: D.\n:name: code\nx\n```\n\n"
        "```{figure} x.png\n:name: bare\n```\n\n"
        "(words)=\nA paragraph.\n"
    ),
}


def build(
    folder: Path, parts: list[str], monkeypatch: pytest.MonkeyPatch
) -> tuple[str, list[str], list[str]]:
    """Return the page with the references, the warnings, and which doctrees were read."""
    resolve = upstream.original(numrefs.RESOLVE)
    monkeypatch.setattr(StandardDomain, "_resolve_numref_xref", resolve)
    assign = upstream.original(figure_numbers.ASSIGN)
    monkeypatch.setattr(TocTreeCollector, "assign_figure_numbers", assign)
    read = doctrees_read(monkeypatch)
    book = SphinxBook(folder, PAGES, parts)
    book.build()
    html = book.page("here")
    body = re.search(r"<section id=\"here\">.*?</section>", html, flags=re.DOTALL)
    assert body is not None
    told = book.warned.replace(str(folder), "").splitlines()
    return body[0], [line for line in told if "here.md" in line], read


def test_the_same_words_without_doctrees(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page, told, many = build(tmp_path / "plain", [], monkeypatch)
    ours, said, few = build(tmp_path / "ours", ["site"], monkeypatch)
    assert ours == page
    assert said == told
    assert len(told) == 3
    for shown in ("Section 2.1", "number 2.1", "Fig. 2.1", "Fig. 2.2", "Table 2.1", "Listing 2.1"):
        assert shown in page
    assert many.count("there") > 25  # once a reference
    assert few.count("there") == 2  # for two things without a number; the third is nowhere
