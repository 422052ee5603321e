"""Problems: facts, hint, numbers; and sentences for what is left out."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from small_book import SmallBook

PROBLEM = """\
:::{{problem}} A cube by hand
:label: {label}
:tier: {tier}
:difficulty: easy
:minutes: 10
:answer: {answer}
:hint: Expand $(x + h)^3$ first.
Find the derivative.
:::

:::{{solution-start}} prob-cube
:::

It is three times the square.

```{{code-cell}}
print(3 * 2**2)
```

:::{{solution-end}}
:::

See {{ref}}`prob-cube`, and {{n}}`small:.1e` or {{n}}`many:,.0f`.
"""
SAYS = """\
```{code-cell}
:tags: [remove-cell]
from gdbook.checks import say
say(small=-3.21e-9, many=-1234567.0)
```

"""


def problem(label: str = "prob-cube", tier: str = "derive", answer: str = "number") -> str:
    return PROBLEM.format(label=label, tier=tier, answer=answer)


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallBook:
    return SmallBook.warm(tmp_path, monkeypatch, {"one": ""})


def build(book: SmallBook, text: str, *, ok: bool = True) -> str:
    """Build the book with one page, and return what was said."""
    book.chapter("one", "# One\n\n" + SAYS + text)
    return book.build("-n", "-W", "--keep-going", ok=ok).log


@pytest.mark.book
def test_a_problem_shows_its_facts_its_hint_and_a_folded_solution_that_has_run(
    book: SmallBook,
) -> None:
    build(book, problem())
    page = BeautifulSoup(book.page("one"), "html.parser")
    card = page.find(id="prob-cube")
    assert card is not None
    facts = card.find(class_="problem-facts")
    assert facts is not None
    assert facts.get_text() == "derive · easy · 10 minutes"
    hint = card.find("details", class_="hint")
    assert hint is not None
    assert "first" in hint.get_text()
    solution = page.find("details", class_="solution")
    assert solution is not None
    assert not solution.has_attr("open")
    assert "12" in solution.get_text()
    reference = page.find("a", href="#prob-cube", class_="reference")
    assert reference is not None
    assert reference.get_text() == "Exercise 1"  # the book's own configuration says Problem


ANSWERS = {
    "number": 'Answer: one number. To check it: check("prob-0", answer)',
    "tensor, two numbers": 'Answer: two numbers. To check it: check("prob-1", answer)',
    "function, cube(x, h=1)": (
        'Answer: the function cube(x, h=1). To check it: check("prob-2", cube)'
    ),
    "words": "Answer: in words. The solution has one to compare with.",
}


@pytest.mark.book
def test_a_problem_says_what_is_handed_in_on_the_page_and_in_the_notebook(
    book: SmallBook,
) -> None:
    cards = [problem(f"prob-{k}", answer=answer) for k, answer in enumerate(ANSWERS)]
    text = "\n".join(card.partition("::{solution")[0][:-1] for card in cards)
    build(book, text + "\n```{code-cell}\n1 + 1\n```\n")  # without code there is no notebook
    page = BeautifulSoup(book.page("one"), "html.parser")
    (script,) = page.select("script[src][defer]")
    bundle = book.root / "_build/html" / str(script["src"]).partition("?")[0].removeprefix("../")
    assert "check-call" in bundle.read_text("utf-8")
    made = json.loads((book.root / "_build/html/notebooks/book/one.ipynb").read_text("utf-8"))
    told = "".join("".join(cell["source"]) for cell in made["cells"])
    for k, line in enumerate(ANSWERS.values()):
        card = page.find(id=f"prob-{k}")
        assert card is not None
        shown = card.find(class_="problem-answer")
        assert shown is not None
        assert shown.get_text() == line
        assert line in told.replace("`", "").replace("**", "")
        call = shown.find("code", class_="check-call")  # a button copies it
        assert (call.get_text() if call else "") == line.partition("To check it: ")[2]


@pytest.mark.book
def test_numbers_are_set_as_a_book_sets_them(book: SmallBook) -> None:
    build(book, problem())
    page = BeautifulSoup(book.page("one"), "html.parser")
    shown = [node.get_text() for node in page.find_all(class_="computed")]
    assert shown == ["−3.2\u00a0×\u00a010⁻⁹", "−1,234,567"]


@pytest.mark.book
@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (problem(tier="guess"), '"guess" unknown; choose from "predict"'),
        (problem(label="cube"), "a problem's label starts with prob-"),
        (problem(answer="a number"), '"a number" unknown; choose from "number"'),
        (problem().replace(":minutes: 10\n", ""), "a problem needs :minutes:"),
        ("Only {n}`unsaid`.\n", "unsaid"),
    ],
)
def test_what_is_left_out_is_told(book: SmallBook, text: str, sentence: str) -> None:
    assert sentence in build(book, text, ok=False)


@pytest.mark.book
def test_a_chapter_that_is_listed_and_missing_is_named(tmp_path: Path) -> None:
    book = SmallBook(tmp_path / "book")
    book.write("_toc.yml", "format: jb-book\nroot: book/index\nchapters:\n- file: book/nowhere\n")
    assert "book/nowhere" in book.command("-n", "-W", ok=False).log


@pytest.mark.book
def test_of_problems_the_environment_keeps_what_references_need(book: SmallBook) -> None:
    text = problem()
    build(book, text)
    environment = pickle.loads((book.root / "_build/.doctrees/environment.pickle").read_bytes())
    kept = environment.sphinx_exercise_registry
    assert "prob-cube" in kept
    assert [len(entry["node"].children) for entry in kept.values()] == [1] * len(kept)
    # Another page refers to it from what is kept.
    book.chapter("two", "# Two\n\nAs in {ref}`prob-cube`.\n")
    book.names.append("two")
    book.write_toc()
    book.build("-n", "-W", "--keep-going")
    link = BeautifulSoup(book.page("two"), "html.parser").find("a", href="one.html#prob-cube")
    assert link is not None
    own = BeautifulSoup(book.page("one"), "html.parser").find(
        "a", href="#prob-cube", class_="internal"
    )
    assert own is not None
    assert link.get_text() == own.get_text() == "Exercise 1"
