"""Marks that are already made, so that an interrupted run goes on where it was."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import IO

from gdbook import __version__
from gdbook.grading.marking import Mark
from gdbook.lab.tasks import Task

NAME = "marks.jsonl"


class Journal:
    """One line for each marked file, written as soon as it is marked.

    Parameters
    ----------
    folder : Path
        Where it is kept.
    tasks : sequence of Task
    seed : int or None
        What the marks depend on besides the file: with other tasks, points or seed, or another
        version of this package, the journal begins anew.
    """

    def __init__(self, folder: Path, tasks: Sequence[Task], seed: int | None) -> None:
        settings = repr((__version__, tasks, seed, _code()))
        self._head = json.dumps({"settings": hashlib.sha256(settings.encode()).hexdigest()})
        self._path = folder / NAME
        self._marks: dict[str, Mark] = {}
        self._file: IO[str] | None = None

    def __enter__(self) -> Journal:
        whole = self._load()
        self._file = self._path.open("r+" if whole else "w", encoding="utf-8")
        if whole:
            self._file.seek(whole)
            self._file.truncate()  # a line that was being written when the run was interrupted
        else:
            self._write(self._head)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._file is not None:
            self._file.close()

    def _load(self) -> int:
        """Read the marks, and return how many bytes of the file are whole lines."""
        if self._path.is_symlink():
            self._path.unlink()
        whole = 0
        try:
            with self._path.open("rb") as file:
                for line in file:
                    if not whole and line.decode().rstrip("\n") != self._head:
                        return 0
                    if whole:
                        entry = json.loads(line)
                        self._marks[entry["key"]] = Mark.from_dict(entry["mark"])
                    if not line.endswith(b"\n"):
                        break
                    whole += len(line)
        except FileNotFoundError:
            return 0
        except (ValueError, KeyError, TypeError):  # cut in the middle, or changed by hand
            return whole
        return whole

    def known(self, path: Path) -> Mark | None:
        """Return the mark of a file that has not changed since."""
        key = _key(path)
        return self._marks.get(key) if key else None

    def keep(self, path: Path, mark: Mark) -> None:
        """Write a mark down."""
        if key := _key(path):
            self._write(json.dumps({"key": key, "mark": mark.as_dict()}))

    def _write(self, line: str) -> None:
        assert self._file is not None, "used outside of its with block"
        self._file.write(line + "\n")
        self._file.flush()


def _key(path: Path) -> str:
    """Return what changes when a file does, or nothing where it is gone."""
    try:
        facts = os.lstat(path)
    except OSError:
        return ""
    name = hashlib.sha256(os.fsencode(os.path.abspath(path))).hexdigest()[:24]
    return f"{name} {facts.st_size} {facts.st_mtime_ns} {facts.st_ino}"


def _code() -> str:
    """Return a digest of the marker's own code and of the lab's."""
    digest = hashlib.sha256()
    here = Path(__file__).parent
    for file in sorted([*here.glob("*.py"), *here.with_name("lab").glob("*.*")]):
        digest.update(file.read_bytes())
    return digest.hexdigest()
