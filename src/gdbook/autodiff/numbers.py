"""The numbers of a tensor: counted, read, printed, and changed to another kind."""

from gdbook.autodiff.dtypes import float64, int64
from gdbook.autodiff.printing import text
from gdbook.autodiff.shapes import nested
from gdbook.autodiff.shapes import numel as count

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gdbook.autodiff.dtypes import DType
    from gdbook.autodiff.shapes import Nested, Shape
    from gdbook.autodiff.tensor import Tensor


def dim(x: "Tensor") -> int:
    """Return the number of axes."""
    return len(x.shape)


def size(x: "Tensor", dim: "int | None" = None) -> "int | Shape":
    """Return the shape, or one size of it."""
    return x.shape if dim is None else x.shape[dim]


def numel(x: "Tensor") -> int:
    """Return the number of elements."""
    return count(x.shape)


def length(x: "Tensor") -> int:
    """Return ``len(x)``, the size of the first axis."""
    if not x.shape:
        raise TypeError("len() of a 0-d tensor")
    return x.shape[0]


def item(x: "Tensor") -> float:
    """Return the only element as a Python number.

    Raises
    ------
    RuntimeError
        If there are more of them, or none.
    """
    if len(x.flat) != 1:
        raise RuntimeError(
            f"a Tensor with {len(x.flat)} elements cannot be converted to Scalar"
        )
    return x.flat[0]


def to_float(x: "Tensor") -> float:
    """Return ``float(x)``, for the only element."""
    return float(item(x))


def to_int(x: "Tensor") -> int:
    """Return ``int(x)``, for the only element."""
    return int(item(x))


def to_bool(x: "Tensor") -> bool:
    """Return ``bool(x)``: whether the only element differs from 0."""
    if len(x.flat) != 1:
        many = "more than one value" if x.flat else "no values"
        raise RuntimeError(
            f"Boolean value of Tensor with {many} is ambiguous"
        )
    return bool(x.flat[0])


def tolist(x: "Tensor") -> "Nested":
    """Return the elements as nested lists of Python numbers."""
    return nested(x.flat, x.shape)


def is_floating_point(x: "Tensor") -> bool:
    """Return whether the elements are floating-point numbers."""
    return x.dtype is float64


def to(x: "Tensor", dtype: "DType") -> "Tensor":
    """Return the tensor with another kind of numbers."""
    if dtype is x.dtype:
        return x
    return x.new([dtype.kind(value) for value in x.flat], x.shape, dtype)


def double(x: "Tensor") -> "Tensor":
    """Return the tensor in float64, the only kind with a decimal point here."""
    return to(x, float64)


def long(x: "Tensor") -> "Tensor":
    """Return the tensor in int64, cut towards zero."""
    return to(x, int64)


def printed(x: "Tensor") -> str:
    """Return what ``print(x)`` shows."""
    notes = []
    if x.grad_fn is not None:
        notes = [f"grad_fn={x.grad_fn!r}"]
    elif x.requires_grad:
        notes = ["requires_grad=True"]
    return text(x.flat, x.shape, x.dtype, notes)


def formatted(x: "Tensor", spec: str) -> str:
    """Return what ``f"{x:.2f}"`` shows of a single number."""
    return format(item(x), spec) if spec and not x.shape else printed(x)
