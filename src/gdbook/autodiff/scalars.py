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


def remainder(a: float, b: float) -> float:
    """Return what is left of a after division by b; it has the sign of b.

    Raises
    ------
    RuntimeError
        If both are integers and b is 0, as in torch.
    """
    if isinstance(a, int) and isinstance(b, int):
        if b == 0:
            raise RuntimeError("ZeroDivisionError")
        return a % b
    if b == 0 or math.isnan(b) or not -INF < a < INF:
        return NAN
    left = math.fmod(a, b)
    return left + b if left != 0 and (left < 0) != (b < 0) else left


def floor_divide(a: float, b: float) -> float:
    """Return how often b goes into a: the whole number at or below a / b."""
    if b == 0:
        return divide(a, b)
    if math.isnan(b) or not -INF < a < INF:
        return NAN
    left = math.fmod(a, b)
    quotient = (a - left) / b
    if left != 0 and (left < 0) != (b < 0):
        quotient -= 1
    # What was rounded may miss its whole number by an ulp.
    whole = -INF < quotient < INF
    return float(math.floor(quotient + 0.5)) if whole else quotient


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
