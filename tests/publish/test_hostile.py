"""A book whose cells do what no cell should: its build ends in time, says why, and leaves nothing.

Processes are found by their environment: each build has a folder of temporary files of its own.
"""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from small_book import COMMAND, SmallBook, clean_environment, until

pytestmark = pytest.mark.book

TIMEOUT = 5
#: Of pages that run until it ends: as long as it is, they keep a processor busy.
SHORT = 2

REFUSED = {
    "loops": ("while True: pass", f"the cell ran longer than the {SHORT} seconds"),
    "holds": ("import re\nre.match('(a+)+$', 'a' * 60 + 'b')", "the cell ran longer than"),
    "ignores": (
        "import signal\nfor n in (1, 2, 15): signal.signal(n, signal.SIG_IGN)\nwhile True: pass",
        "the cell ran longer than",
    ),
    "prints": ("while True: print('x' * 1000)", r"the cell printed [\d.]+ MB of text; at most 1"),
    "line": ("print('x' * 20_000_000)", "the cell printed 20.0 MB of text; at most 1 MB"),
    "numbers": ("print(list(range(200_000)))", "the cell printed 1.5 MB of text; at most 1 MB"),
    "shows": ("'x' * 2_000_000", "the cell printed 2.0 MB of text; at most 1 MB"),
    "exits": ("exit()", r"the cell called exit\(\), which ends the kernel"),
    "quits": ("import os\nos._exit(3)", "the kernel ended, with exit code 3"),
    "killed": ("import os\nos.kill(os.getpid(), 9)", "the kernel died, killed by SIGKILL"),
    "faults": ("import ctypes\nctypes.string_at(0)", "the kernel died, killed by SIGSEGV"),
    "asks": ("input('name? ')", "the cell asks for input"),
    "syntax": ("def f(:\n    pass", "SyntaxError: invalid syntax$"),
    "raises": ("raise ValueError('x' * 3_000_000)", r"ValueError: x+… \(and \d+ more"),
    "fills": (
        "import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (999, 999))\n"
        "with open('/tmp/downhill-full', 'wb', 0) as f: f.write(bytes(999)) + f.write(bytes(9))",
        r"OSError: \[Errno 27\] File too large",
    ),
}
ALLOWED = {
    "leaves": "import subprocess as s\ns.Popen(['sleep', '999'])\n"
    "s.Popen(['sleep', '999'], start_new_session=True)\nprint('left')",
    "threads": "import threading, time\n"
    "threading.Thread(target=time.sleep, args=(999,)).start()\nprint('left')",
    "moves": "import os\nos.chdir('/')\nprint('moved')",
    "mute": "import sys\nsys.stdout.close()\nsys.stdout = sys.stderr",
    "long": "print('x' * 200_000)",
}
ENDLESS = ("loops", "holds", "ignores")
# After those before it, in a kernel of its own.
HERE = "import os, time\ntime.sleep(1)\nprint('in', os.path.basename(os.getcwd()))"


def chapter(code: str) -> str:
    return f"# A page\n\n```{{code-cell}}\n1 + 1\n```\n\n```{{code-cell}}\n{code}\n```\n"


def hostile(folder: Path, cells: dict[str, str]) -> SmallBook:
    book = SmallBook(folder / "book", {name: chapter(code) for name, code in cells.items()})
    book.edit("_config.yml", "timeout: 60", f"timeout: {TIMEOUT}")
    return book


def limited(book: SmallBook, name: str, seconds: int) -> None:
    """Give a page a limit of its own."""
    own = f"mystnb:\n  execution_timeout: {seconds}\n---\n#"
    book.edit(f"book/{name}.md", "---\n#", own)


@pytest.fixture
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("t")


def of(scratch: Path) -> list[str]:
    """The command lines of all processes that were started with a folder of temporary files."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if f"TMPDIR={scratch}".encode() in (process / "environ").read_bytes().split(b"\0"):
                found.append((process / "cmdline").read_text().replace("\0", " ")[:200])
        except OSError:
            continue
    return found


def start(book: SmallBook, scratch: Path, *options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", COMMAND, "build", *options, "."],
        cwd=book.root,
        env=clean_environment() | {"TMPDIR": str(scratch), "NO_COLOR": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_each_page_is_named_on_the_last_lines_and_nothing_is_left(
    tmp_path: Path, scratch: Path
) -> None:
    refused = {name: code for name, (code, _) in REFUSED.items()}
    book = hostile(tmp_path, refused | ALLOWED | {"here": HERE})
    for name in ENDLESS:
        limited(book, name, SHORT)
    running = start(book, scratch)
    log, _ = running.communicate(timeout=300)
    assert running.returncode == 1
    until(lambda: not of(scratch), seconds=10)
    assert list(scratch.iterdir()) == []
    last = log.splitlines()[-len(REFUSED) - 2 :]
    assert re.search("The build failed:", last[0])
    assert last[1] == (
        f"the other {len(ALLOWED) + 1} executed chapters are kept; nothing was written, "
        "and the site stays as it was."
    )
    for said, name in zip(last[2:], sorted(REFUSED), strict=True):
        place = rf"{re.escape(str(book.root))}/book/{name}\.md:1[345]: in cell 2"
        assert re.match(rf"{place}(, line \d)?: {REFUSED[name][1]}", said), said
    assert "Traceback" not in log
    assert not (book.root / "_build/html/index.html").exists()

    for name in REFUSED:
        (book.root / f"book/{name}.md").unlink()
        book.names.remove(name)
    book.write_toc()
    mended = start(book, scratch)
    log, _ = mended.communicate(timeout=120)
    assert mended.returncode == 0, log
    assert "executing" not in log
    assert "in book" in book.page("here")
    assert "moved" in book.page("moves")
    assert "x" * 200_000 in book.page("long")
    assert list(scratch.iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGKILL])
def test_stopped_at_any_moment_it_leaves_nothing(
    tmp_path: Path, scratch: Path, number: signal.Signals
) -> None:
    cells = {name: REFUSED[name][0] for name in (*ENDLESS, "prints")}
    for name in ("loops", "ignores"):  # one of the endless is enough to keep a processor busy
        cells[name] = "import time\n" + cells[name].replace("pass", "time.sleep(0.1)")
    book = hostile(tmp_path, cells | ALLOWED)
    moments = random.Random(int(number)).sample([0.2, 1.0, 2.5, 4.0, 5.5, 7.0, 9.0], 4)
    for moment in moments:
        running = start(book, scratch)
        time.sleep(moment)
        running.send_signal(number)
        log, _ = running.communicate(timeout=60)
        assert running.returncode != 0, log
        until(lambda: not of(scratch), seconds=30)
        assert list(scratch.iterdir()) == [], f"after {moment} s"
        assert "Traceback" not in log or "jupyter_book" not in log.partition("executing")[2], log
    os.rmdir(scratch)
