"""Does the guard see what a page shows and no check says?"""

from __future__ import annotations

from gdbook.publish.claims.comparison import drift
from gdbook.publish.claims.pairing import Shown, Tried, pair

LATEX = r"\bar v_j = \sum_{i \text{ uses } j} \bar v_i"


def record(latex: str, label: str = "eq-a") -> dict[str, str]:
    return {"kind": "tensors", "of": label, "latex": latex}


def test_what_was_checked_may_be_shown_with_other_spaces() -> None:
    assert drift(LATEX, [record(LATEX.replace(r" \bar", "\n\\bar") + ".")]) == []


def test_what_was_not_checked_is_found() -> None:
    found = drift(LATEX.replace("uses", "feeds"), [record(LATEX), record(LATEX)])
    assert len(found) == 2
    assert "feeds" in found[0].partition(", the check is about ")[0]
    assert "uses" in found[0].partition(", the check is about ")[2]


def test_a_record_belongs_to_the_equation_that_it_names() -> None:
    shown = [Shown("eq-a", "a = a", 1), Shown("def-b", "b = b", 2), Shown("eq-c", "c = c", 3)]
    tried = Tried("", 4, [record("a = a"), record("b = b", "def-b"), record("d = d", "eq-d")])
    claims = pair([*shown, tried])
    assert {label: len(claim.records) for label, claim in claims.by_label.items()} == {
        "eq-a": 1,
        "eq-c": 0,
    }
    assert [f.text for f in claims.all_found(complete=False)] == [
        "a check of eq-d, but there is no such equation in this document"
    ]
    assert [f.text for f in claims.all_found()][1:] == [
        "eq-c has no check: a cell tagged check must name it"
    ]
