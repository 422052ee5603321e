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


def test_every_offered_problem_has_its_place(book_site: Site) -> None:
    found: Counter[str] = Counter()
    for name in WITH:
        page = book_site.soup(name)
        for place in page.select("gd-check"):
            label, named = place["data-label"], place["data-name"]
            solution = page.find(id=place["data-solution"])
            assert solution is not None
            assert solution.name == "details"
            assert "solution" in solution["class"]
            assert not solution.has_attr("open"), label
            (problem,) = place.find_parents(class_="problem")
            assert problem["id"] == label
            skeleton = str(place["data-skeleton"])
            assert f"{named} = " in skeleton or f"def {named}(" in skeleton
            found[str(label)] += 1
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
