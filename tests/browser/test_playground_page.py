"""The playground's page in the built book: its experiments lead to their states; its decks."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl

import pytest
from asking import drawn
from playwright.sync_api import Page

from contents import source
from gdbook.plots.play import State, words
from gdbook.plots.play.state import METHODS
from sites import Site

pytestmark = [pytest.mark.book, pytest.mark.browser]

PAGE = "book/practice/playground"
ROOM = "document.querySelector('gd-play').playground"
PLACED = re.compile(r"^playground\(", re.MULTILINE)


def state_of(query: str) -> State:
    """Read a link's state by a way of its own."""
    said = dict(parse_qsl(query))
    eta = {name: float(said.pop(name)) for name in list(said) if name in METHODS}
    x, y = map(float, said.pop("start").split(","))
    whole = ("batch", "seed", "steps", "linear", "blind")
    numbers: dict[str, Any] = {
        name: int(value) if name in whole else float(value)
        for name, value in said.items()
        if name != "f"
    }
    return State(f=said["f"], start=(x, y), eta=eta, **numbers)


def opened(page: Page) -> Page:
    page.wait_for_function(f"document.querySelector('gd-play') && {ROOM}")
    return page


def test_each_experiment_sets_its_state(book_site: Site, watch: Any) -> None:
    page = opened(watch(reduced_motion="reduce").go(book_site.url(PAGE)))
    links = page.locator("a.gd-try").all()
    assert 5 <= len(links) == source(PAGE).count("remove-input, try") <= 8
    for link in links:
        query = (link.get_attribute("href") or "").removeprefix("?")
        state = state_of(query)
        assert state.query == query
        link.click()
        page.wait_for_function("(f) => " + ROOM + ".state.f === f", arg=state.f)
        drawn(page)
        shown = {
            row.locator(".gd-method").inner_text().strip(): row.locator(".gd-says").inner_text()
            for row in page.locator(".gd-row").all()
        }
        assert shown == words.of_all(state, state.steps)
        hidden = page.get_by_text("The map is hidden.").is_visible()
        assert hidden == bool(state.blind)


def test_a_link_opens_the_state_on_a_page_of_its_own(book_site: Site, watch: Any) -> None:
    query = "f=himmelblau&start=0,0.5&sgd=0.01&steps=30"
    page = opened(watch().go(f"{book_site.url(PAGE)}?{query}"))
    assert page.locator(".gd-says").all_inner_texts() == list(
        words.of_all(state_of(query), 30).values()
    )


@pytest.mark.parametrize(
    "chapter", ["book/calculus/gradients", "book/optimizers/momentum", "book/optimizers/adaptive"]
)
def test_chapters_and_their_decks_have_one(book_site: Site, watch: Any, chapter: str) -> None:
    assert len(PLACED.findall(source(chapter))) == 1
    page = watch().go(book_site.url(chapter))
    page.locator("gd-play").scroll_into_view_if_needed()
    opened(page)
    assert page.evaluate(f"{ROOM}.step === {ROOM}.state.steps")
    deck = watch(height=720).go(f"{book_site.address}/slides/{chapter}.html")
    deck.wait_for_selector("html[data-deck=ready]")
    deck.evaluate(
        """() => {
          const slide = Reveal.getSlides().find((one) => one.querySelector("gd-play"));
          const { h, v } = Reveal.getIndices(slide);
          Reveal.slide(h, v, 99);
        }"""
    )
    opened(deck)
    # A slide asks first: nothing has run, and keys on the figure do not turn the slide.
    assert deck.evaluate(f"{ROOM}.step") == 0
    before = deck.evaluate("location.hash")
    deck.locator(".gd-body").get_by_role("button", name="One step").click()
    deck.locator(".gd-bar input").focus()
    deck.keyboard.press("ArrowRight")
    assert deck.evaluate(f"{ROOM}.step") == 2
    assert deck.evaluate("location.hash") == before
    inside = deck.evaluate(
        """() => {
          const body = document.querySelector(".gd-body");
          const own = body.getBoundingClientRect();
          const all = Reveal.getViewportElement().getBoundingClientRect();
          return own.bottom <= all.bottom && own.right <= all.right && own.top >= all.top;
        }"""
    )
    assert inside
