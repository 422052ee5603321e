"""Writing files of the site: one that is already so stays untouched, with its time."""

from __future__ import annotations

from pathlib import Path


def write(path: Path, data: bytes | str) -> bool:
    """Write a file where it is not so already.

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
