"""The core of a chapter: what is counted, how long it takes, and when it is too long."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

import pytest
from docutils import nodes
from hypothesis import given, settings
from hypothesis import strategies as st
from pages import page

from gdbook.publish.audit.page import Page, Source
from gdbook.publish.audit.standard import core, marks
from gdbook.publish.myst.minutes_role import matter
from gdbook.publish.myst.reading_time import Matter, in_words

SECTIONS = st.lists(
    st.tuples(st.booleans(), st.integers(0, 40), st.integers(0, 3), st.integers(0, 5)), max_size=5
)


def written(sections: list[tuple[bool, int, int, int]]) -> str:
    """Write sections of words, formulas and lines of code; each has a heading of one word."""
    text = "# Title\n\n"
    for deeper, words, formulas, lines in sections:
        text += "{.deeper}\n" * deeper + "## Heading\n\n"
        text += "\n".join(
            ("word", "$x^2$", "*word*,", "— the", "`a_b`")[n % 5] for n in range(words)
        )
        text += "\n\n$$ x = 1 $$" * formulas + "\n\n"
        text += "```python\n" + "x = 1\n\n" * lines + "```\n\n" if lines else ""
    return text + "## Problems\n\nThese words are not counted.\n"


@settings(deadline=None, max_examples=30)
@given(SECTIONS)
def test_what_is_written_is_counted_once(sections: list[tuple[bool, int, int, int]]) -> None:
    found = matter(page(written(sections)).doctree)
    for name, chosen in (("core", [s for s in sections if not s[0]]), ("text", sections)):
        assert found[name] == Matter(
            words=1 + sum(1 + s[1] for s in chosen),
            formulas=sum(s[2] for s in chosen),
            lines=sum(s[3] for s in chosen),
        )


def test_a_question_takes_the_minutes_that_it_says() -> None:
    doctree = page("# Title\n\n## Heading\n\nTwo words.\n").doctree
    before = matter(doctree)["core"]
    (paragraph,) = doctree.findall(nodes.paragraph)
    paragraph.replace_self(
        nodes.container("", paragraph.copy(), nodes.paragraph("", "A question?"), minutes=2)
    )
    assert before == Matter(words=4)
    assert matter(doctree)["core"] == Matter(words=2, practice=2)


@given(*[st.integers(0, 5000)] * 4)
def test_minutes_are_words_formulas_lines_and_problems(
    words: int, formulas: int, lines: int, problems: int
) -> None:
    read = Matter(words, formulas, lines, problems)
    exact = Fraction(words * 3 * 100 + formulas * 40000 + lines * 7000, 60000) + problems
    assert read.minutes == pytest.approx(float(exact))


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (0, "5 minutes"),
        (7.4, "5 minutes"),
        (7.5, "10 minutes"),
        (117.4, "115 minutes"),
        (117.5, "2 hours"),
        (134.9, "2 hours"),
        (135, "2½ hours"),
        (301, "5 hours"),
    ],
)
def test_durations_are_said_in_round_numbers(minutes: float, said: str) -> None:
    assert in_words(minutes) == said


@pytest.mark.parametrize(
    ("words", "formulas", "told"),
    [
        (2498, 0, []),  # and the words of two headings
        (2499, 0, ["2501 words"]),
        (398, 87, []),  # 2 + 58 minutes
        (398, 88, ["61 minutes"]),
    ],
)
def test_a_core_that_fits_no_class_is_told(words: int, formulas: int, told: list[str]) -> None:
    text = written([(False, 0, 0, 0), (True, 3000, 99, 0)]).replace(
        "## Heading\n\n",
        "## Heading\n\n" + "word\n" * words + "\n\n$$ x = 1 $$" * formulas + "\n\n",
        1,
    )
    found = [f.text for f in core(replace(page(text), held=True))]
    assert [re.findall(r"has (\d+ \w+),", f)[0] for f in found] == told
    assert not list(core(page(text)))


@pytest.mark.parametrize(
    ("marked", "only", "line"),
    [(60, 0, None), (61, 0, 61), (59, 1, None), (59, 2, 61), (0, 61, 61)],
)
def test_a_deck_with_too_many_marks_is_told_at_the_first_of_them(
    marked: int, only: int, line: int | None
) -> None:
    doctree = nodes.document(None, None)  # type: ignore[arg-type]
    doctree["slide_cells"] = [
        {"line": n + 1, "marked": n < marked, "tags": [] if n < marked else ["slides-only"]}
        for n in range(marked + only)
    ] + [{"line": 999, "marked": False, "tags": ["check"]}]
    held = Page(doctree, Source(""), [], held=True)
    assert list(marks(held)) == []  # of a page whose cells are marked throughout
    doctree["slide_units"] = []
    assert [finding.line for finding in marks(held)] == ([line] if line else [])
    assert list(marks(replace(held, held=False))) == []
