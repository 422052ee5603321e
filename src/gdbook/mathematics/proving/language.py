"""Texts of Python's arithmetic with primes, ``(f(x+h) - f(x-h))/(2*h)``, read into SymPy.

Names are real numbers, whatever SymPy means by them elsewhere (``N``, ``S``, ``beta``, …); a name
that is applied and is no elementary function is an unknown smooth function.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from typing import Any

import sympy as sp

from gdbook.mathematics.proving.unknown import unknown

PRIME = "ʹ"  # a letter to Python, so that f' is a name

CONSTANTS: dict[str, Any] = {"pi": sp.pi, "e": sp.E, "i": sp.I}

FUNCTIONS: dict[str, Callable[..., Any]] = {
    "sin": sp.sin, "cos": sp.cos, "tan": sp.tan, "sinh": sp.sinh, "cosh": sp.cosh,
    "tanh": sp.tanh, "exp": sp.exp, "log": sp.log, "ln": sp.log, "sqrt": sp.sqrt,
    "abs": sp.Abs, "sign": sp.sign, "floor": sp.floor, "ceil": sp.ceiling, "binomial": sp.binomial,
}  # fmt: skip
BINDING = ("lim", "max", "min", "root")
"""Applied as functions are, but no functions of numbers: they are not read."""

OPERATORS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
    ast.Pow: lambda a, b: a**b,
}


class ExpressionError(ValueError):
    """A text that is not of the language."""


def read(text: str) -> sp.Expr:
    """Read one expression.

    Raises
    ------
    ExpressionError
        Where it is not of the language.
    """
    try:
        made = _value(ast.parse(text.replace("'", PRIME), mode="eval").body)
    except (SyntaxError, ValueError, TypeError, RecursionError) as error:
        raise ExpressionError(f"can't read {text!r}: {error}") from None
    return made


def _value(node: ast.expr) -> sp.Expr:
    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return sp.Rational(repr(number))
        case ast.Name(id=name) if PRIME not in name:
            return CONSTANTS[name] if name in CONSTANTS else sp.Symbol(name, real=True)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATORS:
            return OPERATORS[type(op)](_value(left), _value(right))
        case ast.Call(func=ast.Name(id=name), args=given, keywords=[]) if given:
            return _applied(name.replace(PRIME, "'"), [_value(a) for a in given])
    raise ExpressionError(f"{type(node).__name__} is not part of the language")


def _applied(name: str, given: list[sp.Expr]) -> sp.Expr:
    if name in BINDING or not re.fullmatch(r"[^\W\d_]\w*'*", name):
        raise ExpressionError(f"{name} is no function of numbers")
    f = FUNCTIONS.get(name) or unknown(name, len(given))
    return f(*given)
