"""The tensor: arrays with a history, their arithmetic, and the matrix product."""

from gdbook.autodiff.linear import MatMul
from gdbook.autodiff.reductions import Reductions
from gdbook.autodiff.shapes import broadcast

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    from gdbook.autodiff.dtypes import DType
    from gdbook.autodiff.shapes import Shape

    Operand: TypeAlias = "Tensor | float"  # what may stand beside a sign


class Tensor(Reductions):
    """Numbers in rows and columns that remember how they were computed.

    Made by `tensor`, `zeros` and their kind, as in torch. Only `detach`
    shares numbers: what torch returns as a view (a slice, a transpose, a
    reshape) is a copy here.
    """

    def _new(
        self, flat: "list[float]", shape: "Shape", dtype: "DType"
    ) -> "Tensor":
        return Tensor(flat, shape, dtype)

    def matmul(self, other: "Tensor") -> "Tensor":
        """Return the product of matrices and vectors, by torch's rules.

        A vector on the left counts as a row, on the right as a column, and
        that axis is dropped from the result. Axes before the last two are a
        batch and broadcast.

        Raises
        ------
        RuntimeError
            If the sizes in the middle differ, or a factor is a single number.
        """
        if not self.ndim or not other.ndim:
            raise RuntimeError(
                "both arguments to matmul need to be at least 1D, but they are "
                f"{self.ndim}D and {other.ndim}D"
            )
        a = self if self.ndim > 1 else self.unsqueeze(0)
        b = other if other.ndim > 1 else other.unsqueeze(1)
        if a.shape[-1] != b.shape[-2]:
            raise RuntimeError(_mismatch(self.shape, other.shape))
        batch = broadcast([a.shape[:-2], b.shape[:-2]])
        a = a if a.shape[:-2] == batch else a.expand(batch + a.shape[-2:])
        b = b if b.shape[:-2] == batch else b.expand(batch + b.shape[-2:])
        rows = self.shape[-2:-1]
        columns = other.shape[-1:] if other.ndim > 1 else ()
        product = a.apply(MatMul(), b)
        shape = batch + rows + columns
        return product if product.shape == shape else product.reshape(shape)

    def __matmul__(self, other: "Tensor") -> "Tensor":
        return self.matmul(other)

    def dot(self, other: "Tensor") -> "Tensor":
        """Return the scalar product of two vectors."""
        if self.ndim != 1 or other.ndim != 1:
            raise RuntimeError(
                f"1D tensors expected, but got {self.ndim}D and {other.ndim}D tensors"
            )
        return self.matmul(other)


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
