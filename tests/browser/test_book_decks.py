"""The book's own decks: nothing sticks out, and each can be driven from end to end.

A deck is loaded once as on a screen, and asked all there is to ask of it there; once as for paper,
and once from a folder. One worker runs all tests of a deck.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pytest
import yaml
from asking import drawn, violations
from bs4 import BeautifulSoup

from builds import ROOT
from contents import CHAPTERS
from gdbook.publish.audit.chapter import SLIDES, SLIDES_HELD
from gdbook.publish.formats.slides.fit import Misfit, measure
from sites import Site, Watch, inline

pytestmark = [pytest.mark.book, pytest.mark.browser]

HELD = yaml.safe_load((ROOT / "_config.yml").read_text())["sphinx"]["config"]["audit_standard"]
each_deck = pytest.mark.parametrize("name", CHAPTERS)

SMALLEST_LETTERING = 20  # pixels of a slide of 720
# Matplotlib draws a letter as an outline of 100 units, scaled to the size of the font.
PAINTED = """(theme) => {
    document.body.dataset.theme = theme;
    for (const ground of document.querySelectorAll(".reveal, .pdf-page"))
        ground.style.background = "var(--paper)";
}"""
PLACES = """() => [
    ...document.querySelectorAll(".slides, .to-page, .slide-number, .controls button")]
    .filter((part) => part.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
    .map((part) => part.getBoundingClientRect())
    .map(({ left, top, right, bottom }) => [left, top, right, bottom])"""
LETTERING = """() => Reveal.getSlides().flatMap((slide) => {
    const { h, v } = Reveal.getIndices(slide);
    Reveal.slide(h, v ?? 0, 99);
    return [...slide.querySelectorAll("svg[role=img]")].flatMap((drawing) => {
        const shown = drawing.getBoundingClientRect().width / drawing.viewBox.baseVal.width;
        const words = [...drawing.querySelectorAll('g[transform*="scale("]')];
        return words.filter((word) => shown && word.querySelector("use")).map((word) => ({
            slide: `${h}/${v ?? 0}`,
            size: 100 * shown * Number(/scale\\(([\\d.]+)/.exec(word.getAttribute("transform"))[1]),
        }));
    });
})"""


# Whether the slide shown has notes, and which it is: no two states of a drive are the same.
STATE = """() => [JSON.stringify(Reveal.getIndices()),
    !!Reveal.getCurrentSlide().querySelector("aside.notes")]"""
# What the first slide says, the heading of the last of the core, and what that says beside tables.
ENDS = """() => {
    const core = Reveal.getHorizontalSlides().map((s) => s.querySelector("section") || s);
    const seen = (slide) => {
        const copy = slide.cloneNode(true);
        copy.querySelectorAll("aside.notes, table").forEach((one) => one.remove());
        return copy.textContent;
    };
    const end = core.at(-1);
    return [seen(core[0]), end.querySelector("h1, h2, h3").textContent, seen(end)];
}"""


@dataclass
class Driven:
    """What was seen of a deck: as it was driven, then slide by slide, then in small windows."""

    total: int
    ends: list[str]
    notes: int
    arrived: bool
    passed: int
    words: list[dict[str, Any]]
    slides: list[Misfit]
    places: dict[tuple[int, int], list[list[float]]]
    outside: list[str]
    errors: list[str]


@pytest.fixture(scope="session")
def _driven() -> dict[str, Driven]:
    return {}


@pytest.fixture
def driven(book_site: Site, watch: Watch, name: str, _driven: dict[str, Driven]) -> Driven:
    """What a browser showed of a deck."""
    if name not in _driven:
        _driven[name] = drive(watch, book_site.url(f"slides/{name}"), name)
    return _driven[name]


def drive(watch: Watch, url: str, name: str) -> Driven:
    """Go through a deck by its keys; then, without motion, measure it and make it small."""
    seen = watch(width=1280, height=720)
    page = seen.page
    page.goto(url)
    page.wait_for_selector("html[data-deck=ready]")
    total, ends = page.evaluate("Reveal.getTotalSlides()"), page.evaluate(ENDS)
    met, notes = set(), 0
    for _ in range(4 * total):
        at, noted = page.evaluate(STATE)
        if at in met:
            break
        met.add(at)
        notes += noted
        page.keyboard.press("Space")
    arrived = page.evaluate("Reveal.isLastSlide()")
    passed = page.evaluate("Reveal.getSlidePastCount()")
    page.emulate_media(reduced_motion="reduce")
    slides = measure(page, url, name)
    words = page.evaluate(LETTERING)
    places = {}
    for width, height in ((320, 568), (640, 360)):
        page.set_viewport_size({"width": width, "height": height})
        drawn(page)
        places[width, height] = page.evaluate(PLACES)
    return Driven(
        total, ends, notes, arrived, passed, words, slides, places, seen.outside, seen.errors
    )


def test_every_chapter_has_a_deck(book_site: Site) -> None:
    folder = book_site.folder / "slides"
    decks = {p.relative_to(folder).with_suffix("").as_posix() for p in folder.rglob("*.html")}
    assert decks == set(CHAPTERS)


@each_deck
def test_axe_finds_nothing_on_any_slide(book_site: Site, watch: Watch, name: str) -> None:
    # For paper all slides are there at once, and reveal.js paints their ground: in the dark, too.
    page = watch(width=1280, height=720, reduced_motion="reduce").page
    page.goto(f"{book_site.url(f'slides/{name}')}?print-pdf")
    page.wait_for_selector("html[data-deck=ready]")
    assert page.locator(".pdf-page").count() >= 20
    found = {}
    for theme in ("light", "dark"):
        page.evaluate(PAINTED, theme)
        drawn(page)
        found[theme] = violations(page)
    assert found == {"light": [], "dark": []}


@each_deck
def test_a_deck_opens_from_a_folder(book_site: Site, watch: Watch, name: str) -> None:
    seen = watch()
    page = seen.go(book_site.file(book_site.url(f"slides/{name}")).as_uri())
    page.wait_for_selector("html[data-deck=ready]")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("Reveal.getIndices().h") == 1
    assert seen.outside == []
    assert seen.errors == []


@each_deck
def test_nothing_is_inline_in_a_deck(book_site: Site, name: str) -> None:
    assert inline(book_site.text(f"slides/{name}")) == []


@each_deck
def test_a_deck_is_whole_on_a_phone_and_at_twice_the_size(driven: Driven) -> None:
    for (width, height), places in driven.places.items():
        for left, top, right, bottom in places:
            assert left >= -1
            assert top >= -1
            assert right <= width + 1
            assert bottom <= height + 1


@each_deck
def test_no_slide_of_the_book_overflows(driven: Driven) -> None:
    assert len(driven.slides) >= 20
    assert [str(slide) for slide in driven.slides if slide.across > 0 or slide.down > 0] == []


def wordless(html: str) -> list[str]:
    """Return the headings of the slides on which no sentence says why their contents are there.

    A sentence has three words, in a paragraph, a list, a caption or a box; those in formulas, code,
    what it prints and tables that stand alone don't count, nor do headings and notes.
    """
    found = []
    for slide in BeautifulSoup(html, "html.parser").select(".slides section:not(:has(section))"):
        heading = slide.select_one("h1, h2, h3")
        for part in slide.select("aside, h1, h2, h3, math, .cell_input, pre"):
            part.extract()
        said = slide.select("p, li, figcaption, caption, .admonition, .proof")
        outside = [one for one in said if one.find_parent("table") is None]
        text = " ".join(one.get_text(" ") for one in [*outside, *slide.select("caption")])
        if len(re.findall(r"[^\W\d_]{2,}", text)) < 3:
            found.append(heading.get_text(" ", strip=True) if heading else "")
    return found


@each_deck
def test_every_slide_has_a_heading(book_site: Site, name: str) -> None:
    slides = book_site.soup(f"slides/{name}").select(".slides section:not(:has(section))")
    assert len(slides) >= 20
    assert [slide.get_text(" ") for slide in slides if slide.find(["h1", "h2", "h3"]) is None] == []


@each_deck
def test_every_slide_says_why_it_is_there(book_site: Site, name: str) -> None:
    assert wordless(book_site.text(f"slides/{name}")) == []


@pytest.mark.parametrize(
    ("body", "silent"),
    [
        ("<div class=math><math><mi>two</mi> <mi>words</mi> <mi>or</mi></math></div>", True),
        (
            "<div class=cell><div class=cell_input><pre>a = b  # one of three</pre></div></div>",
            True,
        ),
        ("<div class=cell><div class=cell_output><pre>loss is small</pre></div></div>", True),
        ("<table><tr><td><p>All in a table</p></td></tr></table>", True),
        ("<aside class=notes><p>Only the speaker says it.</p></aside>", True),
        ("<p>Why?</p>", True),
        ("<p>Its derivative is zero.</p>", False),
        (
            "<div class=cell><figure><figcaption>Ten steps, and one.</figcaption></figure></div>",
            False,
        ),
        ("<div class=admonition><table><tr><td>What is kept</td></tr></table></div>", False),
        ("<table><caption>All in a table</caption></table>", False),
    ],
)
def test_a_slide_that_says_nothing_is_found(body: str, silent: bool) -> None:
    slide = f"<section><h2>A long enough heading</h2><div class=body>{body}</div></section>"
    found = wordless(f"<div class=slides><section>{slide}</section></div>")
    assert found == ["A long enough heading"] * silent


@each_deck
def test_the_lettering_of_figures_is_read_from_the_last_row(driven: Driven) -> None:
    assert len(driven.words) >= 20
    small = {word["slide"] for word in driven.words if word["size"] < SMALLEST_LETTERING}
    assert small == set()


@each_deck
def test_every_deck_is_driven_from_its_first_slide_to_its_last(driven: Driven, name: str) -> None:
    assert driven.total in (SLIDES_HELD if name in HELD else SLIDES)
    assert driven.arrived
    assert driven.passed == driven.total - 1
    assert driven.notes >= driven.total / 2
    assert driven.outside == []
    assert driven.errors == []


@each_deck
def test_every_deck_opens_with_a_question_and_closes_with_the_summary(driven: Driven) -> None:
    first, heading, last = driven.ends
    assert "?" in first
    assert heading == "Summary"
    assert len(last.split()) >= 20  # beside a table, which is no answer
