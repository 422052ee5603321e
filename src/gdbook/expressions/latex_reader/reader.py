r"""One side of a displayed formula, read into the language of checks."""

from __future__ import annotations

from collections.abc import Iterable

import sympy as sp

from gdbook import expressions as ex
from gdbook.expressions.latex_reader.commands import ELEMENTARY, Commands
from gdbook.latex import Token, Unreadable
from gdbook.latex.notation import cut, levels, show

ACCENTS = {
    "hat": "hat", "widehat": "hat", "bar": "bar", "overline": "bar", "tilde": "tilde",
    "widetilde": "tilde",
}  # fmt: skip
STARS = {"*", "star", "ast"}


def read_side(tokens: list[Token], functions: Iterable[str]) -> sp.Expr:
    """Read one side of a relation.

    Parameters
    ----------
    tokens : list of Token
    functions : iterable of str
        The names that are functions; before a bracket any other name is a factor.

    Raises
    ------
    Unreadable
        Where there is more than one way to read it, or none.
    """
    reader = Reader(tokens, frozenset(functions))
    made = reader.sum()
    if reader.at < len(tokens):
        raise Unreadable(f"{show(tokens[reader.at :])} was not expected")
    return made


class Reader(Commands):
    """Recursive descent over the tokens of one side."""

    def sum(self) -> sp.Expr:
        """Read terms with their signs."""
        total, sign = sp.Integer(0), 1
        if self.is_("+") or self.is_("-"):
            sign = -1 if self.skip("-") else 1
            self.skip("+")
        reach: set[str] = set()
        while True:
            binds = self.binder_next()
            term = self.product()
            if again := reach & {s.name for s in term.free_symbols}:
                raise Unreadable(
                    f"does the sum or limit over {', '.join(again)} reach the next term? "
                    "Use brackets"
                )
            reach |= binds
            total += sign * term
            if not (self.is_("+") or self.is_("-")):
                return total
            sign = -1 if self.skip("-") else 1
            self.skip("+")
            if self.is_("+") or self.is_("-"):
                raise Unreadable("two signs side by side")

    def binder_next(self) -> set[str]:
        r"""Return the variable of a ``\lim`` or ``\sum`` that comes in this term."""
        found: set[str] = set()
        for i, (token, depth) in enumerate(levels(self.tokens[self.at :]), self.at):
            if depth < 0 or (depth == 0 and token.kind in "+-" and i > self.at):
                break
            if depth == 0 and token.kind == "command" and token.text in ("lim", "sum", "prod"):
                names = [t.text for t in self.tokens[i + 1 : i + 4] if t.kind == "letter"]
                found |= set(names[:1])
        return found

    def product(self) -> sp.Expr:
        """Read factors, with or without a sign between them."""
        made = self.factor()
        divided = False
        while True:
            if self.skip("command", "cdot", "times") or self.skip("*"):
                made, divided = made * self.signless(), False
            elif self.skip("/"):
                if divided:
                    raise Unreadable("a/b/c can be read in two ways")
                made, divided = made / self.signless(), True
            elif self.starts_factor():
                if divided:
                    raise Unreadable("a/bc can be read in two ways: use a fraction or brackets")
                if self.is_("number") and self.tokens[self.at - 1].kind == "number":
                    raise Unreadable("two numbers stand side by side")
                made = made * self.factor()
            else:
                return made

    def signless(self) -> sp.Expr:
        """Read the factor after an operator, which can't begin with a sign."""
        if self.is_("-") or self.is_("+"):
            raise Unreadable("a sign after an operator needs brackets")
        return self.factor()

    def starts_factor(self) -> bool:
        """Whether the next token begins a factor; a bar does if none is open."""
        token = self.next()
        if token.kind == "bar":
            return self.bars == 0
        if token.kind == "command":
            return token.text not in ("circ", "cdot", "times")
        return token.kind in ("number", "letter", "word", "open", "group")

    def factor(self) -> sp.Expr:
        """Read a factor with its power."""
        base, may_raise = self.base()
        if self.is_("^"):
            if not may_raise:
                raise Unreadable("a power after \\sin(x) can be read in two ways")
            self.at += 1
            base = base ** self.whole(self.group())
            if self.is_("^") or self.is_("prime"):
                raise Unreadable("a second exponent")
        while self.skip("!"):
            base = sp.factorial(base)
        if self.is_("prime") or self.is_("_"):
            raise Unreadable(f"{show([self.next()])} after what is no name")
        return base

    def base(self) -> tuple[sp.Expr, bool]:  # noqa: PLR0911
        """Read what a power could follow; the flag says if it may, without a doubt."""
        token = self.next()
        if token.kind == "group":
            return self.whole(self.group()), True
        if token.kind == "open":
            return self.bracketed(token.text)
        self.at += 1
        match token.kind:
            case "number":
                return sp.Rational(token.text), True
            case "word" if token.text in ELEMENTARY:
                return self.elementary(ELEMENTARY[token.text]), False
            case "letter" | "word":
                return self.name(token)
            case "bar":
                return self.absolute(), True
            case "command" if token.text in ACCENTS:
                return self.accented(ACCENTS[token.text])
            case "command":
                return self.command(token.text)
        raise Unreadable(f"expected a number, a name or a bracket, found {show([token])}")

    def absolute(self) -> sp.Expr:
        """Read |x|, whose first bar was taken."""
        self.bars += 1
        inside = self.sum()
        self.need("bar")
        self.bars -= 1
        return sp.Abs(inside)

    def accented(self, accent: str) -> tuple[sp.Expr, bool]:
        """Read a letter with a hat or a bar, as a name of its own."""
        tokens = self.group()
        if len(tokens) != 1 or tokens[0].kind != "letter":
            raise Unreadable("a hat or a bar over more than a letter")
        return self.name(Token("letter", f"{tokens[0].text}_{accent}"))

    def bracketed(self, opening: str) -> tuple[sp.Expr, bool]:
        """Read what a bracket holds: a number, or functions as in (fg)'(a)."""
        inside = self.bracket()
        if opening == "|":
            return sp.Abs(self.whole(inside)), True
        if opening in "⌊⌈":
            return (sp.floor if opening == "⌊" else sp.ceiling)(self.whole(inside)), True
        composed = any(t.kind == "command" and t.text == "circ" for t in inside)
        if composed or self.is_("prime") or self.order_next():
            return self.of_functions(inside), False
        return self.whole(inside), True

    def of_functions(self, inside: list[Token]) -> sp.Expr:
        """Read (fg)'(a) or (g∘f)(a): the bracket holds functions, not numbers."""
        t = sp.Dummy("t", real=True)
        reader = self.inside(inside)
        reader.argument = t
        body = reader.whole(inside)
        order = self.primes()
        if not body.has(t):
            raise Unreadable("a prime after a bracket without functions: derivative in what?")
        if not self.is_("open", "("):
            raise Unreadable("a bracket of functions must be followed by its argument")
        slope = sp.diff(body, t, order) if order else body
        return slope.subs(t, self.whole(self.bracket()))

    def primes(self) -> int:
        """Take primes, or the order in f^{(4)}."""
        if self.order_next():
            self.at += 1
            return int(self.group()[1].text)
        count = 0
        while self.skip("prime"):
            count += 1
        return count

    def order_next(self) -> bool:
        """Whether an order such as the one in f^{(4)} comes next."""
        return (
            self.is_("^")
            and self.is_("group", ahead=1)
            and self.is_("open", "(", ahead=2)
            and self.is_("number", ahead=3)
            and self.is_("close", ")", ahead=4)
            and self.is_("endgroup", ahead=5)
        )

    def name(self, token: Token) -> tuple[sp.Expr, bool]:
        """Read a name with its index, star and primes, and what it is applied to."""
        name, index = token.text, None
        if token.kind == "word" and name in ("e", "i"):
            return (sp.E if name == "e" else sp.I), True
        if token.kind == "word" and (len(name) == 1 or not name.isidentifier()):
            raise Unreadable(f"upright {name} is not read")
        if self.skip("_"):
            name, index = self.index(name)
        if index is not None:
            return index, True
        if self.is_("^") and self.star():
            name += "_star"
        if name == "O" and self.is_("open", "("):
            return ex.BigO(self.whole(self.bracket())), False
        if name in self.functions:
            return self.applied(name)
        if self.order_next():
            raise Unreadable(f"{name} is no function here")
        order = self.primes()
        if order and self.is_("open", "("):
            return self.applied(name, order)
        return (sp.E if name == "e" and not order else ex.symbol(name + "'" * order)), True

    def applied(self, name: str, order: int | None = None) -> tuple[sp.Expr, bool]:
        """Read the primes and the argument of a function."""
        order = self.primes() if order is None else order
        if self.is_("open", "(", "["):
            arguments = [self.whole(part) for part in cut(self.bracket(), ",")]
        elif self.skip("command", "circ"):
            if self.argument is None:
                raise Unreadable("g∘f needs brackets and an argument")
            inner, _ = self.base()
            arguments = [inner]
        elif self.argument is not None:
            arguments = [self.argument]
        else:
            raise Unreadable(f"{name} is a function: of what?")
        if order and len(arguments) > 1:
            raise Unreadable(f"a prime on {name}, which has {len(arguments)} arguments")
        orders = (order,) if order else (0,) * len(arguments)
        if self.is_("prime"):
            raise Unreadable("a prime after the argument: derivative in what?")
        return ex.unknown(name, orders)(*arguments), True

    def star(self) -> bool:
        r"""Take ``^*``, ``^\star`` or ``^{*}``, which belong to a name."""
        braced = self.is_("group", ahead=1)
        sign = self.next(2 if braced else 1)
        if sign.text not in STARS or (braced and not self.is_("endgroup", ahead=3)):
            return False
        self.at += 4 if braced else 2
        return True

    def index(self, name: str) -> tuple[str, sp.Expr | None]:
        """Read an index: part of the name, unless a sum binds it."""
        sign = self.next()
        if sign.kind != "group" and (label := _label(sign)):
            self.at += 1
            return f"{name}_{label}", None
        tokens = self.group()
        if len(tokens) == 1 and (label := _label(tokens[0])):
            return f"{name}_{label}", None
        plain = all(t.kind in ("letter", "number", "word", "text") for t in tokens)
        if plain and (len(tokens) > 1 or tokens[0].text not in self.bound):
            return f"{name}_{''.join(t.text for t in tokens)}", None
        found = ex.indexed(name, self.whole(tokens), self.bound)
        return (found.name, None) if isinstance(found, sp.Symbol) else (name, found)


def _label(token: Token) -> str | None:
    r"""Return the word for an index that is none: a star, ``\min``, ``\max``."""
    if token.text in STARS:
        return "star"
    return token.text if token.kind == "command" and token.text in ("min", "max") else None
