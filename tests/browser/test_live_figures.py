"""Figures that answer, in Chromium, from a file: every value is Python's, by slider and by hand."""

from __future__ import annotations

import gzip
import random
from pathlib import Path
from typing import Any

import pytest
from asking import drawn
from live_figures import all_figures
from playwright.sync_api import Page

from gdbook.plots.live import Answering
from gdbook.plots.live.elements import in_words
from gdbook.publish.figures import SCRIPTS, assets, write_assets
from gdbook.publish.figures.live_controls import live_controls
from gdbook.publish.figures.svg import inline

pytestmark = pytest.mark.browser

SCRIPT = SCRIPTS["gd-live"]


@pytest.fixture(scope="module")
def figures() -> dict[str, Answering]:
    return all_figures()


@pytest.fixture(scope="module")
def folder(figures: dict[str, Answering], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page with all figures, and its assets, as the builder writes them."""
    target = tmp_path_factory.mktemp("live")
    write_assets(target)
    body = ""
    for number, (name, figure) in enumerate(figures.items()):
        made = inline(figure.svg, prefix=f"f{number}", alt=f"The {name}.", images="")
        assert made.live is not None
        body += f'<section id="{name}">{live_controls(made.live, made.html(), "gd-figure")}'
        body += "</section>"
    head = f'<link rel="stylesheet" href="figures.css"><script defer src="{SCRIPT}"></script>'
    (target / "index.html").write_text(
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Live</title>'
        f'<meta name="viewport" content="width=device-width">{head}</head>'
        f'<body data-theme="auto"><main>{body}</main></body></html>'
    )
    return target


@pytest.fixture
def page(folder: Path, watch: Any) -> Page:
    opened: Page = watch().go(f"file://{folder}/index.html")
    return opened


def set_dials(page: Page, name: str, positions: dict[int, float]) -> dict[str, float]:
    """Move sliders by script, as a hand does; return the numbers that the figure then has."""
    moved: dict[str, float] = page.evaluate(
        """async ([name, positions]) => {
          const live = document.querySelector(`#${name} gd-live`).figure;
          for (const [i, share] of Object.entries(positions)) {
            const range = live.ranges[i];
            range.value = Number(range.min) + share * (Number(range.max) - Number(range.min));
            range.dispatchEvent(new Event("input"));
          }
          await new Promise(requestAnimationFrame);
          await new Promise(requestAnimationFrame);
          return live.numbers.inputs;
        }""",
        [name, {str(i): share for i, share in positions.items()}],
    )
    return moved


def answers(page: Page, name: str) -> dict[str, str]:
    """Return what the figure says, by label."""
    lines = page.locator(f"#{name} .gd-answer").all_inner_texts()
    return dict(line.split(": ", 1) for line in lines)


@pytest.mark.parametrize("name", ["parabola", "fit", "valley", "quartics"])
def test_every_value_is_python_s_at_random_positions(
    page: Page, figures: dict[str, Answering], name: str
) -> None:
    assert answers(page, name) == figures[name].evaluate()
    chance = random.Random(name)
    dials = page.locator(f"#{name} input").count()
    for _ in range(12):
        moved = set_dials(page, name, {i: chance.random() for i in range(dials)})
        assert answers(page, name) == figures[name].evaluate(**moved)
    ends = set_dials(page, name, dict.fromkeys(range(dials), 1.0))
    assert answers(page, name) == figures[name].evaluate(**ends)


def test_numbers_are_written_as_python_writes_them(page: Page) -> None:
    """Also in the middle between two: the even one."""
    values = [0.125, 0.375, -0.125, 2.5, 3.5, 1.005, 1e-9, -0.0, 123456.789, 0.1 + 0.2, 1.25e-7]
    forms = [".0f", ".1f", ".2f", ".3f", ".0e", ".1e", ".2e"]
    chance = random.Random(5)
    values += [chance.uniform(-10, 10) * 10 ** chance.randint(-9, 9) for _ in range(300)]
    values += [chance.randint(-999, 999) / 2 ** chance.randint(0, 6) for _ in range(300)]
    got = page.evaluate(
        """([values, forms]) => {
          const { inWords } = document.querySelector("gd-live").constructor;
          return forms.map((form) => values.map((value) => inWords(value, form)));
        }""",
        [values, forms],
    )
    assert got == [[in_words(value, form) for value in values] for form in forms]


def test_lines_go_where_python_draws_them(page: Page, figures: dict[str, Answering]) -> None:
    """At the start the script draws what Matplotlib drew: the still, to a hundredth of a point."""
    boxes = """() => [...document.querySelectorAll("[data-live]")].map((g) => {
      const line = [...g.children].find((child) => child.tagName === "path");
      const box = (line ?? g.querySelector("use")).getBBox();
      return [box.x, box.y, box.width, box.height];
    })"""
    drawn = page.evaluate(boxes)
    still = page.context.new_page()
    still.route(f"**/{SCRIPT}", lambda route: route.abort())
    still.goto(page.url)
    before = still.evaluate(boxes)
    assert len(drawn) == len(before) == 11
    for now, then in zip(drawn, before, strict=True):
        assert now == pytest.approx(then, abs=0.05)


def test_a_point_is_dragged(page: Page, figures: dict[str, Answering]) -> None:
    handle = page.locator("#valley .gd-grip")
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 40, y + 25, steps=4)
    page.mouse.up()
    drawn(page)
    inputs = page.evaluate("document.querySelector('#valley gd-live').figure.numbers.inputs")
    assert inputs["x"] > -4
    assert inputs["y"] < 1
    assert answers(page, "valley") == figures["valley"].evaluate(**inputs)
    after = handle.bounding_box()
    assert after is not None
    assert after["x"] - box["x"] == pytest.approx(40, abs=1)
    assert after["y"] - box["y"] == pytest.approx(25, abs=1)
    # Beyond the end of its slider it stays at the end.
    page.mouse.move(x + 40, y + 25)
    page.mouse.down()
    page.mouse.move(x + 2000, y + 25, steps=3)
    page.mouse.up()
    drawn(page)
    assert page.evaluate("document.querySelector('#valley gd-live').figure.numbers.inputs.x") == 5


def test_a_touch_drags_too(folder: Path, watch: Any) -> None:
    page = watch(width=390, height=800, has_touch=True).go(f"file://{folder}/index.html")
    style = "getComputedStyle(document.querySelector('.gd-grip')).touchAction"
    assert page.evaluate(style) == "none"
    widths = page.evaluate(
        "[...document.querySelectorAll('.gd-dial > input')].map((i) => i.offsetWidth)"
    )
    assert min(widths) > 300
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_keyboard_moves_and_a_voice_tells_once(page: Page) -> None:
    slider = page.locator("#parabola input").first
    slider.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    text = slider.get_attribute("aria-valuetext")
    assert text is not None
    assert float(text) > 0.3
    said = page.locator("#parabola [role=status]")
    page.wait_for_function(
        "document.querySelector('#parabola [role=status]').textContent !== ''", timeout=3000
    )
    assert said.inner_text().startswith("factor of a step: ")
    assert page.locator("#parabola [role=status]").count() == 1


def test_keys_stay_with_the_figure(page: Page) -> None:
    page.evaluate("document.addEventListener('keydown', (e) => (window.heard = e.key))")
    page.locator("#fit input").first.focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("window.heard") is None
    page.keyboard.press("Escape")
    assert page.evaluate("window.heard") == "Escape"


def test_without_a_script_the_still_stands(folder: Path, watch: Any) -> None:
    page = watch(java_script_enabled=False).page
    page.goto(f"file://{folder}/index.html")
    assert page.locator("#fit svg").first.is_visible()
    assert not page.locator("#fit input").first.is_visible()
    assert page.locator("#fit .gd-answer").first.is_visible()


def test_nothing_moves_while_the_script_loads(folder: Path, watch: Any) -> None:
    page = watch().page
    page.add_init_script(
        """new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) window.shift = (window.shift ?? 0) + entry.value;
        }).observe({type: "layout-shift", buffered: true});"""
    )
    page.goto(f"file://{folder}/index.html")
    page.wait_for_timeout(200)
    assert (page.evaluate("window.shift") or 0) < 0.01


def test_the_script_is_small() -> None:
    assert len(gzip.compress(assets()[SCRIPT].encode(), 9)) < 10_000
