"""A class in numbers: points, tasks, and which mistake was made how often."""

from __future__ import annotations

import statistics as stats
from collections import Counter
from collections.abc import Sequence

from gdbook.grading.marking import Mark
from gdbook.grading.mistakes import CATALOGUE
from gdbook.lab.tasks import Task

_BINS = 10


def mistakes(marks: Sequence[Mark]) -> Counter[str]:
    """Return how many students made each mistake, by its title in the catalogue."""
    return Counter(
        title for mark in marks for title in {CATALOGUE[f.name].title for f in mark.findings}
    )


def summary(marks: Sequence[Mark], tasks: Sequence[Task]) -> str:
    """Return the statistics of a class as text."""
    if not marks:
        return "No submission was marked.\n"
    totals = [mark.total for mark in marks]
    most = sum(task.points for task in tasks)
    lines = [
        f"{len(marks)} submissions, {most:g} points",
        f"mean {stats.mean(totals):.1f}, median {stats.median(totals):g}, "
        f"lowest {min(totals):g}, highest {max(totals):g}",
        "",
        *_histogram(totals, most),
        "",
        "task                                      mean    of   all points",
    ]
    for task in tasks:
        got = [mark.points[task.name] for mark in marks]
        full = sum(points >= task.points for points in got)
        lines.append(f"{task.title:<40} {stats.mean(got):5.1f} {task.points:5g} {full:9d}")
    lines += ["", "students   mistake"]
    for title, count in sorted(mistakes(marks).items(), key=lambda one: (-one[1], one[0])):
        lines.append(f"{count:8d}   {title}")
    return "\n".join(lines) + "\n"


def _histogram(totals: Sequence[float], most: float) -> list[str]:
    """Return a bar for each tenth of the points."""
    bins = Counter(min(_BINS - 1, int(_BINS * total / most)) for total in totals)
    widest = max(bins.values())
    lines = []
    for bin_ in range(_BINS):
        low, high = most * bin_ / _BINS, most * (bin_ + 1) / _BINS
        bar = "#" * round(40 * bins[bin_] / widest)
        lines.append(f"{low:5g} to {high:<5g} {bins[bin_]:5d} {bar}".rstrip())
    return lines
