"""Points of one submission, task by task, with the mistakes by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from gdbook.grading.judges import judge
from gdbook.grading.shown import shown, shown_path
from gdbook.grading.submission import Submission, Unreadable, read
from gdbook.lab.tasks import Task
from gdbook.lab.variants import variant

_MOST_NAMED = 5


@dataclass(frozen=True)
class Finding:
    """A mistake in an answer: its task, the answer, its name in the catalogue, its sentence."""

    task: str
    answer: str
    name: str
    sentence: str


@dataclass(frozen=True)
class Mark:
    """What became of a file: points for each task, or why there are none.

    Attributes
    ----------
    file : str
        As it is shown; it may come from a hostile name and is safe to print.
    student : str
        The id; empty if the file was not marked.
    seed : int
    points : mapping of str to float
    findings : list of Finding
    notes : list of str
    refused : str
        Why it was not marked; empty if it was.
    """

    file: str
    student: str = ""
    seed: int = -1
    points: dict[str, float] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    refused: str = ""

    @property
    def total(self) -> float:
        """All points."""
        return sum(self.points.values())

    def as_dict(self) -> dict[str, Any]:
        """Return what JSON can hold."""
        return asdict(self)

    @classmethod
    def from_dict(cls, table: dict[str, Any]) -> Mark:
        """Return the mark that `as_dict` gave."""
        findings = [Finding(**one) for one in table["findings"]]
        return cls(**{**table, "findings": findings})


def mark_file(path: Path, tasks: Sequence[Task], seed: int | None = None) -> Mark:
    """Return the mark of a file, whatever it holds.

    Parameters
    ----------
    path : Path
    tasks : sequence of Task
    seed : int, optional
        The only seed that is accepted.
    """
    name = shown_path(path)
    try:
        submission = read(path)
        if seed is not None and submission.seed != seed:
            raise Unreadable(f"has seed {submission.seed}, and {seed} was handed out")  # noqa: TRY301
        return mark(submission, tasks, name)
    except Unreadable as why:
        return Mark(name, refused=str(why))
    except Exception as error:  # one bad file must not cost the others their marks
        return Mark(name, refused=f"stopped the marking: {type(error).__name__}; please report it")


def mark(submission: Submission, tasks: Sequence[Task], file: str = "") -> Mark:
    """Return the mark of a submission."""
    mine = variant(submission.seed)
    points: dict[str, float] = {}
    findings: list[Finding] = []
    for task in tasks:
        shares = []
        for answer in task.answers:
            faults = judge(answer, submission.answers, mine)
            share = 1.0
            for fault in faults:
                share *= fault.share
                findings.append(Finding(task.name, answer.name, fault.name, fault.sentence))
            shares.append(share)
        points[task.name] = round(task.points * sum(shares) / len(shares), 2)
    notes = [*submission.notes, *_extra(submission, tasks)]
    return Mark(file, submission.student, submission.seed, points, findings, notes)


def _extra(submission: Submission, tasks: Sequence[Task]) -> list[str]:
    """Return a note on answers that no task asks for."""
    known = {answer.name for task in tasks for answer in task.answers}
    extra = [shown(name) for name in submission.answers if name not in known]
    if not extra:
        return []
    more = f" and {len(extra) - _MOST_NAMED} more" if len(extra) > _MOST_NAMED else ""
    return [f"not asked for, and not marked: {', '.join(extra[:_MOST_NAMED])}{more}"]
