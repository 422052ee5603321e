"""The table of elementwise operations: each value with its derivatives.

In a derivative, `g` is the adjoint of the result and `at` the node that
remembers the inputs `a`, `b` (of a single input, `x`) and the result `y`. At
kinks stand torch's choices.
"""

import math

from gdbook.autodiff.dtypes import boolean, float64
from gdbook.autodiff.operation import Elementwise, Function
from gdbook.autodiff.scalars import (
    cos,
    divide,
    exp,
    floor_divide,
    log,
    power,
    remainder,
    sigmoid,
    sign,
    sin,
    sqrt,
    tan,
)

ADD = Elementwise(
    "Add",
    lambda a, b: a + b,
    lambda g, at: g,
    lambda g, at: g,
)
SUB = Elementwise(
    "Sub",
    lambda a, b: a - b,
    lambda g, at: g,
    lambda g, at: -g,
)
MUL = Elementwise(
    "Mul",
    lambda a, b: a * b,
    lambda g, at: g * at.b,
    lambda g, at: g * at.a,
)
DIV = Elementwise(
    "Div",
    divide,
    lambda g, at: g / at.b,
    lambda g, at: -g * (at.a / at.b / at.b),
    dtype=float64,
)
# How often b goes into a is constant but for its jumps.
FLOOR_DIVIDE = Elementwise("FloorDivide", floor_divide)
REMAINDER = Elementwise(
    "Remainder",
    remainder,
    lambda g, at: g,
    lambda g, at: -g * at.a.apply(FLOOR_DIVIDE, at.b),
)
POW = Elementwise(
    "Pow",
    power,
    # A constant, a⁰, has the derivative 0 even where a⁻¹ is infinite; so has
    # 0ᵇ.
    lambda g, at: (g * (at.b * at.a ** (at.b - 1))).where(at.b != 0, 0.0),
    lambda g, at: (g * (at.y * at.a.log())).where(
        ~((at.a == 0) & (at.b >= 0)), 0.0
    ),
)
NEG = Elementwise(
    "Neg",
    lambda x: -x,
    lambda g, at: -g,
)

EXP = Function("Exp", exp, lambda g, at: g * at.y)
LOG = Function("Log", log, lambda g, at: g / at.x)
SQRT = Function("Sqrt", sqrt, lambda g, at: g / (2 * at.y))
SIN = Function("Sin", sin, lambda g, at: g * at.x.cos())
COS = Function("Cos", cos, lambda g, at: -g * at.x.sin())
TAN = Function("Tan", tan, lambda g, at: g * (1 + at.y * at.y))
TANH = Function("Tanh", math.tanh, lambda g, at: g * (1 - at.y * at.y))
ATAN = Function("Atan", math.atan, lambda g, at: g / (1 + at.x * at.x))
SIGMOID = Function("Sigmoid", sigmoid, lambda g, at: g * at.y * (1 - at.y))

# Kinks: torch takes 0 for relu and abs at 0, and halves the adjoint where two
# are largest.
RELU = Elementwise(
    "Relu",
    lambda x: 0.0 if x <= 0 else x,
    lambda g, at: g.where(~(at.y <= 0), 0.0),
)
ABS = Elementwise(
    "Abs",
    abs,
    lambda g, at: g * at.x.sign(),
)
SIGN = Elementwise(
    "Sign",
    sign,
    lambda g, at: g * 0.0,
)
MAXIMUM = Elementwise(
    "Maximum",
    lambda a, b: a if a > b or math.isnan(a) else b,
    lambda g, at: (g / 2).where(at.a == at.b, g).where(~(at.a < at.b), 0.0),
    lambda g, at: (g / 2).where(at.a == at.b, g).where(~(at.b < at.a), 0.0),
)
MINIMUM = Elementwise(
    "Minimum",
    lambda a, b: a if a < b or math.isnan(a) else b,
    lambda g, at: (g / 2).where(at.a == at.b, g).where(~(at.a > at.b), 0.0),
    lambda g, at: (g / 2).where(at.a == at.b, g).where(~(at.b > at.a), 0.0),
)
# At its bounds clamp counts as the identity, so that the adjoint passes
# there.
CLAMP = Elementwise(
    "Clamp",
    lambda x, low, high: min(max(x, low), high),
    lambda g, at: g.where((at.x >= at.b) & (at.x <= at.c), 0.0),
    None,
    None,
)
WHERE = Elementwise(
    "Where",
    lambda condition, a, b: a if condition else b,
    None,
    lambda g, at: g.where(at.a, 0.0),
    lambda g, at: g.where(~at.a, 0.0),
)

EQ = Elementwise("Eq", lambda a, b: a == b, dtype=boolean)
NE = Elementwise("Ne", lambda a, b: a != b, dtype=boolean)
LT = Elementwise("Lt", lambda a, b: a < b, dtype=boolean)
LE = Elementwise("Le", lambda a, b: a <= b, dtype=boolean)
GT = Elementwise("Gt", lambda a, b: a > b, dtype=boolean)
GE = Elementwise("Ge", lambda a, b: a >= b, dtype=boolean)
# Of truths; of integers, bit by bit.
AND = Elementwise("BitwiseAnd", lambda a, b: a & b)
OR = Elementwise("BitwiseOr", lambda a, b: a | b)
NOT = Elementwise(
    "BitwiseNot", lambda x: not x if isinstance(x, bool) else ~x
)
