"""A class of 1 000 submissions marked by `gdbook grade`, 100 of them hostile: time and memory.

    python tests/bench/grading.py

Memory is the largest that any process of a run had, against that of a run over a quarter of the
students, with the same hostile files: about 1 says that it does not grow with the class. One
process, several, and as many threads are compared.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

TESTS = Path(__file__).parents[1]
sys.path[:0] = [str(TESTS), str(TESTS / "grading")]

STUDENTS, HOSTILE = 900, 100

# Each run has a process of its own, which tells the largest memory of its life.
ONE_RUN = """
import json, resource, sys, time
from pathlib import Path
from gdbook.grading.command import grade
from gdbook.lab.tasks import tasks
if __name__ == "__main__":
    began = time.perf_counter()
    done = grade(
        [Path(p) for p in sys.argv[3:]], Path(sys.argv[1]), tasks(), workers=int(sys.argv[2])
    )
    # Not RUSAGE_SELF: on Linux that counts what was there before the program began.
    own = Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]
    most = max(int(own), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
    refused = sum(bool(m.refused) for m in done.marks)
    print(json.dumps([time.perf_counter() - began, most / 1024, len(done.marks), refused]))
"""


def run(places: list[Path], workers: int) -> tuple[float, float, int, int]:
    """Return seconds, megabytes, files and refused files of one run."""
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / "one_run.py"
        program.write_text(ONE_RUN, "utf-8")
        words = [sys.executable, str(program), f"{folder}/out", str(workers), *map(str, places)]
        done = subprocess.run(words, capture_output=True, text=True, check=True)
    seconds, memory, files, refused = json.loads(done.stdout)
    return seconds, memory, files, refused


def by_threads(files: list[Path], threads: int) -> float:
    """Return the seconds that threads of one process take."""
    from gdbook.grading.marking import mark_file
    from gdbook.lab.tasks import tasks

    began = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(lambda file: mark_file(file, tasks()), files))
    return time.perf_counter() - began


def main() -> None:
    """Print times, memory and their ratios."""
    fill = importlib.import_module("classes").fill

    cores = min(8, len(os.sched_getaffinity(0)))
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder), STUDENTS, HOSTILE)
        students = sorted(Path(folder).glob("s*"))
        quarter = [*students[: STUDENTS // 4], *Path(folder).glob("hostile-*")]
        few = run(quarter, cores)
        alone = run([Path(folder)], 1)
        whole = run([Path(folder)], cores)
        threads = by_threads([student / "lab.json" for student in students], cores)
    print(f"{whole[2]} files, {whole[3]} refused        seconds   against the limit of 60")
    print(f"one process                     {alone[0]:8.1f} {alone[0] / 60:12.2f}")
    print(f"{cores} processes                     {whole[0]:8.1f} {whole[0] / 60:12.2f}")
    print(f"{cores} threads, {STUDENTS} files            {threads:8.1f} {threads / 60:12.2f}")
    print(f"memory of a process: {few[1]:.0f} MB for {few[2]} files, {whole[1]:.0f} MB for "
          f"{whole[2]}, ratio {whole[1] / few[1]:.2f}")  # fmt: skip


if __name__ == "__main__":
    main()
