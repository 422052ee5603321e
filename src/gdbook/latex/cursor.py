"""A place in a list of tokens, and how to take the next ones."""

from __future__ import annotations

from collections.abc import Iterable

from gdbook.latex.tokens import CLOSE, END, OPEN, Token, Unreadable, written


class Cursor:
    """A place in the tokens of a formula; spaces are passed over.

    Parameters
    ----------
    tokens : iterable of Token
    """

    def __init__(self, tokens: Iterable[Token]) -> None:
        self.tokens = list(tokens)
        self.at = 0

    def next(self, ahead: int = 0) -> Token:
        """Return the next token, or one further on, without taking it."""
        while self.at < len(self.tokens) and self.tokens[self.at].kind == "space":
            self.at += 1
        i = self.at + ahead
        return self.tokens[i] if i < len(self.tokens) else END

    def is_(self, kind: str, *texts: str, ahead: int = 0) -> bool:
        """Whether the next token is of that kind, and one of those texts."""
        token = self.next(ahead)
        return token.kind == kind and (not texts or token.text in texts)

    def skip(self, kind: str, *texts: str) -> bool:
        """Take the next token if it is what is asked for."""
        if self.is_(kind, *texts):
            self.at += 1
            return True
        return False

    def take(self) -> Token:
        """Take the next token."""
        token = self.next()
        if token == END:
            raise Unreadable("it ends where an argument is missing")
        self.at += 1
        return token

    def until(self, closing: Token, *, why: str) -> list[Token]:
        """Take the tokens up to one that is in no group, which is taken too."""
        depth, start = 0, self.at
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            self.at += 1
            if depth == 0 and token == closing:
                return self.tokens[start : self.at - 1]
            depth += (token == OPEN) - (token == CLOSE)
        raise Unreadable(why)

    def single(self) -> Token:
        """Take one token as TeX does, for which each character of a number is one."""
        token = self.take()
        if token.kind != "number" or len(token.text) == 1:
            return token
        self.at -= 1
        self.tokens[self.at] = Token("number", token.text[1:], token.at + 1)
        return Token("number", token.text[0], token.at)

    def group(self) -> list[Token]:
        r"""Take an argument: a group in braces or one token, of ``\frac12`` the one."""
        token = self.single()
        if token == OPEN:
            return self.until(CLOSE, why="a brace is not closed")
        return [token]

    def plain(self) -> str:
        """Take an argument as plain text."""
        return written(self.group()).strip()

    def option(self) -> list[Token] | None:
        """Take an option in square brackets, None where there is none."""
        if not self.is_("char", "["):
            return None
        self.at += 1
        return self.until(Token("char", "]"), why="a square bracket is not closed")
