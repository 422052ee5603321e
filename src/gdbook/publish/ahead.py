"""A build that is set up before it is wanted, and waits until a file was saved.

Only the live preview asks for it. While its author writes, a forked process has read the
configuration, loaded the extensions and Sphinx's environment, and stands before the first
thing that depends on a chapter's text. It holds no lock meanwhile; if another build came
between, or more than the text of known pages was changed, it gives up, and a build that
starts from the beginning takes its place.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from gdbook.publish.files import stamp

#: How a process ends that was set up in vain.
IN_VAIN = 75

#: Emitted while such a process is about to wait: time to do what needs no chapter's text.
WAITING = "downhill-waiting"


def while_waiting(app: Sphinx, prepare: Callable[[Sphinx], object]) -> None:
    """Let something be prepared before the process waits.

    Parameters
    ----------
    app : Sphinx
    prepare : callable
        Given the application; what it works out must not depend on a chapter's text.
    """
    if WAITING not in app.events.events:
        app.add_event(WAITING)
    app.connect(WAITING, prepare)


class Gate:
    """Where a process waits for the word to go on.

    Parameters
    ----------
    reading : int
        The descriptor of a pipe, on which one line of JSON will come: `environment`, variables
        to set, and `changed`, the paths of the files that were saved.
    """

    #: The gate of this process, if it is one that waits.
    here: Gate | None = None

    def __init__(self, reading: int) -> None:
        self.passed = False
        self._reading = reading
        self._seen: dict[Path, list[int] | None] = {}

    def remember(self, files: Iterable[Path]) -> None:
        """Note the state of files that must not change while this process waits."""
        self._seen = {path: stamp(path) for path in files}

    def wait(self, app: Sphinx) -> None:
        """Wait; end the process if nobody wants its build any more.

        Parameters
        ----------
        app : Sphinx
            Set up, with its environment loaded.
        """
        app.emit(WAITING)
        with os.fdopen(self._reading, encoding="utf8") as words:
            line = words.readline()
        if not line.endswith("\n"):
            os._exit(IN_VAIN)
        word: dict[str, Any] = json.loads(line)
        os.environ.update(word["environment"])
        pages = {str(app.env.doc2path(docname)) for docname in app.env.found_docs}
        if not pages.issuperset(word["changed"]):
            os._exit(IN_VAIN)
        self.passed = True

    def check(self) -> None:
        """End the process if another build came between; called when the lock is held."""
        if any(stamp(path) != seen for path, seen in self._seen.items()):
            os._exit(IN_VAIN)
