"""What a page weighs and how calmly it appears: the landing page and the heaviest chapters."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fontTools.ttLib import TTFont

from gdbook.publish.theme import fonts
from gzipped import compressed, served_gzipped
from lacking import lacking
from sites import Site, Watch

pytestmark = [pytest.mark.book, pytest.mark.browser]

FIRST_VIEW = 200_000
"""Bytes that may come before a reader scrolls, everything included."""
PHONE: dict[str, Any] = {"width": 390, "height": 844, "is_mobile": True, "has_touch": True}

#: The upper edges of what a page is made of. Which font comes first is chance, and so what moves on
#: the way; where all stands in the fonts of the reader, and where in the book's, is not.
PLACES = """() => {
  window.parts ??= [...document.querySelectorAll("article :is(h1, h2, p, figure, pre, table)")];
  return window.parts.map((part) => part.isConnected ? part.getBoundingClientRect().top : 1e6);
}"""

#: Where the heading of a section is once it has stayed there for ten pictures, and whether the page
#: ends in the window.
RESTS = """async (id) => {
  const heading = document.getElementById(id).querySelector("h2, h3, h4");
  let [same, top] = [0, NaN];
  while (same < 10) {
    await new Promise(requestAnimationFrame);
    const now = heading.getBoundingClientRect().top;
    same = Math.abs(now - top) < 1 ? same + 1 : 0;
    top = now;
  }
  return [top, scrollY + innerHeight >= document.documentElement.scrollHeight - 2];
}"""


#: Whether the reader has a font of those whose widths the style sheet knows.
KNOWN_FONT = """() => Promise.any([...document.fonts]
  .filter((face) => /Downhill Text (Fallback|Android)/.test(face.family))
  .map((face) => face.load())).then(() => true, () => false)"""


@pytest.fixture(scope="module")
def address(book_site: Site) -> Iterator[str]:
    """The book, served with gzip."""
    with served_gzipped(book_site.folder) as found:
        yield found


@pytest.fixture(scope="module")
def heaviest(book_site: Site) -> list[str]:
    """The landing page, and the two pages whose HTML is heaviest."""
    sizes = {name: len(compressed(book_site.folder / f"{name}.html")) for name in book_site.names}
    return ["book/index", *sorted(sizes, key=lambda name: -sizes[name])[:2]]


def test_no_character_of_the_book_is_missing_from_its_fonts(book_site: Site) -> None:
    """What a cut font lacks, the whole font lacks too."""
    shown: set[str] = set()
    for name in book_site.names:
        for text in book_site.soup(name).find_all(string=True):
            if not text.find_parent(["math", "script", "svg"]):
                shown.update(text)
    assert {"é", "η", "≤"} <= shown
    for name, face in fonts.TEXT.items():
        with TTFont(face.path) as whole, TTFont(book_site.folder / fonts.FOLDER / name) as cut:
            had, kept = whole.getBestCmap().keys(), cut.getBestCmap().keys()
        assert {c for c in shown if ord(c) in had and ord(c) not in kept} == set(), name
        assert len(kept) < len(had)


def received(page: Any) -> list[float]:
    """Return a list that grows by the bytes of each answer, as they come over the wire."""
    sizes: list[float] = []
    client = page.context.new_cdp_session(page)
    client.send("Network.enable")
    client.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    return sizes


def test_the_first_view_is_light(address: str, heaviest: list[str], watch: Watch) -> None:
    weights = {}
    for name in heaviest:
        page = watch(**PHONE).page
        sizes = received(page)
        page.goto(f"{address}/{name}.html", wait_until="networkidle")
        weights[name] = sum(sizes)
    assert {name: size for name, size in weights.items() if size >= FIRST_VIEW} == {}
    assert min(weights.values()) > 50_000  # all was counted: fonts alone are more


@pytest.mark.parametrize("width", [390, 1440])
def test_nothing_moves_while_fonts_arrive(
    book_site: Site, heaviest: list[str], watch: Watch, width: int
) -> None:
    shifts = {}
    for name in heaviest:
        arrive = threading.Event()
        with served_gzipped(book_site.folder, arrive) as address:
            page = watch(width=width, height=900).page
            page.goto(f"{address}/{name}.html", wait_until="domcontentloaded")
            # The page stands there in the reader's own fonts.
            page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length")
            assert page.evaluate("document.fonts.status") == "loading"
            before = page.evaluate(PLACES)
            arrive.set()
            page.wait_for_function("document.fonts.status === 'loaded'")
            page.wait_for_load_state("networkidle")
            if not page.evaluate(KNOWN_FONT):
                lacking("no font like Times is here, as fonts-liberation has it")
            moved = zip(before, page.evaluate(PLACES), strict=True)
            shifts[name] = max(abs(one - other) for one, other in moved if one < 900 > other)
    # Less than half a line: nothing has come to need one line more or less.
    assert {name: shift for name, shift in shifts.items() if shift > 12} == {}


def test_a_page_asks_for_one_style_sheet_and_one_script(
    book_site: Site, heaviest: list[str]
) -> None:
    for name in heaviest:
        soup = book_site.soup(name)
        assert len(soup.select('link[rel="stylesheet"]')) == 1
        waited_for = [str(script["src"]) for script in soup.select("script[src]:not([defer])")]
        assert [Path(path).name.partition("?")[0] for path in waited_for] == ["first.js"]
        assert len(soup.select("script[src][defer]")) == 1


@pytest.mark.parametrize("width", [390, 1440])
def test_links_into_a_long_page_land_at_their_place(
    address: str, heaviest: list[str], watch: Watch, width: int
) -> None:
    page = watch(width=width, height=900).page
    for name in heaviest[1:]:
        page.goto(f"{address}/{name}.html")
        ids = page.evaluate(
            "[...document.querySelectorAll('article section section[id]')].map((one) => one.id)"
        )
        assert len(ids) > 12
        for place in ids[:: len(ids) // 6]:
            page.goto("about:blank")  # a new visit: nothing is laid out but what is on the screen
            page.goto(f"{address}/{name}.html#{place}", wait_until="load")
            page.evaluate("document.fonts.ready.then(() => true)")
            top, at_the_end = page.evaluate(RESTS, place)
            assert -2 <= top < 120 or (at_the_end and top < 900), (name, place, top)
        page.goto(f"{address}/{name}.html")
        for place in ids[:: len(ids) // 6]:  # and from link to link
            page.evaluate("(id) => { location.hash = id }", place)
            top, at_the_end = page.evaluate(RESTS, place)
            assert -2 <= top < 120 or (at_the_end and top < 900), (name, place, top)


def test_what_is_far_is_not_laid_out_and_yet_found(
    address: str, heaviest: list[str], watch: Watch
) -> None:
    page = watch().page
    page.goto(f"{address}/{heaviest[1]}.html")
    laid_out = """[...document.querySelectorAll("section.far")].map(
        (one) => one.querySelector('h2').checkVisibility({ contentVisibilityAuto: true }))"""
    assert page.evaluate(laid_out).count(False) > 3
    # What the browser's own search finds, Tab and selection reach too.
    words = page.locator("section.far p").last.text_content()
    assert words
    wanted = max(words.replace("\n", " ").split("."), key=len)[:40].strip()
    assert page.evaluate("(words) => window.find(words)", wanted)
    page.wait_for_function("scrollY > 2000")
    page.emulate_media(media="print")
    page.wait_for_function(f"{laid_out}.every(Boolean)")
