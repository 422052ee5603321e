"""Formulas that show the same are the same text."""

from __future__ import annotations

import pytest

from gdbook.latex import normalise


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (r"2x + h", r" 2x+h. "),
        (r"\cos x \le \sin  x", "\\cos x\n\\le \\sin x"),
        (r"a % a remark" + "\n = b", "a = b,"),
    ],
)
def test_spaces_do_not_show(a: str, b: str) -> None:
    assert normalise(a) == normalise(b)


def test_what_shows_is_told_apart() -> None:
    assert normalise(r"\cos x") != normalise(r"\cosx")
    assert normalise("2x + h") != normalise("2x - h")
