r"""Writing expressions as LaTeX: letters for indices, fractions, sums, brackets where needed."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import accumulate, count

from gdbook.graph.elementary import ELEMENTARY
from gdbook.graph.indices import Affine, Index, Lookup, Positions, Quotient, Term
from gdbook.graph.terms import (
    Bracket,
    Call,
    Delta,
    Expression,
    Fold,
    Num,
    Number,
    Partial,
    Place,
    Power,
    Product,
    Ref,
    Sum,
    Total,
)

LETTERS = "ijklmnpqrsabcfgh"

#: A node's letter and what stands below it before any index, as ``("v", "3")``.
Symbol = tuple[str, str]

# How tightly a text holds together. What has an exponent already can stand in a product and
# be a function's argument, and needs brackets before it is raised to a power.
_SUM, _PRODUCT, _RAISED, _ATOM = range(4)
_RELATIONS = {">": ">", "≥": r"\ge", "<": "<", "≤": r"\le", "=": "=", "≠": r"\ne"}


def number(value: Number, *, small: bool = True, digits: int = 6) -> str:
    r"""Return a number as LaTeX: ``\tfrac{1}{2}``, ``2.188``, ``3 \times 10^{-5}``."""
    if isinstance(value, int | Fraction):
        value = Fraction(value)
        if value.denominator == 1 and abs(value.numerator) < 10**6:
            return str(value.numerator)
        if abs(value.numerator) <= 12 and value.denominator < 10**4:
            sign = "-" if value < 0 else ""
            command = r"\tfrac" if small and value.denominator < 10 else r"\frac"
            return rf"{sign}{command}{{{abs(value.numerator)}}}{{{value.denominator}}}"
    return decimal(float(value), digits)


def decimal(value: float, digits: int = 3) -> str:
    """Return a float as LaTeX with so many significant digits."""
    if math.isnan(value):
        return r"\mathrm{nan}"
    if math.isinf(value):
        return r"\infty" if value > 0 else r"-\infty"
    text = f"{value:.{digits}g}"
    mantissa, _, exponent = text.partition("e")
    return rf"{mantissa} \times 10^{{{int(exponent)}}}" if exponent else mantissa


@lru_cache(maxsize=4096)
def symbol_of(latex: str) -> Symbol:
    r"""Return a name in LaTeX as its letter and what stands below it: ``x_{0}`` is ``("x", "0")``.

    An exponent stays with the letter, so that an index can be added to what is below.

    Raises
    ------
    ValueError
        If the text has two subscripts, two exponents or an unbalanced brace.
    """
    letter, below, raised, rest = "", "", 0, latex
    while rest or not latex:
        mark = rest[:1] if rest[:1] in ("_", "^") else ""
        part = _group(rest[len(mark) :])
        rest = rest[len(mark) + len(part) :]
        raised += mark == "^"
        if not part or raised > 1 or (mark == "_" and below):
            raise ValueError(f"{latex!r} cannot be the symbol of a tensor: see its _, ^ and {{ }}")
        if mark == "_":
            below = part[1:-1] if part[0] == "{" else part
        else:
            letter += mark + part
    return letter, below


def _group(text: str) -> str:
    """Return what stands first: a sign, a group in braces, or a command and its arguments."""
    command = re.match(r"\\(?:[A-Za-z]+\s*|.)", text)
    if command:
        end = command.end()
        while text.startswith("{", end):
            argument = _group(text[end:])
            if not argument:
                return ""
            end += len(argument)
        return text[:end]
    depths = list(accumulate((sign == "{") - (sign == "}") for sign in text))
    return text[: depths.index(0) + 1] if 0 in depths else ""


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
                    text += f"{sign}{size}{self._whole(atom)}"
                if parts[0][0] < 0:  # n − i reads better than −i + n
                    return f"{offset}{text}" if offset else text
                return text + (f"{offset:+d}" if offset else "")
            case Quotient(inner, divisor, modulus):
                text = self._whole(inner)
                if divisor > 1:
                    text = rf"\lfloor {text}/{divisor}\rfloor"
                return text if modulus is None else rf"{text} \bmod {modulus}"
            case Lookup(positions, indices):
                return f"{self.table(positions)}({','.join(map(self.term, indices))})"

    def table(self, positions: Positions) -> str:
        """Return the letter of a table of positions: π, then π′, ...."""
        return self.tables.setdefault(positions, r"\pi" + "'" * len(self.tables))

    def _whole(self, term: Term) -> str:
        """Return one index, in brackets if it has an operation in it that is not in any."""
        text = self.term(term)
        remainder = isinstance(term, Quotient) and term.modulus is not None
        return f"({text})" if isinstance(term, Affine) or remainder else text

    def _write(self, expression: Expression) -> tuple[str, int]:  # noqa: PLR0911
        match expression:
            case Num(value):
                text = number(value)
                compound = "frac" in text or "times" in text
                return text, (_SUM if value < 0 else _PRODUCT if compound else _ATOM)
            case Ref():
                raised = any(mark in self.symbol(expression.node)[0] for mark in "^'")
                return self.ref(expression), (_RAISED if raised else _ATOM)
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
            case Fold(kind, indices, body):
                below = ",".join(map(self.term, indices))
                return rf"\{kind}_{{{below}}} {self._factor(body)}", _PRODUCT
            case Place(term):
                return self.term(term), _ATOM
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
            return f"[{self._side(left)}]"
        return f"[{self._side(left)} {_RELATIONS[relation]} {self._side(right)}]"

    def _side(self, expression: Expression) -> str:
        # All digits: a rounded number is equal to nothing.
        if isinstance(expression, Num):
            return number(expression.value, digits=17)
        return self.write(expression)

    def _atom(self, expression: Expression) -> str:
        text, level = self._write(expression)
        return text if level >= _RAISED else rf"\left({text}\right)"

    def _base(self, expression: Expression) -> str:
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
        return f"{self._base(base)}^{{{self.write(exponent)}}}", _RAISED

    def _call(self, function: str, argument: Expression) -> tuple[str, int]:
        form = ELEMENTARY[function].latex
        if "#" in form:
            return form.replace("#", self._atom(argument)), _PRODUCT
        return form.replace("@", self.write(argument)), (_RAISED if "^" in form else _ATOM)

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
        sums = [factor for factor in above if isinstance(factor, Total | Fold)]
        plain = [factor for factor in above if not isinstance(factor, Total | Fold)]
        sign = "-" if value < 0 else ""
        size: Number = -value if value < 0 else value
        if below:
            text = self._fraction(size, plain, below)
        else:
            shown = [] if size == 1 and (plain or sums) else [number(size)]
            text = self._side_by_side(shown, plain)
        if sums:
            text += (" " if text else "") + " ".join(self._in_a_row(sums))
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
        return r" \, ".join([*first, *self._in_a_row(sorted(factors, key=_place))])

    def _in_a_row(self, factors: Sequence[Expression]) -> list[str]:
        """Return factors; a sum reaches over all that follows it, so only the last stands bare."""
        texts = [self._factor(factor) for factor in factors]
        return [
            rf"\left({text}\right)" if isinstance(factor, Total | Fold) and k else text
            for k, (factor, text) in zip(
                range(len(texts) - 1, -1, -1), zip(factors, texts, strict=True), strict=True
            )
        ]


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
        case Total() | Fold():
            return 5
    return 0
