"""The lab's tasks, read from one small file; a course may weigh them differently."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal

Shape = tuple[int, ...] | Literal["names"]


@dataclass(frozen=True)
class Answer:
    """What is asked for under one name of the dictionary.

    Attributes
    ----------
    name : str
        Its key.
    shape : tuple of int, or "names"
        The shape of the numbers; an empty one means a single number.
    tolerance : float
        How far, in absolute terms, a number may be off.
    """

    name: str
    shape: Shape
    tolerance: float


@dataclass(frozen=True)
class Task:
    """One task: its name, title, points and minutes, and the answers that it asks for."""

    name: str
    title: str
    points: float
    minutes: int
    answers: tuple[Answer, ...]


class WeightsError(ValueError):
    """Raised with a sentence about a file of weights that cannot be used."""


@cache
def tasks() -> tuple[Task, ...]:
    """Return the tasks of the lab, in order."""
    table = tomllib.loads(Path(__file__).with_name("tasks.toml").read_text("utf-8"))
    return tuple(_task(name, facts) for name, facts in table.items())


def _task(name: str, facts: Mapping[str, Any]) -> Task:
    answers = tuple(
        Answer(key, _shape(answer["shape"]), float(answer.get("tolerance", 0.0)))
        for key, answer in facts["answers"].items()
    )
    return Task(name, facts["title"], facts["points"], facts["minutes"], answers)


def _shape(written: Any) -> Shape:
    return "names" if written == "names" else tuple(written)


def weighted(file: Path | None) -> tuple[Task, ...]:
    """Return the tasks with the points that a course gives to them.

    Parameters
    ----------
    file : Path or None
        A TOML file with a line ``name = points`` for each task that is to weigh something else
        than in the book; 0 leaves a task out. Without a file the book's points hold.

    Raises
    ------
    WeightsError
        If the file is no TOML, names a task that does not exist, or has points that are no
        finite number from 0 on.
    """
    if file is None:
        return tasks()
    try:
        points = tomllib.loads(file.read_text("utf-8"))
    except ValueError as error:  # also what is not UTF-8
        raise WeightsError(f"{file} is no TOML file: {error}") from None
    known = [task.name for task in tasks()]
    for name, given in points.items():
        if name not in known:
            raise WeightsError(f"{file} weighs a task {name!r}; there are {', '.join(known)}")
        number = isinstance(given, int | float) and not isinstance(given, bool)
        if not number or not 0 <= given < 1e6:
            raise WeightsError(f"{file}: the points of {name} must be a number from 0 to 1000000")
    chosen = (replace(task, points=points.get(task.name, task.points)) for task in tasks())
    if not (left := tuple(task for task in chosen if task.points > 0)):
        raise WeightsError(f"{file} leaves no task with points")
    return left
