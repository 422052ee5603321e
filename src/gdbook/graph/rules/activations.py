"""What stands between the layers of a network: smooth steps and kinks."""

from __future__ import annotations

from fractions import Fraction

from gdbook.graph.algebra import (
    ONE,
    ZERO,
    add,
    bracket,
    minus,
    mul,
    negative,
    num,
    over,
)
from gdbook.graph.rules.elementwise import elementwise, unary
from gdbook.graph.rules.operation import (
    Factor,
    Operation,
    refuse_unless,
    shorts,
)
from gdbook.graph.rules.registry import rule
from gdbook.graph.terms import Call


@rule("leaky_relu")
def _leaky_relu(x: Factor, negative_slope: float = 0.01, inplace: bool = False) -> Operation:
    return elementwise(
        r"\operatorname{leaky} #0",
        "1 above 0, else the small slope",
        lambda p: add(
            mul(p, bracket(p, ">", ZERO)), mul(num(negative_slope), p, bracket(p, "≤", ZERO))
        ),
        x,
    )


@rule("silu")
def _silu(x: Factor, inplace: bool = False) -> Operation:
    return elementwise(
        r"#0 \, \sigma(#0)", "product rule, σ′ = σ(1 − σ)", lambda p: mul(p, Call("sigmoid", p)), x
    )


@rule("gelu")
def _gelu(x: Factor, approximate: str = "none") -> Operation:
    refuse_unless(approximate == "none", "gelu with approximation")
    half = num(Fraction(1, 2))
    root = Call("sqrt", num(2))
    return elementwise(
        r"\operatorname{gelu} #0",
        "product rule, derivative of erf",
        lambda p: mul(half, p, add(ONE, Call("erf", over(p, root)))),
        x,
    )


@rule("logsigmoid", "log_sigmoid")
def _logsigmoid(x: Factor) -> Operation:
    return elementwise(
        r"\ln \sigma(#0)",
        "(ln σ)′ = σ(−x)",
        lambda p: negative(Call("softplus", negative(p))),
        x,
    )


@rule("softplus")
def _softplus(x: Factor, beta: float = 1, threshold: float = 20) -> Operation:
    refuse_unless(beta == 1 and threshold == 20, "softplus with its own β or threshold")
    return unary("softplus", x)


@rule("logaddexp")
def _logaddexp(x: Factor, other: Factor) -> Operation:
    a, b = shorts(x, other)
    return elementwise(
        rf"\ln(e^{{{a}}} + e^{{{b}}})",
        "its share of the sum of exponentials",
        lambda p, q: Call("log", add(Call("exp", p), Call("exp", q))),
        x,
        other,
        slopes=(
            lambda p, q, v: Call("exp", minus(p, v)),
            lambda p, q, v: Call("exp", minus(q, v)),
        ),
    )
