"""Quick questions in Chromium, from a file: judged as by Python, by keyboard, without a script."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from asking import violations
from playwright.sync_api import Page, expect

from gdbook import quick
from gdbook.publish.myst import answers, quick_question
from gdbook.publish.theme import stylesheet
from quick_answers import ALIKE, REFUSED, hostile, written

pytestmark = pytest.mark.browser

SCRIPT = Path(answers.__file__).with_name(answers.SCRIPT)
NUMBER, CHOICE = "quick-stable-rate", "quick-which-valley"
CALL = 'check("prob-cube", cube_slope)'


def written_out(label: str, asks: str, number: int) -> str:
    """Return a question's HTML, as the translator of pages writes it."""
    question = quick.question(label)
    node = quick_question.quick_question("", label=label, number=number)
    node["answer"], node["script"] = f"{question.answer}: {question.right}", question.for_script()
    node += [quick_question.quick_option("", letter=letter) for letter in question.options]
    translator: Any = SimpleNamespace(body=[])
    quick_question._visit_question(translator, node)
    translator.body.append(f"<p>{asks}</p><ul>")
    for option in node.findall(quick_question.quick_option):
        translator.body.append("<li>")
        quick_question._visit_option(translator, option)
        translator.body.append(f"<strong>{option['letter']}</strong> An option.")
        quick_question._depart_option(translator, option)
        translator.body.append("</li>")
    translator.body.append("</ul>")
    quick_question._depart_question(translator, node)
    return "".join(translator.body)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page with two questions and a problem's card."""
    target = tmp_path_factory.mktemp("answers")
    (target / answers.SCRIPT).write_text(SCRIPT.read_text("utf-8"), "utf-8")
    (target / "book.css").write_text(stylesheet(), "utf-8")
    card = f'<p class="problem-answer">To check it: <code class="check-call">{CALL}</code></p>'
    body = written_out(NUMBER, "Below which rate?", 1) + written_out(CHOICE, "Which valley?", 2)
    head = f'<link rel="stylesheet" href="book.css"><script defer src="{answers.SCRIPT}"></script>'
    (target / "index.html").write_text(
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Answers</title>'
        f'<meta name="viewport" content="width=device-width">{head}'
        "<style>body { background: var(--paper); color: var(--ink) }</style></head>"
        f'<body data-theme="auto"><main><article><h1>Answers</h1>{body}{card}</article></main>'
        "</body></html>",
        "utf-8",
    )
    return target


@pytest.fixture
def page(folder: Path, watch: Any) -> Page:
    opened: Page = watch().go(f"file://{folder}/index.html")
    return opened


READ = """texts => texts.map(text => {
  try { return customElements.get("gd-quick").read(text); } catch (error) { return error.message; }
})"""


def read(text: str) -> float | str:
    try:
        return quick.read(text)
    except quick.UnreadableError as error:
        return str(error)


def test_both_read_the_same_number_or_refuse_it_in_the_same_words(page: Page) -> None:
    texts = [*ALIKE, *REFUSED, *(text for text, _ in written(500)), *hostile(3000)]
    got = [one if isinstance(one, str) else float(one) for one in page.evaluate(READ, texts)]
    assert got == [read(text) for text in texts]


def test_both_judge_alike(page: Page) -> None:
    texts = ["0.2", "0.2000000001", "0.20000001", "7", *(text for text, _ in written(200))]
    for question in quick.catalogue().values():
        given = [*(question.options or texts), question.answer, *(m.answer for m in question.wrong)]
        got = page.evaluate(
            """([answers, given]) => given.map(one =>
              customElements.get("gd-quick").judge(answers, one))""",
            [json.loads(json.dumps(question.for_script())), given],
        )
        assert got == [list(question.judge(one)) for one in given]


