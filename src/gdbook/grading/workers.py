"""Many files side by side, in processes: marking is arithmetic, which threads would queue for."""

from __future__ import annotations

import itertools
import multiprocessing
import os
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from gdbook.grading.marking import Mark, mark_file
from gdbook.lab.tasks import Task

#: Files that a process marks before it hands them over together.
BATCH = 8
#: From so many files on processes are worth their start: a file takes 4 ms of processor time, and
#: a process a second to begin.
MANY = 500

Marked = tuple[Path, Mark]


def marks(
    files: Sequence[Path], tasks: Sequence[Task], seed: int | None, workers: int | None = None
) -> Iterator[Marked]:
    """Yield each file with its mark, as they are done.

    No more than a few batches are under way at a time, so memory does not grow with the number
    of files.

    Parameters
    ----------
    files : sequence of Path
    tasks : sequence of Task
    seed : int or None
    workers : int, optional
        How many processes; by default one for each core, and at most eight.
    """
    count = workers or min(8, _cores())
    if count == 1 or len(files) < MANY:
        for file in files:
            yield file, mark_file(file, tasks, seed)
        return
    context = multiprocessing.get_context("spawn")  # the same on every system
    pool = ProcessPoolExecutor(count, mp_context=context, initializer=_quiet)
    batches = (list(batch) for batch in _batched(files, BATCH))
    under_way: dict[Future[list[Mark]], list[Path]] = {}
    broken: list[Path] = []
    try:
        for batch in itertools.chain(batches, itertools.repeat(None)):
            if batch is not None:
                try:
                    under_way[pool.submit(_batch, batch, tasks, seed)] = batch
                except BrokenProcessPool:
                    broken += batch
            if batch is None and not under_way:
                break
            if batch is None or len(under_way) >= 3 * count:
                done, _ = wait(under_way, return_when=FIRST_COMPLETED)
                for future in done:
                    paths = under_way.pop(future)
                    try:
                        yield from zip(paths, future.result(), strict=True)
                    except BrokenProcessPool:
                        broken += paths
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
    for file in broken:  # a process was killed, perhaps for want of memory: here one at a time
        yield file, mark_file(file, tasks, seed)


def _batch(files: Sequence[Path], tasks: Sequence[Task], seed: int | None) -> list[Mark]:
    return [mark_file(file, tasks, seed) for file in files]


def _quiet() -> None:
    """Leave Ctrl-C to the process that asked for the marks."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _batched(files: Sequence[Path], size: int) -> Iterator[Sequence[Path]]:
    return (files[first : first + size] for first in range(0, len(files), size))
