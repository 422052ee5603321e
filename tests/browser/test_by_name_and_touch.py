"""What is used without seeing it, or by a thumb: names, and the order of Tab."""

from __future__ import annotations

from typing import Any

import pytest
from asking import DRAWERS, STANDS

from contents import CHAPTERS
from sites import Site

pytestmark = [pytest.mark.book, pytest.mark.browser]

# Whether the focus goes to a link: not in the same moment as its drawer is seen.
REACHED = """([link, selector]) => {
    document.querySelector(link).focus();
    return !!document.activeElement.closest(selector);
}"""


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


def test_a_deck_is_a_main_landmark(book_site: Site, watch: Any) -> None:
    page = watch().go(f"{book_site.address}/slides/{CHAPTERS[2]}.html")
    page.wait_for_selector(".reveal[role=application]")  # by reveal.js
    assert page.get_by_role("main").locator(".reveal .slides").count() == 1
