"""Problems answered in the page, in Chromium: judged, hinted, solved, stopped, kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from asking import violations
from playwright.sync_api import Locator, Page, expect

from sites import SLOW, Site, Watch, Watched

pytestmark = pytest.mark.browser

NUMBER, FUNCTION, CLASS = "prob-another-parabola", "prob-polyak", "prob-own-momentum"
WRONG = {  # what a reader may answer, and words of the sentence that names the mistake
    "answer = 1.0": "Here the second derivative is not 2",
    "answer = 6": "6 is λ itself",
    "answer = 1 / 6": "the best rate, not the edge",
    "answer = 2 / 3": "differentiate twice",
}
POLYAK = "def polyak(f, slope, lowest, x):\n    return x - (f(x) - lowest) / slope(x)"


def problem(page: Page, label: str) -> Locator:
    return page.locator(f"#{label}")


def editor(page: Page, label: str) -> Locator:
    return problem(page, label).get_by_role("textbox")


def opened(page: Page, label: str) -> Locator:
    found = problem(page, label)
    found.scroll_into_view_if_needed()
    found.get_by_role("button", name="Answer here").click()
    expect(editor(page, label)).to_be_focused(timeout=SLOW)
    return found


def answered(page: Page, label: str, code: str, says: str | re.Pattern[str]) -> None:
    """Type an answer, check it and wait for the verdict."""
    editor(page, label).fill(code)
    editor(page, label).press("Control+Enter")
    expect(problem(page, label).get_by_role("status")).to_contain_text(says, timeout=SLOW)
    expect(problem(page, label).get_by_role("button", name="Check:")).to_be_enabled(timeout=SLOW)


@pytest.fixture
def watched(sample_site: Site, watch: Watch) -> Watched:
    seen = watch()
    seen.go(sample_site.url("checks"))
    return seen


@pytest.fixture
def page(watched: Watched) -> Iterator[Page]:
    yield from watched.quiet()


def test_the_editor_begins_with_what_the_problem_asks_for(page: Page) -> None:
    begins = {
        NUMBER: "answer = ...",
        FUNCTION: "import torch\n\n\ndef polyak(f, slope, lowest, x):\n    ...",
        CLASS: "import torch\n\n\nclass Momentum:\n    def __init__(self, params, lr, momentum):\n"
        "        ...\n\n\nanswer = Momentum",
    }
    for label, text in begins.items():
        opened(page, label)
        expect(editor(page, label)).to_have_value(text)
    answered(page, NUMBER, begins[NUMBER], "Not yet: write your answer in place of the three dots.")
    expect(problem(page, "prob-reciprocal-limit").locator("gd-check")).to_have_count(0)


def test_wrong_answers_are_named_then_hinted_then_the_solution_is_offered(page: Page) -> None:
    found = opened(page, NUMBER)
    clue, solve = found.locator(".live-clue"), found.get_by_role("button", name="Show the solution")
    clues = []
    for number, (code, sentence) in enumerate(WRONG.items()):
        answered(page, NUMBER, code, sentence)
        expect(found.locator(".live-note")).to_have_text(re.compile("^Not yet: "))
        if number == 0:
            expect(clue).to_be_hidden()
        else:
            expect(clue).to_have_text(re.compile(f"^Hint {number} of 3: "))
            clues.append(clue.inner_text())
        expect(solve).to_be_visible(visible=number == 3)
    assert len(set(clues)) == 3
    solution = page.locator("details.solution").first
    expect(solution).not_to_have_attribute("open", "")
    solve.click()
    expect(solution.locator("p").first).to_be_visible()
    expect(solution.locator("summary")).to_be_focused()
    expect(solution).to_contain_text("The second derivative is 6")


def test_a_right_answer_is_praised_and_hints_begin_anew(page: Page) -> None:
    found = opened(page, FUNCTION)
    climbs = POLYAK.replace("x - (", "x + (")
    answered(page, FUNCTION, climbs, "this goes up the tangent")
    answered(page, FUNCTION, climbs, "Hint 1 of 3: ")
    answered(page, FUNCTION, POLYAK, "Right: on every parabola this halves the error")
    expect(found.locator(".live-clue")).to_be_hidden()
    expect(found.get_by_role("button", name="Show the solution")).to_be_visible()
    answered(page, FUNCTION, climbs, "this goes up the tangent")
    expect(found.locator(".live-clue")).to_be_hidden()
    expect(found.get_by_role("button", name="Show the solution")).to_be_hidden()


def test_checkers_are_loaded_with_the_first_check(sample_site: Site, watch: Watch) -> None:
    seen = watch()
    loaded: list[str] = []
    seen.page.on("request", lambda request: loaded.append(request.url))
    page = seen.go(sample_site.url("checks"))
    assert not [url for url in loaded if "/_static/live/" in url]
    opened(page, NUMBER)
    assert not [url for url in loaded if "/checks-" in url]
    answered(page, NUMBER, "answer = 1 / 3", "Right: ")
    answered(page, NUMBER, "answer = 6", "Not yet: ")
    assert len([url for url in loaded if "/checks-" in url]) == 1
    opened(page, CLASS)  # of another module
    answered(page, CLASS, "answer = 3", "Not yet: ")
    answered(page, NUMBER, "answer = 1 / 3", "Right: ")
    assert len([url for url in loaded if "/checks-" in url]) == 2


def test_an_error_is_no_wrong_answer_and_marks_its_line(page: Page) -> None:
    found = opened(page, FUNCTION)
    code = POLYAK.replace("(f(x) - lowest)", "g")
    for _ in range(3):
        answered(page, FUNCTION, code, "not judged")
        expect(found.locator(".live-text")).to_contain_text("Line 2: NameError")
        expect(found.locator(".live-wrong")).to_have_text(re.compile("return x - g"))
    answered(page, FUNCTION, "import numpy", "Code in the page can import torch")
    opened(page, NUMBER)
    answered(page, NUMBER, 'answer = "1/3"', "without quotes")
    answered(page, FUNCTION, "polyak = 3", "Not yet: the answer should be a function, got 3.")
    expect(found.locator(".live-clue")).to_be_hidden()


def test_an_answer_sees_the_live_cells_and_leaves_them_alone(page: Page) -> None:
    opened(page, NUMBER)
    answered(page, NUMBER, "answer = edge / 6", "Above, live cell 1 has not run.")
    problem(page, NUMBER).get_by_role("button", name="Run all above").click()
    expect(problem(page, NUMBER).get_by_role("status")).to_contain_text("Right: ", timeout=SLOW)
    answered(page, NUMBER, "edge = 6\nanswer = edge", "6 is λ itself")
    answered(page, NUMBER, "answer = edge / 6", "Right: ")


def test_an_endless_answer_is_stopped(page: Page) -> None:
    found = opened(page, FUNCTION)
    editor(page, FUNCTION).fill("def polyak(f, slope, lowest, x):\n    while True:\n        pass")
    editor(page, FUNCTION).press("Control+Enter")
    expect(found.get_by_role("button", name="Check:")).to_be_hidden()
    page.mouse.wheel(0, 200)
    found.get_by_role("button", name="Stop").click(timeout=SLOW)
    expect(found.get_by_role("status")).to_contain_text("Stopped.", timeout=SLOW)
    answered(page, FUNCTION, POLYAK, "Right: ")


def test_what_torch_would_make_in_float32_is_told(page: Page) -> None:
    opened(page, FUNCTION)
    single = "import torch\n" + POLYAK.replace("return x", "return torch.tensor(0.0) + x")
    answered(page, FUNCTION, single, "Right: ")
    expect(problem(page, FUNCTION).locator(".live-clue")).to_contain_text("dtype=torch.float64")


def test_what_is_typed_is_kept_until_reset(page: Page) -> None:
    opened(page, FUNCTION)
    answered(page, FUNCTION, POLYAK, "Right: ")
    page.reload()
    expect(editor(page, FUNCTION)).to_have_value(POLYAK, timeout=SLOW)
    found = problem(page, FUNCTION)
    expect(found.get_by_role("status")).to_contain_text("This is your answer from before.")
    found.get_by_role("button", name="Reset").click()
    page.reload()
    expect(found.get_by_role("button", name="Answer here")).to_be_visible()
    expect(editor(page, FUNCTION)).to_have_count(0)


def test_by_keyboard(page: Page) -> None:
    found = problem(page, NUMBER)
    found.get_by_role("button", name="Answer here").focus()
    page.keyboard.press("Enter")
    expect(editor(page, NUMBER)).to_be_focused(timeout=SLOW)
    page.keyboard.press("Control+a")
    page.keyboard.type("answer = 1/3")
    page.keyboard.press("Escape")
    expect(found.get_by_role("button", name="Check:")).to_be_focused()
    page.keyboard.press("Enter")
    expect(found.get_by_role("status")).to_contain_text("Right: ", timeout=SLOW)
    expect(found.get_by_role("button", name="Check:")).to_be_focused()
    for name in ("Reset", "Show the solution"):
        page.keyboard.press("Tab")
        expect(found.get_by_role("button", name=name)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("details.solution summary").first).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_keeps_anyone_out(sample_site: Site, watch: Watch, scheme: Any) -> None:
    page = watch(width=390, scheme=scheme).go(sample_site.url("checks"))
    opened(page, NUMBER)
    for code, sentence in WRONG.items():
        answered(page, NUMBER, code, sentence)
    opened(page, FUNCTION)
    answered(page, FUNCTION, POLYAK + "  # " + "a long line " * 9, "Right: ")
    opened(page, CLASS)
    answered(page, CLASS, "class Momentum: pass\nanswer = Momentum", "with a method step()")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    tall = page.locator("gd-check button:visible").evaluate_all(
        "all => all.map(b => b.getBoundingClientRect().height)"
    )
    assert min(tall) >= 44
    named = page.locator("gd-check button:visible").evaluate_all(
        "all => all.map(b => b.getAttribute('aria-label'))"
    )
    assert len(set(named)) == len(named)
    page.emulate_media(media="print")
    expect(problem(page, NUMBER).locator("gd-check")).to_be_hidden()


def test_from_a_file_and_without_scripts_the_problem_is_as_it_was(
    sample_site: Site, watch: Watch
) -> None:
    page = watch().page
    page.goto(f"file://{sample_site.folder / 'checks.html'}")
    plain = watch(java_script_enabled=False).page
    plain.goto(sample_site.url("checks"))
    for each in (page, plain):
        found = problem(each, NUMBER)
        expect(found).to_contain_text("To check it: ")
        expect(found.get_by_role("button", name="Answer here")).to_have_count(0)
        expect(found.locator("gd-check")).to_be_hidden()
        expect(each.locator("details.solution").first).to_be_visible()
