"""The playground as a reader drives it: by pointer, keyboard, address; manners and bytes."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import Any

import pytest
from asking import STICKS_OUT, drawn, violations
from playgrounds import EXAMPLES, example, write_page
from playwright.sync_api import Page, expect

from gdbook.plots.play import words
from gdbook.publish.core.places import PUBLISH
from gdbook.publish.core.scripts import minified
from gdbook.publish.figures import SCRIPTS, assets

pytestmark = pytest.mark.browser

ROOM = "document.querySelector('#whole gd-play').playground"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("driven")
    write_page(made)
    return made


@pytest.fixture
def go(folder: Path, watch: Any) -> Any:
    """Open the page from a file, with options of a context and a query."""

    def opened(query: str = "", **options: Any) -> Page:
        page: Page = watch(**options).go(f"file://{folder}/index.html{query}")
        page.wait_for_function(ROOM)
        return page

    return opened


def state(page: Page) -> dict[str, Any]:
    drawn(page)
    found: dict[str, Any] = page.evaluate(f"{ROOM}.state")
    return found


def step(page: Page) -> int:
    return int(page.evaluate(f"{ROOM}.step"))


def test_it_opens_with_what_the_still_shows(go: Any) -> None:
    page = go()
    begun = example("whole").state
    assert step(page) == 100
    shown = page.locator("#whole .gd-says").all_inner_texts()
    assert shown == list(words.of_all(begun, 100).values())
    assert page.locator("#whole svg[role=img] text").count() > 0
    assert page.locator("#small .gd-row").count() == 2
    assert page.locator("#small .gd-dial").count() == 3  # two rates, and β
    assert page.locator("#small select, #small [type=checkbox]").count() == 0


def test_play_pause_go_on(go: Any) -> None:
    page = go()
    button = page.locator("#whole .gd-main")
    assert button.inner_text() == "Play"
    button.click()
    assert button.inner_text() == "Pause"
    page.wait_for_function(f"{ROOM}.step > 3")
    button.click()
    assert button.inner_text() == "Go on"
    here = step(page)
    page.wait_for_timeout(200)
    assert step(page) == here
    button.click()
    page.wait_for_function(f"{ROOM}.step > {here}")
    page.wait_for_function(f"!{ROOM}.timer", timeout=15_000)
    assert button.inner_text() == "Play"
    assert step(page) == 100


def test_a_run_stops_when_nothing_visible_moves(go: Any) -> None:
    """On a linear axis this run is over after some twenty of its thousand steps."""
    page = go("?f=wave&start=-1,-1&sgd=0.9&steps=1000&linear=1")
    quiet = page.evaluate(f"{ROOM}.panels.lastSeen(Object.values({ROOM}.runs))")
    assert 5 < quiet < 60
    page.locator("#whole .gd-main").click()
    page.wait_for_function(f"{ROOM}.timer === 0", timeout=2500)
    assert step(page) == 1000
    # What comes after that step stays where it is, to half a unit of the drawing.
    moved = page.evaluate(
        f"""(quiet) => {{
          const {{ map }} = {ROOM}.panels;
          const points = {ROOM}.runs.sgd.points.slice(quiet);
          const end = points[points.length - 1];
          return Math.max(...points.map((p) => Math.max(
            Math.abs(map.across(p[0]) - map.across(end[0])),
            Math.abs(map.down(p[1]) - map.down(end[1])))));
        }}""",
        quiet,
    )
    assert moved < 0.5


def test_one_step_and_the_slider(go: Any) -> None:
    page = go()
    one = page.get_by_role("button", name="One step").first
    one.click()
    assert step(page) == 1  # from the end: the first
    one.click()
    assert step(page) == 2
    slider = page.locator("#whole .gd-bar input")
    slider.focus()
    page.keyboard.press("ArrowRight")
    assert step(page) == 3
    assert slider.get_attribute("aria-valuetext") == "step 3 of 100"
    paths = page.locator("#whole .map .line").all()
    assert [path.get_attribute("d").count("L") for path in paths] == [3, 3, 3]


def test_the_pointer_sets_the_start(go: Any) -> None:
    page = go(reduced_motion="reduce")
    box = page.locator("#whole .map > svg").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 0.75 * box["width"], box["y"] + 0.3 * box["height"])
    x, y = state(page)["start"]
    assert x == pytest.approx(2.5, abs=0.05)  # to the pixel
    assert y == pytest.approx(2.0, abs=0.05)
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.5 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 5 * box["width"], box["y"] + 0.1 * box["height"], steps=3)
    assert state(page)["start"][0] == 5  # at the edge it stays inside
    page.mouse.up()


def test_the_keyboard_sets_the_start_and_plays(go: Any) -> None:
    page = go()
    page.locator("#whole .map").focus()
    page.evaluate("document.addEventListener('keydown', (e) => (window.heard = e.key))")
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "Shift+ArrowUp"):
        page.keyboard.press(key)
        drawn(page)
    assert state(page)["start"] == pytest.approx([-3.6, 1.35])
    page.keyboard.press("Enter")
    page.wait_for_function(f"{ROOM}.step > 2 && {ROOM}.timer")
    assert page.evaluate("window.heard") is None  # a deck would turn its slide
    page.keyboard.press("Escape")
    assert page.evaluate("window.heard") == "Escape"


def test_the_start_is_typed(go: Any) -> None:
    page = go()
    page.get_by_label("Start x").fill("2.25")
    page.get_by_label("Start x").press("Tab")
    assert state(page)["start"] == [2.25, 1.5]
    page.get_by_label("Start y").fill("99")
    page.get_by_label("Start y").press("Tab")
    assert state(page)["start"] == [2.25, 5]
    page.get_by_label("Start y").fill("")
    page.get_by_label("Start y").press("Tab")
    assert state(page)["start"] == [2.25, 5]


def test_every_dial_reaches_the_state(go: Any) -> None:
    page = go()
    names = {
        "condition number κ": "kappa",
        "turned by": "angle",
        "momentum β, β₁": "beta",
        "Adam’s β₂": "beta2",
        "weight decay λ": "decay",
        "steps": "steps",
    }
    for label, name in names.items():
        slider = page.locator("#whole").get_by_label(label, exact=True)
        before = state(page)[name]
        slider.focus()
        page.keyboard.press("PageUp")
        after = state(page)[name]
        assert after > before, name
        text = slider.get_attribute("aria-valuetext")
        assert text is not None
        assert float(text.rstrip("°")) == after
    slider = page.get_by_label("η of Adam")
    slider.focus()
    page.keyboard.press("End")
    assert state(page)["eta"]["adam"] == 10


def test_methods_come_and_go_but_one_stays(go: Any) -> None:
    page = go()
    boxes = page.locator("#whole .gd-methods")
    boxes.get_by_label("RMSprop").check()
    assert list(state(page)["eta"]) == ["sgd", "momentum", "rmsprop", "adam"]
    assert page.locator("#whole").get_by_label("RMSprop’s α").is_visible()
    assert page.evaluate("document.activeElement.type") == "checkbox"
    for name in ("SGD", "momentum", "RMSprop", "Adam"):
        boxes.get_by_label(name, exact=True).click()
        drawn(page)
    assert list(state(page)["eta"]) == ["adam"]
    assert boxes.get_by_label("Adam", exact=True).is_checked()


def test_the_landscape_is_chosen(go: Any) -> None:
    page = go()
    page.get_by_label("Landscape").select_option("Rosenbrock's valley")
    assert state(page)["f"] == "rosenbrock"
    assert state(page)["start"] == [-1.2, 1]
    assert not page.locator("#whole").get_by_label("condition number κ").is_visible()
    page.get_by_label("Landscape").select_option("Loss of a network with two weights")
    drawn(page)
    assert page.locator("#whole .data").is_visible()
    assert page.locator("#whole").get_by_label("rows in a batch").is_visible()


def test_the_address_keeps_the_state_and_a_link_sets_it(go: Any) -> None:
    page = go()
    page.get_by_label("Start x").fill("1")
    page.get_by_label("Start x").press("Tab")
    page.wait_for_url("**start=1,1.5**")
    page.reload()
    page.wait_for_function(ROOM)
    assert state(page)["start"] == [1, 1.5]
    page.evaluate("window.kept = true")
    page.get_by_role("link", name="Try").click()
    assert state(page)["f"] == "skewed"
    assert page.evaluate("window.kept")  # the page was not loaded anew
    assert page.evaluate("document.activeElement.classList.contains('map')")
    page.wait_for_function(f"{ROOM}.step > 2")


def test_a_blind_date_hides_and_shows(go: Any) -> None:
    page = go()
    page.get_by_role("button", name="Blind date").click()
    page.wait_for_function(f"{ROOM}.state.blind > 0")
    state(page)
    hidden = page.locator("#whole")
    assert hidden.get_by_text("The map is hidden.").is_visible()
    assert not hidden.locator(".data").is_visible()
    assert hidden.locator(".gd-map").count() == 0
    assert (hidden.locator(".map").get_attribute("aria-label") or "").startswith("Hidden map")
    # The start may move without giving the map away.
    hidden.locator(".map").focus()
    page.keyboard.press("ArrowUp")
    state(page)
    assert hidden.locator(".gd-map").count() == 0
    page.get_by_role("button", name="Show the map").click()
    expect(hidden.locator(".gd-map")).to_be_visible()
    assert hidden.locator(".data").is_visible()
    assert page.get_by_role("button", name="Blind date").is_visible()


def test_a_race_tunes_and_runs(go: Any) -> None:
    page = go(reduced_motion="reduce")
    # The mean of the last ten losses: what a race is about.
    last = f"Object.values({ROOM}.runs).map((run) => run.values.slice(-10).reduce((a, b) => a + b))"
    before = page.evaluate(last)
    page.get_by_role("button", name="Tune each rate").click()
    page.wait_for_function(f"{ROOM}.state.eta.adam !== 0.3")
    state(page)
    after = page.evaluate(last)
    assert all(b <= a for a, b in zip(before, after, strict=True))
    assert after[2] < before[2]
    expect(page.locator("#whole .gd-verdict")).to_contain_text("Lowest loss after 100 steps: ")


def test_the_loss_is_linear_or_logarithmic(go: Any) -> None:
    page = go()
    button = page.get_by_role("button", name="Linear loss")
    assert button.get_attribute("aria-pressed") == "false"
    assert page.evaluate(f"{ROOM}.panels.loss.y.log")
    button.click()
    assert state(page)["linear"] == 1
    assert button.get_attribute("aria-pressed") == "true"
    assert not page.evaluate(f"{ROOM}.panels.loss.y.log")


def test_lines_stand_where_the_axes_say(go: Any) -> None:
    """The dot at the end of a path is over the point that the axis' own numbers give."""
    page = go()
    end = page.evaluate(f"{ROOM}.runs.sgd.points[0]")
    ticks = page.evaluate(
        """() => [...document.querySelectorAll("#whole .map .axes text:not(.name):not(.up)")]
          .map((t) => [Number(t.textContent.replace("−", "-")), t.getBoundingClientRect()])
          .map(([value, box]) => [value, box.left + box.width / 2])"""
    )
    (a, left), *_, (b, right) = ticks
    dot = page.locator("#whole .map .from").bounding_box()
    assert dot is not None
    expected = left + (end[0] - a) / (b - a) * (right - left)
    assert dot["x"] + dot["width"] / 2 == pytest.approx(expected, abs=1.5)


