"""The little language of checks: ``"(f(x+h) - f(x-h))/(2*h)"``, read into SymPy.

It is Python's arithmetic with primes. Names are real numbers, whatever SymPy means by
them elsewhere (``N``, ``S``, ``beta``, ``lambda``, …); a name that is applied and is no
elementary function is an unknown smooth function.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Collection
from typing import Any

import sympy as sp

from gdbook.expressions.unknown import BigO, unknown

PRIME = "ʹ"  # a letter to Python, so that f' is a name and columns stay as they were
LAMBDA = "ʎambda"  # `lambda` is a word of Python's own

CONSTANTS: dict[str, Any] = {
    "pi": sp.pi, "e": sp.E, "I": sp.I, "oo": sp.oo, "left": "-", "right": "+",
}  # fmt: skip

FUNCTIONS: dict[str, Callable[..., Any]] = {
    "sin": sp.sin, "cos": sp.cos, "tan": sp.tan, "asin": sp.asin, "acos": sp.acos,
    "atan": sp.atan, "sinh": sp.sinh, "cosh": sp.cosh, "tanh": sp.tanh,
    "exp": sp.exp, "log": sp.log, "ln": sp.log, "sqrt": sp.sqrt, "cbrt": sp.cbrt,
    "abs": sp.Abs, "sign": sp.sign, "floor": sp.floor, "ceil": sp.ceiling,
    "re": sp.re, "im": sp.im, "max": sp.Max, "min": sp.Min,
    "factorial": sp.factorial, "binomial": sp.binomial, "O": BigO,
}  # fmt: skip

BINDERS = ("diff", "at", "lim", "sum", "prod")

RELATIONS: dict[type[ast.cmpop], str] = {
    ast.Eq: "=", ast.LtE: "≤", ast.GtE: "≥", ast.Lt: "<", ast.Gt: ">",
}  # fmt: skip


class ExpressionError(ValueError):
    """A text that is not of the language; the message says where and why."""


def symbol(name: str) -> sp.Symbol:
    """Return the real number of that name; both readers make their symbols here."""
    return sp.Symbol(name, real=True)


def read(text: str) -> sp.Expr:
    """Read one expression.

    Parameters
    ----------
    text : str
        Python's arithmetic. Besides the elementary functions: ``f'(x)``, ``f''(x)`` for
        unknown functions, ``diff(f(x)*g(x), x)``, ``diff(f(x), x, 2)``,
        ``at(x**2, x, 3)`` (the value at x = 3), ``lim(sin(x)/x, x, 0)``,
        ``lim(abs(h)/h, h, 0, right)``, ``sum(w[i]*x[i], i, 1, n)``, ``prod(…)``,
        ``O(h**2)``, ``pi``, ``e`` (Euler's number), ``I`` (the imaginary unit), ``oo``.

    Returns
    -------
    sympy.Expr

    Raises
    ------
    ExpressionError
        With the place in the text, where it is not of the language.
    """
    sides, relations = read_chain(text)
    if relations:
        raise ExpressionError(f"{text!r} is a relation, expected one expression")
    return sides[0]


def read_chain(text: str) -> tuple[list[sp.Expr], list[str]]:
    """Read ``"a = b <= c"`` into its sides and the relations between them.

    Returns
    -------
    sides : list of sympy.Expr
    relations : list of str
        One fewer than the sides; each is ``=``, ``≤``, ``≥``, ``<`` or ``>``.
    """
    sides, relations = split(text)
    return [_Reader(side).read() for side in sides], relations


def split(text: str) -> tuple[list[str], list[str]]:
    """Split a chain at its relations, without reading the sides."""
    if not isinstance(text, str):
        raise ExpressionError(f"expected a text such as 'x**2 + 1', got {text!r}")
    found = re.split(r"(<=|>=|==|=|<|>|≤|≥)", text)
    spelled = {"<=": "≤", ">=": "≥", "==": "="}
    return [s.strip() for s in found[::2]], [spelled.get(r, r) for r in found[1::2]]


class _Reader:
    """Walks Python's syntax tree and refuses whatever is not arithmetic."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.bound: set[str] = set()

    def read(self) -> sp.Expr:
        if not self.text:
            raise ExpressionError("expected an expression, got an empty text")
        source = re.sub(r"\blambda\b", LAMBDA, self.text.replace("'", PRIME))
        try:
            tree = ast.parse(source, mode="eval")
        except SyntaxError as error:
            why = error.msg.replace(PRIME, "'").replace(LAMBDA, "lambda")
            if re.search(r"\d\s*[A-Za-z(]|\)\s*[\w(]|\w\s+\w", self.text) and "closed" not in why:
                why = "a product is written with *, as in 2*x"
            raise self.no((error.offset or 1) - 1, why) from None
        except (ValueError, MemoryError, RecursionError):
            raise self.no(0, "it is no arithmetic") from None
        made = self.visit(tree.body)
        if not isinstance(made, sp.Expr):
            raise self.no(0, "it has no value")
        return made

    def no(self, column: int, why: str) -> ExpressionError:
        here = " ".join(self.text[column : column + 12].split()) or "its end"
        return ExpressionError(
            f"can't read {self.text!r} at character {column + 1} ({here}): {why}"
        )

    def name(self, node: ast.Name) -> str:
        name = node.id.replace(LAMBDA, "lambda").replace(PRIME, "'")
        if not re.fullmatch(r"[^\W\d_]\w*'*", name):
            raise self.no(node.col_offset, f"{name} is no name")
        return name

    def visit(self, node: ast.expr) -> Any:
        method: Callable[[Any], Any] | None = getattr(self, f"read_{type(node).__name__}", None)
        if method is None:
            raise self.no(node.col_offset, f"{type(node).__name__} is not part of the language")
        return method(node)

    def value(self, node: ast.expr) -> sp.Expr:
        made = self.visit(node)
        if not isinstance(made, sp.Expr):
            raise self.no(node.col_offset, "expected a number here")
        return made

    def read_Constant(self, node: ast.Constant) -> sp.Expr:  # noqa: N802
        if isinstance(node.value, bool) or not isinstance(node.value, int | float):
            raise self.no(node.col_offset, f"{node.value!r} is no number")
        return sp.Rational(repr(node.value))

    def read_Name(self, node: ast.Name) -> Any:  # noqa: N802
        name = self.name(node)
        if name in FUNCTIONS or name in BINDERS:
            raise self.no(node.col_offset, f"{name} needs an argument")
        return CONSTANTS[name] if name in CONSTANTS else symbol(name)

    def read_UnaryOp(self, node: ast.UnaryOp) -> sp.Expr:  # noqa: N802
        if not isinstance(node.op, ast.UAdd | ast.USub):
            raise self.no(node.col_offset, "this operator is not part of the language")
        made = self.value(node.operand)
        return -made if isinstance(node.op, ast.USub) else made

    def read_BinOp(self, node: ast.BinOp) -> sp.Expr:  # noqa: N802
        left, right = self.value(node.left), self.value(node.right)
        match node.op:
            case ast.Add():
                return left + right
            case ast.Sub():
                return left - right
            case ast.Mult():
                return left * right
            case ast.Div():
                if right == 0:
                    raise self.no(node.right.col_offset, "division by zero")
                return left / right
            case ast.Pow():
                return left**right
            case ast.BitXor():
                raise self.no(node.right.col_offset, "a power is written **, not ^")
        raise self.no(node.right.col_offset, "this operator is not part of the language")

    def read_Subscript(self, node: ast.Subscript) -> sp.Expr:  # noqa: N802
        if not isinstance(node.value, ast.Name):
            raise self.no(node.col_offset, "only a name can have an index")
        return indexed(self.name(node.value), self.value(node.slice), self.bound)

    def read_Call(self, node: ast.Call) -> Any:  # noqa: N802
        if not isinstance(node.func, ast.Name):
            raise self.no(node.func.col_offset, "only a name can be applied; write * for a product")
        if node.keywords or any(isinstance(a, ast.Starred) for a in node.args) or not node.args:
            raise self.no(node.col_offset, "expected plain arguments")
        name = self.name(node.func)
        if name in CONSTANTS:
            raise self.no(node.col_offset, f"{name} is a number; write * for a product")
        if name in BINDERS:
            return self.bind(name, node)
        arguments = [self.value(a) for a in node.args]
        if name in FUNCTIONS:
            try:
                return FUNCTIONS[name](*arguments)
            except TypeError:
                raise self.no(
                    node.col_offset, f"{name} takes another number of arguments"
                ) from None
        letter = name.rstrip("'")
        primes = len(name) - len(letter)
        if primes and len(arguments) > 1:
            raise self.no(node.col_offset, "a prime needs a function of one argument; use diff")
        return unknown(letter, (primes,) if primes else (0,) * len(arguments))(*arguments)

    def bind(self, name: str, node: ast.Call) -> sp.Expr:
        """Read diff, at, lim, sum and prod, whose second argument is a variable."""
        counts = {"diff": (2, 3), "at": (3, 3), "lim": (3, 4), "sum": (4, 4), "prod": (4, 4)}
        low, high = counts[name]
        if not low <= len(node.args) <= high:
            raise self.no(node.col_offset, f"{name} takes {high} arguments, got {len(node.args)}")
        body, variable, *rest = node.args
        x = self.visit(variable)
        if not isinstance(x, sp.Symbol):
            raise self.no(variable.col_offset, f"{name} needs a variable here")
        fresh = name in ("sum", "prod") and x.name not in self.bound
        self.bound |= {x.name} if fresh else set()
        inside = self.value(body)
        self.bound -= {x.name} if fresh else set()
        if name == "lim":
            side = self.visit(rest[1]) if len(rest) == 2 else "+-"
            if side not in ("+", "-", "+-"):
                raise self.no(rest[1].col_offset, "a side is left or right")
            return sp.Limit(inside, x, self.value(rest[0]), side)
        values = [self.value(r) for r in rest]
        if name == "diff":
            order = values[0] if values else sp.Integer(1)
            if not (order.is_Integer and order > 0):
                raise self.no(rest[0].col_offset, "an order is a positive integer")
            return sp.diff(inside, x, int(order))
        if name == "at":
            return inside.subs(x, values[0])
        return (sp.Sum if name == "sum" else sp.Product)(inside, (x, *values))


def indexed(name: str, index: sp.Expr, bound: Collection[str]) -> sp.Expr:
    """Return w_i: a function of i where a sum binds i, else a number of that name."""
    if any(s.name in bound for s in index.free_symbols):
        return unknown(f"{name}_")(index)
    return symbol(f"{name}_{index}".replace(" ", ""))
