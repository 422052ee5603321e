"""How the last build ended: what Sphinx's own files can't be trusted to tell.

Sphinx writes its environment, doctrees and pages in place, one after another, and
compares times. A build that is killed in between leaves pages that are new, pages that
are old and perhaps half a page, and nothing says which. So a build notes here that it
has begun to write, and that it has finished. One that finds another's work unfinished
reads and writes every page anew; executed outputs are kept, since each of them is a
file that was replaced whole.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TextIO

from gdbook.publish.core.files import replace


@dataclass
class Entry:
    """What is known of the pages that one builder wrote.

    Parameters
    ----------
    finished : bool
        Whether its last build came to its end.
    warnings : int
        How many warnings it told.
    nitpicky : bool
        Whether it looked for missing references, too.
    pages : dict
        Digest of the text and outputs shown by each page that may lie in its folder.
    images : list of str
        Names in `_images` of what may lie there.
    relations : str
        Digest of what pages showed of one another.
    """

    finished: bool = True
    warnings: int = 0
    nitpicky: bool = False
    pages: dict[str, str] = field(default_factory=dict)
    images: list[str] = field(default_factory=list)
    relations: str = ""


class Journal:
    """The entries of all builders that share Sphinx's environment.

    Parameters
    ----------
    path : Path
        The file that holds them.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.entries: dict[str, Entry] = {}
        self.known = False
        try:
            read: dict[str, Any] = json.loads(path.read_text("utf8"))
            self.entries = {name: Entry(**values) for name, values in read.items()}
            self.known = True
        except (OSError, ValueError, TypeError, AttributeError):
            pass  # no build yet, or `_build` was tampered with: then nothing is trusted

    def trustworthy(self, *, strict: bool, nitpicky: bool) -> bool:
        """Return whether what Sphinx remembers can be built upon.

        Parameters
        ----------
        strict : bool
            Whether warnings fail this build. Sphinx tells a page's warnings only when
            it reads that page, so those of an earlier build must be provoked again.
        nitpicky : bool
            Whether this build looks for missing references, which then is needed on
            every page.
        """
        return self.known and all(
            entry.finished
            and not (strict and entry.warnings)
            and not (nitpicky and not entry.nitpicky)
            for entry in self.entries.values()
        )

    def entry(self, builder: str) -> Entry:
        """Return a builder's entry, a fresh one at its first build."""
        return self.entries.setdefault(builder, Entry())

    def save(self) -> None:
        """Write all entries, whole or not at all."""
        text = json.dumps({name: asdict(entry) for name, entry in self.entries.items()}, indent=1)
        replace(self.path, text)


_held: dict[Path, TextIO] = {}


def lock(path: Path, waiting: Callable[[], None]) -> None:
    """Hold a file until `unlock` or the end of this process, so that one build writes at a time.

    Parameters
    ----------
    path : Path
        The file; made if missing. Where the system has no such locks, nothing is held.
    waiting : callable
        Called if another process holds it, before waiting for it.
    """
    try:
        import fcntl
    except ImportError:
        return
    if path in _held:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    file = path.open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        waiting()
        fcntl.flock(file, fcntl.LOCK_EX)
    _held[path] = file


def unlock(path: Path) -> None:
    """Let the next build begin."""
    file = _held.pop(path, None)
    if file is not None:
        file.close()
