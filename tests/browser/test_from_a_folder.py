"""A page that was copied to a disk: what moves there moves without a server."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from sites import Site, Watch

pytestmark = [pytest.mark.book, pytest.mark.browser]

CHAPTER = "book/optimizers/adaptive"  # with sliders and a playground


def test_sliders_the_playground_and_the_theme_work(book_site: Site, watch: Watch) -> None:
    seen = watch()
    page = seen.go(book_site.file(book_site.url(CHAPTER)).as_uri())
    live = page.locator("gd-live").first
    live.scroll_into_view_if_needed()
    words = live.locator(".gd-answers")
    before = words.inner_text()
    live.locator("input").first.press("Home")
    expect(words).not_to_have_text(before)
    page.locator("gd-play").first.scroll_into_view_if_needed()
    expect(page.locator("gd-play canvas").first).to_be_visible()
    paper = page.locator("body").evaluate("(body) => getComputedStyle(body).backgroundColor")
    page.locator(".theme-toggle-content button").click()  # to the dark
    expect(page.locator("body")).not_to_have_css("background-color", paper)
    assert seen.outside == []
    assert seen.errors == []
