"""The landing page's chapters: each with number, picture, question, and all that is made of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from asking import violations
from bs4 import BeautifulSoup, Tag
from playwright.sync_api import expect

from contents import CHAPTERS
from sites import Site

pytestmark = [pytest.mark.book, pytest.mark.browser]

LANDING = "book/index"
LIMIT = 8192
"""Of a picture, in bytes, as it lies on the disk."""


def cards(site: Site) -> list[Tag]:
    return site.soup(LANDING).select(".chapter-card")


def opened(site: Site, card: Tag) -> str:
    link = card.select_one(".card-title a")
    assert link is not None
    return str((Path(LANDING).parent / str(link["href"])).with_suffix(""))


def links(card: Tag) -> dict[str, str]:
    """Return where a card's links lead, by what they say."""
    return {link.get_text(): str(link["href"]) for link in card.select(".card-links a")}


def test_every_chapter_has_a_card_in_the_book_s_order(book_site: Site) -> None:
    shown = [opened(book_site, card) for card in cards(book_site)]
    assert shown[: len(CHAPTERS)] == CHAPTERS
    assert set(shown) - set(CHAPTERS) == {"book/practice/lab", "book/practice/playground"}
    numbers = [card.select_one(".card-number") for card in cards(book_site)]
    assert [it.get_text() for it in numbers if it] == [str(n + 1) for n in range(len(CHAPTERS))]


def test_a_card_asks_one_question(book_site: Site) -> None:
    for card in cards(book_site):
        said = card.find_all("p", class_=False, recursive=False)
        assert len(said) == 1
        assert said[0].get_text().strip().endswith("?")
        assert said[0].get_text().count("?") <= 2


def test_a_card_links_to_all_that_is_made_of_its_chapter(book_site: Site) -> None:
    folder = (book_site.folder / LANDING).parent
    for number, card in enumerate(cards(book_site), 1):
        found = links(card)
        assert all((folder / href).resolve().is_file() for href in found.values())
        if card.select_one(".card-number") is None:
            continue
        of = f" of Chapter {number}"
        assert set(found) == {
            *(f"{word}{of}" for word in ("Slides", "Notebook", "PDF")),
            *(f"{word}{of}, without solutions" for word in ("Notebook", "PDF")),
        }


def test_a_picture_is_light_and_says_what_it_shows(book_site: Site) -> None:
    folder = (book_site.folder / LANDING).parent
    for card in cards(book_site):
        images = card.select("img")
        assert [str(it["class"]) for it in images] == ["['only-light']", "['only-dark']"]
        assert all(len(str(it["alt"]).split()) >= 6 and it["loading"] == "lazy" for it in images)
        texts = [(folder / str(it["src"])).read_text("utf-8") for it in images]
        assert all(len(text.encode()) < LIMIT for text in texts)
        light, dark = (set(re.findall("#[0-9a-f]{6}", text)) for text in texts)
        assert light
        assert not light & dark
        assert all("style=" not in text and "<path" in text for text in texts)


def test_only_pictures_of_cards_are_there(book_site: Site) -> None:
    shown = {Path(str(img["src"])).name for card in cards(book_site) for img in card.select("img")}
    folder = book_site.folder / "_images/chapters"
    assert {path.name for path in folder.iterdir()} == shown


@pytest.mark.parametrize(("scheme", "other"), [("light", "dark"), ("dark", "light")])
def test_only_the_theme_s_pictures_are_loaded_when_they_come_near(
    book_site: Site, watch: Any, scheme: str, other: str
) -> None:
    seen = watch(width=390, height=700, scheme=scheme)  # the last card is some 4 000 pixels away
    asked: list[str] = []
    seen.page.on("request", lambda request: asked.append(request.url))
    page = seen.go(book_site.url(LANDING))
    assert len([url for url in asked if "/chapters/" in url]) < len(cards(book_site))
    for picture in page.locator(f".card-picture img.only-{scheme}").all():
        picture.scroll_into_view_if_needed()
        loaded = "img => img.complete && img.naturalWidth > 0"
        page.wait_for_function(loaded, arg=picture.element_handle())
    assert all(f"-{other}.svg" not in url for url in asked)
    assert (seen.outside, seen.errors) == ([], [])


def test_the_pictures_are_shown_without_scripts(book_site: Site, watch: Any) -> None:
    page = watch(width=1440, scheme="dark", java_script_enabled=False).page
    page.goto(book_site.url(LANDING))
    expect(page.locator(".card-picture img:visible")).to_have_count(len(cards(book_site)))
    expect(page.locator(".card-picture img.only-light").first).to_be_hidden()


@pytest.mark.parametrize("width", [390, 1440])
def test_cards_are_accessible_and_fit(book_site: Site, watch: Any, width: int) -> None:
    for scheme in ("light", "dark"):
        page = watch(width=width, scheme=scheme).go(book_site.url(LANDING))
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        boxes = [card.bounding_box() for card in page.locator(".chapter-card").all()]
        assert all(box and box["x"] >= 0 and box["x"] + box["width"] <= width for box in boxes)
        columns = len({round(box["x"]) for box in boxes if box})
        assert columns == (1 if width == 390 else 3)


def test_the_picture_opens_the_chapter(book_site: Site, watch: Any) -> None:
    page = watch(width=1440).go(book_site.url(LANDING))
    card = page.locator(".chapter-card").first
    card.locator(".card-picture").scroll_into_view_if_needed()
    box = card.locator(".card-picture").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_url("**/limits-and-derivatives.html")


def test_those_who_teach_and_those_who_look_up_find_their_pages(book_site: Site) -> None:
    soup: BeautifulSoup = book_site.soup(LANDING)
    there = {str(link["href"]).partition("#")[0] for link in soup.select("article a")}
    for page in ("preface", "run-it-yourself", "practice/lab", "practice/playground",
                 "reference/instructors", "reference/notation", "reference/package"):  # fmt: skip
        assert f"{page}.html" in there
