"""The table of all files: points for each task, and a line for each file that was not marked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from gdbook.grading.marking import Mark
from gdbook.lab.tasks import Task

NAME = "report.txt"
_WIDEST = 24


def duplicates(marks: Iterable[Mark]) -> dict[str, list[Mark]]:
    """Return the marks of each id that more than one file has.

    Ids that differ in upper and lower case only are the same: their feedback would be one file
    on some systems.
    """
    by_id: dict[str, list[Mark]] = defaultdict(list)
    for mark in marks:
        if not mark.refused:
            by_id[mark.student.casefold()].append(mark)
    return {same[0].student: same for same in by_id.values() if len(same) > 1}


def table(marks: Iterable[Mark], tasks: Sequence[Task]) -> str:
    """Return a line for each marked file."""
    rows = sorted((m for m in marks if not m.refused), key=lambda one: (one.student, one.file))
    names = [task.name for task in tasks]
    head = [f"{'id':<{_WIDEST}}", f"{'seed':>8}", *(f" {n:>10}" for n in names), "    points"]
    lines = ["".join(head)]
    for mark in rows:
        cells = [f"{mark.student[:_WIDEST]:<{_WIDEST}}", f"{mark.seed:>8}"]
        cells += [f" {mark.points[name]:>10g}" for name in names]
        lines.append("".join([*cells, f"{mark.total:>10g}"]))
    return "\n".join(lines)


def troubles(marks: Sequence[Mark]) -> list[str]:
    """Return a sentence for each file that was not marked, and for each id that is not unique."""
    lines = [f"{m.file}: {m.refused}" for m in sorted(marks, key=lambda m: m.file) if m.refused]
    for student, same in sorted(duplicates(marks).items()):
        files = ", ".join(sorted(mark.file for mark in same))
        lines.append(
            f"{files}: {len(same)} files have the id {student}; none of them is in the gradebook"
        )
    return lines


def report(marks: Sequence[Mark], tasks: Sequence[Task]) -> str:
    """Return the whole report."""
    lines = [table(marks, tasks)]
    noted = [f"{m.file}: {note}" for m in marks for note in m.notes]
    for heading, found in (("Not marked", troubles(marks)), ("Notes", sorted(noted))):
        if found:
            lines += ["", f"{heading} ({len(found)})", *found]
    return "\n".join(lines) + "\n"
