"""The book's own decks: nothing sticks out, and each can be driven from end to end."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser

from conftest import Site
from gdbook.publish.formats.slides.fit import misfits


@pytest.mark.browser
@pytest.mark.book
def test_no_slide_of_the_book_overflows(book_site: Site, browser: Browser) -> None:
    assert [str(found) for found in misfits(book_site.folder, browser)] == []


@pytest.mark.browser
@pytest.mark.book
def test_every_deck_is_driven_from_its_first_slide_to_its_last(book_site: Site, watch: Any) -> None:
    decks = sorted((book_site.folder / "slides").rglob("*.html"))
    assert decks
    for deck in decks:
        seen = watch(width=1280, height=720)
        page = seen.go(f"{book_site.address}/{deck.relative_to(book_site.folder).as_posix()}")
        page.wait_for_function("() => window.Reveal && Reveal.isReady()")
        total = page.evaluate("() => Reveal.getTotalSlides()")
        assert 20 <= total <= 40
        met, notes = set(), 0
        for _ in range(4 * total):
            at = page.evaluate("() => JSON.stringify(Reveal.getIndices())")
            if at in met:
                break
            met.add(at)
            notes += page.evaluate("() => !!Reveal.getCurrentSlide().querySelector('aside.notes')")
            page.keyboard.press("Space")
        assert page.evaluate("() => Reveal.isLastSlide()")
        assert page.evaluate("() => Reveal.getSlidePastCount()") == total - 1
        assert notes >= total / 2
        assert seen.outside == []
        assert seen.errors == []
