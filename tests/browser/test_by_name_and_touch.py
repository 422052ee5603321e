"""What is used without seeing it, or by a thumb: names, the order of Tab, sizes, columns."""

from __future__ import annotations

from typing import Any

import pytest

from contents import CHAPTERS, PAGES
from sites import Site

pytestmark = [pytest.mark.book, pytest.mark.browser]

# Every link of a list of links and every control, with its height; words in a sentence are exempt.
SMALL = """() => [...document.querySelectorAll(
    ".sidebar-tree a.reference, .toc-tree a.reference, .chapter-tools a, .turn a, .colophon a, "
    + "button, summary, input:not([type=hidden], .sidebar-toggle, .task-list-item-checkbox)")]
  .filter((e) => e.checkVisibility({visibilityProperty: true}) && e.getClientRects().length)
  .filter((e) => !e.closest("label"))
  .map((e) => [e.getBoundingClientRect().height, e.outerHTML.slice(0, 90)])
  .filter(([height]) => height < 23.9)"""

# Each drawer by the box that opens it, and whether one is open and stands still.
DRAWERS = {"__navigation": ".sidebar-drawer", "__toc": ".toc-drawer"}
STANDS = """(selector) => {
    const drawer = document.querySelector(selector);
    const moves = drawer.getAnimations().some((each) => each.playState === "running");
    return !moves && getComputedStyle(drawer).visibility === "visible";
}"""

# Whether the focus goes to a link: not in the same moment as its drawer is seen.
REACHED = """([link, selector]) => {
    document.querySelector(link).focus();
    return !!document.activeElement.closest(selector);
}"""

# Cells of tables with five words or more that are set one or two words to a line.
NARROW = """() => [...document.querySelectorAll("article table.docutils td")].filter((cell) => {
    const words = cell.innerText.trim().split(/\\s+/).length;
    const line = parseFloat(getComputedStyle(cell).lineHeight);
    const range = document.createRange();
    range.selectNodeContents(cell);
    const lines = Math.round(range.getBoundingClientRect().height / line);
    return words >= 5 && !cell.querySelector("math, code") && words / lines < 2;
}).map((cell) => cell.innerText)"""


@pytest.mark.parametrize("name", CHAPTERS)
def test_every_fold_has_a_name_of_its_own(book_site: Site, name: str) -> None:
    folds = book_site.soup(name).select("article summary")
    assert len(folds) > 20
    # A cell has two names, of which one is shown: for when it is closed, and for when it is open.
    names = [(fold.select_one("p.collapsed") or fold).get_text(" ", strip=True) for fold in folds]
    assert sorted({one for one in names if names.count(one) > 1}) == []
    assert not [fold for fold in folds if fold.get("aria-label")]


@pytest.mark.parametrize("drawer", ["", "__navigation", "__toc"])
def test_a_closed_drawer_is_out_of_reach(book_site: Site, watch: Any, drawer: str) -> None:
    page = watch(width=390, height=800, reduced_motion="reduce").go(book_site.url(CHAPTERS[0]))
    if drawer:
        page.evaluate(f"document.getElementById('{drawer}').click()")
        page.wait_for_function(STANDS, arg=DRAWERS[drawer])
    for owner, selector in DRAWERS.items():
        # Furo never shows the first entry of the contents, the page's own title.
        first = f"{selector} :is(.sidebar-tree, ul ul) a"
        if owner == drawer:
            page.wait_for_function(REACHED, arg=[first, selector])
        else:
            assert not page.evaluate(REACHED, [first, selector]), selector


@pytest.mark.parametrize("name", PAGES)
def test_what_is_pressed_is_large_enough_and_tables_are_read(
    book_site: Site, watch: Any, name: str
) -> None:
    page = watch(width=390, reduced_motion="reduce").go(book_site.url(name))
    small = page.evaluate(SMALL)
    assert page.evaluate(NARROW) == []
    for drawer, selector in DRAWERS.items():
        page.evaluate(f"document.getElementById('{drawer}').click()")
        page.wait_for_function(STANDS, arg=selector)
        small += page.evaluate(SMALL)
        page.evaluate(f"document.getElementById('{drawer}').click()")
    assert small == []


def test_a_deck_is_a_main_landmark(book_site: Site, watch: Any) -> None:
    page = watch().go(f"{book_site.address}/slides/{CHAPTERS[2]}.html")
    page.wait_for_selector(".reveal[role=application]")  # by reveal.js
    assert page.get_by_role("main").locator(".reveal .slides").count() == 1
