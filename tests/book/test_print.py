"""The printed book as it is built: what is in it, where its links lead, what it is made of."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from books import doctree
from bs4 import BeautifulSoup
from docutils import nodes
from fontTools.ttLib import TTFont
from pypdf import PdfReader
from pypdfium2 import PdfDocument

from contents import CHAPTERS, PAGES
from gdbook.publish.core import npm
from gdbook.publish.formats.print.fonts import FONTS
from printed import OUR_FONTS, fonts, links, outline, overlaps, read, tags, texts, words

pytestmark = pytest.mark.book

each_chapter = pytest.mark.parametrize("name", CHAPTERS)

#: The site's front door is not printed.
LEFT_OUT = {"book/index"}


@pytest.fixture(scope="session")
def site(whole_book: Path) -> Path:
    return whole_book / "_build" / "html"


@pytest.fixture(scope="session")
def whole(site: Path) -> PdfReader:
    return read(site / "downhill.pdf")


@pytest.fixture(scope="session")
def pages(whole: PdfReader) -> list[str]:
    return list(texts(whole))


@cache
def page_of(site: Path, name: str) -> BeautifulSoup:
    """Return a page as it was parsed once: to be looked at and left as it is."""
    return BeautifulSoup((site / f"{name}.html").read_text("utf-8"), "html.parser")


def test_it_says_what_it_is(whole: PdfReader) -> None:
    assert whole.metadata is not None
    assert (whole.metadata.title, whole.metadata.author) == ("Downhill", "The Downhill authors")
    assert whole.trailer["/Root"]["/Lang"] == "en"  # type: ignore[index]
    assert whole.metadata.creation_date is None


def test_every_font_is_the_books_and_inside(whole: PdfReader) -> None:
    found = fonts(whole)
    assert all(found.values()), found
    assert all(OUR_FONTS.search(name) for name in found), found


def test_no_letter_is_set_over_another(whole: PdfReader) -> None:
    assert overlaps(whole) == []


def test_nothing_is_left_open(whole: PdfReader) -> None:
    # The page on checks shows names of formulas in its code, and in what that prints.
    said = re.sub(r"eq-(wrong|unclear|half-and-half)", "", words(whole))
    for leftover in ("??", "\\frac", "\\text", "eq-", "sec-", "{n}", "slides-only"):
        assert leftover not in said, leftover


@each_chapter
def test_sections_have_the_numbers_and_names_of_the_page(
    site: Path, whole: PdfReader, name: str
) -> None:
    told = [title for _, title, _ in outline(whole)]
    for heading in page_of(site, name).select("main h1, main h2, main h3"):
        marks = {id(text) for link in heading.select("a.headerlink") for text in link.strings}
        said = "".join(text for text in heading.strings if id(text) not in marks)
        assert " ".join(said.split()) in told


@each_chapter
def test_what_the_page_numbers_has_its_number_in_print(
    site: Path, pages: list[str], name: str
) -> None:
    page, said = page_of(site, name), " ".join(pages).replace("\u00a0", " ")
    numbers = [mark.get_text() for mark in page.select(".eqno")]
    numbers = [re.sub(r"[^()\d.]", "", number) for number in numbers]
    assert len(numbers) > 10
    for number in numbers:
        assert number in said, number
    captions = [c.get_text().strip() for c in page.select(".caption-number")]
    kinds = re.compile(r"(Fig\.|Table|Theorem|Definition|Problem|Algorithm|Lemma) \d+\.\d+")
    named = {found[0] for text in captions if (found := kinds.search(text))}
    assert len(named) > 10
    for numbered in named:
        assert numbered in said, numbered


@each_chapter
def test_every_sentence_is_printed(whole_book: Path, pages: list[str], name: str) -> None:
    """Words of every paragraph that has no formula in it, in the order of the chapter."""

    def plain(text: str) -> str:
        return re.sub(r"[\s\u00ad\u200b\u00a0-]+", "", text)

    said = plain("".join(pages))
    tree = doctree(whole_book, name)
    looked = 0
    for paragraph in tree.findall(nodes.paragraph):
        at = paragraph.parent
        while at is not None and not at.get("slides_only") and at.tagname != "caption":
            at = at.parent
        inline = (nodes.math, nodes.Element)
        if at is not None or any(
            isinstance(c, inline) and not isinstance(c, nodes.emphasis | nodes.strong)
            for c in paragraph.children
        ):
            continue
        looked += 1
        # A page may end within it, after which a head or a folio stands in between.
        text = plain(paragraph.astext())
        assert text[:40] in said or text[-40:] in said, paragraph.astext()
    assert looked > 10


def test_links_lead_to_places_of_the_book(whole: PdfReader) -> None:
    within, outside = links(whole)
    assert len(within) > 150
    for start, to, height in within:
        assert 0 <= to < len(whole.pages), start
        box = whole.pages[to].mediabox
        assert 0 <= height <= float(box.height), start
    for uri in outside:
        assert re.match(r"https://|\./book/", uri), uri


def test_a_figure_that_moves_says_where(site: Path, whole: PdfReader) -> None:
    _, outside = links(whole)
    moving = [uri for uri in outside if uri.startswith("./")]
    assert "It moves in the online book" in words(whole)
    for uri in moving:
        page, _, anchor = uri.removeprefix("./").partition("#")
        html = (site / page).read_text("utf-8")
        assert f'id="{anchor}"' in html
        assert re.search("<gd-(frames|live|play)", html)


def test_equations_and_pictures_carry_words(whole_book: Path, whole: PdfReader) -> None:
    found = tags(whole)
    spoken = {alt for kind, alt in found if kind == "Formula"}
    assert r"h^\star = 2\sqrt{\frac{u M_0}{M_2}}" in spoken
    pictures = {alt for kind, alt in found if kind == "Figure"}
    trees = [doctree(whole_book, name) for name in PAGES if name not in LEFT_OUT]
    shown = [image["alt"] for tree in trees for image in tree.findall(nodes.image)]
    assert shown
    for alt in shown:
        assert alt in pictures


def test_problems_lead_to_their_solutions(pages: list[str], site: Path) -> None:
    said = " ".join(pages).replace("\u00a0", " ")
    problems = set(re.findall(r"Problem (\d+\.\d+) [A-Z]", said))
    assert len(problems) > 8
    assert set(re.findall(r"Solution (\d+\.\d+) [A-Z]", said)) == problems
    for number in re.findall(r"Solution on page (\d+)", said):
        folios = [page for page in pages if page.startswith(f"{number} ") or f" {number}" in page]
        assert any("Solution 1" in page or "Solution " in page for page in folios)
    without = words(read(site / "downhill-without-solutions.pdf"))
    assert "Problem 1.1 One line further" in without
    assert "Solution 1.1" not in without
    assert "Solution on page" not in without


def test_what_stands_in_front_and_behind(whole: PdfReader, pages: list[str]) -> None:
    told = [(depth, title) for depth, title, _ in outline(whole)]
    top = [title for depth, title in told if depth == 0]
    assert top[0] == "Preface"
    assert top[-12:] == [
        "Solutions",
        "Programming lab",
        "The bank of problems",
        "The optimizer playground",
        "For instructors",
        "How this book is checked",
        "Notation",
        "Common mistakes",
        "Glossary",
        "Bibliography",
        "Errata",
        "Index",
    ]
    assert any(title.startswith("I Calculus") for title in top)
    assert "Downhill" in pages[0]
    assert "CC BY 4.0" in pages[1]
    assert pages[2].startswith("Contents")
    assert re.search(r"chain rule, \d+", "".join(pages[-5:]))


def test_chapters_open_without_a_running_head(whole: PdfReader, pages: list[str]) -> None:
    told = outline(whole)
    before = told[: [title for _, title, _ in told].index("Solutions")]
    chapters = [(t, number) for depth, t, number in before if depth == 1 and re.match(r"\d+ ", t)]
    assert len(chapters) == len(CHAPTERS)
    for title, number in chapters:
        assert pages[number].upper().startswith(f"CHAPTER {title.split()[0]} ")


@each_chapter
def test_the_page_links_to_its_chapter_with_and_without_solutions(site: Path, name: str) -> None:
    links = {a.get_text(): a["href"] for a in page_of(site, name).select(".chapter-tools a")}
    kinds = {"PDF": True, "Handout": False}
    for kind, solved in kinds.items():
        sheet = read((site / name).parent / str(links[kind]))
        assert sheet.metadata is not None
        assert sheet.metadata.title == page_title(site, name)
        titles = [title for _, title, _ in outline(sheet)]
        assert any(title.endswith("Problems") for title in titles)
        assert ("Solutions" in titles) == solved
        assert all(fonts(sheet).values())


def page_title(site: Path, name: str) -> str:
    """Return a page's heading without its number and its permanent link."""
    heading = page_of(site, name).select_one("h1")
    assert heading is not None
    words = heading.get_text().strip("#\n ")
    return words.split(maxsplit=1)[1]


