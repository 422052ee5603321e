"""Docstrings as RST reads them: what stands between bars or after a bracket is no markup."""

from __future__ import annotations

import re
from typing import Any

from sphinx.application import Sphinx

#: Code between backticks, which is left alone; or a sign that RST would take for markup.
_SIGN = re.compile(r"(``.+?``|:\w+:`.+?`|`.+?`)|(\||(?<=[(\[])\*(?=\w))|([ᵢⱼₖₙ]+)")

#: Subscripts that Unicode has and the book's fonts have not.
_LOW = str.maketrans("ᵢⱼₖₙ", "ijkn")


def escape(_app: Sphinx, _what: str, _name: str, _it: Any, _options: Any, lines: list[str]) -> None:
    """Escape the bars of absolute values and the stars of shapes, and lower subscripts.

    Docstrings are read in a terminal, too, where backslashes and ``:sub:`` would be in the way.
    """
    lines[:] = [line if verbatim else _escaped(line) for line, verbatim in _marked(lines)]


def _escaped(line: str) -> str:
    return _SIGN.sub(_written, line)


def _written(found: re.Match[str]) -> str:
    code, sign, low = found.groups()
    if low:
        return rf"\ :sub:`{low.translate(_LOW)}`\ "
    return code or f"\\{sign}"


def _marked(lines: list[str]) -> list[tuple[str, bool]]:
    """Return lines, each with whether it belongs to an example or a literal block."""
    made, inside, margin = [], False, 0
    for line in lines:
        indent = len(line) - len(line.lstrip())
        if margin and line.strip() and indent < margin:
            margin = 0  # a literal block ends where its indent does
        if margin < 0 and line.strip():
            margin = indent  # and begins with the first line after the colons
        inside = bool(line.strip()) and (inside or line.lstrip().startswith(">>>"))
        made.append((line, inside or margin > 0))
        if line.rstrip().endswith("::") and not inside and margin <= 0:
            margin = -1
    return made
