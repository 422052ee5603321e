"""A small book for the build's tests: three chapters, a package they import, a file they read."""

from __future__ import annotations

import atexit
import contextlib
import hashlib
import re
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

import builds
from gdbook.publish.execute.kernels.pool import ADDRESS, Kernels
from gdbook.publish.preview.build_process import Build

COMMAND = "from jupyter_book.cli.main import main; main()"
"""What the command `jupyter-book` runs."""

clean_environment = builds.environment

CONFIG = """\
title: A small book
author: The Downhill authors
only_build_toc_files: true
exclude_patterns: [_build, data]
execute:
  execute_notebooks: "off"
  timeout: 60
sphinx:
  extra_extensions: [gdbook.publish]
  config:
    project: A small book
    html_theme: furo
    html_theme_options: {}
    nb_ipywidgets_js: {}
"""

HEAD = """\
---
file_format: mystnb
kernelspec:
  name: python3
---
"""

# What a kernel appends to `ran.txt`, outside the book, tells which chapters ran.
RAN = """\
```{{code-cell}}
:tags: [remove-cell]
with open("../../ran.txt", "a") as ran:
    print("{name}", file=ran)
```
"""

HELPER = """\
def scale(x):
    return 2 * x
"""

CHAPTERS = {
    "helped": """\
# Helped

Prose of the helped chapter.

```{code-cell}
:alt: "a number"
from kit.helper import scale
print("scaled", scale(21))
```
""",
    "data": """\
# Data

```{code-cell}
from pathlib import Path
numbers = Path("../data/numbers.csv").read_text().split()
print("sum", sum(int(n) for n in numbers))
```
""",
    "alone": """\
# Alone

```{code-cell}
print("alone", 6 * 7)
```

```{code-cell}
import matplotlib.pyplot as plt
plt.plot([1, 2, 4]);
```
""",
}


class SmallBook:
    """A book in a folder, and the command that builds it."""

    def __init__(self, root: Path, chapters: dict[str, str] | None = None) -> None:
        self.root = root
        self.ran_file = root.parent / "ran.txt"
        for folder in ("book/kit", "data"):
            (root / folder).mkdir(parents=True, exist_ok=True)
        self.write("_config.yml", CONFIG)
        self.write("book/kit/__init__.py", "")
        self.write("book/kit/helper.py", HELPER)
        self.write("data/numbers.csv", "1\n2\n3\n")
        self.write("book/index.md", "# A small book\n\nWords.\n")
        self.names = list(CHAPTERS if chapters is None else chapters)
        for name, text in (CHAPTERS if chapters is None else chapters).items():
            self.chapter(name, text)
        self.write_toc()

    @classmethod
    def warm(
        cls, folder: Path, monkeypatch: pytest.MonkeyPatch, chapters: dict[str, str] | None = None
    ) -> SmallBook:
        """Make a book whose builds fork their kernels from one server for the whole session."""
        monkeypatch.setenv(ADDRESS, _server())
        monkeypatch.delenv("PYTEST_CURRENT_TEST", raising=False)
        return cls(folder / "book", chapters)

    def write(self, path: str, text: str) -> None:
        (self.root / path).write_text(text, "utf8")

    def read(self, path: str) -> str:
        return (self.root / path).read_text("utf8")

    def edit(self, path: str, old: str, new: str) -> None:
        text = self.read(path)
        assert old in text, f"{old!r} is not in {path}"
        self.write(path, text.replace(old, new, 1))

    def chapter(self, name: str, text: str) -> None:
        self.write(f"book/{name}.md", HEAD + text + "\n" + RAN.format(name=name))

    def write_toc(self) -> None:
        files = "".join(f"  - file: book/{name}\n" for name in self.names)
        self.write("_toc.yml", f"format: jb-book\nroot: book/index\nchapters:\n{files}")

    def build(self, *options: str, ok: bool = True) -> Done:
        """Build in a fork of this process, which has imported everything."""
        self.ran_file.write_text("")
        built = Build(self.root, options).finish()
        return self._done(built.ok, built.log, ok)

    def command(self, *options: str, ok: bool = True, **env: str) -> Done:
        """Build by the command that a reader types."""
        self.ran_file.write_text("")
        done = builds.jupyter_book(self.root, *options, env=clean_environment(**env))
        return self._done(done.returncode == 0, done.stdout + done.stderr, ok)

    def _done(self, succeeded: bool, log: str, expected: bool) -> Done:
        assert succeeded == expected, log
        return Done(log, self.ran_file.read_text())

    def page(self, name: str) -> str:
        return self.read(f"_build/html/book/{name}.html")

    def site(self) -> dict[str, str]:
        return tree(self.root / "_build" / "html")

    def times(self) -> dict[str, int]:
        site = self.root / "_build" / "html"
        return {str(path): path.stat().st_mtime_ns for path in site.rglob("*")}


@cache
def _server() -> str:
    kernels = Kernels()
    atexit.register(kernels.close)
    address = kernels.address()
    assert address is not None, kernels.why_plain
    return address


class Done:
    """What a build said and did."""

    def __init__(self, log: str, ran: str) -> None:
        self.log = builds.plain(log)
        self.ran = sorted(ran.split())

    @property
    def read(self) -> list[str]:
        """Names of the pages that Sphinx read."""
        found = re.findall(r"reading sources\.\.\. \[ *\d+%\] (\S+)", self.log)
        return sorted(Path(name).name for name in found)


def tree(folder: Path) -> dict[str, str]:
    """Digest of every file below a folder, by its path there."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def alive(pid: int) -> bool:
    """Whether a process is there and not a zombie."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def until(holds: Callable[[], object], seconds: float = 120) -> None:
    """Wait until something holds; a file that is not there yet does not hold."""
    end = time.monotonic() + seconds
    while True:
        with contextlib.suppress(OSError):
            if holds():
                return
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)
