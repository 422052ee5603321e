"""LaTeX to MathML by Temml, in one Node process that lives as long as the build."""

from __future__ import annotations

import atexit
import json
import os
import re
import subprocess
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree as ET

from gdbook.publish.core import npm
from gdbook.publish.core.cache import Memo, fingerprints
from gdbook.publish.math.mathml import mended
from gdbook.publish.math.unstyled import StyleError

WORKER = Path(__file__).with_name("temml_worker.cjs")

_OF_A_SIGN = ("math", "mrow", "mstyle", "mspace", "mi", "mo", "mn", "mtext")


class Formula(NamedTuple):
    """LaTeX as it is handed to Temml."""

    tex: str
    display: bool


class TypesettingError(ValueError):
    """Temml did not understand a formula."""


class Typesetter:
    r"""A Node process that sets formulas, each distinct one once.

    Parameters
    ----------
    macros : dict of str to str, optional
        LaTeX macros of the book, e.g. ``{"\R": "\mathbb{R}"}``.
    memo : Memo, optional
        Where formulas of earlier builds are found.
    """

    def __init__(self, macros: dict[str, str] | None = None, memo: Memo | None = None) -> None:
        self.macros = dict(macros or {})
        self.memo = Memo() if memo is None else memo
        self._process: subprocess.Popen[str] | None = None
        self._owner = 0

    def mathml(self, tex: str, *, display: bool) -> str:
        """Return the ``<math>`` element of a formula.

        Parameters
        ----------
        tex : str
            LaTeX, without the dollars.
        display : bool
            Whether it stands on a line of its own.

        Raises
        ------
        TypesettingError
            With the reason, when it is not valid LaTeX or could not be set without inline styles.
        """
        formula = Formula(tex, display)
        answer: str = self.memo.answer(formula, lambda: self._typeset(formula))
        return answer

    def sign(self, name: str) -> tuple[str, bool] | None:
        r"""Return what a command without arguments stands for, if it is a single sign.

        Parameters
        ----------
        name : str
            The command, without its backslash.

        Returns
        -------
        tuple of str and bool, or None
            The character, and whether it stands upright where letters are italic.
        """
        try:
            root = ET.fromstring(self.mathml(f"\\{name}", display=False))
        except TypesettingError:
            return None
        if any(part.tag not in _OF_A_SIGN for part in root.iter()):
            return None
        text = "".join(root.itertext()).strip("\ufe0e")
        return (text, root.find(".//mtext") is not None) if len(text) == 1 else None

    def _typeset(self, formula: Formula) -> str:
        answer = self._ask({**formula._asdict(), "macros": self.macros})
        if "error" in answer:
            raise TypesettingError(_sentence(answer["error"]))
        try:
            return mended(answer["mathml"])
        except StyleError as error:
            raise TypesettingError(str(error)) from None

    def _ask(self, question: dict[str, object]) -> dict[str, str]:
        process = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(question) + "\n")
        process.stdin.flush()
        line = process.stdout.readline()
        if not line:
            code = process.wait()
            self._process = None
            raise RuntimeError(f"Node, which sets the mathematics, ended with exit code {code}")
        answer: dict[str, str] = json.loads(line)
        return answer

    def _running(self) -> subprocess.Popen[str]:
        # A forked child must not share its parent's pipes.
        if self._process is None or self._owner != os.getpid():
            temml = npm.package("temml") / "dist" / "temml.cjs"
            self._process = subprocess.Popen(
                [str(npm.node()), str(WORKER), str(temml)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                encoding="utf-8",
            )
            self._owner = os.getpid()
            atexit.register(self.close)
        return self._process

    def close(self) -> None:
        """End the Node process; the next formula starts another."""
        process, self._process = self._process, None
        atexit.unregister(self.close)
        if process is None or self._owner != os.getpid():
            return
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.close()
        process.wait()
        process.stdout.close()


def made_by(macros: dict[str, str]) -> str:
    """Return the fingerprint of all that decides how a formula is set."""
    here = Path(__file__).parent
    code = [here / "mathml.py", here / "unstyled.py", WORKER, npm.package("temml") / "package.json"]
    return fingerprints(code, macros)


def _sentence(error: str) -> str:
    """Keep what Temml says in one line, without its own class name and underlining."""
    text = re.sub(r"[\u0332\s]+", " ", error).strip()
    return re.sub(r"^(Temml )?[Pp]arse ?[Ee]rror:? *", "", text) or "not valid LaTeX"