def test_another_start_goes_round(go: Any) -> None:
    page = go()
    page.locator("#data").scroll_into_view_if_needed()
    button = page.locator("#data").get_by_role("button", name="Another start")
    seen = []
    for _ in range(3):
        button.click()
        drawn(page)
        seen.append(page.evaluate("document.querySelector('#data gd-play').playground.state.start"))
    first, second = (list(place) for place in EXAMPLES["data"]["starts"])  # type: ignore[attr-defined]
    assert seen == [first, second, first]


def test_with_reduced_motion_a_run_is_there_at_once(go: Any) -> None:
    page = go(reduced_motion="reduce")
    page.get_by_role("button", name="One step").first.click()
    page.locator("#whole .gd-main").click()
    assert step(page) == 100
    assert not page.evaluate(f"{ROOM}.timer")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(go: Any, scheme: str) -> None:
    page = go(scheme=scheme, reduced_motion="reduce")
    page.locator("#data").scroll_into_view_if_needed()
    drawn(page)
    assert violations(page) == []


@pytest.mark.parametrize("width", [320, 390, 820, 1440])
def test_nothing_sticks_out(go: Any, width: int) -> None:
    page = go(width=width, has_touch=True)
    page.evaluate("document.body.innerHTML = `<article>${document.body.innerHTML}</article>`")
    assert page.evaluate(STICKS_OUT) == []
    if width <= 390:
        sizes = page.evaluate(
            """[...document.querySelectorAll("#whole :is(button, select, [type=range])")]
              .map((e) => Math.min(e.offsetHeight, e.offsetWidth))"""
        )
        assert min(sizes) >= 44
        letters = page.evaluate(
            """[...document.querySelectorAll("#whole .gd-plot text")].map((t) =>
              parseFloat(getComputedStyle(t).fontSize) * t.getScreenCTM().a)"""
        )
        assert min(letters) >= 11