def test_it_is_answered_by_keyboard_and_a_hint_comes_after_the_second_try(page: Page) -> None:
    box = page.locator(f"#{NUMBER}")
    said = box.get_by_role("status")
    page.keyboard.press("Tab")
    expect(box.get_by_label("Your answer")).to_be_focused()
    for given, told in (
        ("1/10", "Not yet: that is 1/λ."),
        ("what", "Not yet: this can't be read as one number."),
        ("", "Not yet: write a number"),
    ):
        box.get_by_label("Your answer").fill("")
        page.keyboard.type(given)
        expect(said).to_have_text("")
        page.keyboard.press("Enter")
        expect(said).to_contain_text(told)
        expect(said).not_to_contain_text("Hint")
    box.get_by_label("Your answer").fill("")
    page.keyboard.type("77")
    page.keyboard.press("Enter")
    expect(said).to_contain_text("Not yet: that is not it. Hint: the run converges")
    expect(box.locator("details p")).to_be_hidden()
    box.get_by_label("Your answer").fill("0,2")
    page.keyboard.press("Enter")
    expect(said).to_contain_text("Right: λ = 10")
    page.keyboard.press("Tab")  # the button
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(box.locator("details p")).to_be_visible()
    assert page.url.endswith("index.html")  # nothing was sent


def test_a_first_try_that_is_unknown_has_no_hint_yet(page: Page) -> None:
    box = page.locator(f"#{NUMBER}")
    box.get_by_label("Your answer").fill("77")
    for _ in range(2):  # the same answer again is no second try
        box.get_by_role("button").click()
        expect(box.get_by_role("status")).to_have_text("Not yet: that is not it.")
    box.get_by_label("Your answer").fill("78")
    box.get_by_role("button").click()
    expect(box.get_by_role("status")).to_contain_text("Hint: ")


def test_an_option_is_chosen_by_keyboard(page: Page) -> None:
    box = page.locator(f"#{CHOICE}")
    box.get_by_role("button").click()
    expect(box.get_by_role("status")).to_have_text("Not yet: choose one of the options.")
    box.get_by_role("radio").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(box.get_by_role("status")).to_contain_text("Not yet: the right valley is nearer")
    page.keyboard.press("ArrowDown")
    expect(box.get_by_role("status")).to_have_text("")
    page.keyboard.press("Enter")
    expect(box.get_by_role("status")).to_contain_text("Right: the first step")


def test_the_call_of_check_is_copied(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    button = page.get_by_role("button", name=f"Copy {CALL}")
    button.click()
    expect(button).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == CALL


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(folder: Path, watch: Any, scheme: str) -> None:
    page = watch(scheme=scheme).go(f"file://{folder}/index.html")
    for given in ("1/10", "0.2"):
        page.get_by_label("Your answer").fill(given)
        page.get_by_role("button", name="Check").first.click()
        page.evaluate("document.querySelectorAll('details').forEach((box) => box.open = true)")
        assert violations(page) == []


def test_it_fits_a_phone(folder: Path, watch: Any) -> None:
    page = watch(width=320, height=700).go(f"file://{folder}/index.html")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    inside = page.evaluate(
        """() => [...document.querySelectorAll("gd-quick")].every((box) => {
          const { paddingRight } = getComputedStyle(box);
          const edge = box.getBoundingClientRect().right - parseFloat(paddingRight) + 0.5;
          return [...box.querySelectorAll("*")].every(
            (one) => one.getBoundingClientRect().right <= edge);
        })"""
    )
    assert inside
    heights = page.evaluate(
        """() => [...document.querySelectorAll(".quick-given button, .quick-given input")]
          .map((one) => one.offsetHeight)"""
    )
    assert min(heights) >= 36


def test_without_a_script_the_answer_is_folded(folder: Path, watch: Any) -> None:
    page = watch(java_script_enabled=False).page
    page.goto(f"file://{folder}/index.html")
    box = page.locator(f"#{NUMBER}")
    assert box.get_by_text("Below which rate?").is_visible()
    assert not box.locator("input").is_visible()
    assert not box.get_by_role("button").first.is_visible()
    assert not box.locator("details p").is_visible()
    box.locator("summary").click()
    assert box.locator("details p").inner_text().startswith("1/5: λ = 10")


def test_the_script_is_small() -> None:
    assert len(gzip.compress(SCRIPT.read_bytes(), 9)) < 4_000


def test_an_empty_answer_counts_nothing(page: Page) -> None:
    box = page.locator(f"#{NUMBER}")
    for given in ("", "?", "77"):
        box.get_by_label("Your answer").fill(given)
        box.get_by_role("button").click()
    expect(box.get_by_role("status")).to_have_text("Not yet: that is not it.")
