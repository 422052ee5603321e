"""A cache on disk for functions whose result depends on their arguments alone.

Setting a formula in MathML and comparing a displayed equation with its check are such
functions. Their results are kept from build to build, in a file of the build folder, with a
fingerprint of the code that computed them; a file that other code wrote is ignored.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from gdbook.publish.core.files import fingerprint, replace


class Memo:
    """A cache: results (answers) by arguments (questions).

    Parameters
    ----------
    path : Path, optional
        The file. If it is missing, damaged or written by other code, the cache is empty.
        Without a path, answers live as long as this object.
    made_by : str
        Fingerprint of all that an answer depends on besides its question.
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
        """Return the cached answer to a question, or compute and cache it.

        Parameters
        ----------
        question : object
            Anything that JSON can represent.
        work : callable
            Computes the answer, which JSON must be able to represent. Exceptions are not cached.
        at : object, optional
            What else the answer depends on; answers for its earlier values are dropped.
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
    """Return a build's cache of a name; it is saved when the build ends, also after an error.

    Parameters
    ----------
    app : Sphinx
        Its `outdir` lies in `_build`.
    name : str
        Of the file.
    made_by : callable
        Returns the fingerprint; called when this cache is first asked for.
    """
    memos: dict[str, Memo] = vars(app).setdefault("gdbook_memos", {})
    if name not in memos:
        folder = Path(app.outdir).parent / ".gdbook" / "answers"
        memos[name] = Memo(folder / f"{name}.json", made_by())
    return memos[name]


def save(app: Sphinx, _error: Exception | None) -> None:
    """Save all caches of a build, also after an error."""
    for kept in vars(app).get("gdbook_memos", {}).values():
        kept.save()