def test_without_a_script_the_still_stands(folder: Path, watch: Any) -> None:
    page = watch(java_script_enabled=False).page
    page.goto(f"file://{folder}/index.html")
    assert page.locator("#whole gd-play > svg").is_visible()
    assert page.locator("#whole button").count() == 0
    assert page.locator("#whole").get_by_text("A still picture: without JavaScript").is_visible()


def test_the_script_comes_when_a_playground_is_near(folder: Path, watch: Any) -> None:
    page = watch().page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    far = (folder / "index.html").read_text("utf-8")
    far = far.replace("<main>", '<main><div style="height: 6000px">far</div>')
    (folder / "far.html").write_text(far)
    page.goto(f"file://{folder}/far.html")
    page.wait_for_timeout(200)
    assert not any(SCRIPTS["gd-play"] in url for url in asked)
    page.locator("#whole").scroll_into_view_if_needed()
    page.wait_for_function(ROOM)
    assert sum(SCRIPTS["gd-play"] in url for url in asked) == 1


def test_hardly_anything_moves_when_the_script_arrives(folder: Path, watch: Any) -> None:
    for width in (390, 1280):
        page = watch(width=width).page
        page.add_init_script(
            """new PerformanceObserver((list) => {
              const sum = list.getEntries().reduce((total, { value }) => total + value, 0);
              window.shift = (window.shift ?? 0) + sum;
            }).observe({type: "layout-shift", buffered: true});"""
        )
        page.goto(f"file://{folder}/index.html")
        page.wait_for_function(ROOM)
        page.wait_for_timeout(200)
        assert (page.evaluate("window.shift") or 0) < 0.05


