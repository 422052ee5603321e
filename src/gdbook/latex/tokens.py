r"""LaTeX as a list of tokens, each with its place in the formula."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field


class Unreadable(ValueError):  # noqa: N818
    """A formula that a reader refuses, with the reason; a reader never guesses."""


@dataclass(frozen=True)
class Token:
    r"""One piece of LaTeX.

    Attributes
    ----------
    kind : str
        ``command``, ``number``, ``letter`` (of the Latin alphabet), ``space``, ``group`` and
        ``endgroup`` (the braces), ``char`` for any other character, ``end``. A reader may
        have kinds of its own.
    text : str
        The command without its backslash, or the characters.
    at : int
        Where it begins in the formula; tokens are equal wherever they stand.
    """

    kind: str
    text: str
    at: int = field(default=0, compare=False)


OPEN, CLOSE, END = Token("group", "{"), Token("endgroup", "}"), Token("end", "the end")

_PIECE = re.compile(
    r"\\(?P<command>operatorname\*|[A-Za-z]+|.|\Z)|(?P<comment>%[^\n]*\n?)|(?P<space>\s+)"
    r"|(?P<number>\d+(?:\.\d+)?|\.\d+)|(?P<letter>[A-Za-z])|(?P<group>\{)|(?P<endgroup>\})"
    r"|(?P<char>.)",
    re.DOTALL,
)


def tokenise(latex: str) -> list[Token]:
    r"""Cut a formula into tokens; comments are dropped.

    Parameters
    ----------
    latex : str
        What stands between the dollars. A backslash at the end is a command without a name.
    """
    pieces = ((m, m.lastgroup or "") for m in _PIECE.finditer(latex))
    return [
        Token(kind, " " if kind == "command" and m[kind].isspace() else m[kind], m.start())
        for m, kind in pieces
        if kind != "comment"
    ]


def _latin(character: str) -> bool:
    """Whether a command's name may hold this character; é ends the name as a digit does."""
    return character.isascii() and character.isalpha()


def written(tokens: Iterable[Token]) -> str:
    """Return tokens as LaTeX: the text that they were cut from, without its comments."""
    text, word = "", False
    for token in tokens:
        name = token.kind == "command"
        text += " " * (word and _latin(token.text[:1]) and not name) + "\\" * name + token.text
        word = name and _latin(token.text[-1:])
    return text


def breaks_lines(tokens: Iterable[Token]) -> bool:
    r"""Whether ``\\\\`` or ``\cr`` stands outside every environment and group."""
    depth = 0
    for token in tokens:
        name = token.text if token.kind == "command" else ""
        # The name of an environment stands in braces of its own, which even out.
        depth += (token == OPEN or name == "begin") - (token == CLOSE or name == "end")
        if depth == 0 and name in ("\\", "cr"):
            return True
    return False


def expanded(latex: str, macros: dict[str, str], most: int = 1000) -> list[Token]:
    r"""Cut a formula into tokens in which the book's macros are replaced by their texts.

    Parameters
    ----------
    latex : str
        The formula.
    macros : dict of str to str
        ``{"\R": r"\mathbb{R}"}``; arguments are ``#1``, ``#2``, ….
    most : int
        How many replacements there may be.

    Raises
    ------
    Unreadable
        If a macro expands without end, or lacks an argument.
    """
    from gdbook.latex.cursor import Cursor

    texts = {name.removeprefix("\\"): text for name, text in macros.items()}
    at = Cursor(tokenise(latex))
    while at.at < len(at.tokens):
        token, start = at.tokens[at.at], at.at
        at.at += 1
        if token.kind != "command" or token.text not in texts:
            continue
        most -= 1
        if most < 0:
            raise Unreadable(f"the macro \\{token.text} expands without end")
        parts = re.split(r"#(\d)", texts[token.text])  # every other one is a number
        given = [written(at.group()) for _ in range(max(map(int, parts[1::2]), default=0))]
        parts[1::2] = [given[int(number) - 1] for number in parts[1::2]]
        at.tokens[start : at.at] = tokenise("".join(parts))
        at.at = start
    return at.tokens
