r"""LaTeX formulas as tokens, and a cursor that takes arguments from them as TeX does.

The reader of claims, the printed book, the page and the editor all read formulas; what a
token, a group and an argument are is said here once. pylatexenc was tried for this: it keeps
``x_`` and ``a^b^c`` as plain characters and does not pair ``\left`` with ``\right``, so each
reader would have had to cut its output again.
"""

from __future__ import annotations

from gdbook.latex.cursor import Cursor
from gdbook.latex.normal import normalise
from gdbook.latex.tokens import (
    CLOSE,
    END,
    OPEN,
    Token,
    Unreadable,
    breaks_lines,
    expanded,
    tokenise,
    written,
)

__all__ = [
    "CLOSE",
    "END",
    "OPEN",
    "Cursor",
    "Token",
    "Unreadable",
    "breaks_lines",
    "expanded",
    "normalise",
    "tokenise",
    "written",
]
