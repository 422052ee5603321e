r"""Writing expressions as LaTeX: letters for indices, fractions, sums, brackets where needed."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from itertools import count

from gdbook.graph.elementary import ELEMENTARY
from gdbook.graph.indices import Affine, Index, Lookup, Positions, Quotient, Term
from gdbook.graph.terms import (
    Bracket,
    Call,
    Delta,
    Expression,
    Extreme,
    Num,
    Number,
    Partial,
    Power,
    Product,
    Ref,
    Sum,
    Total,
)

LETTERS = "ijklmnpqrsabcfgh"

#: A node's letter and what stands below it before any index, as ``("v", "3")``.
Symbol = tuple[str, str]

_SUM, _PRODUCT, _ATOM = range(3)
_RELATIONS = {">": ">", "≥": r"\ge", "<": "<", "≤": r"\le", "=": "=", "≠": r"\ne"}


def number(value: Number, *, small: bool = True) -> str:
    r"""Return a number as LaTeX: ``\tfrac{1}{2}``, ``2.188``, ``3 \times 10^{-5}``."""
    if isinstance(value, int | Fraction):
        value = Fraction(value)
        if value.denominator == 1 and abs(value.numerator) < 10**6:
            return str(value.numerator)
        if abs(value.numerator) <= 12 and value.denominator < 10**4:
            sign = "-" if value < 0 else ""
            command = r"\tfrac" if small and value.denominator < 10 else r"\frac"
            return rf"{sign}{command}{{{abs(value.numerator)}}}{{{value.denominator}}}"
    return decimal(float(value), 6)


def decimal(value: float, digits: int = 3) -> str:
    """Return a float as LaTeX with so many significant digits."""
    if math.isnan(value):
        return r"\mathrm{nan}"
    if math.isinf(value):
        return r"\infty" if value > 0 else r"-\infty"
    text = f"{value:.{digits}g}"
    mantissa, _, exponent = text.partition("e")
    return rf"{mantissa} \times 10^{{{int(exponent)}}}" if exponent else mantissa


def subscripted(symbol: Symbol, indices: str, *, bar: bool = False) -> str:
    r"""Return a letter with its subscript: ``\bar v_{3,i}``."""
    letter, below = symbol
    head = rf"\bar {letter}" if bar and len(letter) == 1 else letter
    if bar and len(letter) > 1:
        head = rf"\bar{{{letter}}}"
    text = ",".join(part for part in (below, indices) if part)
    if not text:
        return head
    return f"{head}_{text}" if len(text) == 1 else f"{head}_{{{text}}}"


class Writer:
    """Writes expressions, and remembers which letter each index was given.

    Parameters
    ----------
    symbol : callable
        The symbol of a node.
    free : sequence of Term
        Indices that get the first letters.
    taken : iterable of str
        Letters that mean something else.
    """

    def __init__(
        self, symbol: Callable[[int], Symbol], free: Sequence[Term] = (), taken: Iterable[str] = ()
    ) -> None:
        self.symbol = symbol
        letters = [letter for letter in LETTERS if letter not in set(taken)]
        self._free_letters = (letter + "'" * k for k in count() for letter in letters)
        self._letters: dict[Index, str] = {}
        self.tables: dict[Positions, str] = {}
        for term in free:
            self.term(term)

    def write(self, expression: Expression) -> str:
        """Return an expression as LaTeX."""
        return self._write(expression)[0]

    def ref(self, ref: Ref) -> str:
        """Return an element of a node, or of its adjoint."""
        return subscripted(self.symbol(ref.node), self.below(ref.indices), bar=ref.adjoint)

    def below(self, indices: Sequence[Term]) -> str:
        """Return indices as they stand below a letter."""
        texts = [self.term(index) for index in indices]
        if all(len(text) == 1 and text.isalpha() for text in texts):
            return "".join(texts)
        return ",".join(texts)

    def term(self, term: Term) -> str:
        """Return one index."""
        match term:
            case int():
                return str(term)
            case Index():
                if term not in self._letters:
                    self._letters[term] = next(self._free_letters)
                return self._letters[term]
            case Affine(offset, parts):
                text = ""
                for factor, atom in parts:
                    size = "" if abs(factor) == 1 else str(abs(factor))
                    sign = "-" if factor < 0 else "+" if text else ""
                    text += f"{sign}{size}{self.term(atom)}"
                if parts[0][0] < 0:  # n − i reads better than −i + n
                    return f"{offset}{text}" if offset else text
                return text + (f"{offset:+d}" if offset else "")
            case Quotient(inner, divisor, modulus):
                text = self.term(inner)
                if divisor > 1:
                    text = rf"\lfloor {self._divided(inner, text)}/{divisor}\rfloor"
                if modulus is not None:
                    text = rf"{self._divided(inner, text)} \bmod {modulus}"
                return text
            case Lookup(positions, indices):
                return f"{self.table(positions)}({','.join(map(self.term, indices))})"

    def table(self, positions: Positions) -> str:
        """Return the letter of a table of positions: π, then π′, ...."""
        return self.tables.setdefault(positions, r"\pi" + "'" * len(self.tables))

    def _divided(self, inner: Term, text: str) -> str:
        return f"({text})" if isinstance(inner, Affine) and text[0] != "\\" else text

    def _write(self, expression: Expression) -> tuple[str, int]:  # noqa: PLR0911
        match expression:
            case Num(value):
                return number(value), (_SUM if value < 0 else _ATOM)
            case Ref():
                return self.ref(expression), _ATOM
            case Sum(terms):
                return self._sum(terms), _SUM
            case Product(factors):
                return self._product(factors)
            case Power(base, exponent):
                return self._power(base, exponent)
            case Call(function, argument):
                return self._call(function, argument)
            case Total(indices, body):
                return rf"{self._over(indices)} {self._factor(body)}", _PRODUCT
            case Extreme(kind, indices, body):
                return rf"\{kind}_{{{','.join(map(self.term, indices))}}} {self._factor(body)}", 1
            case Delta(left, right):
                return rf"\delta_{{{self.below((left, right))}}}", _ATOM
            case Bracket(left, relation, right):
                return self._bracket(left, relation, right), _ATOM
            case Partial(of, by, _):
                return rf"\frac{{\partial {self.ref(of)}}}{{\partial {self.ref(by)}}}", _ATOM

    def _over(self, indices: Sequence[Index]) -> str:
        return rf"\sum_{{{','.join(map(self.term, indices))}}}"

    def _bracket(self, left: Expression, relation: str, right: Expression) -> str:
        if right == Num(0) and relation == "≠":
            return f"[{self.write(left)}]"
        return f"[{self.write(left)} {_RELATIONS[relation]} {self.write(right)}]"

    def _atom(self, expression: Expression) -> str:
        text, level = self._write(expression)
        return text if level == _ATOM else rf"\left({text}\right)"

    def _factor(self, expression: Expression) -> str:
        text, level = self._write(expression)
        return text if level >= _PRODUCT else rf"\left({text}\right)"

    def _sum(self, terms: Sequence[Expression]) -> str:
        written = [self._write(term)[0] for term in terms]
        first = next((k for k, text in enumerate(written) if text[0] != "-"), 0)
        written.insert(0, written.pop(first))
        return "".join(
            text if k == 0 else f" - {text[1:].lstrip()}" if text[0] == "-" else f" + {text}"
            for k, text in enumerate(written)
        )

    def _power(self, base: Expression, exponent: Expression) -> tuple[str, int]:
        if isinstance(exponent, Num) and exponent.value < 0:
            return self._product((Power(base, exponent),))
        if exponent == Num(Fraction(1, 2)):
            return rf"\sqrt{{{self.write(base)}}}", _ATOM
        if isinstance(base, Call) and isinstance(exponent, Num):
            name, hole, _ = ELEMENTARY[base.function].latex.partition(" #")
            if hole and name[1:].isalpha():
                text = f"{name}^{{{number(exponent.value)}}} {self._atom(base.argument)}"
                return text, _PRODUCT
        return f"{self._atom(base)}^{{{self.write(exponent)}}}", _ATOM

    def _call(self, function: str, argument: Expression) -> tuple[str, int]:
        form = ELEMENTARY[function].latex
        if "#" in form:
            return form.replace("#", self._atom(argument)), _PRODUCT
        return form.replace("@", self.write(argument)), _ATOM

    def _product(self, factors: Sequence[Expression]) -> tuple[str, int]:
        value: Number = 1
        above: list[Expression] = []
        below: list[Expression] = []
        for factor in factors:
            match factor:
                case Num(v):
                    value = v
                case Power(base, Num(e)) if e < 0:
                    below.append(base if e == -1 else Power(base, Num(-e)))
                case _:
                    above.append(factor)
        above.sort(key=_place)
        sums = [factor for factor in above if isinstance(factor, Total)]
        plain = [factor for factor in above if not isinstance(factor, Total)]
        sign = "-" if value < 0 else ""
        size: Number = -value if value < 0 else value
        if below:
            text = self._fraction(size, plain, below)
        else:
            shown = [] if size == 1 and (plain or sums) else [number(size)]
            text = self._side_by_side(shown, plain)
        for k, factor in enumerate(sums):
            inner = self._factor(factor)
            text += (" " if text else "") + (
                inner if k == len(sums) - 1 else rf"\left({inner}\right)"
            )
        return sign + text, (_SUM if sign else _PRODUCT)

    def _fraction(
        self, size: Number, above: Sequence[Expression], below: Sequence[Expression]
    ) -> str:
        up, down = size, 1
        if isinstance(size, Fraction) and size.denominator < 10**4:
            up, down = size.numerator, size.denominator
        shown = [] if up == 1 and above else [number(up)]
        if len(above) == 1 and not shown:
            top = self.write(above[0])
        else:
            top = self._side_by_side(shown, above)
        foot = [] if down == 1 else [str(down)]
        only = below[0] if len(below) == 1 and not foot else None
        bottom = self.write(only) if only is not None else self._side_by_side(foot, below)
        return rf"\frac{{{top}}}{{{bottom}}}"

    def _side_by_side(self, first: list[str], factors: Sequence[Expression]) -> str:
        return r" \, ".join([*first, *map(self._factor, factors)])


def _place(factor: Expression) -> int:  # noqa: PLR0911
    """Say where in a product a factor reads best: after sin x nothing, it would seem inside."""
    match factor:
        case Sum():
            return 1
        case Delta():
            return 2
        case Bracket():
            return 3
        case Call(function, _) if "#" in ELEMENTARY[function].latex:
            return 4
        case Power(Call(), _):
            return 4
        case Total() | Extreme():
            return 5
    return 0
