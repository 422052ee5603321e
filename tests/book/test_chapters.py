"""What every chapter must have beyond what the editor asks for, in the book as it is built."""

from __future__ import annotations

import doctest
import pickle
from collections import Counter
from pathlib import Path

import pytest
from books import doctree
from docutils import nodes
from sphinx_exercise.nodes import solution_node

from builds import ROOT
from contents import CHAPTERS, PAGES
from gdbook.exercises import check
from gdbook.exercises.verdict import CHECKERS
from gdbook.publish.audit.page_summary import chapters
from gdbook.publish.core.findings import FINDINGS
from gdbook.publish.formats.slides.units import units


def test_every_page_of_the_book_is_in_its_contents() -> None:
    written = {p.relative_to(ROOT).with_suffix("").as_posix() for p in ROOT.glob("book/**/*.md")}
    assert written == set(PAGES)


@pytest.mark.book
@pytest.mark.each_chapter
def test_the_editor_has_read_every_chapter_and_found_nothing(whole_book: Path) -> None:
    folder = whole_book / "_build" / ".doctrees"
    env = pickle.loads((folder / "environment.pickle").read_bytes())
    assert env.config.audit == "chapters"
    assert chapters(env) == set(CHAPTERS)
    assert not any(FINDINGS.of(env).values())


@pytest.mark.book
@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_shows_figures_and_warns(name: str, whole_book: Path) -> None:
    tree = doctree(whole_book, name)
    assert list(tree.findall(nodes.figure))
    classes = Counter(c for box in tree.findall(nodes.admonition) for c in box["classes"])
    assert classes["objectives"] == classes["summary"] == 1
    assert classes["watch-out"] >= 2


@pytest.mark.book
@pytest.mark.parametrize("name", CHAPTERS)
def test_each_problem_is_solved_before_the_next(name: str, whole_book: Path) -> None:
    tree = doctree(whole_book, name)
    problems = [n["label"] for n in tree.findall(nodes.Element) if "facts" in n]
    assert problems
    assert problems == [n["target_label"] for n in tree.findall(solution_node)]


@pytest.mark.book
@pytest.mark.parametrize("name", CHAPTERS)
def test_each_card_says_how_to_hand_in_and_names_check_only_where_there_is_a_checker(
    name: str, whole_book: Path
) -> None:
    with pytest.raises(ValueError, match="no problem"):
        check("prob-that-does-not-exist", 0)  # it has loaded all checkers
    for problem in doctree(whole_book, name).findall(nodes.Element):
        if "facts" not in problem:
            continue
        label = problem["label"]
        (line,) = (p for p in problem.findall(nodes.paragraph) if "problem-answer" in p["classes"])
        assert line.astext().startswith("Answer: "), label
        assert (f'check("{label}", ' in line.astext()) == (label in CHECKERS), label
        assert (problem["facts"]["answer"] == "words") == (label not in CHECKERS), label


@pytest.mark.book
@pytest.mark.parametrize("name", CHAPTERS)
def test_a_deck_has_words_for_who_speaks(name: str, whole_book: Path) -> None:
    kinds = [unit.kind for unit in units(doctree(whole_book, name))]
    assert kinds.count("notes") >= 10


def test_what_the_readme_shows_is_what_happens() -> None:
    failed, tried = doctest.testfile(str(ROOT / "README.md"), module_relative=False)
    assert tried > 0
    assert failed == 0
