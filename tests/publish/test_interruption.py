"""Builds that are stopped at any moment: the next one is right."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from small_book import COMMAND, SmallBook, alive, clean_environment, until

from gdbook.publish.preview.build_process import Build

pytestmark = pytest.mark.book

STOPS = 20


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallBook:
    return SmallBook.warm(tmp_path, monkeypatch)


def test_killed_at_random_moments_the_next_build_is_right(book: SmallBook) -> None:
    # Between two states that differ in a helper, data, prose, a title and a cell.
    edits = [
        ("book/kit/helper.py", "2 * x", "3 * x"),
        ("data/numbers.csv", "3", "4"),
        ("book/helped.md", "Prose", "Poetry"),
        ("book/data.md", "# Data", "# Numbers"),
        ("book/alone.md", "[1, 2, 4]", "[1, 3, 9]"),
    ]

    def turn(number: int) -> None:
        for path, old, new in edits:
            book.edit(path, *((old, new) if number % 2 else (new, old)))

    expected, seconds = [], 0.0
    for number in (0, 1):
        if number:
            turn(1)
        shutil.rmtree(book.root / "_build", ignore_errors=True)
        began = time.perf_counter()
        book.build()
        seconds = time.perf_counter() - began
        expected.append(book.site())
    assert expected[0] != expected[1]

    moments = random.Random(20).sample(range(100), STOPS)
    stopped = 0
    for number, moment in enumerate(moments, start=2):
        turn(number)
        running = Build(book.root)
        time.sleep(seconds * moment / 100)
        os.kill(running.pid, signal.SIGKILL)
        stopped += not running.finish().ok
        book.build()
        assert book.site() == expected[number % 2], f"killed after {moment} % of the time"
    # On a machine that was busier before, many a build ends before its moment.
    assert stopped >= STOPS // 4


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_a_stopped_command_keeps_what_has_run_and_leaves_no_process(
    book: SmallBook, number: signal.Signals
) -> None:
    chapters = book.root.parent / "pids.txt"
    noted = f"import os\nprint(os.getpid(), os.getppid(), file=open({str(chapters)!r}, 'a'))\n"
    book.edit("book/alone.md", "print(", "import time; time.sleep(100)\nprint(")
    for name, first in (("alone", "import time"), ("data", "print("), ("helped", "print(")):
        book.edit(f"book/{name}.md", first, noted + first)
    command = subprocess.Popen(
        [sys.executable, "-c", COMMAND, "build", "."],
        cwd=book.root,
        env=clean_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    records = book.root / "_build/.gdbook/outputs/book"
    try:
        until(lambda: len(list(records.glob("*.json"))) == 2)
        until(lambda: len(chapters.read_text().splitlines()) == 3)
    finally:
        command.send_signal(number)
        log, _ = command.communicate(timeout=60)
    assert command.returncode != 0, log
    pids = {int(pid) for pid in chapters.read_text().split()}
    until(lambda: not any(alive(pid) for pid in pids))
    assert not (book.root / "_build/html/index.html").exists()
    book.edit("book/alone.md", "time.sleep(100)", "time.sleep(0)")
    assert book.build().ran == ["alone"]
