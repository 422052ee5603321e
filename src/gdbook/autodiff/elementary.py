"""Elementary functions, and choices between elements."""

from gdbook.autodiff import elementwise as rule
from gdbook.autodiff.dtypes import boolean, float64
from gdbook.autodiff.scalars import INF

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gdbook.autodiff.tensor import Operand, Tensor


def exp(x: "Tensor") -> "Tensor":
    """Return e to the power of each element."""
    return x.apply(rule.EXP)


def log(x: "Tensor") -> "Tensor":
    """Return the natural logarithm."""
    return x.apply(rule.LOG)


def sqrt(x: "Tensor") -> "Tensor":
    """Return the square root."""
    return x.apply(rule.SQRT)


def square(x: "Tensor") -> "Tensor":
    """Return the square."""
    return x.apply(rule.POW, 2)


def sin(x: "Tensor") -> "Tensor":
    """Return the sine."""
    return x.apply(rule.SIN)


def cos(x: "Tensor") -> "Tensor":
    """Return the cosine."""
    return x.apply(rule.COS)


def tan(x: "Tensor") -> "Tensor":
    """Return the tangent."""
    return x.apply(rule.TAN)


def tanh(x: "Tensor") -> "Tensor":
    """Return the hyperbolic tangent."""
    return x.apply(rule.TANH)


def atan(x: "Tensor") -> "Tensor":
    """Return the inverse of the tangent."""
    return x.apply(rule.ATAN)


def sigmoid(x: "Tensor") -> "Tensor":
    """Return the logistic function, 1 / (1 + e^−x)."""
    return x.apply(rule.SIGMOID)


def relu(x: "Tensor") -> "Tensor":
    """Return each element, or 0 if it is negative; its derivative at 0 counts as 0."""
    return x.apply(rule.RELU)


def abs(x: "Tensor") -> "Tensor":
    """Return the absolute value; its derivative at 0 counts as 0."""
    return x.apply(rule.ABS)


def sign(x: "Tensor") -> "Tensor":
    """Return −1, 0 or 1."""
    return x.apply(rule.SIGN)


def isnan(x: "Tensor") -> "Tensor":
    """Return where the elements are nan: nothing else differs from itself."""
    return x.apply(rule.NE, x)


def isfinite(x: "Tensor") -> "Tensor":
    """Return where the elements are neither infinite nor nan."""
    return x.abs() < INF


def maximum(x: "Tensor", other: "Tensor") -> "Tensor":
    """Return the larger of two elements; on ties each gets half of the adjoint."""
    return x.apply(rule.MAXIMUM, other)


def minimum(x: "Tensor", other: "Tensor") -> "Tensor":
    """Return the smaller of two elements; on ties each gets half of the adjoint."""
    return x.apply(rule.MINIMUM, other)


def clamp(
    x: "Tensor", min: "float | None" = None, max: "float | None" = None
) -> "Tensor":
    """Return the elements, those outside [min, max] moved to the nearer bound.

    Raises
    ------
    RuntimeError
        If neither bound is given.
    """
    if min is None and max is None:
        raise RuntimeError(
            "torch.clamp: At least one of 'min' or 'max' must not be None"
        )
    whole = x.dtype is not float64
    least, most = (-(2**63), 2**63 - 1) if whole else (-INF, INF)
    low, high = (
        least if min is None else min,
        most if max is None else max,
    )
    return x.apply(rule.CLAMP, low, high)


def where(x: "Tensor", condition: "Tensor", other: "Operand") -> "Tensor":
    """Return the elements where `condition` holds, and `other` where it does not.

    Raises
    ------
    RuntimeError
        If the condition is not boolean.
    """
    if condition.dtype is not boolean:
        raise RuntimeError(
            f"where expected condition to be a boolean tensor, but got a tensor with dtype "
            f"{condition.dtype.scalar}"
        )
    return condition.apply(rule.WHERE, x, x.beside(other))
