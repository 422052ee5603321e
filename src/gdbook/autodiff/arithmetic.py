"""Functions of single numbers, as torch computes them: inf and nan where Python raises."""

import math

INF = float("inf")
NAN = float("nan")


def divide(a: float, b: float) -> float:
    """Return a / b; by zero it is infinite, and 0 / 0 is nan."""
    try:
        return a / b
    except ZeroDivisionError:
        if a == 0 or math.isnan(a):
            return NAN
        return math.copysign(INF, a) * math.copysign(1.0, b)


def power(a: float, b: float) -> float:
    """Return a ** b; nan where Python's answer is a complex number.

    Raises
    ------
    RuntimeError
        If both are integers and the exponent is negative, as in torch.
    """
    if b < 0 and isinstance(b, int) and isinstance(a, int):
        raise RuntimeError(
            "Integers to negative integer powers are not allowed."
        )
    try:
        result = a**b
    except ZeroDivisionError:
        return math.copysign(INF, a) if b % 2 == 1 else INF
    except OverflowError:
        return -INF if a < 0 and b % 2 == 1 else INF
    if isinstance(result, complex):
        return NAN
    value: float = result
    return value


def exp(x: float) -> float:
    """Return e to the x; infinite above 709.78."""
    try:
        return math.exp(x)
    except (
        OverflowError,
        ValueError,
    ):  # CPython says the one, MicroPython the other
        return INF


def log(x: float) -> float:
    """Return the natural logarithm; −inf at 0, nan below."""
    if x > 0:
        return math.log(x)
    return -INF if x == 0 else NAN


def sqrt(x: float) -> float:
    """Return the square root; nan below 0."""
    return math.sqrt(x) if x >= 0 else NAN


def sin(x: float) -> float:
    """Return the sine; nan at ±inf."""
    return math.sin(x) if -INF < x < INF else NAN


def cos(x: float) -> float:
    """Return the cosine; nan at ±inf."""
    return math.cos(x) if -INF < x < INF else NAN


def tan(x: float) -> float:
    """Return the tangent; nan at ±inf."""
    return math.tan(x) if -INF < x < INF else NAN


def sigmoid(x: float) -> float:
    """Return 1 / (1 + e^−x), without overflow on either side."""
    if x >= 0:
        return 1.0 / (1.0 + math.exp(-x))
    e = exp(x)
    return e / (1.0 + e)


def sign(x: float) -> float:
    """Return −1, 0 or 1; of nan, as torch, 0."""
    return float((x > 0) - (x < 0))
