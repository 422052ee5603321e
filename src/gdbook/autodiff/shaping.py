"""Elements in other shapes: reshaping, broadcasting, transposing, indexing."""

from gdbook.autodiff.dtypes import DType, boolean, float64, int64
from gdbook.autodiff.functions import Functions
from gdbook.autodiff.indexing import WHOLE, select
from gdbook.autodiff.linear import AddUp, Put, Reshape, Take
from gdbook.autodiff.shapes import (
    axis_of,
    filled,
    flatten,
    numel,
    stretched,
    strides,
    walk,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Self

    from gdbook.autodiff.shapes import Entry, Shape
    from gdbook.autodiff.tensor import Operand, Tensor


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

    def __getitem__(self, key: object) -> "Tensor":
        if (
            isinstance(key, Shaping)
            and key.dtype is boolean
            and not key.shape
        ):
            # A mask without axes adds one, of size 1 or 0.
            return self.unsqueeze(0)[[0] * bool(key)]
        places, shape = select(self.shape, _entries(key, self.shape))
        return self.take(
            places, shape, "Select" if isinstance(key, int) else "Slice"
        )

    def __setitem__(self, key: object, value: "Operand") -> None:
        places, shape = select(self.shape, _entries(key, self.shape))
        values = self._constant(value)
        while values.ndim > len(shape) and values.shape[0] == 1:
            values = values.reshape(values.shape[1:])
        self.become(
            self.put(places, values.expand(shape)),
            "a view of a leaf Variable",
        )

    def __iter__(self) -> "Iterator[Tensor]":
        if not self.shape:
            raise TypeError("iteration over a 0-d tensor")
        return iter([self[i] for i in range(self.shape[0])])


def _sizes(sizes: "tuple[int | Sequence[int], ...]") -> "Shape":
    """Return sizes that were given one by one or together."""
    if len(sizes) == 1 and not isinstance(sizes[0], int):
        return tuple(sizes[0])
    return sizes  # type: ignore[return-value]


def _entries(key: object, shape: "Shape") -> "list[Entry]":
    """Return what stands in the brackets, with ``...`` and tensors resolved."""
    entries: list[Entry] = []
    keys = list(key) if isinstance(key, tuple) else [key]
    used = sum([_axes(item) for item in keys])
    axis = 0
    for item in keys:
        if item is Ellipsis:
            entries += [WHOLE] * (len(shape) - used)
            axis += len(shape) - used
        elif isinstance(item, Shaping) and item.dtype is boolean:
            entries += _mask(item, shape[axis : axis + item.ndim])
        elif isinstance(item, Shaping) and item.dtype is int64:
            entries.append(
                item.flat[0] if not item.shape else (item.flat, item.shape)
            )  # type: ignore[arg-type]
        elif isinstance(item, list):
            entries.append(flatten(item))  # type: ignore[arg-type]
        elif item is None or isinstance(item, (int, slice)):
            entries.append(item)
        else:
            kind = (
                item.dtype
                if isinstance(item, Shaping)
                else type(item).__name__
            )
            raise IndexError(
                "only integers, slices (`:`), ellipsis (`...`), None and long or byte Variables "
                f"are valid indices (got {kind})"
            )
        axis += _axes(item)
    return entries


def _axes(item: object) -> int:
    """Return how many axes an item of the brackets takes up."""
    if item is None or item is Ellipsis:
        return 0
    return (
        item.ndim
        if isinstance(item, Shaping) and item.dtype is boolean
        else 1
    )


def _mask(mask: Shaping, shape: "Shape") -> "list[Entry]":
    """Return the coordinates at which a mask is true, one list for each axis."""
    if mask.shape != shape:
        raise IndexError(
            f"The shape of the mask {list(mask.shape)} at index 0 does not match the shape of "
            f"the indexed tensor {list(shape)} at index 0"
        )
    chosen = [i for i, flag in enumerate(mask.flat) if flag]
    return [
        ([place // step % size for place in chosen], (len(chosen),))
        for size, step in zip(mask.shape, strides(mask.shape))
    ]
