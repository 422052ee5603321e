"""What a student is told: points, and each mistake by name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from gdbook.grading.files import write
from gdbook.grading.marking import Mark
from gdbook.lab.tasks import Task

FOLDER = "feedback"


def feedback(mark: Mark, tasks: Sequence[Task]) -> str:
    """Return the text for one student."""
    most = sum(task.points for task in tasks)
    lines = [f"Programming lab, seed {mark.seed}, {mark.student}", ""]
    lines.append(f"{mark.total:g} of {most:g} points")
    for number, task in enumerate(tasks, 1):
        lines += ["", f"{number}. {task.title}: {mark.points[task.name]:g} of {task.points:g}"]
        found = [finding for finding in mark.findings if finding.task == task.name]
        lines += [f"   {finding.answer}: {finding.sentence}" for finding in found]
        lines += [] if found else ["   Right."]
    lines += ["", *(f"Note: {note}." for note in mark.notes)] if mark.notes else []
    return "\n".join(lines) + "\n"


def write_feedback(folder: Path, mark: Mark, tasks: Sequence[Task]) -> Path:
    """Write it to a file that the student's id names, and return the file."""
    path = folder / FOLDER / f"feedback-{mark.student}.txt"
    write(path, feedback(mark, tasks))
    return path


def comment(mark: Mark, tasks: Sequence[Task]) -> str:
    """Return the mistakes on one line, as a gradebook's comment."""
    return "; ".join(_parts(mark, tasks)) or "all right"


def _parts(mark: Mark, tasks: Sequence[Task]) -> Iterator[str]:
    for number, task in enumerate(tasks, 1):
        found = [f for f in mark.findings if f.task == task.name]
        if found and all(f.name == "missing" for f in found) and len(found) == len(task.answers):
            yield f"task {number}: not handed in"
            continue
        for finding in found:
            yield f"task {number}, {finding.answer}: {finding.sentence.rstrip('.')}"