@pytest.mark.parametrize("width", [390, 1280])
def test_there_is_room_before_the_script_arrives(folder: Path, watch: Any, width: int) -> None:
    heights = "[...document.querySelectorAll('gd-play')].map((play) => play.offsetHeight)"
    page = watch(width=width).page
    page.route(f"**/{SCRIPTS['gd-play']}*", lambda route: route.abort())
    page.goto(f"file://{folder}/index.html")
    kept = page.evaluate(heights)
    page.unroute(f"**/{SCRIPTS['gd-play']}*")
    page.goto(f"file://{folder}/index.html")
    for play in page.locator("gd-play").all():
        play.scroll_into_view_if_needed()
        page.wait_for_function("(play) => play.playground", arg=play.element_handle())
    shown = page.evaluate(heights)
    assert len(kept) == len(shown) > 1
    apart = [room / height - 1 for room, height in zip(kept, shown, strict=True)]
    assert max(map(abs, apart)) < 0.12, list(zip(kept, shown, strict=True))


JOINED = {"frames.mjs", "live.mjs", "words.mjs", "near.mjs", "drawing.mjs", "scheme.mjs"}


def test_all_interaction_is_small() -> None:
    """Figures, playground, answers, folds and decks, reveal.js apart, compressed.

    Finding places is measured for itself: the search and the previews of references. So is what
    stands in the place of the theme's own script, which has 2.1 KB.
    """
    made = {name: text.encode() for name, text in assets().items() if name.endswith(".mjs")}
    for path in PUBLISH.rglob("*"):
        # Live cells, which a reader asks for, are measured for themselves.
        known = path.parent.name in ("play", "live") or path.name in JOINED
        tools = {"temml_worker.cjs", "fit.js", "purge.mjs"}  # these run in the build
        if re.fullmatch(r".*\.(m|c)?js", path.name) and not known and path.name not in tools:
            text = path.read_text("utf-8")  # of which the first is sent as it is
            made[path.name] = (text if path.name == "first.js" else minified(text, "js")).encode()
    sizes = {name: len(gzip.compress(data, 9)) for name, data in made.items()}
    finding = sizes.pop("search.js") + sizes.pop("previews.js")
    assert finding < 5_000
    assert sizes.pop("reading.js") < 2_500
    assert {"play.mjs", "near.mjs", "live.mjs", "frames.mjs", "answers.mjs", "book.js"} <= set(
        sizes
    )
    assert sum(sizes.values()) < 25_000, sizes
    assert sizes["play.mjs"] < 11_000
