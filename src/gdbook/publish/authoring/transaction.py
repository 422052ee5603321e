"""Several files written together: all of them, or, whatever comes in between, none."""

from __future__ import annotations

import contextlib
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import FrameType
from typing import Any

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def write_together(root: Path, texts: Mapping[Path, str]) -> None:
    """Write files, or leave everything as it was.

    All are written aside first, with copies of those that they replace; then they are moved to
    their places, which needs no more room on the disk and is not interrupted by Ctrl-C.

    Parameters
    ----------
    root : Path
        A folder on the same disk, for what is written aside.
    texts : mapping of Path to str
        The new contents; folders are made where they are missing.

    Raises
    ------
    OSError
        If a file cannot be written.
    KeyboardInterrupt
        If the command was interrupted or ended while files were written aside: nothing was
        changed.
    """
    with (
        _on_signal(_interrupt),
        tempfile.TemporaryDirectory(dir=root, prefix=".new-chapter-") as aside,
    ):
        moves = [_prepare(Path(aside, str(n)), path, text) for n, (path, text) in _numbered(texts)]
        with _on_signal(signal.SIG_IGN):
            _move(moves)


def _numbered(texts: Mapping[Path, str]) -> Iterator[tuple[int, tuple[Path, str]]]:
    return enumerate(texts.items())


def _prepare(aside: Path, path: Path, text: str) -> tuple[Path, Path, Path | None]:
    """Write a text aside; return it, its place, and a copy of what is there now."""
    aside.write_bytes(text.encode())
    if not path.exists():
        return aside, path, None
    shutil.copymode(path, aside)
    old = aside.with_suffix(".old")
    shutil.copy2(path, old)
    return aside, path, old


def _move(moves: list[tuple[Path, Path, Path | None]]) -> None:
    undo: list[Callable[[], object]] = []
    try:
        for new, path, old in moves:
            for folder in [*reversed(path.parents)]:
                if not folder.exists():
                    folder.mkdir()
                    undo.append(folder.rmdir)
            undo.append(_restored(path, old))
            new.replace(path)
    except BaseException:
        for step in reversed(undo):
            step()
        raise


def _restored(path: Path, old: Path | None) -> Callable[[], object]:
    if old is None:
        return lambda: path.unlink(missing_ok=True)
    return lambda: old.replace(path)


@contextlib.contextmanager
def _on_signal(handler: Any) -> Iterator[None]:
    """Answer Ctrl-C and SIGTERM by a handler."""
    before = {number: signal.signal(number, handler) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
