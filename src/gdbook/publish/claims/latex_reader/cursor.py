"""A place in a list of tokens, and how to take the next ones."""

from __future__ import annotations

from typing import Self

import sympy as sp

from gdbook.publish.claims.latex_reader.tokens import Token, Unreadable, show

PAIRS = {"(": ")", "[": "]", "{": "}", "⌊": "⌋", "⌈": "⌉", "|": "|"}


class Cursor:
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
        self.tokens, self.functions = list(tokens), functions
        self.at = 0
        self.bars = 0
        self.bound: frozenset[str] = frozenset()
        self.argument: sp.Symbol | None = None

    def next(self, ahead: int = 0) -> Token:
        """Return the next token, or one further on, without taking it."""
        i = self.at + ahead
        return self.tokens[i] if i < len(self.tokens) else Token("end", "the end")

    def is_(self, kind: str, *texts: str, ahead: int = 0) -> bool:
        """Whether the next token is of that kind, and one of those texts."""
        token = self.next(ahead)
        return token.kind == kind and (not texts or token.text in texts)

    def take(self, kind: str, *texts: str) -> bool:
        """Take the next token if it is what is asked for."""
        if self.is_(kind, *texts):
            self.at += 1
            return True
        return False

    def need(self, kind: str, *texts: str) -> None:
        """Take the next token, which must be what is asked for."""
        if not self.take(kind, *texts):
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
        """Take the argument of a command: a group in braces, or one token."""
        if self.take("group"):
            start, depth = self.at, 1
            while depth:
                if self.is_("end"):
                    raise Unreadable("a brace is not closed")
                depth += self.is_("group") - self.is_("endgroup")
                self.at += 1
            return self.tokens[start : self.at - 1]
        token = self.next()
        if token.kind == "number" and len(token.text) > 1:
            if "." in token.text:
                raise Unreadable(f"{token.text} needs braces")
            # TeX takes one digit: \frac12 is a half.
            self.tokens[self.at : self.at + 1] = [Token("number", c) for c in token.text]
        elif token.kind not in ("number", "letter", "word"):
            raise Unreadable(f"{show([token])} needs braces")
        self.at += 1
        return [self.tokens[self.at - 1]]

    def bracket(self) -> list[Token]:
        """Take a bracket, whose opening is next, and return what is inside."""
        opening = self.next()
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


def parted(tokens: list[Token]) -> list[list[Token]]:
    """Split the arguments of a function at their commas."""
    parts: list[list[Token]] = [[]]
    depth = 0
    for t in tokens:
        depth += (t.kind in ("open", "group")) - (t.kind in ("close", "endgroup"))
        if depth == 0 and t.kind == ",":
            parts.append([])
        else:
            parts[-1].append(t)
    return parts
