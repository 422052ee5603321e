r"""One side of a relation, read into a tree: recursive descent that knows the kinds.

What a bracket, an index, a prime or two letters side by side mean is decided by what the
letters were declared to be. What is left with two readings is refused.
"""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor

from gdbook.latex import Token
from gdbook.mathematics import algebra
from gdbook.mathematics.calculus import prime
from gdbook.mathematics.reading import arrays, commands, names, series
from gdbook.mathematics.reading.context import Context
from gdbook.mathematics.reading.cursor import DOTS, Cursor, cut, depth_change, show
from gdbook.mathematics.refusal import mistyped, notation, two_readings
from gdbook.mathematics.tree import Expression, is_number, joined, literal, need_number
from gdbook.mathematics.values.environment import number

BIG = ("sum", "prod", "lim", "int", "max", "min")
SIGNS = ("cdot", "times", "odot")


def read_side(tokens: list[Token], context: Context) -> Expression:
    """Read one side of a relation to its end."""
    reader = Reader(tokens, context)
    made = reader.sum()
    if not reader.is_("end"):
        raise notation(f"{show(reader.tokens[reader.at :])} was not expected")
    return made


class Reader(Cursor):
    """Reads sums, products and factors."""

    def __init__(self, tokens: list[Token], context: Context) -> None:
        super().__init__(tokens, context)
        self.factors: list[Expression] = []

    def whole(self, tokens: list[Token]) -> Expression:
        """Read a part to its end."""
        return read_side(tokens, self.context)

    # ------------------------------------------------------------------ sums and products

    def sum(self) -> Expression:
        """Read as far as terms follow each other."""
        terms: list[tuple[int, Expression]] = []
        before, ordered = set(self.context.closed), False
        written: list[Token] = []
        while True:
            sign = 1
            if self.is_("+") or self.is_("-"):
                sign = -1 if self.take().kind == "-" else 1
                if self.is_("+") or self.is_("-"):
                    raise notation("two signs side by side")
            elif self.is_("command", "pm", "mp"):
                raise two_readings("±: which sign?")
            elif terms or ordered:
                break
            opened = self._bound_in_term()
            start = self.at
            if terms and self.skip("command", *DOTS):
                terms[-1] = terms[-1][0], self._dotted(sign, terms[-1][0], written)
                continue
            if self.is_("letter", "O") and self.is_("open", "(", ahead=1):
                if sign < 0:
                    raise two_readings("− O(…): an order term has no sign, write +")
                self.take()
                self.context.orders.append(self.whole(self.bracket()))
                ordered = True
            else:
                terms.append((sign, self.term()))
                written = self.tokens[start : self.at]
            self.context.closed |= opened
        self.context.closed = before
        if not terms:
            return literal(0)
        if len(terms) == 1:
            return terms[0][1] if terms[0][0] > 0 else algebra.negative(terms[0][1])
        (sign, first), *rest = [(s, algebra.marked(t)) for s, t in terms]
        total = first if sign > 0 else algebra.negative(first)
        for sign, term in rest:
            total = algebra.add(total, term, sign)
        return total

    def _dotted(self, sign: int, before: int, first: list[Token]) -> Expression:
        """Read what comes behind the dots of a_1 + ⋯ + a_k, and return the sum."""
        if not self.skip("+") or sign < 0 or before < 0:
            raise two_readings("⋯ without a plus on both sides: which terms, up to where?")
        start = self.at
        self.term()
        return series.dotted(self, first, self.tokens[start : self.at])

    def _bound_in_term(self) -> set[str]:
        """Return the letters that a sum, limit or integral binds in the term that comes."""
        found: set[str] = set()
        depth = 0
        for i in range(self.at, len(self.tokens)):
            token = self.tokens[i]
            depth += depth_change(token)
            if depth < 0 or (depth == 0 and token.kind in "+-" and i > self.at):
                break
            big = depth == 0 and token.kind == "command" and token.text in BIG
            if big and i + 1 < len(self.tokens) and self.tokens[i + 1].kind == "_":
                below = Reader.__new__(Reader)
                below.tokens, below.at = list(self.tokens[i + 2 :]), 0
                letters = [t.text for t in below.group() if t.kind == "letter"]
                found |= set(letters[:1] if token.text == "lim" else letters)
        return found - set(self.context.declared) - set(self.context.bound)

    def term(self) -> Expression:
        """Read products written with signs; · binds less than standing side by side."""
        made = self.juxtaposed()
        dotted = divided = False
        while True:
            if self.is_("command", *SIGNS):
                sign = self.take().text
                self._no_sign()
                right = self.juxtaposed()
                vectors = sign == "cdot" and made.kind.what == right.kind.what == "vector"
                if dotted and right.kind.what == "vector":
                    raise two_readings("a dot product beside another vector: which two?")
                if divided and right.kind.what != "number":
                    raise two_readings("a/b · c: is c below as well?")
                made = self._signed(sign, made, right)
                dotted = dotted or vectors
            elif self.skip("command", "circ"):
                made = algebra.compose(made, self.factor())
            elif self.skip("/"):
                if divided:
                    raise two_readings("a/b/c: use a fraction or brackets")
                self._no_sign()
                made, divided = algebra.divide(made, self.factor()), True
                if self.starts_factor():
                    raise two_readings("a/bc: is c below as well? Use a fraction or brackets")
            else:
                return made

    @staticmethod
    def _signed(sign: str, a: Expression, b: Expression) -> Expression:
        if sign == "odot":
            return algebra.entrywise(a, b)
        if sign == "times" and not (is_number(a) and is_number(b)):
            raise two_readings(f"{a.text} × {b.text}: a product of what kind?")
        return algebra.dot(a, b)

    def _no_sign(self) -> None:
        if self.is_("-") or self.is_("+"):
            raise notation("a sign after an operator needs brackets")

    def juxtaposed(self) -> Expression:
        """Read factors side by side."""
        made = self.factor()
        read = [made]
        while self.starts_factor():
            if self.is_("number") and self.tokens[self.at - 1].kind == "number":
                raise two_readings("two numbers side by side: a product?")
            if made.kind.what == "family":
                raise mistyped(f"{made.text} without its index")
            read.append(self.factor())
            made = algebra.times(made, read[-1])
        self.factors = read
        return made

    # ------------------------------------------------------------------ factors

    def factor(self) -> Expression:
        """Read one factor, with its primes, arguments, indices and powers."""
        made, may_raise = self.base()
        while True:
            k = made.kind
            if self.is_("prime"):
                made = prime(made, self._primes())
            elif k.what == "function" and self.is_("^") and self._order_in_braces():
                self.take()
                made = prime(made, int(self.group()[1].text))
            elif k.what == "function" and self.is_("open", "("):
                made = algebra.call(made, [self.whole(p) for p in _arguments(self.bracket())])
                if self.is_("prime"):
                    raise two_readings("a prime after the argument: of the function or of all?")
            elif self.skip("^"):
                made = self._raised(made, may_raise)
                if self.is_("^"):
                    raise notation("a second exponent")
            elif self.skip("_"):
                made = names.indexed(self, made, self.group())
            elif self.skip("!"):
                need_number(made, "the factorial of")
                made = joined(made.kind, f"{made.text}!", [made], _factorial)
            else:
                return made

    def _primes(self) -> int:
        count = 0
        while self.skip("prime"):
            count += 1
        return count

    def _order_in_braces(self) -> bool:
        return (
            self.is_("group", ahead=1)
            and self.is_("open", "(", ahead=2)
            and self.is_("number", ahead=3)
        )

    def _raised(self, base: Expression, may_raise: bool) -> Expression:
        t_is_free = "T" not in self.context.declared and base.kind.what in ("matrix", "vector")
        if self.skip("command", "top", "intercal") or (t_is_free and self.skip("letter", "T")):
            return algebra.transpose(base)
        tokens = self.group()
        if tokens and tokens[-1].text == "top":
            if tokens[0].kind == "-":
                base = algebra.power(base, literal(-1))
            return algebra.transpose(base)
        if t_is_free and tokens == [Token("letter", "T")]:
            return algebra.transpose(base)
        if not may_raise:
            raise two_readings("a power after a function's bracket, as in sin(x)^2: of what?")
        exponent = self.whole(tokens)
        if base.text == "e" and exponent.kind.what == "matrix":
            kind, text = exponent.kind, f"exp({exponent.text})"
            return joined(kind, text, [exponent], torch.linalg.matrix_exp)
        return algebra.power(base, exponent)

    def base(self) -> tuple[Expression, bool]:  # noqa: PLR0911
        """Read what a power could follow; the flag says whether it may, without a doubt."""
        token = self.next()
        if token.kind == "group":
            return self.whole(self.group()), True
        if token.kind == "open":
            return self._bracketed(token.text), True
        if token.kind == "bar":
            sign = token.text
            return self._size_of(sign, self.whole(self.between_bars(sign))), True
        self.take()
        if token.kind == "number":
            return literal(float(token.text)), True
        if token.kind == "word":
            return commands.word(self, token.text)
        if token.kind == "letter":
            return names.name(self, token.text), True
        if token.kind == "command":
            return commands.command(self, token.text)
        raise notation(f"a number, a name or a bracket was expected, found {show([token])!r}")

    def _bracketed(self, opening: str) -> Expression:
        inside = self.bracket()
        if opening in "|‖":
            return self._size_of(opening, self.whole(inside))
        if opening == "⟨":
            parts = cut(inside, ",")
            if len(parts) != 2:
                raise notation("⟨…⟩ needs two entries")
            return algebra.inner(*(self.whole(p) for p in parts))
        if opening in "⌊⌈":
            f = torch.floor if opening == "⌊" else torch.ceil
            return algebra.pointwise("floor" if opening == "⌊" else "ceil", f, self.whole(inside))
        if opening in arrays.READERS:
            return arrays.READERS[opening](self, inside)
        if len(cut(inside, ",")) > 1:
            raise two_readings(f"a bracket with commas after no function: ({show(inside)})")
        made = self.whole(inside)
        if made.kind.what == "function":
            return replace(made, text=f"({made.text})", literal=None)
        return replace(made, literal=None)

    def _size_of(self, sign: str, e: Expression) -> Expression:
        """Read |x| or ‖x‖."""
        if sign == "|":
            if not is_number(e):
                raise two_readings(f"|…| of a {e.kind}: its length, its determinant?")
            return algebra.pointwise("abs", torch.abs, e)
        which = show(self.group()).strip("\\ ") if self.skip("_") else ""
        if e.kind.what == "matrix" and not which:
            raise two_readings(f"the norm of the matrix {e.text}: ‖·‖_F or ‖·‖_2?")
        if (e.kind.what, which) not in NORMS:
            raise mistyped(f"‖{e.text}‖{'_' + which if which else ''} of a {e.kind}")
        p = NORMS[e.kind.what, which]

        def rule(x: Tensor) -> Tensor:
            if e.kind.what == "matrix":
                made: Tensor = torch.linalg.matrix_norm(x, p)
                return made
            length: Tensor = torch.linalg.vector_norm(x, p, dim=-1)
            return length

        return joined(literal(0).kind, f"‖{e.text}‖{which}", [e], rule)


NORMS = {
    ("vector", ""): 2, ("vector", "2"): 2, ("vector", "1"): 1, ("vector", "infty"): torch.inf,
    ("row", ""): 2, ("row", "2"): 2,
    ("matrix", "F"): "fro", ("matrix", "2"): 2, ("matrix", "*"): "nuc", ("matrix", "1"): 1,
    ("matrix", "infty"): torch.inf,
}  # fmt: skip


def _arguments(inside: list[Token]) -> list[list[Token]]:
    """Cut what is in a function's bracket; a single bar, as in p(y | w, σ), parts as a comma."""
    bars = sum(t.kind == "bar" for t in inside)
    return cut(inside, ",", "bar") if bars == 1 else cut(inside, ",")


def _factorial(x: Tensor) -> Tensor:
    return torch.exp(torch.lgamma(number(x) + 1))
