"""Edits in place: ``x += y``, ``x.zero_()`` and their kind."""

from gdbook.autodiff.dtypes import float64
from gdbook.autodiff.grad_mode import is_grad_enabled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gdbook.autodiff.tensor import Operand, Tensor


def overwrite(
    x: "Tensor", new: "Tensor", name: str = "a leaf Variable"
) -> "Tensor":
    """Give `x` the numbers and the history of `new`; return `x`.

    `name` is what torch calls `x` if it has to refuse.

    Raises
    ------
    RuntimeError
        If `x` is a leaf that requires a gradient and operations are recorded,
        or `new` has another shape or a kind of numbers that does not fit.
    """
    if x.node is not None and x.is_leaf and is_grad_enabled():
        raise RuntimeError(
            f"{name} that requires grad is being used in an in-place operation."
        )
    if new.shape != x.shape:
        raise RuntimeError(
            f"output with shape {list(x.shape)} doesn't match the broadcast shape "
            f"{list(new.shape)}"
        )
    if new.dtype is float64 and x.dtype is not float64:
        raise RuntimeError(
            f"result type {new.dtype.scalar} can't be cast to the desired output type "
            f"{x.dtype.scalar}"
        )
    x.flat[:] = new.flat
    x.edits[0] += 1
    if new.node is not None:
        x.node = new.node
    return x


def before_edit(x: "Tensor") -> "Tensor":
    """Return a copy of `x` at its place in the graph.

    The sweep back may need the numbers as they are before the edit.
    """
    if not is_grad_enabled():
        return x
    copy = x.new(list(x.flat), x.shape, x.dtype)
    copy.node = x.node
    return copy


def add_(x: "Tensor", other: "Operand", *, alpha: float = 1) -> "Tensor":
    """Add ``alpha * other`` in place."""
    return overwrite(x, before_edit(x) + other * alpha)


def sub_(x: "Tensor", other: "Operand", *, alpha: float = 1) -> "Tensor":
    """Subtract ``alpha * other`` in place."""
    return overwrite(x, before_edit(x) - other * alpha)


def mul_(x: "Tensor", other: "Operand") -> "Tensor":
    """Multiply in place."""
    return overwrite(x, before_edit(x) * other)


def div_(x: "Tensor", other: "Operand") -> "Tensor":
    """Divide in place."""
    return overwrite(x, before_edit(x) / other)


def remainder_(x: "Tensor", other: "Operand") -> "Tensor":
    """Keep the remainder after division, in place."""
    return overwrite(x, before_edit(x) % other)


def fill_(x: "Tensor", value: float) -> "Tensor":
    """Set all elements to one number."""
    number = x.dtype.kind(value)
    return overwrite(x, x.new([number] * len(x.flat), x.shape, x.dtype))


def zero_(x: "Tensor") -> "Tensor":
    """Set all elements to zero."""
    return fill_(x, 0)


def copy_(x: "Tensor", other: "Tensor") -> "Tensor":
    """Take over the elements of `other` in place."""
    return overwrite(x, other.expand(x.shape))
