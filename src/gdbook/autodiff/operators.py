"""What the signs between tensors do: ``x + y`` calls ``add(x, y)``.

The `other` may be a number. Where a number stands on the left, as in
``1 - x``, Python asks the tensor on the right: ``sub_from(x, 1)``.
"""

from gdbook.autodiff import elementwise as rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gdbook.autodiff.tensor import Operand, Tensor


def add(x: "Tensor", other: "Operand") -> "Tensor":
    """Return x + other."""
    return x.apply(rule.ADD, other)


def sub(x: "Tensor", other: "Operand") -> "Tensor":
    """Return x − other."""
    return x.apply(rule.SUB, other)


def sub_from(x: "Tensor", other: "Operand") -> "Tensor":
    """Return other − x."""
    return x.beside(other).apply(rule.SUB, x)


def mul(x: "Tensor", other: "Operand") -> "Tensor":
    """Return x · other."""
    return x.apply(rule.MUL, other)


def div(x: "Tensor", other: "Operand") -> "Tensor":
    """Return x / other."""
    return x.apply(rule.DIV, other)


def div_into(x: "Tensor", other: "Operand") -> "Tensor":
    """Return other / x."""
    return x.beside(other).apply(rule.DIV, x)


def remainder(x: "Tensor", other: "Operand") -> "Tensor":
    """Return x % other, what is left of x after division; it has the sign of `other`."""
    return x.apply(rule.REMAINDER, other)


def remainder_of(x: "Tensor", other: "Operand") -> "Tensor":
    """Return other % x."""
    return x.beside(other).apply(rule.REMAINDER, x)


def pow(x: "Tensor", exponent: "Operand") -> "Tensor":
    """Return each element to the power of `exponent`."""
    return x.apply(rule.POW, exponent)


def pow_of(x: "Tensor", base: "Operand") -> "Tensor":
    """Return `base` to the power of each element."""
    return x.beside(base).apply(rule.POW, x)


def neg(x: "Tensor") -> "Tensor":
    """Return −x."""
    return x.apply(rule.NEG)


def pos(x: "Tensor") -> "Tensor":
    """Return +x, the tensor itself."""
    return x


def eq(x: "Tensor", other: "Any") -> "Any":
    """Return where the elements are equal."""
    return x.apply(rule.EQ, other)


def ne(x: "Tensor", other: "Any") -> "Any":
    """Return where the elements differ."""
    return x.apply(rule.NE, other)


def lt(x: "Tensor", other: "Operand") -> "Tensor":
    """Return where x < other."""
    return x.apply(rule.LT, other)


def le(x: "Tensor", other: "Operand") -> "Tensor":
    """Return where x ≤ other."""
    return x.apply(rule.LE, other)


def gt(x: "Tensor", other: "Operand") -> "Tensor":
    """Return where x > other."""
    return x.apply(rule.GT, other)


def ge(x: "Tensor", other: "Operand") -> "Tensor":
    """Return where x ≥ other."""
    return x.apply(rule.GE, other)


def logical_and(x: "Tensor", other: "Operand") -> "Tensor":
    """Return where both conditions hold."""
    return x.apply(rule.AND, other)


def logical_or(x: "Tensor", other: "Operand") -> "Tensor":
    """Return where one of two conditions holds, or both do."""
    return x.apply(rule.OR, other)


def logical_not(x: "Tensor") -> "Tensor":
    """Return where a condition does not hold."""
    return x.apply(rule.NOT)


def identity(x: "Tensor") -> int:
    """Return the number by which sets and dictionaries know this tensor."""
    return id(x)
