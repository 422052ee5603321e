"""Figures as a reader meets them: the specimen book, built and driven in Chromium."""

from __future__ import annotations

import io
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page

import builds
from gdbook import style
from shared import Shared
from sites import Site, Watched, sample_config

pytestmark = [pytest.mark.book, pytest.mark.browser]

SPECIMEN = Path(__file__).parent / "figures"
SLIDER = "gd-frames:not(:has(.gd-play))"
MOVIE = "gd-frames:has(.gd-play)"

# Colours of all strokes and fills of a picture, as computed, with their contrast to the paper.
CONTRASTS = """() => {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", {willReadFrequently: true});
  const luminance = (colour) => {
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const part = [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3).map((byte) => {
      const c = byte / 255;
      return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * part[0] + 0.7152 * part[1] + 0.0722 * part[2];
  };
  const [paper, grid] = ["PAPER", "GRID"].map(luminance);
  const found = {};
  for (const part of document.querySelectorAll("path, use")) {
    const {stroke, fill} = getComputedStyle(part);
    for (const colour of [stroke, fill]) {
      if (colour === "none") continue;
      const own = luminance(colour);
      if (own === paper || own === grid) continue;
      const [low, high] = [own, paper].sort((a, b) => a - b);
      found[colour] = (high + 0.05) / (low + 0.05);
    }
  }
  return found;
}"""
THEMES = ("light", "dark")


@pytest.fixture(scope="module")
def specimen(shared: Shared, serve: Any) -> Site:
    """The specimen, built by Jupyter Book with the book's own configuration."""

    def make(folder: Path) -> str | None:
        source = folder / "book"
        shutil.copytree(SPECIMEN, source)
        (source / "references.bib").write_text("")
        (source / "_config.yml").write_text(sample_config(), "utf-8")
        done = builds.jupyter_book(source, "-n", output=folder)
        # Of this page there is nothing to warn; the theme's own tests watch over the rest.
        warned = [line for line in done.stderr.splitlines() if "index.md" in line]
        return done.stdout + done.stderr if done.returncode or warned else None

    site: Site = serve(shared("specimen", make) / "_build" / "html")
    return site


@pytest.fixture
def opened(specimen: Site, watch: Any) -> Any:
    """Open the specimen's page: ``opened(width=390)``."""

    def go(**options: Any) -> tuple[Page, Watched]:
        seen: Watched = watch(**options)
        page = seen.go(f"{specimen.address}/index.html")
        return (page if options.get("java_script_enabled") is False else moving(page)), seen

    return go


def moving(page: Page) -> Page:
    """Wait for the script of figures that move: it comes when one is near, or with a key."""
    page.keyboard.press("Shift")
    page.wait_for_function("!!customElements.get('gd-frames')")
    return page


def pictures(page: Page) -> list[str]:
    """Return the addresses of a page's pictures."""
    found: list[str] = page.evaluate(
        "[...document.querySelectorAll('.gd-figure > img')].map(image => image.src)"
    )
    return found


def ink(page: Page, image: Locator) -> dict[str, int]:
    """Return how many pixels of a picture on the screen have each theme's ink."""
    image.scroll_into_view_if_needed()
    image.evaluate("async image => { await image.decode() }")
    with Image.open(io.BytesIO(image.screenshot(animations="disabled"))) as shot:
        pixels = np.asarray(shot.convert("RGB"))
    counted = {}
    for theme, value in zip(THEMES, style.PALETTE["ink"], strict=True):
        colour = [int(value[i : i + 2], 16) for i in (1, 3, 5)]
        counted[theme] = int((pixels == colour).all(axis=2).sum())
    return counted


def settled_ink(page: Page, image: Locator, theme: str) -> None:
    """Wait until a picture is drawn in a theme's ink, and in no other."""
    other = THEMES[1 - THEMES.index(theme)]
    seen: dict[str, int] = {}
    for _ in range(40):
        seen = ink(page, image)
        if seen[theme] > 50 and seen[other] == 0:
            return
        page.evaluate("new Promise(requestAnimationFrame)")
    raise AssertionError(f"not in the {theme} theme: {seen}")


def set_theme(page: Page, theme: str) -> None:
    page.evaluate("theme => { document.body.dataset.theme = theme }", theme)


def drawn(page: Page, element: str) -> None:
    """Wait until the drawing of a figure that moves has come, as it does when it is near."""
    page.locator(element).scroll_into_view_if_needed()
    page.wait_for_selector(f"{element} > svg")


def visible(page: Page, element: str) -> set[str]:
    """Return the frames that the shown parts of a figure belong to."""
    return set(
        page.evaluate(
            """element => [...document.querySelectorAll(`${element} [data-frames]`)]
            .filter(part => getComputedStyle(part).display !== "none")
            .map(part => part.dataset.frames)""",
            element,
        )
    )


def belongs(runs: str, frame: int) -> bool:
    ends = [[int(end) for end in run.split("-")] for run in runs.split()]
    return any(run[0] <= frame <= run[-1] for run in ends)


