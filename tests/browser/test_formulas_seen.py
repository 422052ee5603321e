"""Formulas of the sample, drawn by Chromium. What holds for every formula is in `test_pages`."""

from __future__ import annotations

from typing import Any

import pytest
from asking import fonts_used
from playwright.sync_api import expect

from sites import Site

pytestmark = [pytest.mark.book, pytest.mark.browser]


def test_the_oracle_sees_a_missing_glyph(sample_site: Site, watch: Any) -> None:
    page = watch().go(f"{sample_site.address}/mathematics.html")
    page.evaluate("document.querySelector('math').innerHTML = '<mi>ж</mi>'")
    assert set(fonts_used(page, "math mi")[0]) != {"Downhill Math"}


def test_fences_and_roots_stretch(sample_site: Site, watch: Any) -> None:
    page = watch().go(f"{sample_site.address}/mathematics.html")
    heights = page.evaluate(
        """[...document.querySelectorAll("math mo")].filter((m) => m.textContent === "[")
            .map((m) => m.getBoundingClientRect().height)"""
    )
    assert max(heights) > 1.8 * min(heights)
    gaps = page.evaluate(
        """[...document.querySelectorAll("msqrt")].map((root) =>
            root.getBoundingClientRect().right
                - root.lastElementChild.getBoundingClientRect().right)"""
    )
    assert len(gaps) >= 4
    assert max(gaps) < 1.5  # Chromium would leave half a letter's width behind √2


def test_a_wide_formula_scrolls_in_itself(sample_site: Site, watch: Any) -> None:
    page = watch(width=390, height=844).go(f"{sample_site.address}/mathematics.html")
    box = page.locator("#equation-eq-wide .math-scroll")
    assert box.evaluate("e => e.scrollWidth > e.clientWidth + 50")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    number = page.locator("#equation-eq-wide .eqno").bounding_box()
    around = box.bounding_box()
    assert number is not None
    assert around is not None
    assert number["y"] >= around["y"] + around["height"]  # below it: it has the whole width
    assert number["x"] + number["width"] <= 390
    expect(box).to_have_class("math-scroll goes-on-right")
    box.focus()  # by keyboard too
    page.keyboard.press("ArrowRight")
    expect(box).to_have_class("math-scroll goes-on-right goes-on-left")
    box.evaluate("e => e.scrollTo(e.scrollWidth, 0)")
    expect(box).to_have_class("math-scroll goes-on-left")
    page.set_viewport_size({"width": 900, "height": 844})
    number = page.locator("#equation-eq-wide .eqno").bounding_box()
    around = box.bounding_box()
    assert number is not None
    assert around is not None
    assert number["x"] >= around["x"] + around["width"]


def test_a_full_stop_after_a_formula_stays_on_its_line(sample_site: Site, watch: Any) -> None:
    page = watch(width=390, height=844).go(f"{sample_site.address}/mathematics.html")
    lonely = page.evaluate(
        """[...document.querySelectorAll(".formula-end")].filter((end) => {
            const within = end.childNodes.length === 1; // of a formula that may break
            const range = document.createRange();
            const part = "math > :last-child > ";
            range.selectNode(within ? end.querySelector(part + ":last-child") : end.lastChild);
            const stop = range.getBoundingClientRect();
            const formula = within
                ? end.querySelector(part + ":nth-last-child(2)").getBoundingClientRect()
                : end.firstChild.getBoundingClientRect();
            return stop.left < formula.right - 2 || stop.right > innerWidth;
        }).map((end) => end.textContent)"""
    )
    assert lonely == []
