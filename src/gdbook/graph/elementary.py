"""Functions of one number: how each is written, evaluated and differentiated."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from gdbook.graph.algebra import ONE, ZERO, add, bracket, minus, mul, negative, num, over, power
from gdbook.graph.terms import Call, Expression

__all__ = ["ELEMENTARY", "Elementary"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Elementary:
    """A function f of one number.

    Attributes
    ----------
    latex : str
        With ``#`` where the argument goes, in brackets if it needs them; ``@`` never in brackets.
    evaluate : callable
        A NumPy function.
    derivative : callable
        Of the expressions x and f(x), returning f'(x).
    rule : str
        What a derivation says of this step.
    """

    latex: str
    evaluate: Callable[[Any], Any]
    derivative: Callable[[Expression, Expression], Expression]
    rule: str


def _square(x: Expression) -> Expression:
    return power(x, num(2))


def _call(name: str, x: Expression) -> Expression:
    return Call(name, x)


def _sigmoid(x: Array) -> Array:
    z = np.exp(-np.abs(x))
    result: Array = np.where(x >= 0, 1 / (1 + z), z / (1 + z))
    return result


def _erf(x: Array) -> Array:
    return np.asarray(np.vectorize(math.erf, otypes=[float])(x))


def _tanh_rule(_: Expression, v: Expression) -> Expression:
    return minus(ONE, _square(v))


def _erf_rule(x: Expression, _: Expression) -> Expression:
    factor = num(Fraction(2))
    return mul(factor, over(_call("exp", negative(_square(x))), _call("sqrt", _call("pi", ONE))))


_TABLE: dict[str, Elementary] = {
    "sin": Elementary(r"\sin #", np.sin, lambda x, v: _call("cos", x), "sin′ = cos"),
    "cos": Elementary(r"\cos #", np.cos, lambda x, v: negative(_call("sin", x)), "cos′ = −sin"),
    "tan": Elementary(r"\tan #", np.tan, lambda x, v: add(ONE, _square(v)), "tan′ = 1 + tan²"),
    "asin": Elementary(
        r"\arcsin #",
        np.arcsin,
        lambda x, v: power(minus(ONE, _square(x)), num(Fraction(-1, 2))),
        "derivative of arcsin",
    ),
    "acos": Elementary(
        r"\arccos #",
        np.arccos,
        lambda x, v: negative(power(minus(ONE, _square(x)), num(Fraction(-1, 2)))),
        "derivative of arccos",
    ),
    "atan": Elementary(
        r"\arctan #",
        np.arctan,
        lambda x, v: over(ONE, add(ONE, _square(x))),
        "derivative of arctan",
    ),
    "sinh": Elementary(r"\sinh #", np.sinh, lambda x, v: _call("cosh", x), "sinh′ = cosh"),
    "cosh": Elementary(r"\cosh #", np.cosh, lambda x, v: _call("sinh", x), "cosh′ = sinh"),
    "tanh": Elementary(r"\tanh #", np.tanh, _tanh_rule, "tanh′ = 1 − tanh²"),
    "exp": Elementary(r"e^{@}", np.exp, lambda x, v: v, "exp′ = exp"),
    "expm1": Elementary(
        r"\operatorname{expm1} #", np.expm1, lambda x, v: add(v, ONE), "exp′ = exp"
    ),
    "log": Elementary(r"\ln #", np.log, lambda x, v: over(ONE, x), "ln′ x = 1/x"),
    "log2": Elementary(
        r"\log_2 #",
        np.log2,
        lambda x, v: over(ONE, mul(_call("log", num(2)), x)),
        "derivative of log₂",
    ),
    "log10": Elementary(
        r"\log_{10} #",
        np.log10,
        lambda x, v: over(ONE, mul(_call("log", num(10)), x)),
        "derivative of log₁₀",
    ),
    "log1p": Elementary(
        r"\operatorname{log1p} #",
        np.log1p,
        lambda x, v: over(ONE, add(ONE, x)),
        "derivative of ln(1 + x)",
    ),
    "sqrt": Elementary(r"\sqrt{@}", np.sqrt, lambda x, v: over(ONE, mul(num(2), v)), "√′ = 1/(2√)"),
    "abs": Elementary(
        r"\left|@\right|", np.abs, lambda x, v: _call("sign", x), "|x|′ = sign x, 0 at 0"
    ),
    "sign": Elementary(r"\operatorname{sign} #", np.sign, lambda x, v: ZERO, "flat in pieces"),
    "floor": Elementary(
        r"\left\lfloor @\right\rfloor", np.floor, lambda x, v: ZERO, "flat in pieces"
    ),
    "ceil": Elementary(r"\left\lceil @\right\rceil", np.ceil, lambda x, v: ZERO, "flat in pieces"),
    "round": Elementary(r"\operatorname{round} #", np.round, lambda x, v: ZERO, "flat in pieces"),
    "sigmoid": Elementary(
        r"\sigma(@)", _sigmoid, lambda x, v: mul(v, minus(ONE, v)), "σ′ = σ(1 − σ)"
    ),
    "softplus": Elementary(
        r"\operatorname{softplus} #",
        lambda x: np.logaddexp(0, x),
        lambda x, v: _call("sigmoid", x),
        "softplus′ = σ",
    ),
    "relu": Elementary(
        r"\operatorname{relu} #",
        lambda x: np.maximum(x, 0),
        lambda x, v: bracket(x, ">", ZERO),
        "relu′ = 1 above 0, else 0",
    ),
    "erf": Elementary(r"\operatorname{erf} #", _erf, _erf_rule, "derivative of erf"),
    "pi": Elementary(r"\pi", lambda x: np.pi * x, lambda x, v: ONE, "constant factor"),
}

#: Every function that a derivation may call, by name.
ELEMENTARY: Final = MappingProxyType(_TABLE)
