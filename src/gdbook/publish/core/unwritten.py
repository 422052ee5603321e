"""The mark of a place that is still to be written, and the files of a chapter that may have it.

`gdbook new-chapter` leaves the mark in all that it lays out; the editor names each line that
has it, so that a chapter is not published half written.
"""

from __future__ import annotations

MARK = "UNWRITTEN:"

EXERCISES = "src/gdbook/exercises"
TESTS = "tests/exercises"
CHANGELOG = "CHANGELOG.md"


def companions(docname: str) -> tuple[str, str]:
    """Return the files that hold a chapter's checkers and their tests, from the book's folder.

    Parameters
    ----------
    docname : str
        As ``book/optimizers/stochastic-descent``.
    """
    module = docname.rpartition("/")[2].replace("-", "_")
    return f"{EXERCISES}/{module}.py", f"{TESTS}/test_{module}.py"
