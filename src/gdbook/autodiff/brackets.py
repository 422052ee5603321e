"""Elements picked by what stands in brackets: reading and writing them."""

from gdbook.autodiff.dtypes import boolean, int64
from gdbook.autodiff.indexing import WHOLE, select
from gdbook.autodiff.shapes import flatten, strides
from gdbook.autodiff.shaping import Shaping

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from gdbook.autodiff.shapes import Entry, Shape
    from gdbook.autodiff.tensor import Operand, Tensor


class Brackets(Shaping):
    """Indexing by numbers, slices, None, ``...``, lists and tensors."""

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
            numbers = [int(v) for v in item.flat]
            entries.append(
                (numbers, item.shape) if item.shape else numbers[0]
            )
        elif isinstance(item, list):
            entries.append(flatten(item))  # type: ignore[arg-type]
        elif item is None or isinstance(item, (int, slice)):
            entries.append(item)
        else:
            name = type(item).__name__
            kind = item.dtype if isinstance(item, Shaping) else name
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
