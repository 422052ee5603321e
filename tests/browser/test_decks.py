"""Decks in a real Chromium: from first to last slide, as a teacher gives them."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

import builds
from deckbooks import build_small, small
from gdbook.publish.formats.slides.fit import measure, misfits

pytestmark = [pytest.mark.book, pytest.mark.browser]

DECKS = ("descent", "foreign", "blocks")


@pytest.fixture(scope="module")
def deck_site(deck_book: Path, serve: Any) -> Any:
    return serve(deck_book / "_build" / "html")


@pytest.fixture
def deck(watch: Any, deck_site: Any) -> Iterator[Any]:
    """Open a deck; at the end nothing may have gone wrong."""
    opened = []

    def go(name: str = "descent", after: str = "", **more: Any) -> Page:
        seen = watch(**{"height": 720, "reduced_motion": "reduce", **more})
        opened.append(seen)
        page: Page = seen.go(f"{deck_site.address}/slides/{name}.html{after}")
        page.wait_for_selector("html[data-deck=ready]")
        return page

    yield go
    for seen in opened:
        assert seen.outside == []
        assert seen.errors == []


def shown(page: Page) -> str:
    """Return the text that the audience sees."""
    script = """() => {
      const slide = Reveal.getCurrentSlide();
      const seen = (one) => one.nodeType === Node.TEXT_NODE ? one.textContent
        : one.nodeType !== Node.ELEMENT_NODE || one.matches("aside.notes")
          || getComputedStyle(one).visibility === "hidden" ? ""
        : [...one.childNodes].map(seen).join("");
      return seen(slide).replace(/\\s+/g, " ").trim();
    }"""
    return str(page.evaluate(script))


def last(page: Page) -> bool:
    return bool(page.evaluate("Reveal.isLastSlide() && !Reveal.availableFragments().next"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", DECKS)
def test_a_deck_goes_from_first_to_last_slide_and_back(deck: Any, name: str, scheme: str) -> None:
    page = deck(name, scheme=scheme)
    slides = page.evaluate("Reveal.getTotalSlides()")
    steps = slides + page.evaluate("document.querySelectorAll('.slides .fragment').length")
    states = [shown(page)]
    while not last(page):
        page.keyboard.press("Space")
        states.append(shown(page))
        assert len(states) <= steps
    # Each key brought one more slide or fragment; code that is stepped keeps its words.
    assert len(states) == steps
    for _ in range(steps - 1):
        page.keyboard.press("Shift+Space")
    assert page.evaluate("Reveal.isFirstSlide()")
    assert shown(page) == states[0]


@pytest.mark.parametrize("name", DECKS)
def test_every_slide_is_as_large_as_can_be_read_and_fits(deck: Any, name: str) -> None:
    page = deck(name)
    slides = measure(page, page.url, name)
    assert [slide for slide in slides if slide.across > 0 or slide.down > 0] == []
    sizes = page.evaluate("""() => {
      const walk = (root) => document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
      const small = [];
      for (const slide of Reveal.getSlides()) {
        const texts = walk(slide);
        while (texts.nextNode()) {
          const one = texts.currentNode.parentElement;
          if (!texts.currentNode.data.trim()) continue;
          if (one.closest("aside.notes, math, svg, .footnote-reference, button")) continue;
          const size = parseFloat(getComputedStyle(one).fontSize);
          if (size < (one.closest("pre, code") ? 20 : 28)) small.push([one.outerHTML, size]);
        }
      }
      return small;
    }""")
    assert sizes == []


def test_a_slide_that_overflows_is_named(tmp_path: Path, browser: Browser) -> None:
    words = "A paragraph.\n\n" * 20
    wide = "```\n" + "x" * 120 + "\n```\n"
    slide = '+++ {"slideshow": {"slide_type": "slide"}}\n\n'
    text = f"# One\n\nFine.\n\n{slide}## High\n\n{words}{slide}## Wide\n\n{wide}"
    folder = small(tmp_path / "book", {"part/one": text})
    assert build_small(folder).returncode == 0
    found = list(misfits(folder / "_build" / "html", browser))
    assert [(f.chapter, f.cell, f.heading) for f in found] == [
        ("part/one", 2, "High"),
        ("part/one", 3, "Wide"),
    ]
    high, wide_one = map(str, found)
    assert re.fullmatch(r"part/one: cell 2, line 10 \(“High”\): the slide is \d+ px too high", high)
    assert re.search(r"cell 3, line 54 \(“Wide”\): the slide is \d+ px too wide$", wide_one)
    fit = [sys.executable, "-m", "gdbook.publish.formats.slides.fit"]
    done = builds.run([*fit, folder / "_build" / "html"])
    assert (done.returncode, done.stdout.splitlines()) == (1, [high, wide_one])


def test_no_decks_is_said(tmp_path: Path) -> None:
    done = builds.run([sys.executable, "-m", "gdbook.publish.formats.slides.fit", tmp_path])
    assert done.returncode == 2
    assert "build the book first" in done.stderr


def test_code_is_stepped_line_by_line_in_the_pages_colours(deck: Any) -> None:
    page = deck(after="#sec-code")
    rows = "Reveal.getCurrentSlide().querySelectorAll('.row:not(.dim)')"
    lit = f"() => [...{rows}].map((row) => Number(row.dataset.row))"
    seen = [page.evaluate(lit)]
    for _ in range(3):
        page.keyboard.press("ArrowRight")
        seen.append(page.evaluate(lit))
    assert seen == [[1, 2, 3, 4, 5, 6, 7], [1, 2], [4, 5, 6], [7]]
    page.keyboard.press("ArrowLeft")
    assert page.evaluate(lit) == [4, 5, 6]
    keyword = "() => getComputedStyle(document.querySelector('{} .highlight .k')).color"
    colour = page.evaluate(keyword.format(".slides"))
    page.goto(page.url.replace("/slides/", "/"))
    assert page.evaluate(keyword.format("article")) == colour


def test_a_link_in_the_deck_turns_to_the_slide_and_shows_its_fragment(deck: Any) -> None:
    page = deck(after="#sec-code")
    page.evaluate("() => { location.hash = '#equation-def-step' }")
    page.wait_for_function("Reveal.getCurrentSlide().textContent.includes('One step')")
    page.evaluate("() => { location.hash = '#id1' }")  # the footnote's reference, in a fragment
    page.wait_for_function("Reveal.getCurrentSlide().querySelector('.fragment.visible')")
    # What is not in the deck is on the page.
    link = page.locator("a[href='../descent.html#equation-def-taylor']")
    expect(link).to_have_count(1)


def test_from_the_page_to_its_slides_and_back(watch: Any, deck_site: Any) -> None:
    seen = watch(height=720)
    page = seen.go(f"{deck_site.address}/descent.html")
    tool = page.locator(".chapter-tools a", has_text="Slides")
    button = page.locator(".deck-button")
    expect(tool).to_have_attribute("href", "slides/descent.html")
    expect(button).to_be_hidden()  # while the link above is seen
    page.locator("#seven-lines > h2").evaluate("(one) => one.scrollIntoView()")
    expect(button).to_be_visible()
    expect(button.locator("a")).to_have_attribute("href", "slides/descent.html#seven-lines")
    button.locator("a").click()
    page.wait_for_selector("html[data-deck=ready]")
    assert shown(page).startswith("Seven lines")
    back = page.locator(".to-page")
    expect(back).to_have_attribute("href", "../descent.html#seven-lines")
    page.keyboard.press("t")
    page.wait_for_url("**/descent.html#seven-lines")
    expect(page.locator("#seven-lines > h2")).to_be_in_viewport()
    # From a section that the deck skips: the slide before it. The wheel ends the page's own search
    # for the place of its address.
    at = page.evaluate("scrollY")
    page.mouse.wheel(0, -40)
    page.wait_for_function("(at) => scrollY < at", arg=at)
    page.locator("#details-for-readers > h2").evaluate("(one) => one.scrollIntoView()")
    expect(button.locator("a")).to_have_attribute("href", re.compile("#details-for-readers$"))
    button.locator("a").click()
    page.wait_for_selector("html[data-deck=ready]")
    assert shown(page).startswith("One step")
    assert seen.errors == []


def test_on_a_phone_no_button_covers_the_text(watch: Any, deck_site: Any) -> None:
    page = watch(width=390, height=800, has_touch=True).go(f"{deck_site.address}/descent.html")
    tool = page.locator(".chapter-tools a", has_text="Slides")
    expect(tool).to_be_visible()
    page.locator("#what-it-finds > h2").evaluate("(one) => one.scrollIntoView()")
    expect(tool).not_to_be_in_viewport()
    expect(page.locator(".deck-button")).to_be_hidden()


def test_the_speaker_sees_notes_and_the_next_slide(deck: Any) -> None:
    page = deck(after="#seven-lines")
    with page.context.expect_page() as opened:
        page.keyboard.press("s")
    speaker = opened.value
    notes = speaker.locator(".speaker-controls-notes .value")
    expect(notes).to_contain_text("Step through the lines with the arrow key.")
    expect(speaker.locator(".speaker-controls-time")).to_contain_text(re.compile("Time"))
    upcoming = speaker.frame_locator("#upcoming-slide iframe")
    expect(
        upcoming.locator("section.present > section.present, section.present:not(.stack)").first
    ).to_contain_text("Seven lines")  # the next step of the same code
    for _ in range(4):
        page.keyboard.press("Space")
    expect(speaker.locator(".speaker-controls-notes")).to_have_class(re.compile("hidden"))
    # A note in a fragment is the fragment's.
    page.evaluate("Reveal.slide(1, 0, 0)")
    expect(notes).to_contain_text("steep is not the same as far")
    speaker.close()


def test_the_audience_never_sees_notes(deck: Any) -> None:
    page = deck()
    while not last(page):
        visible = page.locator("aside.notes").evaluate_all("all => all.some((n) => n.offsetParent)")
        assert not visible
        page.keyboard.press("Space")


def test_the_overview_shows_every_slide(deck: Any) -> None:
    page = deck()
    page.keyboard.press("o")
    assert page.evaluate("Reveal.isOverview()")
    page.keyboard.press("Escape")
    assert not page.evaluate("Reveal.isOverview()")


def test_one_page_a_slide_in_print(deck: Any) -> None:
    page = deck(after="?print-pdf", scheme="dark")
    slides = page.locator(".slides section[data-cell]").count()
    expect(page.locator(".pdf-page")).to_have_count(slides)
    # All fragments are there, no line is dimmed, and paper is light.
    assert page.locator(".fragment:not(.visible)").count() == 0
    assert page.locator(".row.dim").count() == 0
    assert page.evaluate("getComputedStyle(document.body).colorScheme") == "light"
    printed = page.pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == slides


# How far a slide's words and drawings are from the left and right edge of its sheet, in pixels.
MARGINS = """() => [...document.querySelectorAll(".pdf-page")].flatMap((sheet) => {
    const page = sheet.getBoundingClientRect();
    const inside = [...sheet.querySelectorAll("section :is(h1, h2, h3, p, pre, math, svg)")];
    const boxes = inside.map((one) => one.getBoundingClientRect()).filter((box) => box.width);
    return boxes.flatMap((box) => [box.left - page.left, page.right - box.right]);
})"""


def test_a_printed_slide_keeps_its_margins(deck: Any) -> None:
    page = deck(after="?print-pdf", width=1280)
    margins = page.evaluate(MARGINS)
    assert len(margins) > 20
    assert min(margins) >= 70


def test_notes_are_printed_each_on_a_sheet_after_its_slide(deck: Any) -> None:
    page = deck(after="?print-pdf&showNotes=separate-page", width=1280)
    notes = page.locator(".speaker-notes-pdf")
    assert notes.count() == deck().locator(".slides aside.notes").count() >= 1
    look = notes.first.evaluate("(box) => getComputedStyle(box)")
    assert float(look["fontSize"].removesuffix("px")) >= 24
    assert float(look["paddingLeft"].removesuffix("px")) >= 70
    assert look["breakAfter"] == "page"


def test_the_printing_key_prints_the_view_that_is_made_for_paper(deck: Any) -> None:
    page = deck()
    # Every frame waits a little, as on a slow machine: sheets are laid out in frames.
    page.add_init_script(
        """const frame = window.requestAnimationFrame.bind(window);
        window.requestAnimationFrame = (then) => setTimeout(() => frame(then), 300);
        window.print = () => {
            document.title = `printed ${document.querySelectorAll(".pdf-page").length}`;
        };"""
    )
    slides = page.locator(".slides section[data-cell]").count()
    page.keyboard.press("Control+p")
    page.wait_for_function("document.title.startsWith('printed')")
    assert page.title() == f"printed {slides}"
    assert "print-pdf" in page.url


def test_a_swipe_turns_the_slide(deck: Any) -> None:
    page = deck(has_touch=True)
    client = page.context.new_cdp_session(page)
    for kind, x in (
        ("touchStart", 900),
        ("touchMove", 500),
        ("touchMove", 300),
        ("touchEnd", None),
    ):
        points = [] if x is None else [{"x": x, "y": 360}]
        client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    page.wait_for_function("Reveal.getIndices().h === 1")


def test_dark_and_light_at_a_key_and_for_the_pages_too(deck: Any) -> None:
    page = deck()
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.keyboard.press("d")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != before
    assert page.evaluate("localStorage.getItem('theme')") == "dark"


def test_after_a_click_the_keys_turn_slides_again(deck: Any) -> None:
    page = deck(after="#watch-out")
    page.locator("details > summary", has_text="A hint").click()
    expect(page.locator("details[open]")).to_have_count(1)
    page.wait_for_function("() => document.activeElement === document.body")
    page.keyboard.press("Space")
    assert shown(page).startswith("Three rates")
    expect(page.locator("details[open]")).to_have_count(1)


def test_each_key_shows_the_next_frame_of_an_animation(deck: Any) -> None:
    page = deck(after="#step-by-step")
    figure = page.locator("section.present gd-frames")
    value = figure.locator(".gd-value")
    for step in range(5):
        expect(value).to_have_text(f"step {step}")
        page.keyboard.press("ArrowRight")
    expect(value).to_have_text("step 5")
    page.keyboard.press("ArrowLeft")
    expect(value).to_have_text("step 4")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    assert shown(page).startswith("When does it converge?")
    # Back on the slide it is as it was left.
    page.keyboard.press("ArrowLeft")
    page.evaluate("() => { location.hash = '#step-by-step' }")
    expect(value).to_have_text("step 5")


def test_an_animation_plays_and_leaves_the_keys_to_the_slides(deck: Any) -> None:
    page = deck(after="#step-by-step")
    figure = page.locator("section.present gd-frames")
    value = figure.locator(".gd-value")
    for _ in range(3):
        figure.get_by_role("button", name="Next step").click()
    expect(value).to_have_text("step 3")
    page.wait_for_function("() => document.activeElement === document.body")
    # The keys go on from where its own controls have led.
    page.keyboard.press("ArrowRight")
    expect(value).to_have_text("step 4")
    # Who tabs to the controls moves the figure.
    figure.get_by_role("button", name="Previous step").focus()
    page.keyboard.press("Enter")
    expect(value).to_have_text("step 3")
    page.keyboard.press("Space")
    expect(value).to_have_text("step 2")
    assert shown(page).startswith("Step by step")


def test_a_printed_deck_shows_the_frame_that_its_author_chose(deck: Any) -> None:
    page = deck(after="?print-pdf")
    expect(page.locator("gd-frames .gd-value").first).to_have_text("step 5")


def test_nothing_fades_for_who_asks_for_less_motion(deck: Any) -> None:
    moving = {}
    for motion in ("reduce", "no-preference"):
        page = deck(after="#three-rates", reduced_motion=motion)
        page.keyboard.press("Space")
        moving[motion] = page.evaluate("document.getAnimations().length")
    assert moving["reduce"] == 0
    assert moving["no-preference"] > 0


def test_tabs_work_on_a_slide(deck: Any) -> None:
    page = deck(after="#three-rates")
    page.keyboard.press("Space")
    page.locator("label", has_text="With torch").click()
    expect(page.locator(".sd-tab-content", has_text="optimizer.step()")).to_be_visible()


def test_slides_hold_the_same_fonts_and_mathematics_as_pages(deck: Any) -> None:
    page = deck(after="#one-step")
    assert page.evaluate("document.fonts.check('34px \"Downhill Label\"')")
    assert page.evaluate("document.fonts.check('34px \"Downhill Math\"', 'η′')")
    number = page.locator("section.present .eqno")
    expect(number.first).to_have_text("(1.1)")


def test_a_deck_without_scripts_names_the_page(browser: Browser, deck_site: Any) -> None:
    context: BrowserContext = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{deck_site.address}/slides/descent.html")
    expect(page.locator("noscript a")).to_have_attribute("href", "../descent.html")
    context.close()


def test_a_deck_opens_from_a_disk(browser: Browser, deck_site: Any) -> None:
    page = browser.new_page()
    page.goto((deck_site.folder / "slides" / "descent.html").as_uri())
    page.wait_for_selector("html[data-deck=ready]")
    page.keyboard.press("Space")
    assert shown(page).startswith("Feel the slope")
    page.close()


def test_on_a_phone_it_is_the_same_deck(deck: Any) -> None:
    page = deck(after="#one-step", width=390, height=800, has_touch=True)
    assert shown(page).startswith("One step")
    box = page.locator(".slides section.present section.present").bounding_box()
    assert box is not None
    assert 370 < box["width"] <= 390
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
