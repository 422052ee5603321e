"""The lab's source, cut into cells: for students without the solutions, for tests with them."""

from __future__ import annotations

import base64
import re
import struct
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from gdbook.lab.tasks import Task, tasks
from gdbook.lab.variants import Variant, variant

_SOURCE = Path(__file__).with_name("handout.py.txt")
_CELL = re.compile(r"^# %%(?P<markdown> \[markdown\])?(?: (?P<name>\w+))?$", re.MULTILINE)
_SOLUTION = re.compile(
    r"^(?P<indent> *)# solution: (?P<what>.+)\n(?P<code>(?:.*\n)*?) *# end$", re.MULTILINE
)
_COLUMNS = 76


@dataclass(frozen=True)
class Cell:
    """A cell of the handout."""

    kind: Literal["markdown", "code"]
    text: str


def cells(seed: int, *, solved: bool = False) -> list[Cell]:
    """Return the cells of a variant.

    Parameters
    ----------
    seed : int
    solved : bool
        Whether the model solution stands in them.
    """
    return list(_cells(variant(seed), solved))


def _cells(mine: Variant, solved: bool) -> Iterator[Cell]:
    pieces = _CELL.split(_SOURCE.read_text("utf-8"))[1:]  # before the first cell: for us
    by_name = {task.name: (number, task) for number, task in enumerate(tasks(), 1)}
    for markdown, name, text in zip(pieces[::3], pieces[1::3], pieces[2::3], strict=True):
        if markdown:
            prose = _uncommented(text)
            if name in by_name:
                prose = f"{_heading(*by_name[name])}\n\n{prose}"
            yield Cell("markdown", _filled(prose))
        elif name == "variant":
            yield Cell("code", numbers(mine))
        else:
            yield Cell("code", _SOLUTION.sub(_told if not solved else _shown, text).strip("\n"))


def _uncommented(text: str) -> str:
    return re.sub(r"^# ?", "", text, flags=re.MULTILINE).strip("\n")


def _heading(number: int, task: Task) -> str:
    return f"## {number}. {task.title} ({task.points:g} points, {task.minutes} minutes)"


def _filled(prose: str) -> str:
    """Fill in what the table of tasks knows."""
    facts = {
        "{tasks}": str(len(tasks())),
        "{points}": f"{sum(task.points for task in tasks()):g}",
        "{hours}": f"{sum(task.minutes for task in tasks()) / 60:.0f}",
    }
    for word, value in facts.items():
        prose = prose.replace(word, value)
    return prose


def _told(match: re.Match[str]) -> str:
    return f'{match["indent"]}todo("{match["what"]}")'


def _shown(match: re.Match[str]) -> str:
    return match["code"].rstrip("\n")


def numbers(mine: Variant) -> str:
    """Return the cell that holds the numbers of a variant."""
    names = [answer.name for task in tasks() for answer in task.answers]
    rows = ",\n".join(f"    {list(row)}" for row in mine.matrix)
    hidden = struct.pack("<120f", *mine.blind_x, *mine.blind_y)
    packed = textwrap.wrap(base64.b64encode(hidden).decode(), _COLUMNS - 6)
    lines = [
        "# The numbers of your variant. Leave them as they are.",
        f"SEED = {mine.seed}",
        f"A, B, POINT = {mine.width}, {mine.frequency}, {list(mine.point)}",
        f"C = {mine.scale}",
        f"MATRIX = [\n{rows},\n]",
        f"SINE_X = {list(mine.sine_x)}",
        f"SINE_Y = {list(mine.sine_y)}",
        f"SINE_AT = {list(mine.sine_at)}",
        f"START, STRETCH = {list(mine.start)}, {mine.stretch}",
        "BLIND = (",
        *(f'    "{piece}"' for piece in packed),
        ")",
        f"NAMES = [\n{textwrap.indent(textwrap.fill(repr(names)[1:-1], _COLUMNS - 4), '    ')},\n]",
        "ANSWERS = len(NAMES)",
        "",
        "",
        f"def line(X):\n    return {mine.line}",
    ]
    return "\n".join(lines)
