"""What the signs of arithmetic do: new tensors from +, edits in place from +=."""

from gdbook.autodiff import elementwise as rule
from gdbook.autodiff.dtypes import float64
from gdbook.autodiff.grad_mode import is_grad_enabled
from gdbook.autodiff.recorded import Recorded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Self

    from gdbook.autodiff.tensor import Operand, Tensor


class Operators(Recorded):
    """Arithmetic, comparison and edits in place."""

    def _constant(self, number: "Operand") -> "Tensor":
        """Return `number`, which stands on the left of a sign, as a tensor."""
        if isinstance(number, Recorded):
            return number
        return self._new([0.0], (), self.dtype).apply(rule.ADD, number)

    def __add__(self, other: "Operand") -> "Tensor":
        return self.apply(rule.ADD, other)

    def __radd__(self, other: "Operand") -> "Tensor":
        return self.apply(rule.ADD, other)

    def __sub__(self, other: "Operand") -> "Tensor":
        return self.apply(rule.SUB, other)

    def __rsub__(self, other: "Operand") -> "Tensor":
        return self._constant(other).apply(rule.SUB, self)  # type: ignore[arg-type]

    def __mul__(self, other: "Operand") -> "Tensor":
        return self.apply(rule.MUL, other)

    def __rmul__(self, other: "Operand") -> "Tensor":
        return self.apply(rule.MUL, other)

    def __truediv__(self, other: "Operand") -> "Tensor":
        return self.apply(rule.DIV, other)

    def __rtruediv__(self, other: "Operand") -> "Tensor":
        return self._constant(other).apply(rule.DIV, self)  # type: ignore[arg-type]

    def __pow__(self, other: "Operand") -> "Tensor":
        return self.apply(rule.POW, other)

    def __rpow__(self, other: "Operand") -> "Tensor":
        return self._constant(other).apply(rule.POW, self)  # type: ignore[arg-type]

    def __neg__(self) -> "Tensor":
        return self.apply(rule.NEG)

    def __pos__(self) -> "Self":
        return self

    def __abs__(self) -> "Tensor":
        return self.apply(rule.ABS)

    def __eq__(self, other: "Operand") -> "Tensor":  # type: ignore[override]
        return self.apply(rule.EQ, other)

    def __ne__(self, other: "Operand") -> "Tensor":  # type: ignore[override]
        return self.apply(rule.NE, other)

    def __lt__(self, other: "Operand") -> "Tensor":
        return self.apply(rule.LT, other)

    def __le__(self, other: "Operand") -> "Tensor":
        return self.apply(rule.LE, other)

    def __gt__(self, other: "Operand") -> "Tensor":
        return self.apply(rule.GT, other)

    def __ge__(self, other: "Operand") -> "Tensor":
        return self.apply(rule.GE, other)

    def __and__(self, other: "Operand") -> "Tensor":
        return self.apply(rule.AND, other)

    def __or__(self, other: "Operand") -> "Tensor":
        return self.apply(rule.OR, other)

    def __invert__(self) -> "Tensor":
        return self.apply(rule.NOT)

    def __hash__(self) -> int:
        return id(self)

    def original(self) -> "Tensor":
        """Return this tensor as it is before an edit, which may need it later."""
        if not is_grad_enabled():
            return self  # type: ignore[return-value]
        alone = self._new(list(self.flat), self.shape, self.dtype)
        alone.node = self.node
        return alone

    def become(self, new: "Tensor", who: str = "a leaf Variable") -> "Self":
        """Take over the numbers and the history of `new`, in place.

        `who` is what torch calls this tensor if it has to refuse.

        Raises
        ------
        RuntimeError
            If this is a leaf that requires a gradient and operations are
            recorded, or `new` has another shape or a kind of numbers that
            does not fit.
        """
        if self.node is not None and self.is_leaf and is_grad_enabled():
            raise RuntimeError(
                f"{who} that requires grad is being used in an in-place operation."
            )
        if new.shape != self.shape:
            raise RuntimeError(
                f"output with shape {list(self.shape)} doesn't match the broadcast shape "
                f"{list(new.shape)}"
            )
        if new.dtype is float64 and self.dtype is not float64:
            raise RuntimeError(
                f"result type {new.dtype.scalar} can't be cast to the desired output type "
                f"{self.dtype.scalar}"
            )
        self.flat[:] = new.flat
        self.edits[0] += 1
        if new.node is not None:
            self.node = new.node
        return self

    def __iadd__(self, other: "Operand") -> "Self":
        return self.become(self.original() + other)

    def __isub__(self, other: "Operand") -> "Self":
        return self.become(self.original() - other)

    # MicroPython knows += and -= only: there, x *= 2 is x = x * 2, a new
    # tensor.
    def __imul__(self, other: "Operand") -> "Self":
        return self.become(self.original() * other)

    def __itruediv__(self, other: "Operand") -> "Self":
        return self.become(self.original() / other)

    def add_(self, other: "Operand", *, alpha: float = 1) -> "Self":
        """Add ``alpha * other`` in place."""
        return self.become(self.original() + other * alpha)

    def sub_(self, other: "Operand", *, alpha: float = 1) -> "Self":
        """Subtract ``alpha * other`` in place."""
        return self.become(self.original() - other * alpha)

    def mul_(self, other: "Operand") -> "Self":
        """Multiply in place."""
        return self.become(self.original() * other)

    def div_(self, other: "Operand") -> "Self":
        """Divide in place."""
        return self.become(self.original() / other)

    def zero_(self) -> "Self":
        """Set all elements to zero."""
        return self.fill_(0)

    def fill_(self, value: float) -> "Self":
        """Set all elements to one number."""
        kind = self.dtype.kind
        return self.become(
            self._new([kind(value)] * len(self.flat), self.shape, self.dtype)
        )
