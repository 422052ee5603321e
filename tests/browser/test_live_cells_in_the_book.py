"""The book's live cells in Chromium: on each page and deck they say what the build says."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from live_cells import LIVE
from sites import SLOW, Site, Watch

pytestmark = [pytest.mark.book, pytest.mark.browser]


#: What each cell's build printed: the output of the page, without its frame.
BUILT = """all => all.map((cell) =>
  [...cell.querySelectorAll(".cell_output .output pre")].map((pre) => pre.textContent).join(""))"""
SHOWN = "all => all.map((cell) => cell.querySelector('.live-text').textContent)"


@pytest.mark.parametrize("name", LIVE)
def test_a_page_s_cells_print_in_the_page_what_torch_printed(
    book_site: Site, watch: Watch, name: str
) -> None:
    seen = watch()
    page = seen.go(book_site.url(name))
    cells = page.locator(".cell.tag_live")
    expect(cells).to_have_count(len(LIVE[name]))
    built = cells.evaluate_all(BUILT)
    assert any(built)
    for number in range(len(LIVE[name])):
        cell = cells.nth(number)
        cell.scroll_into_view_if_needed()
        cell.get_by_role("button", name="Edit and run").click()
        expect(cell.get_by_role("textbox")).to_be_focused(timeout=SLOW)
        cell.get_by_role("textbox").press("Control+Enter")
        expect(cell.locator(".live-note")).to_contain_text("Ran in this page", timeout=SLOW)
    assert [text.strip() for text in cells.evaluate_all(SHOWN)] == [text.strip() for text in built]
    assert seen.errors == seen.outside == []


@pytest.mark.parametrize("name", LIVE)
def test_a_deck_s_cells_run_on_their_slide(book_site: Site, watch: Watch, name: str) -> None:
    seen = watch(height=720)
    page = seen.page
    page.goto(book_site.url(f"slides/{name}"))
    page.wait_for_selector("html[data-deck=ready]")
    elements = page.locator("gd-code")
    for number in range(elements.count()):
        element = elements.nth(number)
        element.evaluate(
            """(cell) => {
                const { h, v } = Reveal.getIndices(cell.closest("section:not(.stack)"));
                Reveal.slide(h, v ?? 0, 99);
            }"""
        )
        element.get_by_role("button", name="Edit and run").click()
        cell = page.locator(".cell:has(gd-code)").nth(number)
        area = cell.get_by_role("textbox")
        expect(area).to_be_focused(timeout=SLOW)
        at = page.evaluate("JSON.stringify(Reveal.getIndices())")
        area.click()
        page.keyboard.press("ArrowRight")
        expect(area).to_be_focused()
        area.press("Control+Enter")
        expect(cell.locator(".live-note")).to_contain_text("Ran in this page", timeout=SLOW)
        assert page.evaluate("JSON.stringify(Reveal.getIndices())") == at, "the key turned the page"
    assert seen.errors == seen.outside == []