def assert_frame(page: Page, element: str, frame: int) -> None:
    drawn(page, element)
    shown = visible(page, element)
    assert shown
    assert all(belongs(runs, frame) for runs in shown)
    assert page.locator(f"{element} input").input_value() == str(frame)


def test_the_page_is_clean(opened: Any) -> None:
    page, seen = opened()
    assert page.locator("figure .gd-figure").count() == 14
    assert page.locator("figure figcaption").count() == 14
    assert page.locator(".cell_output :not(.gd-figure) > img").count() == 0
    assert page.locator("article").get_by_text("<Axes").count() == 0
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
    assert len(ids) == len(set(ids))
    assert seen.errors == []
    assert seen.outside == []


def test_every_figure_says_what_it_shows(opened: Any) -> None:
    page, _ = opened()
    seen = """[...document.querySelectorAll('.gd-figure > :is(img, svg)')].map(
        e => e.alt ?? e.ariaLabel)"""
    labels = page.evaluate(seen)
    assert len(set(labels)) == 14
    assert all(len(label) > 30 for label in labels)
    drawn(page, MOVIE)  # a drawing that has taken the place of its picture says the same
    drawn(page, SLIDER)
    assert page.evaluate(seen) == labels


@pytest.mark.parametrize("theme", THEMES)
def test_what_is_drawn_stands_out_in_both_themes(opened: Any, specimen: Site, theme: Any) -> None:
    page, _ = opened(scheme=theme)
    paper, grid = (style.PALETTE[name][THEMES.index(theme)] for name in ("paper", "grid"))
    found: dict[str, float] = {}
    # From the disk: alone, a picture is under its host's policy, which forbids its styles.
    for address in pictures(page):
        page.goto(address.replace(specimen.address, f"file://{specimen.folder}"))
        found |= page.evaluate(CONTRASTS.replace("PAPER", paper).replace("GRID", grid))
    assert len(found) >= 8
    assert {colour: value for colour, value in found.items() if value < 3} == {}


def test_colours_follow_the_theme_and_the_system(opened: Any) -> None:
    page, _ = opened()
    image = page.locator(".gd-figure > img").first
    for theme, system, expected in [
        ("light", "dark", "light"),
        ("dark", "light", "dark"),
        ("auto", "light", "light"),
        ("auto", "dark", "dark"),
    ]:
        page.emulate_media(color_scheme=system)
        set_theme(page, theme)
        settled_ink(page, image, expected)
    page.emulate_media(media="print")
    settled_ink(page, image, "light")


def test_an_address_says_the_theme_where_pictures_follow_the_system(
    opened: Any, specimen: Site, watch: Any
) -> None:
    seen = watch(scheme="light")  # as in WebKit, which asks the system
    seen.page.add_init_script(
        "Object.defineProperty(navigator, 'vendor', {get: () => 'Apple Computer, Inc.'})"
    )
    page = seen.go(f"{specimen.address}/index.html")
    image = page.locator(".gd-figure > img").first
    page.evaluate(
        """() => {
            const sheet = new CSSStyleSheet();
            sheet.replaceSync(".gd-figure > img { color-scheme: light }");
            document.adoptedStyleSheets.push(sheet);
        }"""
    )
    for theme, expected in (("dark", "dark"), ("light", "light"), ("auto", "light")):
        set_theme(page, theme)
        page.wait_for_function(
            "theme => document.querySelector('.gd-figure > img').src.endsWith(theme)",
            arg="svg" if theme == "auto" else f"#{theme}",
        )
        settled_ink(page, image, expected)
    other, _ = opened()
    set_theme(other, "dark")
    settled_ink(other, other.locator(".gd-figure > img").first, "dark")
    assert all(address.endswith(".svg") for address in pictures(other))


def test_layers_of_pixels_are_inverted_on_dark_pages(opened: Any, specimen: Site) -> None:
    page, _ = opened()
    layers = []
    for address in pictures(page):
        for theme in THEMES:
            page.emulate_media(color_scheme=theme)
            page.goto(address.replace(specimen.address, f"file://{specimen.folder}"))
            filters = page.evaluate(
                "[...document.querySelectorAll('.gd-raster')].map(e => getComputedStyle(e).filter)"
            )
            layers += [(theme, found.partition("(")[0]) for found in filters]
    assert set(layers) == {("light", "none"), ("dark", "invert")}


def test_a_printed_page_has_all_pictures(opened: Any) -> None:
    page, _ = opened()
    there = "[...document.images].map(image => image.naturalWidth > 0)"
    assert not all(page.evaluate(there))
    page.pdf()
    assert all(page.evaluate(there))  # those far away came for the print


