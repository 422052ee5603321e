"""The table that a learning platform imports: id, points, comments."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from gdbook.grading.feedback import comment
from gdbook.grading.marking import Mark
from gdbook.lab.tasks import Task

NAME = "grades.csv"

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def guarded(cell: str) -> str:
    """Return a cell with an apostrophe before what a spreadsheet would take for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def gradebook(marks: Iterable[Mark], tasks: Sequence[Task]) -> str:
    """Return the table as CSV, a row for each student, in the order of their ids."""
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\r\n")  # as RFC 4180 has it
    writer.writerow(["id", "points", "comments"])
    for mark in sorted(marks, key=lambda one: one.student):
        row = (mark.student, f"{mark.total:g}", comment(mark, tasks))
        writer.writerow([guarded(cell) for cell in row])
    return made.getvalue()
