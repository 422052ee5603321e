"""What a reader searches for, and where that leads: to the section, by word, sign or typo."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from asking import violations
from playwright.sync_api import Page

from builds import ROOT
from sites import Site

pytestmark = [pytest.mark.book, pytest.mark.browser]

#: The first place that each search must name, by the label or the page's own section.
EXPECTED = {
    "gradient": "book/calculus/gradients.html#partial-derivatives-and-the-gradient",
    "zero_grad": "book/optimizers/momentum.html#the-optimizer-object",
    "η": "book/calculus/descent-in-one-dimension.html#against-the-slope",
    "eta": "book/calculus/descent-in-one-dimension.html#against-the-slope",
    "chain rule": "book/calculus/limits-and-derivatives.html#the-rules-each-from-one-equation",
    "Lipschitz": "book/calculus/descent-in-one-dimension.html#a-step-with-a-guarantee",
    "gradiant": "book/calculus/gradients.html#partial-derivatives-and-the-gradient",
    "MSELoss": "book/losses/mse-loss.html#two-names-for-one-loss",
    "momentum": "book/optimizers/momentum.html#a-step-that-remembers",
    "learning rate too large": "book/calculus/descent-in-one-dimension.html#one-factor-tells-all",
    "eigh": "book/calculus/gradients.html#the-second-derivative-is-a-matrix",
    "relu at 0": "book/calculus/limits-and-derivatives.html#points-without-a-derivative",
    # A symbol by its word, and a word that only the index has.
    "condition_number": "book/calculus/descent-in-one-dimension.html#how-fast-in-general",
    "step size": "book/calculus/descent-in-one-dimension.html#against-the-slope",
}
GRADIENTS = "book/calculus/gradients"


def found(page: Page) -> list[str]:
    """Return the addresses of what is listed."""
    links = page.locator(".search-found a").all()
    return [str(link.evaluate("a => a.href")) for link in links]


def ask(page: Page, query: str) -> list[str]:
    """Type into the open search and return what is listed then."""
    page.locator("[role=search] input:visible").last.fill(query)
    page.wait_for_function(
        "query => document.querySelector('.search-found').dataset.query === query", arg=query
    )
    return found(page)


def test_twelve_searches_lead_to_the_right_section(book_site: Site, watch: Any) -> None:
    seen = watch()
    page = seen.go(book_site.url("search"))
    led = {query: ask(page, query)[0] for query in EXPECTED}
    assert led == {query: f"{book_site.address}/{to}" for query, to in EXPECTED.items()}
    assert (seen.outside, seen.errors) == ([], [])


def test_every_place_is_there(book_site: Site) -> None:
    text = (book_site.folder / "_static/search-index.js").read_text("utf-8")
    places = json.loads(text.removeprefix("globalThis.gdbookPlaces=").rstrip().removesuffix(";"))
    addresses = [place[0] for place in places]
    assert len(addresses) == len(set(addresses))
    assert len(addresses) > 500
    for address in addresses:
        name, _, anchor = address.partition("#")
        assert not anchor or anchor in book_site.ids(name.removesuffix(".html")), address
    # A reader sees no marks of references, no code that is folded away, no solution.
    chapters = [place[-1] for place in places if place[1]]
    assert len(chapters) > 300
    for left_out in ("\x02", "say(", 'holds("eq-'):
        assert [words for words in chapters if left_out in words] == []


def test_it_opens_by_key_and_is_used_by_keyboard(book_site: Site, watch: Any) -> None:
    seen = watch()
    page = seen.go(book_site.url(GRADIENTS))
    page.keyboard.press("/")
    assert page.locator(".search-dialog input").evaluate("e => e === document.activeElement")
    page.keyboard.type("Lipschitz")
    page.wait_for_selector(".search-found a")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.matches('.search-found a')")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_url("**/descent-in-one-dimension.html#a-step-with-a-guarantee")
    page.wait_for_function(
        "() => { const top = document.getElementById('a-step-with-a-guarantee')"
        ".getBoundingClientRect().top; return top > -40 && top < innerHeight / 2; }"
    )
    page.keyboard.press("Control+k")
    page.keyboard.press("Escape")
    assert not page.locator(".search-dialog").is_visible()
    assert (seen.outside, seen.errors) == ([], [])


def test_a_place_on_the_same_page_closes_it(book_site: Site, watch: Any) -> None:
    page = watch().go(book_site.url(GRADIENTS))
    page.locator(".sidebar-search").press_sequentially("hess")
    page.locator(".search-dialog input").press_sequentially("ian")
    page.wait_for_selector(".search-found a[href$='#the-second-derivative-is-a-matrix']")
    page.locator(".search-found a").first.click()
    page.wait_for_url("**#the-second-derivative-is-a-matrix")
    assert not page.locator(".search-dialog").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_open_search(book_site: Site, watch: Any, scheme: str) -> None:
    page = watch(width=390, scheme=scheme).go(book_site.url(GRADIENTS))
    page.locator(".search-button").click()
    ask(page, "chain rule")
    assert violations(page, ".search-dialog") == []  # pages are asked by themselves
    edges = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert edges[0] <= edges[1]
    box = page.locator(".search-dialog").bounding_box()
    assert box is not None
    assert box["width"] <= 390
    button = page.locator(".search-close").bounding_box()
    assert button is not None
    assert button["height"] >= 24


def test_it_works_from_a_folder(whole_book: Path, browser: Any) -> None:
    page = browser.new_page()
    page.goto((whole_book / "_build/html/book/preface.html").as_uri())
    page.keyboard.press("/")
    assert ask(page, "gradiant")[0].endswith(EXPECTED["gradiant"])
    page.close()


def test_nothing_is_loaded_before_it_is_used(book_site: Site, watch: Any) -> None:
    seen = watch()
    asked: list[str] = []
    seen.page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    page = seen.go(book_site.url("book/preface"))
    scripts = {"search-index.js", "minisearch.js"}
    assert not scripts & {name.partition("?")[0] for name in asked}
    page.keyboard.press("/")
    ask(page, "loss")
    assert scripts <= set(asked)
    assert not (book_site.folder / "searchindex.js").exists()


def test_what_is_not_there_is_said(book_site: Site, watch: Any) -> None:
    page = watch().go(f"{book_site.url('search')}?q=xylophone")
    page.wait_for_function("document.querySelector('.search-status').textContent")
    assert page.locator(".search-status").inner_text().startswith("Nothing found")
    assert ask(page, "") == []


def test_the_library_is_small_and_free() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text("utf-8"))
    entry = lock["packages"]["node_modules/minisearch"]
    assert entry["license"] == "MIT"
    assert entry["integrity"].startswith("sha512-")
