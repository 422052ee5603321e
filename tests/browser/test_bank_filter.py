"""The filter above the bank of problems, in Chromium: by keyboard, and without a script."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest
from asking import violations
from playwright.sync_api import Locator, Page, expect

from gdbook.publish.formats import bank
from gdbook.publish.theme import stylesheet

pytestmark = pytest.mark.browser

CHAPTERS = {
    "bank-first": [
        ("One", "derive", "easy", "10", "function"),
        ("Two", "quick", "–", "2", "letter"),
    ],
    "bank-second": [("Three", "debug", "demanding", "45", "–")],
}


def chapter(anchor: str) -> str:
    head = "".join(f"<th>{word}</th>" for word in bank.HEAD)
    lines = "".join(
        f"<tr>{''.join(f'<td><p>{word}</p></td>' for word in line)}</tr>"
        for line in CHAPTERS[anchor]
    )
    return (
        f'<section id="{anchor}"><h2>{anchor}</h2><div class="table-wrapper">'
        f'<table class="docutils bank"><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>'
        "</div></section>"
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("bank")
    script = Path(bank.__file__).with_name(bank.SCRIPT)
    (target / bank.SCRIPT).write_bytes(script.read_bytes())
    (target / "book.css").write_text(stylesheet(), "utf-8")
    (target / "index.html").write_text(
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Bank</title>'
        '<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="book.css">'
        f'<script defer src="{bank.SCRIPT}"></script>'
        "<style>body { background: var(--paper); color: var(--ink) }</style></head>"
        '<body data-theme="auto"><article role="main"><h1>Bank</h1>'
        f'<p class="bank-sum">Two problems.</p>{"".join(map(chapter, CHAPTERS))}</article>'
        "</body></html>",
        "utf-8",
    )
    return target


@pytest.fixture
def page(folder: Path, watch: Any) -> Page:
    opened: Page = watch().go(f"file://{folder}/index.html")
    return opened


def shown(page: Page) -> Locator:
    return page.locator("tbody tr:visible")


def test_all_lines_are_shown_until_something_is_chosen(page: Page) -> None:
    expect(page.get_by_role("status")).to_have_text("3 of 3 lines")
    expect(shown(page)).to_have_count(3)


def test_it_is_filtered_by_keyboard(page: Page) -> None:
    page.keyboard.press("Tab")
    expect(page.get_by_label("tier")).to_be_focused()
    page.keyboard.type("debug")
    expect(page.get_by_role("status")).to_have_text("1 of 3 lines")
    expect(shown(page)).to_have_text(["Threedebugdemanding45–"])
    expect(page.get_by_role("heading", name="bank-first")).to_be_hidden()
    expect(page.get_by_role("heading", name="bank-second")).to_be_visible()


@pytest.mark.parametrize(
    ("choices", "left"),
    [
        ({"minutes": "at most 10"}, ["One", "Two"]),
        ({"minutes": "at most 5"}, ["Two"]),
        ({"checker": "without"}, ["Three"]),
        ({"checker": "with"}, ["One", "Two"]),
        ({"tier": "derive", "checker": "with", "minutes": "at most 15"}, ["One"]),
        ({"tier": "quick", "checker": "without"}, []),
    ],
)
def test_choices_go_together(page: Page, choices: dict[str, str], left: list[str]) -> None:
    for name, option in choices.items():
        page.get_by_label(name).select_option(label=option)
    expect(page.get_by_role("status")).to_have_text(f"{len(left)} of 3 lines")
    expect(shown(page).locator("td:first-child")).to_have_text(left)
    for name in choices:
        page.get_by_label(name).select_option(index=0)
    expect(shown(page)).to_have_count(3)


def test_without_a_script_there_is_no_filter_and_every_line(folder: Path, watch: Any) -> None:
    page = watch(java_script_enabled=False).go(f"file://{folder}/index.html")
    expect(page.locator("form")).to_have_count(0)
    expect(shown(page)).to_have_count(3)


def test_a_phone_needs_no_scrolling_to_the_side(folder: Path, watch: Any) -> None:
    page = watch(width=360, height=700).go(f"file://{folder}/index.html")
    expect(page.get_by_role("status")).to_be_visible()
    expect(page.locator("th:visible")).to_have_text([w for w in bank.HEAD if w != "difficulty"] * 2)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(folder: Path, watch: Any, scheme: str) -> None:
    page = watch(scheme=scheme).go(f"file://{folder}/index.html")
    expect(page.get_by_role("status")).to_be_visible()
    assert violations(page) == []


def test_the_script_is_small() -> None:
    script = Path(bank.__file__).with_name(bank.SCRIPT).read_bytes()
    assert len(gzip.compress(script)) < 1500
