"""The book's problems in Chromium: each has its place, and answers get the sentences of `check`."""

from __future__ import annotations

from collections import Counter

import pytest
from playwright.sync_api import expect

from contents import PAGES, source
from gdbook.exercises import check, hints
from gdbook.publish.live.offered import OFFERED
from page_checks import answers_of
from sites import SLOW, Site, Watch

pytestmark = [pytest.mark.book, pytest.mark.browser]

WITH = [name for name in PAGES if any(f":label: {label}\n" in source(name) for label in OFFERED)]
#: Of each page: what the element knows, whether its solution is there and where it stands.
PLACED = """all => all.map(each => ({ ...each.dataset,
  folded: document.getElementById(each.dataset.solution)?.matches("details.solution:not([open])"),
  inside: each.closest(".problem")?.id }))"""


def test_every_offered_problem_has_its_place(book_site: Site, watch: Watch) -> None:
    found: Counter[str] = Counter()
    for name in WITH:
        page = watch(java_script_enabled=False).page
        page.goto(book_site.url(name))
        for placed in page.locator("gd-check").evaluate_all(PLACED):
            assert placed["folded"], placed
            assert placed["inside"] == placed["label"]
            assert f"{placed['name']} = " in placed["skeleton"] or (
                f"def {placed['name']}(" in placed["skeleton"]
            )
            found[placed["label"]] += 1
    assert found == Counter(OFFERED)


@pytest.mark.parametrize("name", WITH)
def test_a_page_judges_its_first_and_last_problem_as_check_does(
    book_site: Site, watch: Watch, name: str
) -> None:
    seen = watch()
    page = seen.go(book_site.url(name))
    labels = page.locator("gd-check").evaluate_all("all => all.map(each => each.dataset.label)")
    for label in {labels[0], labels[-1]}:
        problem = page.locator(f"#{label}")
        handed = problem.locator("gd-check").get_attribute("data-name")
        problem.scroll_into_view_if_needed()
        problem.get_by_role("button", name="Answer here").click()
        editor = problem.get_by_role("textbox")
        expect(editor).to_be_focused(timeout=SLOW)
        for typed in answers_of(label):
            hints.forget()
            editor.fill(f"{typed.code}\n{handed} = answer")
            editor.press("Control+Enter")
            said = repr(check(label, typed.answer))
            expect(problem.locator(".live-note")).to_have_text(said, timeout=SLOW)
        expect(problem.get_by_role("button", name="Show the solution")).to_be_hidden()
    assert seen.errors == seen.outside == []