def test_the_slider_is_moved_by_keyboard(opened: Any) -> None:
    page, _ = opened()
    control = page.locator(f"{SLIDER} input")
    assert_frame(page, SLIDER, 0)
    assert control.get_attribute("aria-label") == "ε"
    assert control.get_attribute("aria-valuetext") == "ε = 0.50"
    control.focus()
    page.keyboard.press("ArrowRight")
    assert_frame(page, SLIDER, 1)
    assert control.get_attribute("aria-valuetext") == "ε = 0.40"
    assert page.locator(f"{SLIDER} .gd-value").inner_text() == "ε = 0.40"
    page.keyboard.press("End")
    assert_frame(page, SLIDER, 5)
    page.keyboard.press("ArrowRight")
    assert_frame(page, SLIDER, 5)
    page.keyboard.press("Home")
    assert_frame(page, SLIDER, 0)


def test_the_animation_plays_pauses_and_steps(opened: Any) -> None:
    page, _ = opened()
    play = page.locator(f"{MOVIE} .gd-play")
    assert_frame(page, MOVIE, 30)  # the still
    page.get_by_role("button", name="Previous step").click()
    assert_frame(page, MOVIE, 29)
    page.get_by_role("button", name="Next step").click()
    page.get_by_role("button", name="Next step").click()
    assert_frame(page, MOVIE, 30)
    play.click()  # from the end: once more from the start
    assert play.get_attribute("aria-label") == "Pause"
    page.wait_for_function(
        "[3, 4, 5].includes("
        "document.querySelector('gd-frames .gd-play').closest('gd-frames').frame)"
    )
    play.click()
    assert play.get_attribute("aria-label") == "Play"
    at = int(page.locator(f"{MOVIE} input").input_value())
    page.wait_for_timeout(500)
    assert_frame(page, MOVIE, at)
    play.focus()
    page.keyboard.press("ArrowRight")
    assert_frame(page, MOVIE, at + 1)


def test_reduced_motion_steps_no_faster_than_once_a_second(opened: Any) -> None:
    page, _ = opened(reduced_motion="reduce")
    page.clock.install(time=0)
    page.reload()
    moving(page)
    page.clock.pause_at(3_600_000)
    page.locator(f"{MOVIE} .gd-play").click()
    page.clock.run_for(900)
    assert_frame(page, MOVIE, 0)
    page.clock.run_for(200)
    assert_frame(page, MOVIE, 1)


def test_keys_do_not_reach_the_page(opened: Any) -> None:
    page, _ = opened()
    page.evaluate("window.heard = []; document.addEventListener('keydown', e => heard.push(e.key))")
    page.locator(f"{MOVIE} .gd-play").focus()
    for key in ("ArrowRight", "Space", "Escape", "Tab"):
        page.keyboard.press(key)
    assert page.evaluate("heard") == ["Escape", "Tab"]


def test_a_finger_moves_the_slider(opened: Any) -> None:
    page, _ = opened(width=390, has_touch=True)
    control = page.locator(f"{SLIDER} input")
    control.scroll_into_view_if_needed()
    box = control.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    page.touchscreen.tap(box["x"] + box["width"] - 4, box["y"] + box["height"] / 2)
    assert_frame(page, SLIDER, 5)


def test_without_a_script_the_still_stands_alone(opened: Any) -> None:
    page, _ = opened(java_script_enabled=False)
    still = page.locator(f"{MOVIE} > img")
    assert still.is_visible()
    settled_ink(page, still, "light")
    assert not page.locator(f"{MOVIE} .gd-controls").is_visible()


def test_nothing_moves_while_the_page_loads(opened: Any) -> None:
    page, _ = opened()
    heights = "[...document.querySelectorAll('gd-frames')].map(e => e.offsetHeight)"
    for element in (SLIDER, MOVIE):
        drawn(page, element)
    upgraded = page.evaluate(heights)
    page.route("**/*.js*", lambda route: route.abort())
    page.reload()
    assert page.evaluate(heights) == upgraded


@pytest.mark.parametrize("width", [390, 820, 1440])
def test_figures_fit_and_are_read_at_every_width(opened: Any, width: int) -> None:
    page, _ = opened(width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    boxes = page.evaluate(
        """Promise.all([...document.querySelectorAll('.gd-figure > :is(img, svg)')].map(
          async image => {
            const own = image.getBoundingClientRect();
            const cell = image.closest('.cell').getBoundingClientRect();
            image.loading = "eager";
            await image.decode?.();
            const width = image.viewBox?.baseVal.width ?? image.naturalWidth * 0.75;
            const inside = own.left >= cell.left && own.right <= cell.right;
            return [inside, own.width / width * 12 * 0.75];
          }))"""
    )
    assert all(inside for inside, _ in boxes)
    assert min(points for _, points in boxes) >= 8  # 12 pt as drawn, in CSS points


def test_the_script_runs_from_a_file(specimen: Site, watch: Any) -> None:
    page = watch().page
    page.goto((specimen.folder / "index.html").as_uri())
    moving(page)
    page.locator(f"{SLIDER} input").focus()
    page.keyboard.press("End")
    assert_frame(page, SLIDER, 5)
