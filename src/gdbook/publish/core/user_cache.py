"""What slow tools have made, kept for all books of a user: cut fonts, minified scripts.

It depends on its sources alone, and is mostly the same in every book, in every checkout and
after every ``make clean``. So it outlives the build folder, where a build keeps what it alone
has a use for (`cache`): the files lie in ``gdbook`` where the system keeps caches of users, or
where the environment variable `FOLDER` says. What no build has used for a month is removed.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import platformdirs

from gdbook.publish.core.cache import fingerprints
from gdbook.publish.core.files import fingerprint, replace

FOLDER = "GDBOOK_CACHE"
"""Name of the environment variable."""

MONTH = 30 * 24 * 3600


def folder() -> Path:
    """Return where the files lie."""
    # In a folder of our own, since what is old in it is removed.
    return Path(os.environ.get(FOLDER) or platformdirs.user_cache_path()) / "gdbook"


def kept(question: Any, work: Callable[[], bytes], made_by: Iterable[Path]) -> bytes:
    """Return what some work makes: from an earlier time, or by doing it.

    Where nothing can be kept, as on a full disk, the work is done each time.

    Parameters
    ----------
    question : object
        Anything that JSON can represent: what is made, of which texts, by which versions.
    work : callable
        Makes it. Exceptions are not kept.
    made_by : iterable of Path
        The other files on which it depends, with the code that makes it.
    """
    path = folder() / fingerprints(made_by, question)
    with suppress(OSError):
        mark, _, made = path.read_bytes().partition(b"\n")
        if mark.decode("ascii", "replace") == fingerprint(made):  # else it was cut short
            with suppress(OSError):
                os.utime(path)
            return made
    made = work()
    with suppress(OSError):
        replace(path, fingerprint(made).encode() + b"\n" + made)
        _remove_old(path.parent)
    return made


@cache  # once a build
def _remove_old(within: Path) -> None:
    for path in within.rglob("*"):
        with suppress(OSError):  # a folder, or another build was faster
            if path.stat().st_mtime < time.time() - MONTH:
                path.unlink()
