"""The package reference as the book has it: every public name once, and where it is derived."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from bs4 import Tag

from sites import Site
from test_docstrings import DOCUMENTED, PUBLIC

pytestmark = pytest.mark.book

FOLDER = "book/reference/package"


def pages(site: Site) -> list[str]:
    return [name for name in site.names if name.startswith(f"{FOLDER}/")]


def described(site: Site) -> list[Tag]:
    """Return the headings of all descriptions, of functions and classes and not of methods."""
    return [
        head
        for name in pages(site)
        for head in site.soup(name).select("dl.py > dt.sig")
        if head.find_parent("dd") is None
    ]


def test_every_public_name_is_described_exactly_once(book_site: Site) -> None:
    counted = Counter(str(head["id"]) for head in described(book_site))
    public = {f"{m}.{name}" for m, name, it in PUBLIC if type(it).__name__ != "module"}
    assert set(counted) == public
    assert set(counted.values()) == {1}
    for module, page in DOCUMENTED.items():
        heads = book_site.soup(f"{FOLDER}/{page}").find_all("h2")
        assert module in {head.get_text().rstrip("#") for head in heads}


def test_every_description_says_something(book_site: Site) -> None:
    for head in described(book_site):
        told = head.find_next_sibling("dd")
        assert told is not None
        assert len(told.get_text(" ", strip=True).split()) >= 2, head["id"]


def test_derived_in_leads_to_the_section_of_that_title(book_site: Site) -> None:
    found = 0
    for name in pages(book_site):
        for paragraph in book_site.soup(name).select("dd p"):
            sentence = re.search(r"Derived in .*?\.(?: |$)", " ".join(paragraph.text.split()))
            if sentence is None:
                continue
            for title in paragraph.select("a.internal em"):
                link = title.parent
                assert link is not None
                page, _, anchor = str(link["href"]).partition("#")
                there = (book_site.folder / name).parent.joinpath(page).resolve()
                target = there.relative_to(book_site.folder.resolve()).with_suffix("").as_posix()
                soup = book_site.soup(target)
                place = soup.find(id=anchor) if anchor else soup.find("article")
                assert isinstance(place, Tag)
                heading = place.find(re.compile("^h[1-6]$"))
                assert heading is not None
                assert " ".join(title.text.split()) in " ".join(heading.text.split())
                found += 1
    assert found >= 50


def test_formulas_are_set_and_examples_coloured(book_site: Site) -> None:
    soup = book_site.soup(f"{FOLDER}/functions")
    quartic = soup.find(id="gdbook.functions.quartic")
    assert isinstance(quartic, Tag)
    assert quartic.find_next("math") is not None
    assert soup.select(".doctest .highlight span.gp")
    assert ":math:" not in soup.text


def test_no_address_of_memory_is_shown(book_site: Site) -> None:
    for name in pages(book_site):
        text = book_site.soup(name).text
        assert not re.search(r"\b0x[0-9a-f]{6,}|<function|<object|mappingproxy", text), name


def test_it_is_in_neither_the_index_nor_print(book_site: Site) -> None:
    entries = [str(link["href"]) for link in book_site.soup("genindex").select("article a[href]")]
    assert len(entries) > 100
    assert [href for href in entries if href.startswith(FOLDER)] == []
    assert not list((book_site.folder / "print").rglob("*package*"))


def test_a_page_is_no_heavier_than_a_chapter(book_site: Site) -> None:
    weights = [(book_site.folder / f"{name}.html").stat().st_size for name in pages(book_site)]
    assert max(weights) < 300_000


def test_the_search_finds_functions(book_site: Site) -> None:
    index = (book_site.folder / "_static/search-index.js").read_text("utf-8")
    for name in ("gdbook.losses.huber", "gdbook.functions.ravine", "gdbook.autodiff.relu"):
        assert f'"{name}","code"' in index


def test_the_commands_say_what_their_help_says(book_site: Site) -> None:
    soup = book_site.soup(f"{FOLDER}/commands")
    shown = [block.get_text() for block in soup.select("pre")]
    for command, option in {"lab": "--seed", "grade": "--weights", "serve": "--port"}.items():
        assert any(f"usage: gdbook {command}" in text and option in text for text in shown)
