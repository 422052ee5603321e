"""All of it: files in, marks out."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gdbook.grading import gradebook, report, statistics
from gdbook.grading.feedback import FOLDER, write_feedback
from gdbook.grading.files import write
from gdbook.grading.folder import find
from gdbook.grading.journal import Journal
from gdbook.grading.marking import Mark
from gdbook.grading.workers import marks as marked
from gdbook.lab.tasks import Task

STATISTICS = "class.txt"


@dataclass(frozen=True)
class Graded:
    """What a run came to.

    Attributes
    ----------
    marks : sequence of Mark
        One for each file, also for those that were refused.
    troubles : sequence of str
        A sentence for each file that is not in the gradebook.
    known : int
        How many marks were there already.
    """

    marks: Sequence[Mark]
    troubles: Sequence[str]
    known: int


def grade(
    places: Sequence[Path],
    out: Path,
    tasks: Sequence[Task],
    *,
    seed: int | None = None,
    workers: int | None = None,
    progress: bool = False,
) -> Graded:
    """Mark submissions and write gradebook, feedback, report and statistics.

    Parameters
    ----------
    places : sequence of Path
        Files, and folders of them.
    out : Path
        The folder that is written to. What an interrupted run has marked is taken from there.
    tasks : sequence of Task
    seed : int, optional
        The only seed that was handed out.
    workers : int, optional
        How many processes; by default one for each core, and at most eight.
    progress : bool
        Whether to show how far it is, on standard error.

    Raises
    ------
    OSError
        If a place does not exist or the folder cannot be written to.
    """
    found = list(find(places, out))
    for folder in (out, out / FOLDER):
        if folder.is_symlink():
            raise FileExistsError(17, "is a link: marks are written to a folder only", str(folder))
        folder.mkdir(parents=True, exist_ok=True)
    marks = [one for one in found if isinstance(one, Mark)]
    files = [one for one in found if isinstance(one, Path)]
    with Journal(out, tasks, seed) as journal:
        left = []
        for file in files:
            if (known := journal.known(file)) is None:
                left.append(file)
            else:
                marks.append(known)
        done = len(files) - len(left)
        bar = Bar(len(files), done) if progress else None
        for file, mark in marked(left, tasks, seed, workers):
            journal.keep(file, mark)
            marks.append(mark)
            if bar:
                bar.step()
        if bar:
            bar.close()
    _write(out, marks, tasks)
    return Graded(marks, report.troubles(marks), done)


def _write(out: Path, marks: Sequence[Mark], tasks: Sequence[Task]) -> None:
    twice = {id(m) for same in report.duplicates(marks).values() for m in same}
    clear = [mark for mark in marks if not mark.refused and id(mark) not in twice]
    for mark in clear:
        write_feedback(out, mark, tasks)
    write(out / gradebook.NAME, gradebook.gradebook(clear, tasks))
    write(out / report.NAME, report.report(marks, tasks))
    write(out / STATISTICS, statistics.summary(clear, tasks))


class Bar:
    """A line on the terminal that says how far the marking is."""

    def __init__(self, total: int, done: int) -> None:
        self._total, self._done, self._shown = total, done, 0.0

    def step(self) -> None:
        """Count one more; the line is written ten times a second at most."""
        self._done += 1
        if (now := time.monotonic()) - self._shown > 0.1:
            self._shown = now
            self._draw()

    def _draw(self) -> None:
        filled = round(30 * self._done / max(1, self._total))
        bar = "█" * filled + "·" * (30 - filled)
        print(f"\r{bar} {self._done} of {self._total}", end="", file=sys.stderr, flush=True)

    def close(self) -> None:
        """Write the last state and leave the line."""
        self._draw()
        print(file=sys.stderr)
