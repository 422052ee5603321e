"""The editor's rule on what a problem's card says: how to hand in, and that it is checked."""

from __future__ import annotations

import pytest
from docutils import nodes
from sphinx_exercise.nodes import exercise_enumerable_node

from gdbook.exercises import check
from gdbook.exercises.verdict import CHECKERS
from gdbook.publish.audit.page import Page, Source
from gdbook.publish.audit.problem_rules import handed_in
from gdbook.publish.core.checked import labels


def page(label: str, answer: str | None, *, held: bool = True) -> Page:
    problem = exercise_enumerable_node("", label=label)
    problem.line = 7
    problem["facts"] = {"tier": "derive"} | ({"answer": answer} if answer else {})
    doctree = nodes.document(None, None)  # type: ignore[arg-type]
    doctree += problem
    return Page(doctree, Source(""), [], held=held)


@pytest.mark.parametrize(
    ("label", "answer", "sentence"),
    [
        ("prob-cube", "number", None),
        ("prob-convex", "words", None),
        ("prob-cube", None, "prob-cube doesn't say how its answer is handed in: add :answer:"),
        ("prob-convex", "tensor", "prob-convex asks for a tensor, and nothing checks it: write"),
        ("prob-cube", "words", "prob-cube is answered in words, and has a checker"),
    ],
)
def test_a_card_says_how_to_hand_in(label: str, answer: str | None, sentence: str | None) -> None:
    found = list(handed_in(page(label, answer)))
    assert [finding.line for finding in found] == ([7] if sentence else [])
    assert all(finding.text.startswith(str(sentence)) for finding in found)
    assert list(handed_in(page(label, answer, held=False))) == []


def test_checkers_are_found_without_importing_them() -> None:
    with pytest.raises(ValueError, match="no problem"):
        check("prob-that-does-not-exist", 0)  # it has loaded all of them
    assert set(labels()) == set(CHECKERS)
