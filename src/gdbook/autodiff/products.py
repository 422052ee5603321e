"""Products of matrices and vectors, and of all elements."""

from gdbook.autodiff.dtypes import boolean, int64
from gdbook.autodiff.joining import stack
from gdbook.autodiff.linear import MatMul
from gdbook.autodiff.operation import Operation
from gdbook.autodiff.shapes import axis_of, broadcast, groups, numel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gdbook.autodiff.shapes import Shape
    from gdbook.autodiff.tensor import Tensor


def matmul(x: "Tensor", other: "Tensor") -> "Tensor":
    """Return the product of matrices and vectors, by torch's rules.

    A vector on the left counts as a row, on the right as a column, and that
    axis is dropped from the result. Axes before the last two are a batch and
    broadcast.

    Raises
    ------
    RuntimeError
        If the sizes in the middle differ, or a factor is a single number.
    """
    if not x.ndim or not other.ndim:
        raise RuntimeError(
            "both arguments to matmul need to be at least 1D, but they are "
            f"{x.ndim}D and {other.ndim}D"
        )
    a = x if x.ndim > 1 else x.unsqueeze(0)
    b = other if other.ndim > 1 else other.unsqueeze(1)
    if a.shape[-1] != b.shape[-2]:
        raise RuntimeError(_mismatch(x.shape, other.shape))
    batch = broadcast([a.shape[:-2], b.shape[:-2]])
    a = a if a.shape[:-2] == batch else a.expand(batch + a.shape[-2:])
    b = b if b.shape[:-2] == batch else b.expand(batch + b.shape[-2:])
    rows = x.shape[-2:-1]
    columns = other.shape[-1:] if other.ndim > 1 else ()
    product = a.apply(MatMul(), b)
    shape = batch + rows + columns
    return product if product.shape == shape else product.reshape(shape)


def dot(x: "Tensor", other: "Tensor") -> "Tensor":
    """Return the scalar product of two vectors."""
    if x.ndim != 1 or other.ndim != 1:
        raise RuntimeError(
            f"1D tensors expected, but got {x.ndim}D and {other.ndim}D tensors"
        )
    return x.matmul(other)


def outer(x: "Tensor", vec2: "Tensor") -> "Tensor":
    """Return the matrix of all products of an element of `x` and one of `vec2`."""
    for name, vector in (("self", x), ("vec2", vec2)):
        if vector.ndim != 1:
            raise RuntimeError(
                f"outer: Expected 1-D argument {name}, but got {vector.ndim}-D"
            )
    return x.unsqueeze(1) * vec2


def prod(
    x: "Tensor", dim: "int | None" = None, keepdim: bool = False
) -> "Tensor":
    """Return the product over an axis, or over all of them."""
    numbers = x.to(int64) if x.dtype is boolean else x
    axis = None if dim is None or not x.ndim else axis_of(dim, x.ndim)
    return numbers.apply(Prod(axis, *groups(x.shape, dim, keepdim)))


class Prod(Operation):
    """The product of the elements that meet at one place."""

    name = "Prod"
    # The derivative with respect to a factor is the product of the others.
    vjps = (
        lambda g, at: (
            g.take(at.operation.places, at.shapes[0])
            * others(at.x, at.operation.axis)
        ),
    )

    def __init__(
        self, axis: "int | None", places: "list[int]", shape: "Shape"
    ) -> None:
        self.axis, self.places, self.shape = axis, places, shape

    def forward(self, *inputs: "Tensor") -> "tuple[list[float], Shape]":
        """Return the products."""
        (x,) = inputs
        flat: list[float] = [x.dtype.kind(1)] * numel(self.shape)
        for place, value in zip(self.places, x.flat):
            flat[place] *= value
        return flat, self.shape


def others(x: "Tensor", axis: "int | None") -> "Tensor":
    """Return, in place of each element, the product of all others along an axis.

    Not the whole product divided by the element, which might be 0: it is the
    product of those before it, times the product of those after it.
    """
    if not x.flat:
        return x
    rows = list(x.flatten() if axis is None else x.transpose(0, axis))
    one = x.new([1.0] * numel(rows[0].shape), rows[0].shape, x.dtype)
    before, after = [one], [one]
    for row in rows[:-1]:
        before.append(before[-1] * row)
    for row in rows[:0:-1]:
        after.append(after[-1] * row)
    found = stack([a * b for a, b in zip(before, after[::-1])])
    return (
        found.reshape(x.shape) if axis is None else found.transpose(0, axis)
    )


def _mismatch(left: "Shape", right: "Shape") -> str:
    """Return torch's words for factors that do not fit."""
    if len(left) == len(right) == 1:
        n, m = left[0], right[0]
        return (
            f"inconsistent tensor size, expected tensor [{n}] and src [{m}] to have the same "
            f"number of elements, but got {n} and {m} elements respectively"
        )
    if len(left) == 2 and len(right) == 1:
        return f"size mismatch, got input ({left[0]}), mat ({_cross(left)}), vec ({right[0]})"
    if len(left) > 2 or len(right) > 2:
        if len(left) == len(right) == 3:
            return (
                "Expected size for first two dimensions of batch2 tensor to be: "
                f"[{left[0]}, {left[2]}] but got: [{right[0]}, {right[1]}]."
            )
        return f"the matrices of shapes {list(left)} and {list(right)} cannot be multiplied"
    row = left if len(left) == 2 else (1, left[0])
    return f"mat1 and mat2 shapes cannot be multiplied ({_cross(row)} and {_cross(right)})"


def _cross(shape: "Shape") -> str:
    return "x".join([str(n) for n in shape])
