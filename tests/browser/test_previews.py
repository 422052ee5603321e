"""What a reference leads to is shown beside it: a term, a formula, a work."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from asking import violations
from playwright.sync_api import Locator, Page

from sites import Site

pytestmark = [pytest.mark.book, pytest.mark.browser]

PAGE = "book/calculus/gradients"
TERM = 'article a.reference[href$="#term-partial-derivative"]'
FORMULA = 'article a.reference[href="#equation-def-caratheodory-several"]'
WORK = "article .bibtex-citation a"


def focused(page: Page, selector: str) -> Locator:
    """Reach a link by keyboard and return what is shown beside it."""
    page.keyboard.press("Tab")  # what is focused from now on shows it
    page.locator(selector).first.focus()
    page.wait_for_selector(".preview")
    return page.locator(".preview")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_by_keyboard(book_site: Site, watch: Any, scheme: str) -> None:
    seen = watch(scheme=scheme)
    page = seen.go(book_site.url(PAGE))
    term = focused(page, TERM)
    glossary = book_site.soup("book/reference/glossary").select_one(
        "dt#term-partial-derivative + dd"
    )
    assert glossary is not None
    assert "".join(glossary.get_text().split()) in "".join(term.inner_text().split())
    link = page.locator(TERM).first
    assert link.get_attribute("aria-describedby") == "preview"
    assert violations(page) == []
    page.keyboard.press("Escape")
    assert page.locator(".preview").count() == 0
    assert link.get_attribute("aria-describedby") is None
    formula = focused(page, FORMULA)
    assert formula.locator("math").count() == 1
    # Both in one question: the page may still be scrolling.
    (left, right, top, bottom), (_, _, above, below) = page.evaluate(
        """link => [".preview", link].map((selector) => {
            const box = document.querySelector(selector).getBoundingClientRect();
            return [box.left, box.right, box.top, box.bottom];
        })""",
        FORMULA,
    )
    assert left >= 0
    assert right <= 1440
    assert top >= below or bottom <= above
    assert (seen.outside, seen.errors) == ([], [])


def test_by_pointer_and_it_stays_while_it_is_read(book_site: Site, watch: Any) -> None:
    page = watch().go(book_site.url(PAGE))
    work = page.locator(WORK).first
    said = work.get_attribute("title")
    work.hover()
    page.wait_for_selector(".preview")
    assert page.locator(".preview").inner_text() == said
    assert work.get_attribute("title") is None
    page.locator(".preview").hover()
    page.wait_for_timeout(500)
    assert page.locator(".preview").is_visible()
    page.mouse.move(0, 0)
    page.wait_for_function("!document.querySelector('.preview')")
    assert work.get_attribute("title") == said


def test_on_a_phone_it_stays_inside(book_site: Site, watch: Any) -> None:
    page = watch(width=390).go(book_site.url(PAGE))
    for selector in (TERM, FORMULA, WORK):
        box = focused(page, selector).bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390


def test_from_a_folder_those_of_the_page_work(whole_book: Path, browser: Any) -> None:
    page = browser.new_page()
    page.goto((whole_book / f"_build/html/{PAGE}.html").as_uri())
    assert focused(page, FORMULA).locator("math").count() == 1
    page.close()
