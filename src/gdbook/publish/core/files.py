"""Reading and writing files: only what changed is written, and what changed is recognised."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Collection, Mapping
from pathlib import Path


def write(path: Path, data: bytes | str) -> bool:
    """Write a file unless it has this content already.

    Parameters
    ----------
    path : Path
        Its folder is made where it is missing.
    data : bytes or str
        Text is written in UTF-8.

    Returns
    -------
    bool
        Whether it was written.
    """
    wanted = data.encode() if isinstance(data, str) else data
    if path.is_file() and path.read_bytes() == wanted:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(wanted)
    return True


def write_all(folder: Path, contents: Mapping[str, bytes | str]) -> list[str]:
    """Write files into a folder, each unless it has this content already; return their names."""
    for name, content in contents.items():
        write(folder / name, content)
    return list(contents)


def stamp(path: Path) -> list[int] | None:
    """Return a file's modification time and size; None if it is missing."""
    try:
        stat = path.stat()
    except OSError:
        return None
    return [stat.st_mtime_ns, stat.st_size]


def digest(folder: Path, pattern: str = "*") -> str:
    """Return the SHA-256 of names and bytes of the files below a folder, without compiled ones."""
    made = hashlib.sha256()
    for path in sorted(folder.rglob(pattern)):
        if path.is_file() and "__pycache__" not in path.parts:
            made.update(f"{path.relative_to(folder)}\0".encode() + path.read_bytes())
    return made.hexdigest()


def age(path: Path) -> int:
    """Return a file's modification time in nanoseconds; 0 if it is missing."""
    return path.stat().st_mtime_ns if path.exists() else 0


def prune(folder: Path, pattern: str, kept: Collection[Path]) -> None:
    """Remove the files below a folder that match a pattern, except some, and empty folders."""
    for path in sorted(folder.rglob(pattern)):
        if path not in kept:
            path.unlink()
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir() and not any(path.iterdir()):
            path.rmdir()


def fingerprint(data: bytes) -> str:
    """Return the SHA-256 of some bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def replace(path: Path, data: bytes | str) -> None:
    """Replace a file at once: a reader finds the whole old file or the whole new one."""
    content = data.encode() if isinstance(data, str) else data
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
