"""Answers kept from build to build: those that depend on their question alone.

Setting a formula or comparing a displayed equation with its check gives the same today as
yesterday, unless the code that does it has changed. Such answers are kept in a file of the
build folder, together with a fingerprint of that code; with other code the file counts for
nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from gdbook.publish.core.files import fingerprint, replace


class Memo:
    """Questions and their answers.

    Parameters
    ----------
    path : Path, optional
        The file; it may be missing, damaged or of other code, which is as good as empty.
        Without one, answers are kept as long as this object.
    made_by : str
        Stands for all that an answer depends on besides its question, from `fingerprints`.
    """

    def __init__(self, path: Path | None = None, made_by: str = "") -> None:
        self.path = path
        self.made_by = made_by
        self._new = False
        self._answers: dict[str, Any] = {}
        if path is None:
            return
        try:
            kept = json.loads(path.read_text("utf8"))
            if kept["made by"] == made_by:
                self._answers = dict(kept["known"])
        except (OSError, ValueError, TypeError, KeyError):
            pass

    def answer(self, question: Any, work: Callable[[], Any], at: Any = None) -> Any:
        """Return the known answer to a question, or work it out and keep it.

        Parameters
        ----------
        question : object
            Anything that JSON can say.
        work : callable
            Returns the answer, also as JSON can say it. What it raises is not kept.
        at : object, optional
            What else the answer depends on, of which only the latest counts.
        """
        answers = self._answers
        key = fingerprint(json.dumps(question, sort_keys=True).encode())
        if key not in answers or answers[key][0] != at:
            answers[key] = [at, work()]
            self._new = True
        return answers[key][1]

    def save(self) -> None:
        """Write the file if an answer is new."""
        if self._new and self.path is not None:
            replace(self.path, json.dumps({"made by": self.made_by, "known": self._answers}))
            self._new = False


def fingerprints(files: Iterable[Path], *others: Any) -> str:
    """Return a fingerprint of some files' bytes and of some values."""
    parts = [fingerprint(path.read_bytes()) for path in files]
    return fingerprint(json.dumps([parts, *others], sort_keys=True).encode())


def memo(app: Sphinx, name: str, made_by: Callable[[], str]) -> Memo:
    """Return a build's memo of a name; it is saved when the build ends, well or badly.

    Parameters
    ----------
    app : Sphinx
        Its `outdir` lies in `_build`.
    name : str
        What the answers are about: the name of the file.
    made_by : callable
        Returns what `Memo` takes, when the memo is first asked for.
    """
    memos: dict[str, Memo] = vars(app).setdefault("gdbook_memos", {})
    if name not in memos:
        folder = Path(app.outdir).parent / ".gdbook" / "answers"
        memos[name] = Memo(folder / f"{name}.json", made_by())
    return memos[name]


def save(app: Sphinx, _error: Exception | None) -> None:
    """Save the memos of a build, however it ended."""
    for kept in vars(app).get("gdbook_memos", {}).values():
        kept.save()
