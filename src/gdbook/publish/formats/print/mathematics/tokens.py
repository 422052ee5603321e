r"""LaTeX as a list of tokens, each with its place in the formula."""

from __future__ import annotations

import re
from typing import NamedTuple

#: An empty formula, or the base of a script without one, in Typst.
NOTHING = '""'


class UnknownMathError(ValueError):
    """A formula that the converter refuses, with the reason; it never leaves anything out."""


class Token(NamedTuple):
    r"""One piece of LaTeX.

    Attributes
    ----------
    kind : str
        ``command`` (without its backslash), ``space``, ``number`` or ``char``.
    text : str
        The name, the number or the character.
    """

    kind: str
    text: str

    def latex(self) -> str:
        """Return the token as it is written."""
        if self.kind != "command":
            return self.text
        return f"\\{self.text} " if self.text[-1:].isalpha() else f"\\{self.text}"


_PIECE = re.compile(
    r"\\(?P<command>operatorname\*|[A-Za-z]+|.)"
    r"|(?P<comment>(?<!\\)%[^\n]*\n?)"
    r"|(?P<space>\s+)"
    r"|(?P<number>\d+(?:\.\d+)?|\.\d+)"
    r"|(?P<char>.)",
    re.DOTALL,
)


def tokenise(latex: str) -> list[Token]:
    """Cut a formula into tokens; comments are dropped.

    Parameters
    ----------
    latex : str
        What stands between the dollars.
    """
    made = []
    for found in _PIECE.finditer(latex):
        kind = found.lastgroup or "char"
        text = found[kind]
        if kind == "command" and text == "\n":
            text = " "
        if kind == "space":
            text = " "
        if kind != "comment":
            made.append(Token(kind, text))
    if latex.endswith("\\") and not latex.endswith("\\\\"):
        raise UnknownMathError("a backslash at the end")
    return made


def written(tokens: list[Token]) -> str:
    """Return tokens as LaTeX."""
    return "".join(token.latex() for token in tokens)