def test_other_pages_link_to_the_book_and_the_landing_page_to_both(
    site: Path, whole: PdfReader
) -> None:
    name = "book/reference/notation"
    hrefs = [a["href"] for a in page_of(site, name).select(".chapter-tools a")]
    assert f"../../downhill.pdf#nameddest={name}" in hrefs
    assert name in whole.named_destinations
    landing = [a["href"] for a in page_of(site, "book/index").select(".chapter-tools a")]
    assert landing == ["../downhill.pdf", "../downhill-without-solutions.pdf"]


def test_no_character_is_missing(whole: PdfReader) -> None:
    """Every character is in one of the fonts: Typst sets an empty box for what is in none."""
    known = {0xAD, 0x200B}
    for package, file in FONTS.values():
        with TTFont(npm.package(package) / "files" / f"{file}.woff2", lazy=True) as font:
            known |= set(font.getBestCmap())
    assert {char for char in words(whole) if ord(char) not in known} <= {" "}


def test_nothing_runs_off_a_page(site: Path) -> None:
    document = PdfDocument(site / "downhill.pdf")
    scale, edge = 0.5, 18  # pixels: half an inch of white around everything
    for number in range(1, len(document)):
        ink = document[number].render(scale=scale).to_numpy().min(axis=-1) < 200
        inside = np.zeros_like(ink)
        inside[edge:-edge, edge:-edge] = True
        assert not (ink & ~inside).any(), f"page {number + 1}"
