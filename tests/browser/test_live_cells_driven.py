"""Live cells in Chromium: changed, run, stopped, kept; by keyboard, on a phone, from a file."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from asking import violations
from playwright.sync_api import Locator, Page, expect

from gdbook.publish.live.assets import assets
from sites import SLOW, Site, Watch, Watched

pytestmark = pytest.mark.browser

RAN, ERROR = "Ran in this page", "ended with an error"
POLICY = "default-src 'self' 'wasm-unsafe-eval'"


def cell(page: Page, number: int) -> Locator:
    return page.locator(".cell.tag_live").nth(number - 1)


def editor(page: Page, number: int) -> Locator:
    return page.get_by_role("textbox", name=f"Code of live cell {number}")


def opened(page: Page, number: int) -> Locator:
    cell(page, number).scroll_into_view_if_needed()
    cell(page, number).get_by_role("button", name="Edit and run").click()
    expect(editor(page, number)).to_be_focused(timeout=SLOW)
    return cell(page, number)


def typed(page: Page, number: int, code: str, says: str = RAN) -> str:
    """Return what a cell gives with some code."""
    editor(page, number).fill(code)
    editor(page, number).press("Control+Enter")
    said(page, number, says)
    return cell(page, number).locator(".live-text").inner_text()


def said(page: Page, number: int, words: str) -> None:
    expect(cell(page, number).locator(".live-note")).to_contain_text(words, timeout=SLOW)


@pytest.fixture
def watched(sample_site: Site, watch: Watch) -> Watched:
    seen = watch()
    seen.go(sample_site.url("live"))
    return seen


@pytest.fixture
def page(watched: Watched) -> Iterator[Page]:
    yield from watched.quiet()


def test_the_build_s_output_stands_until_the_cell_is_run_and_after_reset(page: Page) -> None:
    built = cell(page, 1).locator(".cell_output")
    text = built.inner_text()
    assert "step 3: x = 0.5000" in text
    opened(page, 1)
    expect(built).to_be_visible()
    editor(page, 1).press("Control+Enter")
    said(page, 1, RAN)
    expect(built).to_be_hidden()
    assert cell(page, 1).locator(".live-text").inner_text().strip() == text.strip()
    changed = editor(page, 1).input_value().replace("eta = 0.25", "eta = 1.0")
    assert "step 3: x = -4.0000" in typed(page, 1, changed)
    cell(page, 1).get_by_role("button", name="Reset").click()
    expect(built).to_be_visible()
    expect(cell(page, 1).locator(".cell_input pre")).to_be_visible()
    expect(cell(page, 1).locator(".live-result")).to_be_hidden()


def test_nothing_is_loaded_before_a_cell_is_opened(sample_site: Site, watch: Watch) -> None:
    seen = watch()
    loaded: list[str] = []
    seen.page.on("request", lambda request: loaded.append(request.url))
    page = seen.go(sample_site.url("live"))
    late = {f"/_static/{name}" for name in assets() if name.startswith("live/")}
    late = {name for name in late if "/checks-" not in name}  # these are for answers to problems
    assert not [url for url in loaded if any(name in url for name in late)]
    opened(page, 1)
    editor(page, 1).press("Control+Enter")
    said(page, 1, RAN)
    missed = [name for name in late if not any(name in url for url in loaded)]
    assert missed == [], "an asset that nothing loads"


def test_cells_share_their_names_and_say_what_has_not_run(page: Page) -> None:
    opened(page, 2).get_by_role("button", name="Run:").click()
    said(page, 2, ERROR)
    expect(cell(page, 2).locator(".live-text")).to_have_text(re.compile("Line 1: NameError: .*'x'"))
    expect(cell(page, 2).locator(".live-note")).to_contain_text("Above, live cell 1 has not run.")
    cell(page, 2).get_by_role("button", name="Run all above").click()
    said(page, 2, RAN)
    expect(cell(page, 2).locator(".live-text")).to_have_text("0.5\n")
    expect(cell(page, 1).locator(".live-text")).to_contain_text("step 3: x = 0.5000")
    expect(cell(page, 2).get_by_role("button", name="Run all above")).to_have_count(0)


def test_an_error_marks_its_line(page: Page) -> None:
    opened(page, 1)
    text = typed(page, 1, "x = 1\ny = x + z\nprint(y)", ERROR)
    assert text.startswith("Line 2: NameError: name 'z'")
    marked = cell(page, 1).locator(".live-wrong")
    expect(marked).to_have_text("y = x + z\n")
    assert "torch in float64; this is not in it" in typed(page, 1, "import torch\ntorch.foo", ERROR)
    typed(page, 1, "1 + 1")
    expect(marked).to_have_count(0)
    assert typed(page, 1, "print('<b>bold</b>', end='')") == "<b>bold</b>"


def test_an_endless_loop_is_stopped_while_the_page_can_be_used(page: Page) -> None:
    opened(page, 2)
    typed(page, 2, "kept = 1")
    editor(page, 2).fill("while True:\n    print('on and on')")
    editor(page, 2).press("Control+Enter")
    expect(cell(page, 2).locator(".live-text")).to_contain_text("is left out", timeout=SLOW)
    page.mouse.wheel(0, 400)
    page.wait_for_function("scrollY > 100")
    expect(cell(page, 2).get_by_role("button", name="Run:")).to_be_hidden()
    opened(page, 3)
    expect(cell(page, 3).get_by_role("button", name="Run:")).to_be_disabled()
    cell(page, 2).get_by_role("button", name="Stop").click()
    said(page, 2, "what the cells of this page had computed is gone")
    assert "NameError" in typed(page, 2, "kept", ERROR)
    assert typed(page, 2, "6 * 7") == "42\n"


def test_python_that_breaks_down_is_started_anew(page: Page) -> None:
    opened(page, 1)
    assert "maximum recursion" in typed(page, 1, "def f(): return f()\nf()", ERROR)
    assert "64 MB" in typed(page, 1, "a = [0] * 100_000_000", ERROR)
    assert typed(page, 1, "print(1)") == "1\n"


def test_what_is_typed_is_kept_until_reset(page: Page) -> None:
    opened(page, 1)
    typed(page, 1, "print('mine')")
    page.reload()
    expect(editor(page, 1)).to_have_value("print('mine')", timeout=SLOW)
    said(page, 1, "This is your code from before.")
    expect(cell(page, 1).locator(".cell_output")).to_be_visible()
    cell(page, 1).get_by_role("button", name="Reset").click()
    page.reload()
    expect(cell(page, 1).get_by_role("button", name="Edit and run")).to_be_visible()
    expect(editor(page, 1)).to_have_count(0)


def test_where_nothing_may_be_stored_all_else_works(sample_site: Site, watch: Watch) -> None:
    seen = watch()
    denied = (
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('denied') } })"
    )
    seen.page.add_init_script(denied)
    page = seen.page
    page.goto(sample_site.url("live"))
    opened(page, 1)
    assert typed(page, 1, "print(3)") == "3\n"
    cell(page, 1).get_by_role("button", name="Reset").click()
    expect(cell(page, 1).locator(".cell_output")).to_be_visible()


def test_by_keyboard(page: Page) -> None:
    edit = cell(page, 1).get_by_role("button", name="Edit and run")
    edit.focus()
    page.keyboard.press("Enter")
    area = editor(page, 1)
    expect(area).to_be_focused(timeout=SLOW)
    area.fill("for k in range(2):")
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    page.keyboard.type("print(k)")
    expect(area).to_have_value("for k in range(2):\n    print(k)")
    page.keyboard.press("Control+z")
    expect(area).not_to_have_value("for k in range(2):\n    print(k)")
    area.fill("x = 1")
    page.keyboard.press("Home")
    page.keyboard.press("Tab")
    expect(area).to_have_value("    x = 1")
    page.keyboard.press("Escape")
    expect(cell(page, 1).get_by_role("button", name="Run:")).to_be_focused()
    page.keyboard.press("Tab")
    expect(cell(page, 1).get_by_role("button", name="Reset")).to_be_focused()
    page.keyboard.press("Enter")
    expect(edit).to_be_focused()


def test_drawings_are_svg_with_words(page: Page) -> None:
    opened(page, 1)
    typed(page, 1, "import torch")
    for number in (3, 4):
        opened(page, number)
        editor(page, number).press("Control+Enter")
        said(page, number, RAN)
    curves = cell(page, 3).locator("svg.live-plot")
    expect(curves).to_have_accessible_name(
        "Drawing; x from -2 to 2; y from -2 to 4; shown: square, line"
    )
    expect(curves.locator("path.live-line")).to_have_count(4)  # two curves, two in the legend
    level = cell(page, 4).locator("path.live-level")
    expect(level).to_have_count(3)
    # On x² + 10 y² = 1 no point is farther to the right than 1, or higher than 1/√10.
    places = re.findall(r"[ML]([\d.]+) ([\d.]+)", level.first.get_attribute("d") or "")
    ys = [float(y) for _, y in places]
    bottom, top = 264.0, 14.0  # of the axes, which show -1.1 to 1.1
    reach = (max(ys) - min(ys)) / (bottom - top) * 2.2
    assert reach == pytest.approx(2 / 10**0.5, rel=0.02)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_keeps_anyone_out(sample_site: Site, watch: Watch, scheme: Any) -> None:
    page = watch(width=390, scheme=scheme).go(sample_site.url("live"))
    opened(page, 1)
    typed(
        page,
        1,
        "x = 'a long line of code that is wider than a phone is ' * 3\nprint(x)\nx + 1",
        ERROR,
    )
    opened(page, 3)
    editor(page, 3).fill("import torch\n" + editor(page, 3).input_value())
    editor(page, 3).press("Control+Enter")
    said(page, 3, RAN)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    tall = page.locator("gd-code button:visible").evaluate_all(
        "all => all.map(b => b.getBoundingClientRect().height)"
    )
    assert min(tall) >= 44
    status = cell(page, 1).get_by_role("status")
    expect(status).to_contain_text("Line 3: TypeError")
    page.emulate_media(media="print")
    expect(cell(page, 2).locator("gd-code")).to_be_hidden()


def test_from_a_file_and_without_scripts_the_cell_stands_and_says_why(
    sample_site: Site, watch: Watch
) -> None:
    page = watch().page
    page.goto(f"file://{sample_site.folder / 'live.html'}")
    expect(cell(page, 1).locator("gd-code")).to_have_text(re.compile("from a web server"))
    expect(cell(page, 1).locator(".cell_output")).to_contain_text("step 3")
    expect(page.get_by_role("button", name="Edit and run")).to_have_count(0)
    plain = watch(java_script_enabled=False).page
    plain.goto(sample_site.url("live"))
    expect(cell(plain, 1).locator("gd-code")).to_have_text(re.compile("needs JavaScript"))
    expect(cell(plain, 1).locator(".cell_output")).to_contain_text("step 3")


class Strict(SimpleHTTPRequestHandler):
    """Sends the policy with each file, and says nothing."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def strict(sample_site: Site) -> Iterator[str]:
    handler: Any = partial(Strict, directory=str(Path(sample_site.folder)))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/live.html"
    server.shutdown()
    server.server_close()


def test_under_a_strict_policy(strict: str, watch: Watch) -> None:
    """What the theme itself violates is there before; live cells add nothing to it."""
    seen = watch()
    page = seen.page
    page.goto(strict)
    expect(cell(page, 1).get_by_role("button", name="Edit and run")).to_be_visible()
    before = len(seen.errors)
    opened(page, 1)
    assert typed(page, 1, "import torch\nprint(torch.ones(2).sum().item())") == "2.0\n"
    typed(page, 1, "import matplotlib.pyplot as plt\nplt.plot([1, 2])")
    expect(cell(page, 1).locator("svg.live-plot")).to_be_visible()
    assert "Line 1" in typed(page, 1, "1 / 0", ERROR)
    assert seen.errors[before:] == []
