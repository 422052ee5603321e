"""What a reader does on a page: fold, search, switch the theme, print, copy, find the way."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from sites import Site

pytestmark = [pytest.mark.book, pytest.mark.browser]


def test_a_solution_is_folded_and_opens(sample_site: Site, watch: Any) -> None:
    page = watch().go(f"{sample_site.address}/descent.html")
    solution = page.locator("details.solution")
    cell = solution.locator(".cell")
    assert not cell.is_visible()
    summary = solution.locator("summary").first
    summary.scroll_into_view_if_needed()  # what is far from the window is not laid out
    expect(summary).to_have_text(re.compile("^Solution"), use_inner_text=True)
    summary.focus()
    page.keyboard.press("Enter")
    assert cell.is_visible()
    assert "1.0" in cell.inner_text()


def test_hints_and_hidden_code_are_folded(sample_site: Site, watch: Any) -> None:
    page = watch().go(f"{sample_site.address}/descent.html")
    for selector, inside in (
        ("details.hint", "p"),
        (".tag_hide-input details", "pre"),
        (".tag_hide-cell details", "pre"),
    ):
        box = page.locator(selector)
        content = box.locator(f"{inside}:not(summary *)").first
        assert not content.is_visible()
        box.locator("summary").first.click()
        assert content.is_visible()
    # Unfolded code stands where code always stands.
    edges = "e => [e.getBoundingClientRect().left, e.closest('.cell').getBoundingClientRect().left]"
    code, cell = page.locator(".tag_hide-input .cell_input").first.evaluate(edges)
    assert 0 <= code - cell <= 1


def test_what_scrolls_sideways_is_reached_by_keyboard_once_it_is_seen(
    sample_site: Site, watch: Any
) -> None:
    seen = watch(width=390)
    page = seen.go(f"{sample_site.address}/descent.html")
    box = page.locator("details.solution")
    code = box.locator("pre").first
    code.evaluate("e => (e.firstElementChild ?? e).append(' # ' + 'long '.repeat(40))")
    for _ in range(2):  # also when it is folded and opened again
        box.locator("summary").first.click()
        page.wait_for_function("e => e.tabIndex === 0", arg=code.element_handle())
        assert code.evaluate("e => e.scrollWidth > e.clientWidth")
        box.locator("summary").first.click()
        seen.settle()


def test_a_link_into_a_folded_box_opens_it(sample_site: Site, watch: Any) -> None:
    page = watch().go(f"{sample_site.address}/descent.html")
    name = page.locator("details.solution .cell").evaluate("e => (e.id = 'inside')")
    page.evaluate(f"location.hash = '{name}'")
    page.wait_for_function("document.querySelector('details.solution').open")


def test_search_finds_words_of_the_book(sample_site: Site, watch: Any) -> None:
    seen = watch()
    page = seen.go(f"{sample_site.address}/descent.html")
    page.locator(".sidebar-search").press_sequentially("smoothness")
    page.wait_for_selector(".search-found a")
    assert "descent.html" in (page.locator(".search-found a").first.get_attribute("href") or "")
    assert seen.outside == []


def test_the_theme_is_switched_and_kept(sample_site: Site, watch: Any) -> None:
    page = watch().go(f"{sample_site.address}/descent.html")
    paper = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(paper)
    for _ in range(3):
        page.locator(".theme-toggle-content button").click()
        if page.evaluate("document.body.dataset.theme") == "dark":
            break
    dark = page.evaluate(paper)
    assert dark != light
    page.reload()
    assert page.evaluate(paper) == dark


MOVING = """async () => {
    document.body.dataset.theme = "dark";
    document.body.style.fontSize = "19px";
    document.body.getBoundingClientRect();
    const begun = document.getAnimations().length;
    await new Promise(requestAnimationFrame);
    return begun + document.getAnimations().length;
}"""


def test_nothing_moves_for_who_asks_for_less_motion(sample_site: Site, watch: Any) -> None:
    """Nor for a moment: a page of which every element begins to move takes 0.7 s to be drawn."""
    url = f"{sample_site.address}/descent.html"
    assert watch(reduced_motion="reduce").go(url).evaluate(MOVING) == 0


def test_a_cell_and_its_output_are_one_block(sample_site: Site, watch: Any) -> None:
    page = watch().go(f"{sample_site.address}/descent.html")
    code = page.locator(".cell_input").first.bounding_box()
    output = page.locator(".cell_output").first.bounding_box()
    assert code is not None
    assert output is not None
    assert output["y"] - (code["y"] + code["height"]) < 1.5
    assert abs(output["x"] - code["x"]) < 1
    assert abs(output["width"] - code["width"]) < 1


def test_78_columns_of_code_fit(sample_site: Site, watch: Any) -> None:
    page = watch(width=1440).go(f"{sample_site.address}/descent.html")
    room = page.evaluate(
        """() => {
            const pre = document.querySelector(".cell_input pre");
            pre.textContent = "x".repeat(78);
            return pre.clientWidth - pre.scrollWidth;
        }"""
    )
    assert room >= 0


def test_lines_of_prose_have_a_readable_measure(sample_site: Site, watch: Any) -> None:
    page = watch(width=1440).go(f"{sample_site.address}/descent.html")
    lengths = page.evaluate(
        """() => {
            const paragraphs = [...document.querySelectorAll("article section > p")];
            const p = paragraphs.find((p) => p.textContent.includes("hiker"));
            const height = parseFloat(getComputedStyle(p).lineHeight);
            return p.textContent.length / Math.round(p.getBoundingClientRect().height / height);
        }"""
    )
    assert 58 <= lengths <= 75


def test_code_can_be_copied(sample_site: Site, watch: Any) -> None:
    seen = watch(permissions=["clipboard-read", "clipboard-write"])
    page = seen.go(f"{sample_site.address}/descent.html")
    cell = page.locator(".cell_input .highlight").first
    cell.hover()
    cell.locator("button.copybtn").click()
    page.wait_for_function(
        "navigator.clipboard.readText().then((text) => text.includes('learning_rate = 4.0'))"
    )


def test_drawers_open_by_keyboard_on_a_phone(sample_site: Site, watch: Any) -> None:
    page = watch(width=390, height=844).go(f"{sample_site.address}/descent.html")
    page.get_by_role("button", name="Chapters").focus()
    page.keyboard.press("Enter")
    link = page.locator(".sidebar-tree").get_by_role("link", name="Preface")
    page.wait_for_function(
        "document.querySelector('.sidebar-drawer').getBoundingClientRect().left === 0"
    )
    assert link.is_visible()
    page.keyboard.press("Escape")
    page.wait_for_function(
        "document.querySelector('.sidebar-drawer').getBoundingClientRect().right <= 0"
    )


def test_turning_pages(sample_site: Site, watch: Any) -> None:
    page = watch().go(f"{sample_site.address}/preface.html")
    page.locator("a[rel=next]").first.click()
    assert page.url.endswith("/descent.html")
    assert page.locator(".chapter-part").inner_text() == "Calculus you can run"
    page.locator("a[rel=prev]").first.click()
    assert page.url.endswith("/preface.html")


def test_on_paper_there_is_the_text_alone(sample_site: Site, watch: Any) -> None:
    page = watch(scheme="dark").go(f"{sample_site.address}/descent.html")
    page.emulate_media(media="print", color_scheme="dark")
    for hidden in (".sidebar-drawer", ".toc-drawer", ".turn", ".theme-toggle-content"):
        assert not page.locator(hidden).first.is_visible()
    assert page.locator("article details").count() > 1
    assert not any(box.is_visible() for box in page.locator("article details").all())
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    shown = page.evaluate(
        "getComputedStyle(document.querySelector('article a.external'), '::after').content"
    )
    assert "https://example.org" in shown


def test_on_paper_there_is_what_is_open_and_nothing_that_is_folded(
    sample_site: Site, watch: Any
) -> None:
    page = watch().go(f"{sample_site.address}/descent.html")
    page.locator("details.solution > summary").click()
    page.emulate_media(media="print")
    assert page.locator("details.solution .cell").is_visible()
    others = page.locator("article details:not(.solution)")
    assert others.count() >= 1
    assert not any(box.is_visible() for box in others.all())
