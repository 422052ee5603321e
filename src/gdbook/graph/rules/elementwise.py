"""Operations on numbers side by side, with broadcasting."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from gdbook.graph.algebra import (
    add,
    deltas,
    minus,
    mul,
    negative,
    num,
    over,
    power,
)
from gdbook.graph.elementary import ELEMENTARY
from gdbook.graph.indices import Term
from gdbook.graph.rules.operation import (
    SELF,
    Factor,
    Operand,
    Operation,
    broadcast,
    element,
    meeting,
    refuse_unless,
    shorts,
    tensors,
)
from gdbook.graph.rules.registry import rule
from gdbook.graph.terms import Call, Expression, Ref

Formula = Callable[..., Expression]


def elementwise(
    short: str,
    said: str,
    formula: Formula,
    *factors: Factor,
    slopes: Sequence[Formula | None] = (),
) -> Operation:
    """Return an elementwise operation.

    Parameters
    ----------
    short, said : str
        As `Operation.short` and `Operation.rule`.
    formula : callable
        Of the factors' elements.
    *factors : Operand or float
    slopes : sequence of callable
        For each factor, the derivative as a function of the elements and, last, the result.
    """
    shape, indices = broadcast(*factors)
    local = {}
    tensor_slopes = (
        [s for f, s in zip(factors, slopes, strict=True) if isinstance(f, Operand)]
        if (slopes)
        else []
    )
    for place, (operand, slope) in enumerate(zip(tensors(*factors), tensor_slopes, strict=False)):
        if slope is not None:
            local[place] = _local(operand, slope, factors)
    body = formula(*(element(factor, indices) for factor in factors))
    return Operation(short, said, tensors(*factors), shape, indices, body, local)


def _local(operand: Operand, slope: Formula, factors: Sequence[Factor]) -> Any:
    def local(i: Sequence[Term], j: Sequence[Term]) -> Expression:
        elements = (element(factor, i) for factor in factors)
        return mul(slope(*elements, Ref(SELF, tuple(i))), deltas(meeting(operand.shape, i), j))

    return local


@rule("add")
def _add(x: Factor, other: Factor, *, alpha: float = 1) -> Operation:
    a, b = shorts(x, other)
    factor = "" if alpha == 1 else shorts(alpha)[0] + " "
    return elementwise(
        f"{a} + {factor}{b}", "sum rule", lambda p, q: add(p, mul(num(alpha), q)), x, other
    )


@rule("sub", "subtract")
def _sub(x: Factor, other: Factor, *, alpha: float = 1) -> Operation:
    a, b = shorts(x, other)
    factor = "" if alpha == 1 else shorts(alpha)[0] + " "
    return elementwise(
        f"{a} - {factor}{b}",
        "difference rule",
        lambda p, q: minus(p, mul(num(alpha), q)),
        x,
        other,
    )


@rule("rsub")
def _rsub(x: Factor, other: Factor) -> Operation:
    return _sub(other, x)


@rule("mul", "multiply")
def _mul(x: Factor, other: Factor) -> Operation:
    if not isinstance(other, Operand):
        x, other = other, x
    a, b = shorts(x, other)
    if not isinstance(x, Operand):
        return elementwise(f"{a} \\, {b}", "constant factor", mul, x, other)
    same = isinstance(other, Operand) and x.node == other.node
    said = "(v²)′ = 2v" if same else "product rule"
    return elementwise(rf"{a} \cdot {b}", said, mul, x, other)


@rule("div", "divide", "truediv", "true_divide")
def _div(x: Factor, other: Factor, *, rounding_mode: str | None = None) -> Operation:
    refuse_unless(rounding_mode is None, "div with rounding")
    a, b = shorts(x, other)
    said = "quotient rule" if isinstance(other, Operand) else "constant factor"
    return elementwise(f"{a} / {b}", said, over, x, other)


@rule("rdiv", "rtruediv")
def _rdiv(x: Factor, other: Factor) -> Operation:
    return _div(other, x)


@rule("neg", "negative")
def _neg(x: Factor) -> Operation:
    return elementwise("-#0", "constant factor", negative, x)


@rule("pow", "float_power")
def _pow(x: Factor, exponent: Factor) -> Operation:
    if isinstance(x, Operand) and exponent == 2:
        return _mul(x, x)  # a square is a product, and uses its factor twice
    a, b = shorts(x, exponent)
    a = f"({a})" if a.startswith("\\") else a  # a fraction
    if not isinstance(exponent, Operand):
        return elementwise(f"{a}^{{{b}}}", "power rule", power, x, exponent)
    said = "power rule" if isinstance(x, Operand) else "derivative of a power by its exponent"
    return elementwise(f"{a}^{{{b}}}", said, power, x, exponent)


@rule("rpow")
def _rpow(x: Factor, base: Factor) -> Operation:
    return _pow(base, x)


@rule("square")
def _square(x: Factor) -> Operation:
    return _pow(x, 2)


@rule("exp2")
def _exp2(x: Factor) -> Operation:
    return _pow(2, x)


@rule("reciprocal")
def _reciprocal(x: Factor) -> Operation:
    return _div(1, x)


@rule("rsqrt")
def _rsqrt(x: Factor) -> Operation:
    half = num(Fraction(-1, 2))
    return elementwise(r"1 / \sqrt{#0}", "power rule", lambda p: power(p, half), x)


@rule("clone", "contiguous", "positive", "double", "float", "to", "type_as", "alias")
def _same(x: Factor, *_: object, **__: object) -> Operation:
    return elementwise("#0", "a copy", lambda p: p, x)


def unary(name: str, x: Factor) -> Operation:
    """Return one of the elementary functions, applied to a tensor."""
    function = ELEMENTARY[name]
    short = function.latex.replace("#", "#0").replace("@", "#0")
    return elementwise(
        short, function.rule, lambda p: Call(name, p), x, slopes=(function.derivative,)
    )


_OTHER_NAMES = {
    "asin": "arcsin",
    "acos": "arccos",
    "atan": "arctan",
    "sigmoid": "expit",
    "abs": "absolute",
    "sign": "sgn",
}


def _enter(name: str) -> None:
    names = (name, _OTHER_NAMES.get(name, name))
    rule(*names)(lambda x, inplace=False: unary(name, x))


for _name in ELEMENTARY:
    if _name != "pi":
        _enter(_name)


@rule("lerp")
def _lerp(x: Factor, end: Factor, weight: Factor) -> Operation:
    a, b, c = shorts(x, end, weight)
    return elementwise(
        f"{a} + {c} ({b} - {a})",
        "sum and product rule",
        lambda p, q, w: add(p, mul(w, minus(q, p))),
        x,
        end,
        weight,
    )
