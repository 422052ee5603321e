"""Every formula of every page, drawn by Chromium: no error, no glyph from another font."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from fontTools.ttLib import TTFont
from playwright.sync_api import Page

from conftest import Site
from gdbook.publish.math import font_subset

pytestmark = [pytest.mark.book, pytest.mark.browser]


def fonts_used(page: Page, selector: str) -> list[dict[str, int]]:
    """Ask Chromium which fonts it drew each element with: family to number of glyphs."""
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument", {"depth": 0})["root"]["nodeId"]
    found = session.send("DOM.querySelectorAll", {"nodeId": root, "selector": selector})
    used = []
    for node in found["nodeIds"]:
        fonts = session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
        used.append({font["familyName"]: int(font["glyphCount"]) for font in fonts})
    session.detach()
    return used


def test_every_formula_is_drawn_with_the_math_font(any_site: Site, watch: Any) -> None:
    seen = watch()
    count = 0
    for url in any_site.pages():
        page = seen.go(url)
        seen.unfold()
        formulas = page.locator("math").count()
        if not formulas:
            continue
        count += formulas
        assert page.evaluate("document.fonts.check('20px \"Downhill Math\"', 'x')")
        # Chromium reports an element's own text, so every token is asked for.
        for tokens, fonts in (
            ("math :is(mi, mn, mtext)", [{"Downhill Math"}]),
            ("math mo", [{"Downhill Math"}, set()]),  # none: invisible or stretched
        ):
            texts = page.locator(tokens).all_text_contents()
            drawn = fonts_used(page, tokens)
            assert len(texts) == len(drawn)
            strange = [
                (url, text, used)
                for text, used in zip(texts, drawn, strict=True)
                if text.strip() and set(used) not in fonts
            ]
            assert strange == []
        # Each has a size: nothing collapsed, nothing left unset.
        empty = page.evaluate(
            """[...document.querySelectorAll("math")].filter((m) => {
                const box = m.getBoundingClientRect();
                return box.width < 2 || box.height < 2;
            }).map((m) => m.outerHTML)"""
        )
        assert empty == [], url
    assert count > 60


def test_no_formula_is_an_error(any_site: Site) -> None:
    for url in any_site.pages():
        page = BeautifulSoup(any_site.text(url), "html.parser")
        assert page.select(".math-error, merror, math mtext.tml-error") == [], url
        article = page.select_one("article")
        assert article is not None
        for code in article.select("pre, code, script, svg"):
            code.decompose()
        assert "\\begin{" not in article.get_text(), url


def test_the_font_has_every_letter_of_every_formula(any_site: Site) -> None:
    cmap = TTFont(any_site.folder / "_static/fonts/math.woff2").getBestCmap()
    invisible = {
        *map(chr, range(0x2000, 0x2010)),
        *map(chr, range(0x2060, 0x2065)),
        "\n",
        "\t",
        "\u00ad",
    }
    for url in any_site.pages():
        needed = font_subset.characters(any_site.text(url)) - invisible
        assert {c for c in needed if ord(c) not in cmap} == set(), url


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
    assert number["x"] >= around["x"] + around["width"]
    assert number["x"] + number["width"] <= 390
    box.focus()  # by keyboard too
    page.keyboard.press("ArrowRight")
    page.wait_for_function(
        "document.querySelector('#equation-eq-wide .math-scroll').scrollLeft > 0"
    )


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
