"""Elements in other shapes: reshaping, broadcasting, transposing, indexing."""

from gdbook.autodiff.dtypes import DType, float64, int64
from gdbook.autodiff.functions import Functions
from gdbook.autodiff.linear import AddUp, Put, Reshape, Take
from gdbook.autodiff.shapes import (
    axis_of,
    filled,
    numel,
    stretched,
    strides,
    walk,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Self

    from gdbook.autodiff.shapes import Shape
    from gdbook.autodiff.tensor import Tensor


class Shaping(Functions):
    """Operations that move elements and leave their values alone."""

    def take(
        self, places: "list[int]", shape: "Shape", name: str = "Take"
    ) -> "Tensor":
        """Return the elements at `places` of the flat list, in a shape."""
        return self.apply(Take(places, shape, name))

    def add_up(
        self, places: "list[int]", shape: "Shape", name: str = "AddUp"
    ) -> "Tensor":
        """Return a tensor of a shape in which each element is added at its place."""
        return self.apply(AddUp(places, shape, name))

    def put(self, places: "list[int]", values: "Tensor") -> "Tensor":
        """Return a copy with `values` at `places` of the flat list."""
        return self.apply(Put(places), values)

    def zero_like(self, shape: "Shape") -> "Tensor":
        """Return zeros of this kind in another shape."""
        return self._new(
            [self.dtype.kind(0)] * numel(shape), shape, self.dtype
        )

    def reshape(self, *sizes: "int | Shape") -> "Tensor":
        """Return a copy in another shape; one size may be −1, and is found."""
        return self.apply(Reshape(filled(_sizes(sizes), len(self.flat))))

    view = reshape

    def flatten(self) -> "Tensor":
        """Return all elements in one row."""
        return self.reshape(-1)

    def unsqueeze(self, dim: int) -> "Tensor":
        """Return the tensor with an axis of size 1 before `dim`."""
        at = axis_of(dim, self.ndim + 1)
        return self.apply(
            Reshape(self.shape[:at] + (1,) + self.shape[at:], "Unsqueeze")
        )

    def squeeze(self, dim: "int | None" = None) -> "Tensor":
        """Return the tensor without its axes of size 1, or without `dim` if that is one."""
        at = None if dim is None else axis_of(dim, self.ndim)
        shape = [
            n
            for i, n in enumerate(self.shape)
            if n != 1 or (at is not None and i != at)
        ]
        return self.apply(Reshape(tuple(shape), "Squeeze"))

    def expand(self, *sizes: "int | Shape") -> "Tensor":
        """Return the tensor stretched along axes of size 1, as broadcasting does."""
        shape, lead = _sizes(sizes), len(_sizes(sizes)) - self.ndim
        shape = tuple(
            [
                self.shape[i - lead] if n == -1 else n
                for i, n in enumerate(shape)
            ]
        )
        if lead < 0:
            raise RuntimeError(
                f"the number of sizes provided ({len(shape)}) must be greater or equal to the "
                f"number of dimensions in the tensor ({self.ndim})"
            )
        wrong = [
            i
            for i, n in enumerate(self.shape)
            if n not in (1, shape[i + lead])
        ]
        if wrong:
            at = wrong[-1]
            raise RuntimeError(
                f"The expanded size of the tensor ({shape[at + lead]}) must match the existing "
                f"size ({self.shape[at]}) at non-singleton dimension {at + lead}.  Target sizes: "
                f"{list(shape)}.  Tensor sizes: {list(self.shape)}"
            )
        return self.take(stretched(self.shape, shape), shape, "Expand")

    def sum_to(self, shape: "Shape") -> "Tensor":
        """Return the sums over all axes along which `shape` was stretched."""
        if shape == self.shape:
            return self  # type: ignore[return-value]
        return self.add_up(stretched(shape, self.shape), shape, "Sum")

    def permute(self, *dims: "int | Sequence[int]") -> "Tensor":
        """Return the tensor with its axes in another order."""
        order = [axis_of(dim, self.ndim) for dim in _sizes(dims)]
        if sorted(order) != list(range(self.ndim)):
            raise RuntimeError(
                f"permute(): {order} is no order of {self.ndim} dimensions"
            )
        steps, shape = (
            strides(self.shape),
            tuple([self.shape[i] for i in order]),
        )
        return self.take(
            walk(shape, [steps[i] for i in order]), shape, "Permute"
        )

    def transpose(self, dim0: int, dim1: int) -> "Tensor":
        """Return the tensor with two axes exchanged."""
        order = list(range(self.ndim))
        i, j = axis_of(dim0, self.ndim), axis_of(dim1, self.ndim)
        if i != j:
            order[i], order[j] = order[j], order[i]
        return self.permute(order)

    @property
    def T(self) -> "Tensor":
        """The transpose, as a copy."""
        return self.permute(range(self.ndim)[::-1])

    @property
    def mT(self) -> "Tensor":
        """The transpose of each matrix of a batch, as a copy."""
        return self.transpose(-2, -1)

    def clone(self) -> "Tensor":
        """Return a copy, through which gradients flow."""
        return self.apply(Reshape(self.shape, "Clone"))

    def copy_(self, other: "Tensor") -> "Self":
        """Take over the elements of `other` in place."""
        return self.become(other.expand(self.shape))

    def to(self, dtype: DType) -> "Tensor":
        """Return the tensor with another kind of numbers."""
        if dtype is self.dtype:
            return self  # type: ignore[return-value]
        return self._new(
            [dtype.kind(value) for value in self.flat], self.shape, dtype
        )

    def double(self) -> "Tensor":
        """Return the tensor in float64."""
        return self.to(float64)

    float = double  # the engine has no smaller floating-point numbers

    def long(self) -> "Tensor":
        """Return the tensor in int64, cut towards zero."""
        return self.to(int64)


def _sizes(sizes: "tuple[int | Sequence[int], ...]") -> "Shape":
    """Return sizes that were given one by one or together."""
    if len(sizes) == 1 and not isinstance(sizes[0], int):
        return tuple(sizes[0])
    return sizes  # type: ignore[return-value]
