r"""Commands that make an expression: fractions, functions, sums, limits, derivatives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy as sp

from gdbook import expressions as ex
from gdbook.expressions.language import FUNCTIONS
from gdbook.expressions.latex_reader.cursor import Cursor
from gdbook.latex import Token, Unreadable
from gdbook.latex.notation import cut, show

ELEMENTARY: dict[str, Callable[..., Any]] = {
    "arcsin": sp.asin, "arccos": sp.acos, "arctan": sp.atan, "sgn": sp.sign, "sign": sp.sign,
    "Im": sp.im, "Re": sp.re, **{
        name: FUNCTIONS[name]
        for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh", "exp", "log", "ln")
    },
}  # fmt: skip
NUMBERS = {"infty": sp.oo, "pi": sp.pi}
FRACTIONS = ("frac", "tfrac", "dfrac")


class Commands(Cursor):
    """What a command with its arguments stands for.

    Each method returns the expression, and whether a power may follow without a doubt.
    """

    def command(self, name: str) -> tuple[sp.Expr, bool]:
        """Read the arguments of a command, which was taken."""
        if name in NUMBERS:
            return NUMBERS[name], True
        if name in ELEMENTARY:
            return self.elementary(ELEMENTARY[name]), False
        if name in FRACTIONS:
            return self.fraction()
        readers: dict[str, Callable[[], tuple[sp.Expr, bool]]] = {
            "sqrt": self.root,
            "max": lambda: self.extreme(sp.Max),
            "min": lambda: self.extreme(sp.Min),
            "binom": lambda: (
                sp.binomial(self.whole(self.group()), self.whole(self.group())),
                True,
            ),
            "sum": lambda: (self.series(sp.Sum), False),
            "prod": lambda: (self.series(sp.Product), False),
            "lim": lambda: (self.limit(), False),
        }
        if name not in readers:
            raise Unreadable(f"\\{name} is not in the book's notation")
        return readers[name]()

    def root(self) -> tuple[sp.Expr, bool]:
        r"""Read ``\sqrt{x}`` or ``\sqrt[3]{x}``."""
        degree = self.whole(self.bracket()) if self.is_("open", "[") else sp.Integer(2)
        return self.whole(self.group()) ** (1 / degree), True

    def extreme(self, f: Callable[..., Any]) -> tuple[sp.Expr, bool]:
        r"""Read ``\max(a, b)`` or ``\max\{a, b\}``."""
        if not self.is_("open", "(", "{"):
            raise Unreadable("a maximum or minimum needs brackets, and no index")
        return f(*(self.whole(part) for part in cut(self.bracket(), ","))), False

    def elementary(self, f: Callable[..., Any]) -> sp.Expr:
        r"""Read the argument of ``\sin``, in brackets or without."""
        power = None
        if self.skip("^"):
            power = self.whole(self.group())
            if not (power.is_Integer and power > 0):
                raise Unreadable("\\sin^{-1} can be read in two ways")
        if self.is_("group") and self.is_("open", "(", "[", ahead=1):
            argument = self.whole(self.group())  # \sin{(x)}: braces that nobody sees
        elif self.is_("open", "(", "["):
            argument = self.whole(self.bracket())
        else:
            argument = self.factor()
            while self.next().kind in ("number", "letter", "group") or self.is_(
                "command", *FRACTIONS, "sqrt", "pi"
            ):
                argument = argument * self.factor()
            if self.is_("open") or self.is_("/"):
                raise Unreadable("where does the argument end? Use brackets")
        made = f(argument)
        return made if power is None else made**power

    def fraction(self) -> tuple[sp.Expr, bool]:
        r"""Read ``\frac{a}{b}``, or the derivative ``\frac{d}{dx}`` of what follows."""
        over, under = self.group(), self.group()
        d = _differential(over)
        if d is None:
            return self.whole(over) / self.whole(under), True
        order, what = d
        below = _differential(under)
        if below is None or below[0] != 1 or not below[1] or below[1][0].kind != "letter":
            raise Unreadable("d over something that is no dx")
        variable = self.inside(below[1])
        x = variable.factor() if order == 1 else variable.whole([below[1][0]])
        variable.at = max(variable.at, 1)
        if order > 1:
            variable.need("^")
            if variable.whole(variable.group()) != order:
                raise Unreadable("the orders above and below differ")
        if variable.at < len(below[1]) or not isinstance(x, sp.Symbol):
            raise Unreadable("mixed derivatives are not read")
        if what:  # \frac{df}{dx}(x, y): f stands above, its arguments follow
            return sp.diff(self.above(what), x, order), False
        if self.is_("open", "(", "["):
            body = self.whole(self.bracket())
            if self.starts_factor() or self.is_("^"):
                raise Unreadable("does the derivative reach what follows the bracket?")
        else:
            body = self.product()
        return sp.diff(body, x, order), False

    def above(self, what: list[Token]) -> sp.Expr:
        r"""Read ``\frac{\partial f}{\partial x}(x, y)``, where f stands above."""
        names = [t.text for t in what]
        if len(what) != 1 or names[0] not in self.functions or not self.is_("open", "("):
            raise Unreadable(f"d{show(what)}/d…: write it as \\frac{{d}}{{dx}} of an expression")
        arguments = [self.whole(part) for part in cut(self.bracket(), ",")]
        if not all(isinstance(a, sp.Symbol) for a in arguments):
            raise Unreadable("a partial derivative at something that is no name")
        return ex.unknown(names[0], (0,) * len(arguments))(*arguments)

    def limit(self) -> sp.Expr:
        r"""Read ``\lim_{h \to 0^+}`` and the product that it reaches."""
        self.need("_")
        tokens = self.group()
        if len(tokens) < 3 or tokens[0].kind != "letter" or tokens[1] != Token("relation", "→"):
            raise Unreadable("\\lim needs an index such as h \\to 0")
        side, to = "+-", tokens[2:]
        for end in ([Token("^", "^")], [Token("^", "^"), Token("group", "{")]):
            tail = to[-len(end) - (2 if len(end) == 2 else 1) :]
            if len(tail) > len(end) and tail[: len(end)] == end and tail[len(end)].text in "+-":
                side, to = tail[len(end)].text, to[: -len(tail)]
        x = ex.symbol(tokens[0].text)
        return sp.Limit(self.product(), x, self.whole(to), side)

    def series(self, kind: Callable[..., Any]) -> sp.Expr:
        r"""Read ``\sum_{i=1}^n`` and the product that it reaches."""
        self.need("_")
        tokens = self.group()
        if len(tokens) < 3 or tokens[0].kind != "letter" or tokens[1] != Token("relation", "="):
            raise Unreadable("a sum needs an index such as i=1")
        self.need("^")
        top = self.whole(self.group())
        i = ex.symbol(tokens[0].text)
        if fresh := i.name not in self.bound:
            self.bound = self.bound | {i.name}
        body = self.product()
        if fresh:
            self.bound = self.bound - {i.name}
        limits = (i, self.whole(tokens[2:]), top)
        return kind(body, limits)


def _differential(tokens: list[Token]) -> tuple[int, list[Token]] | None:
    r"""Return order and rest of ``d``, ``d^2``, ``df``, ``\partial x``; None if it is none."""
    signs = (Token("letter", "d"), Token("word", "d"), Token("command", "partial"))
    if not tokens or tokens[0] not in signs:
        return None
    rest = tokens[1:]
    if len(rest) >= 2 and rest[0].kind == "^" and rest[1].kind == "number":
        return int(rest[1].text), rest[2:]
    return 1, rest
