"""Elementary functions, and choices between elements."""

from gdbook.autodiff import elementwise as rule
from gdbook.autodiff.arithmetic import INF
from gdbook.autodiff.dtypes import boolean, float64
from gdbook.autodiff.operators import Operators

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gdbook.autodiff.tensor import Operand, Tensor


class Functions(Operators):
    """Functions that work element by element."""

    def exp(self) -> "Tensor":
        """Return e to the power of each element."""
        return self.apply(rule.EXP)

    def log(self) -> "Tensor":
        """Return the natural logarithm."""
        return self.apply(rule.LOG)

    def sqrt(self) -> "Tensor":
        """Return the square root."""
        return self.apply(rule.SQRT)

    def square(self) -> "Tensor":
        """Return the square."""
        return self.apply(rule.POW, 2)

    def pow(self, exponent: "Operand") -> "Tensor":
        """Return each element to the power of `exponent`."""
        return self.apply(rule.POW, exponent)

    def sin(self) -> "Tensor":
        """Return the sine."""
        return self.apply(rule.SIN)

    def cos(self) -> "Tensor":
        """Return the cosine."""
        return self.apply(rule.COS)

    def tan(self) -> "Tensor":
        """Return the tangent."""
        return self.apply(rule.TAN)

    def tanh(self) -> "Tensor":
        """Return the hyperbolic tangent."""
        return self.apply(rule.TANH)

    def atan(self) -> "Tensor":
        """Return the inverse of the tangent."""
        return self.apply(rule.ATAN)

    def sigmoid(self) -> "Tensor":
        """Return the logistic function, 1 / (1 + e^−x)."""
        return self.apply(rule.SIGMOID)

    def relu(self) -> "Tensor":
        """Return each element, or 0 if it is negative; its derivative at 0 counts as 0."""
        return self.apply(rule.RELU)

    def abs(self) -> "Tensor":
        """Return the absolute value; its derivative at 0 counts as 0."""
        return self.apply(rule.ABS)

    def sign(self) -> "Tensor":
        """Return −1, 0 or 1."""
        return self.apply(rule.SIGN)

    def isnan(self) -> "Tensor":
        """Return where the elements are nan: nothing else differs from itself."""
        return self.apply(rule.NE, self)  # type: ignore[arg-type]

    def isfinite(self) -> "Tensor":
        """Return where the elements are neither infinite nor nan."""
        return self.abs() < INF

    def maximum(self, other: "Tensor") -> "Tensor":
        """Return the larger of two elements; on ties each gets half of the adjoint."""
        return self.apply(rule.MAXIMUM, other)

    def minimum(self, other: "Tensor") -> "Tensor":
        """Return the smaller of two elements; on ties each gets half of the adjoint."""
        return self.apply(rule.MINIMUM, other)

    def clamp(
        self, min: "float | None" = None, max: "float | None" = None
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
        whole = self.dtype is not float64
        least, most = (-(2**63), 2**63 - 1) if whole else (-INF, INF)
        low, high = (
            least if min is None else min,
            most if max is None else max,
        )
        return self.apply(rule.CLAMP, low, high)

    def where(self, condition: "Tensor", other: "Operand") -> "Tensor":
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
        if not isinstance(other, Functions) and self.dtype is float64:
            other = float(other)
        return condition.apply(rule.WHERE, self, other)  # type: ignore[arg-type]
