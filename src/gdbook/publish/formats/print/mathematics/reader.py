r"""Reading LaTeX's arguments: groups, options, delimiters, and macros of the book."""

from __future__ import annotations

import re
from collections.abc import Mapping

from gdbook.publish.formats.print.mathematics.symbols import DELIMITERS
from gdbook.publish.formats.print.mathematics.tokens import (
    Token,
    UnknownMathError,
    tokenise,
    written,
)

OPEN, CLOSE = Token("char", "{"), Token("char", "}")
_MOST_EXPANSIONS = 1000


class Reader:
    r"""A place in a list of tokens.

    Parameters
    ----------
    latex : str
        The formula.
    macros : mapping of str to str
        Macros of the book, ``{"\R": r"\mathbb{R}"}``; arguments are ``#1``, ``#2``, ….
    """

    def __init__(self, latex: str, macros: Mapping[str, str] | None = None) -> None:
        self.tokens = tokenise(latex)
        self.macros = {name.removeprefix("\\"): text for name, text in (macros or {}).items()}
        self.at = 0
        self._expanded = 0

    def peek(self) -> Token | None:
        """Return the next token that is no space; spaces before it are passed."""
        while self.at < len(self.tokens) and self.tokens[self.at].kind == "space":
            self.at += 1
        while self._expand():
            pass
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def take(self) -> Token:
        """Return the next token that is no space, and pass it."""
        token = self.peek()
        if token is None:
            raise UnknownMathError("it ends where an argument is missing")
        self.at += 1
        return token

    def skip(self, token: Token) -> bool:
        """Pass this token if it is the next one; return whether it was."""
        if self.peek() != token:
            return False
        self.at += 1
        return True

    def _expand(self) -> bool:
        """Put a macro's text in its place, if one is next."""
        if self.at >= len(self.tokens):
            return False
        token = self.tokens[self.at]
        if token.kind != "command" or token.text not in self.macros:
            return False
        self._expanded += 1
        if self._expanded > _MOST_EXPANSIONS:
            raise UnknownMathError(f"the macro \\{token.text} expands without end")
        body = self.macros[token.text]
        start, self.at = self.at, self.at + 1
        count = max((int(n) for n in re.findall(r"#(\d)", body)), default=0)
        arguments = [written(self.group()) for _ in range(count)]
        text = re.sub(r"#(\d)", lambda m: arguments[int(m[1]) - 1], body)
        self.tokens[start : self.at] = tokenise(text)
        self.at = start
        while self.at < len(self.tokens) and self.tokens[self.at].kind == "space":
            self.at += 1
        return True

    def group(self) -> list[Token]:
        """Return the tokens of the next argument, in braces or a single one."""
        first = self.take()
        if first.kind == "number" and len(first.text) > 1:  # \frac12 is a half
            self.at -= 1
            self.tokens[self.at] = Token("number", first.text[1:])
            return [Token("number", first.text[0])]
        if first != OPEN:
            return [first]
        depth, start = 1, self.at
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            self.at += 1
            depth += (token == OPEN) - (token == CLOSE)
            if depth == 0:
                return self.tokens[start : self.at - 1]
        raise UnknownMathError("a brace is not closed")

    def name(self) -> str:
        """Return the next argument as plain text."""
        return written(self.group()).strip()

    def option(self) -> list[Token] | None:
        """Return the tokens of an option in square brackets, None where there is none."""
        if not self.skip(Token("char", "[")):
            return None
        depth, start = 0, self.at
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            self.at += 1
            depth += (token == OPEN) - (token == CLOSE)
            if depth == 0 and token == Token("char", "]"):
                return self.tokens[start : self.at - 1]
        raise UnknownMathError("a square bracket is not closed")

    def delimiter(self) -> str:
        r"""Return what follows ``\left``, ``\right`` or ``\big`` in Typst; "" for a full stop."""
        token = self.take()
        if token.text not in DELIMITERS or (token.kind == "command" and token.text in "/."):
            raise UnknownMathError(f"{token.latex().strip()} is no bracket")
        if token == Token("command", "|"):
            return DELIMITERS["Vert"]
        return DELIMITERS[token.text]
