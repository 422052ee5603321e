"""The mark of a place that is still to be written, and a chapter's files besides its page.

`gdbook new-chapter` leaves the mark in all that it lays out; the editor names each line that
has it, so that a chapter is not published half written.
"""

from __future__ import annotations

from typing import NamedTuple

MARK = "UNWRITTEN:"
CHANGELOG = "CHANGELOG.md"


class Companions(NamedTuple):
    """The files of a chapter besides its page, from the book's folder."""

    checkers: str
    tests: str
    hints: str
    quick_answers: str


def companions(docname: str) -> Companions:
    """Return the files that hold a chapter's checkers and their tests, its hints and answers.

    Parameters
    ----------
    docname : str
        As ``book/optimizers/stochastic-descent``.
    """
    name = docname.rpartition("/")[2].replace("-", "_")
    return Companions(
        f"src/gdbook/exercises/{name}.py",
        f"tests/exercises/test_{name}.py",
        f"src/gdbook/hints/{name}.toml",
        f"src/gdbook/quick/{name}.toml",
    )
