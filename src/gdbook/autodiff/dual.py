"""Forward mode by dual numbers: a value and its derivative, side by side.

A dual number is v + dε, where ε² = 0 (Clifford 1873). Computing with it
computes f and f′ at once: f(v + ε) = f(v) + f′(v)ε. One pass gives the
derivative along one direction, so n inputs need n passes, where reverse mode
needs one. Nothing here is shared with the engine's own rules, and the one is
tested against the other.

>>> from gdbook.autodiff import dual
>>> x = dual.Dual(2.0, 1.0)
>>> x * x * x
Dual(8.0, 12.0)
"""

import math

__all__ = [
    "Dual",
    "cos",
    "derivative",
    "dual",
    "exp",
    "gradient",
    "log",
    "relu",
    "sin",
    "sqrt",
    "tanh",
]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeAlias

    Number: TypeAlias = "Dual | float"


class Dual:
    """A value with its derivative along some direction.

    Attributes
    ----------
    value, tangent : float
        v and d of v + dε.
    """

    def __init__(self, value: float, tangent: float = 0.0) -> None:
        self.value, self.tangent = value, tangent

    def __add__(self, other: "Number") -> "Dual":
        other = dual(other)
        return Dual(self.value + other.value, self.tangent + other.tangent)

    __radd__ = __add__

    def __neg__(self) -> "Dual":
        return Dual(-self.value, -self.tangent)

    def __sub__(self, other: "Number") -> "Dual":
        return self + -dual(other)

    def __rsub__(self, other: "Number") -> "Dual":
        return dual(other) + -self

    def __mul__(self, other: "Number") -> "Dual":
        other = dual(other)
        return Dual(
            self.value * other.value,
            self.value * other.tangent + self.tangent * other.value,
        )

    __rmul__ = __mul__

    def __truediv__(self, other: "Number") -> "Dual":
        other = dual(other)
        quotient = self.value / other.value
        return Dual(
            quotient, (self.tangent - quotient * other.tangent) / other.value
        )

    def __rtruediv__(self, other: "Number") -> "Dual":
        return dual(other) / self

    def __pow__(self, exponent: "Number") -> "Dual":
        if isinstance(exponent, Dual):
            return exp(exponent * log(self))
        if exponent == 0:
            return Dual(1.0)
        slope = exponent * self.value ** (exponent - 1)
        return Dual(self.value**exponent, slope * self.tangent)

    def __rpow__(self, base: float) -> "Dual":
        return exp(self * math.log(base))

    def __abs__(self) -> "Dual":
        return (
            self if self.value > 0 else -self if self.value < 0 else Dual(0.0)
        )

    def __repr__(self) -> str:
        return f"Dual({self.value}, {self.tangent})"


def dual(x: "Number") -> Dual:
    """Return a constant as a dual number: its derivative is 0."""
    return x if isinstance(x, Dual) else Dual(x)


def exp(x: Dual) -> Dual:
    """Return e to the x."""
    value = math.exp(x.value)
    return Dual(value, value * x.tangent)


def log(x: Dual) -> Dual:
    """Return the natural logarithm."""
    return Dual(math.log(x.value), x.tangent / x.value)


def sqrt(x: Dual) -> Dual:
    """Return the square root."""
    value = math.sqrt(x.value)
    return Dual(value, x.tangent / (2 * value))


def sin(x: Dual) -> Dual:
    """Return the sine."""
    return Dual(math.sin(x.value), math.cos(x.value) * x.tangent)


def cos(x: Dual) -> Dual:
    """Return the cosine."""
    return Dual(math.cos(x.value), -math.sin(x.value) * x.tangent)


def tanh(x: Dual) -> Dual:
    """Return the hyperbolic tangent."""
    # 1/cosh² of x, written so that nothing overflows.
    e = math.exp(-2 * abs(x.value))
    return Dual(math.tanh(x.value), 4 * e / (1 + e) ** 2 * x.tangent)


def relu(x: Dual) -> Dual:
    """Return x, or 0 if it is negative; the derivative at 0 counts as 0."""
    return x if x.value > 0 else Dual(0.0)


def derivative(function: "Callable[[Dual], Dual]", x: float) -> float:
    """Return the derivative of a function of one number, in one pass.

    Notes
    -----
    Derived in *Forward mode, with ε² = 0*.

    Examples
    --------
    >>> from gdbook.autodiff.dual import derivative
    >>> derivative(lambda x: x * x * x, 2.0)
    12.0
    """
    return dual(function(Dual(x, 1.0))).tangent


def gradient(
    function: "Callable[[list[Dual]], Dual]", point: "Sequence[float]"
) -> "list[float]":
    """Return the gradient of a function of several numbers, a pass for each.

    Notes
    -----
    Derived in *Forward mode, with ε² = 0*.

    Examples
    --------
    >>> from gdbook.autodiff.dual import gradient
    >>> gradient(lambda x: x[0] * x[1], [2.0, 5.0])
    [5.0, 2.0]
    """
    passes = range(len(point))
    return [
        dual(
            function([Dual(x, float(i == k)) for i, x in enumerate(point)])
        ).tangent
        for k in passes
    ]
