"""Figures that answer, in Chromium, from a file: every value is Python's, by slider and by hand."""

from __future__ import annotations

import gzip
import random
from pathlib import Path
from typing import Any

import pytest
import torch
from asking import drawn
from live_figures import DATA, TARGET, all_figures, answers, ready, set_dials, write_page
from playwright.sync_api import Page, expect

from gdbook.plots.live import Answering
from gdbook.plots.live.elements import in_words
from gdbook.publish.figures import SCRIPTS, assets

pytestmark = pytest.mark.browser

SCRIPT = SCRIPTS["gd-live"]


@pytest.fixture(scope="module")
def figures() -> dict[str, Answering]:
    return all_figures()


@pytest.fixture(scope="module")
def folder(figures: dict[str, Answering], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page with all figures, and its assets, as the builder writes them."""
    target = tmp_path_factory.mktemp("live")
    write_page(target, figures)
    return target


@pytest.fixture
def page(folder: Path, watch: Any) -> Page:
    return ready(watch().go(f"file://{folder}/index.html"))


@pytest.mark.parametrize("name", ["parabola", "fit", "valley", "surface", "quartics"])
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
    boxes = """() => [...document.querySelectorAll("gd-live")].flatMap((host) => {
      const { elements } = JSON.parse(host.dataset.spec);
      const drawn = [...host.querySelectorAll("[data-live]")];
      return drawn.filter((g) => !elements[g.dataset.live].title).map((g) => {
        const line = [...g.children].find((child) => child.tagName === "path");
        const box = (line ?? g.querySelector("use")).getBBox();
        return [box.x, box.y, box.width, box.height];
      });
    })"""
    now = page.evaluate(boxes)
    still = page.context.new_page()
    still.route(f"**/{SCRIPT}*", lambda route: route.abort())
    still.goto(page.url)
    before = still.evaluate(boxes)
    assert len(now) == len(before) == 14
    for here, then in zip(now, before, strict=True):
        assert here == pytest.approx(then, abs=0.05)


def test_level_lines_are_where_the_function_has_these_values(page: Page) -> None:
    """Against torch, on a grid of its own: each point lies on a level, and no line is missing."""
    lines = """() => {
      const { figure } = document.querySelector("#surface gd-live");
      const i = figure.spec.elements.findIndex((element) => element.levels);
      return figure.numbers.points(figure.spec.elements[i]).filter(([x]) => !Number.isNaN(x));
    }"""
    levels = torch.tensor([1, 1.5, 2, 3, 4, 5], dtype=torch.float64)

    def loss(a: torch.Tensor, b: torch.Tensor, c: float) -> torch.Tensor:
        made = a[..., None] * DATA**2 + b[..., None] * DATA + c
        return (made - TARGET).abs().mean(-1)

    for share in (0.3, 0.55, 0.8):
        c = set_dials(page, "surface", {2: share})["c"]
        points = torch.tensor(page.evaluate(lines), dtype=torch.float64)
        off = (loss(points[:, 0], points[:, 1], c)[:, None] - levels).abs().amin(1)
        assert float(off.max()) < 0.05  # between points of the grid it is not quite linear
        a = torch.linspace(0, 6, 1201, dtype=torch.float64)
        for b in (-1.5, 0.0, 1.3, 3.1):
            along = loss(a, torch.full_like(a, b), c)
            for level in levels:
                crossed = (along[:-1] < level) != (along[1:] < level)
                for first in a[:-1][crossed].tolist():
                    place = torch.tensor([first, b], dtype=torch.float64)
                    assert float((points - place).norm(dim=1).min()) < 0.12


def test_a_title_says_the_value_that_is_said_below(page: Page) -> None:
    for share in (0.1, 0.7):
        set_dials(page, "surface", {0: share})
        title = page.locator("#surface .gd-title")
        assert title.text_content() == page.locator("#surface .gd-answer").inner_text()
    # Where Matplotlib wrote it, whose letters stay for other words to be made of.
    begins = """() => {
      const svg = document.querySelector("#surface svg");
      const { elements } = JSON.parse(svg.parentNode.dataset.spec);
      const number = elements.findIndex((element) => element.title);
      const box = svg.querySelector(`[data-live="${number}"]`).getBoundingClientRect();
      return [box.x - svg.getBoundingClientRect().x, box.y + box.height / 2];
    }"""
    set_dials(page, "surface", {0: 1 / 6})
    now = page.evaluate(begins)
    still = page.context.new_page()
    still.route(f"**/{SCRIPT}*", lambda route: route.abort())
    still.goto(page.url)
    assert now == pytest.approx(still.evaluate(begins), abs=3)
    uses = page.locator("#surface svg use").evaluate_all(
        "(all) => all.map((use) => document.querySelector(use.getAttribute('href')) !== null)"
    )
    assert len(uses) > 20
    assert all(uses)


def test_a_click_or_a_finger_brings_the_point(
    folder: Path, watch: Any, figures: dict[str, Answering]
) -> None:
    page = ready(watch(width=390, height=800, has_touch=True).go(f"file://{folder}/index.html"))
    svg = page.locator("#surface svg").first
    svg.scroll_into_view_if_needed()
    grip = page.locator("#surface .gd-grip")
    inputs = "document.querySelector('#surface gd-live').figure.numbers.inputs"
    box = grip.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2 + 40, box["y"] + box["height"] / 2 - 30
    page.touchscreen.tap(x, y)
    page.wait_for_function(f"{inputs}.a > 1.5 && {inputs}.b > 0.2")
    expect(page.locator("#surface .gd-answer > span")).to_have_text(
        figures["surface"].evaluate(**page.evaluate(inputs))["MAE"]
    )
    after = grip.bounding_box()
    assert after is not None
    assert after["x"] + after["width"] / 2 == pytest.approx(x, abs=1.5)
    assert after["y"] + after["height"] / 2 == pytest.approx(y, abs=1.5)
    # Elsewhere in the drawing, as in the other panel, a click moves nothing.
    before = page.evaluate(inputs)
    whole = svg.bounding_box()
    assert whole is not None
    page.mouse.click(whole["x"] + whole["width"] * 0.3, whole["y"] + whole["height"] / 2)
    drawn(page)
    assert page.evaluate(inputs) == before


@pytest.mark.parametrize("by", ["scrolling", "a key"])
def test_the_script_comes_when_a_figure_is_near_or_a_key_is_pressed(
    folder: Path, watch: Any, by: str
) -> None:
    text = (folder / "index.html").read_text("utf-8")
    far = text.replace("<main>", '<main><div style="height: 6000px">far</div>')
    (folder / "far.html").write_text(far)
    page: Page = watch().page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"file://{folder}/far.html")
    page.wait_for_timeout(200)
    assert not any(SCRIPT in url for url in asked)
    if by == "scrolling":
        page.locator("#parabola").scroll_into_view_if_needed()
    else:
        page.keyboard.press("Tab")  # which would skip sliders that no script has brought to life
    ready(page)
    assert sum(SCRIPT in url for url in asked) == 1


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
    page = ready(watch(width=390, height=800, has_touch=True).go(f"file://{folder}/index.html"))
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
    ready(page)
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    page.wait_for_function("(input) => input.ariaValueText > 0.3", arg=slider.element_handle())
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
