"""A place in the tokens of a formula, with what surrounds them."""

from __future__ import annotations

from typing import Self

import sympy as sp

from gdbook import latex as tex
from gdbook.latex import Token, Unreadable
from gdbook.latex.notation import show

PAIRS = {"(": ")", "[": "]", "{": "}", "⌊": "⌋", "⌈": "⌉", "|": "|"}


class Cursor(tex.Cursor):
    """A place in the tokens of a part of a formula, with what surrounds the part.

    Attributes
    ----------
    bars : int
        How many |…| are open.
    bound : frozenset of str
        The indices of the sums that are open.
    argument : sympy.Symbol or None
        In (fg)'(a), what f and g are taken at inside of the bracket.
    """

    def __init__(self, tokens: list[Token], functions: frozenset[str]) -> None:
        super().__init__(tokens)
        self.functions = functions
        self.bars = 0
        self.bound: frozenset[str] = frozenset()
        self.argument: sp.Symbol | None = None

    def need(self, kind: str, *texts: str) -> None:
        """Take the next token, which must be what is asked for."""
        if not self.skip(kind, *texts):
            found = show([self.next()])
            raise Unreadable(f"expected {' or '.join(texts) or kind}, found {found}")

    def inside(self, tokens: list[Token]) -> Self:
        """Return a reader of a part, in the same surroundings."""
        reader = type(self)(tokens, self.functions)
        reader.bound, reader.argument = self.bound, self.argument
        return reader

    def whole(self, tokens: list[Token]) -> sp.Expr:
        """Read a part to its end."""
        reader = self.inside(tokens)
        made = reader.sum()
        if reader.at < len(tokens):
            raise Unreadable(f"{show(tokens[reader.at :])} was not expected")
        return made

    def group(self) -> list[Token]:
        """Take an argument: of what is not in braces, only a digit or a name."""
        token = self.next()
        if token.kind not in ("group", "number", "letter", "word") or (
            token.kind == "number" and "." in token.text
        ):
            raise Unreadable(f"{show([token])} needs braces")
        return super().group()

    def bracket(self) -> list[Token]:
        """Take a bracket, whose opening is next, and return what is inside."""
        opening = self.next()
        if opening.text not in PAIRS:
            raise Unreadable(f"{opening.text} is not read")
        start, depth = self.at + 1, 0
        while True:
            depth += self.is_("open") - self.is_("close")
            if self.is_("end"):
                raise Unreadable(f"{opening.text} is not closed")
            self.at += 1
            if depth == 0:
                break
        if self.tokens[self.at - 1].text != PAIRS[opening.text]:
            raise Unreadable(f"{opening.text} is closed by {self.tokens[self.at - 1].text}")
        return self.tokens[start : self.at - 1]

    def sum(self) -> sp.Expr:
        """Read as far as terms follow each other."""
        raise NotImplementedError

    def product(self) -> sp.Expr:
        """Read as far as factors follow each other."""
        raise NotImplementedError

    def factor(self) -> sp.Expr:
        """Read one factor with its power."""
        raise NotImplementedError

    def starts_factor(self) -> bool:
        """Whether the next token begins a factor, so that a product goes on."""
        raise NotImplementedError
