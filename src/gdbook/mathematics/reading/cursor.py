"""A place in the marks of a formula, with what takes brackets, braces and bars."""

from __future__ import annotations

from gdbook import latex as tex
from gdbook.latex import Token
from gdbook.latex.notation import cut, levels, show
from gdbook.mathematics.reading.context import Context
from gdbook.mathematics.refusal import notation, two_readings

MATE = {"(": ")", "[": "]", "{": "}", "|": "|", "‖": "‖", "⟨": "⟩", "⌊": "⌋", "⌈": "⌉"}
FRACTIONS = ("frac", "tfrac", "dfrac")
BINARY = ("cdot", "times", "odot", "circ", "otimes")
DOTS = ("ldots", "cdots", "dots", "vdots")


class Cursor(tex.Cursor):
    """A place in the marks of a part of a formula."""

    def __init__(self, tokens: list[Token], context: Context) -> None:
        super().__init__([t for t in tokens if t.kind != "space"])
        self.context = context
        self._check_bars()

    def bracket(self) -> list[Token]:
        """Take a bracket, whose opening is next, and return what it holds."""
        opening, start, depth = self.next().text, self.at + 1, 0
        while self.at < len(self.tokens):
            depth += depth_change(self.tokens[self.at])
            self.at += 1
            if depth == 0:
                closing = self.tokens[self.at - 1].text
                if MATE.get(opening, opening) != closing:
                    raise notation(f"{opening} is closed by {closing}")
                return self.tokens[start : self.at - 1]
        raise notation(f"{opening} is not closed")

    def between_bars(self, sign: str) -> list[Token]:
        """Take |…|, of whose bars only the place tells which they are: the next one closes."""
        self.at += 1
        start, depth = self.at, 0
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            depth += depth_change(token)
            self.at += 1
            if depth == 0 and token == Token("bar", sign):
                if self.at - 1 == start:
                    raise two_readings(r"bars inside of bars: use \lvert and \rvert")
                return self.tokens[start : self.at - 1]
        raise notation(f"a bar {sign} is not closed, or stands between words")

    def starts_factor(self) -> bool:
        """Whether the next mark begins a factor, so that a product goes on."""
        token = self.next()
        if token.kind == "command":
            return token.text not in (*BINARY, *DOTS, "pm", "mp")
        return token.kind in ("number", "letter", "word", "open", "group", "bar")

    def _check_bars(self) -> None:
        """|a|b|c| is |a|·b·|c| or |a·|b|·c|."""
        for sign in "|‖":
            parts = self._between(sign)
            for middle in parts[2:-2:2]:
                if middle and not any(_separates(t) for t in middle):
                    raise two_readings(f"bars around and beside {show(middle)}: which pair up?")

    def _between(self, sign: str) -> list[list[Token]]:
        other = Token("bar", "‖" if sign == "|" else "|")
        marks = [Token("other", other.text) if t == other else t for t in self.tokens]
        return cut(marks, "bar")


def _separates(token: Token) -> bool:
    if token.kind == "command":
        return token.text in BINARY
    return token.kind in ("+", "-", "relation", "row", "column", ",", "/", "^", "_", "gap")


def depth_change(token: Token) -> int:
    """Return by how much a mark goes deeper into brackets."""
    return (token.kind in ("open", "group")) - (token.kind in ("close", "endgroup"))


__all__ = ["BINARY", "DOTS", "FRACTIONS", "MATE", "Cursor", "cut", "depth_change", "levels", "show"]
