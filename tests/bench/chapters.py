"""The time that each chapter's code takes, against a loop of plain Python.

    python tests/bench/chapters.py            # every page with cells
    python tests/bench/chapters.py momentum   # those with this in their name

Each page runs in a process of its own, with one thread and with the libraries imported that the
kernels of a build find imported, torch and Matplotlib above all. Told are
the seconds of the processor, and how many of the six seconds that a chapter may take these are
on the machine for which that was written: the loop, run in the same process, takes `LOOP` there.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

import nbformat
from build import REPOSITORY, notebooks, with_displays
from myst_nb.core.read import read_myst_markdown_notebook

from gdbook.publish.execute.kernels.pool import PRELOAD, kernel_environment

#: Seconds of the loop on two cores of the machine that the book was made on.
LOOP = 0.036
LIMIT = 6.0

PROGRAM = """
import contextlib, importlib, io, json, sys, time, warnings
from IPython.core.interactiveshell import InteractiveShell
def loop():
    began, total = time.process_time(), 0.0
    for k in range(1_000_000): total += k * 0.5
    return time.process_time() - began
libraries, cells = json.load(sys.stdin)
for name in libraries: importlib.import_module(name)
shell = InteractiveShell.instance()
loops = [loop() for _ in range(5)]
warnings.simplefilter("ignore")
began = time.process_time()
with contextlib.redirect_stdout(io.StringIO()):
    for cell in cells:
        shell.run_cell(cell, store_history=True).raise_error()
spent = time.process_time() - began
print(json.dumps([spent, loops + [loop() for _ in range(5)]]))
"""


def measured(page: Path) -> tuple[float, float]:
    """Return the seconds of a page's code, and of the loop."""
    made: nbformat.NotebookNode = read_myst_markdown_notebook(with_displays(page.read_text("utf8")))
    cells = [cell.source for cell in made.cells if cell.cell_type == "code"]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=page.parent,
        env=kernel_environment() | {"PYTHONPATH": os.fspath(REPOSITORY / "src")},
        input=json.dumps([PRELOAD, cells]),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{page}: its code does not run:\n{done.stderr}")
    spent, loops = json.loads(done.stdout.splitlines()[-1])
    return spent, statistics.median(loops)


def main() -> None:
    """Print the table, the slowest first."""
    named = sys.argv[1:] or [""]
    pages = [
        page
        for page in notebooks(REPOSITORY)
        if any(word in page.relative_to(REPOSITORY).as_posix() for word in named)
    ]
    rows = []
    for page in pages:
        print(f"  {page.stem}", file=sys.stderr)
        spent, loop = measured(page)
        rows.append((spent / loop * LOOP, spent, loop, page.stem))
    print(f"{'code of':<28}{'seconds':>9}{'loops':>8}{'of six':>9}")
    for there, spent, loop, name in sorted(rows, reverse=True):
        over = "  more than six" if there > LIMIT else ""
        print(f"{name:<28}{spent:9.1f}{spent / loop:8.0f}{there:9.1f}{over}")


if __name__ == "__main__":
    main()
