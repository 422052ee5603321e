"""What brackets do: ``x[1, :, None]`` reads elements, ``x[0] = 5`` writes them."""

from gdbook.autodiff.dtypes import boolean, dtype_of, int64, promoted
from gdbook.autodiff.inplace import overwrite
from gdbook.autodiff.select import WHOLE, select
from gdbook.autodiff.shapes import flatten, strides

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from gdbook.autodiff.shapes import Entry, Shape
    from gdbook.autodiff.tensor import Operand, Tensor


def getitem(x: "Tensor", key: "Any") -> "Tensor":
    """Return ``x[key]``: by numbers, slices, None, ``...``, lists and tensors."""
    if _is_mask(key) and not key.shape:
        # A mask without axes adds one, of size 1 or 0.
        return x.unsqueeze(0)[[0] * bool(key)]
    places, shape = select(x.shape, _entries(x, key))
    name = "Select" if isinstance(key, int) else "Slice"
    return x.take(places, shape, name)


def setitem(x: "Tensor", key: "Any", value: "Operand") -> None:
    """Set the elements that ``x[key]`` would read."""
    places, shape = select(x.shape, _entries(x, key))
    values = x.beside(value)
    while values.ndim > len(shape) and values.shape[0] == 1:
        values = values.reshape(values.shape[1:])
    new = x.put(places, values.expand(shape))
    overwrite(x, new, "a view of a leaf Variable")


def iterate(x: "Tensor") -> "Iterator[Tensor]":
    """Return an iterator over the parts along the first axis."""
    if not x.shape:
        raise TypeError("iteration over a 0-d tensor")
    return iter([x[i] for i in range(x.shape[0])])


def _is_mask(item: "Any") -> bool:
    return getattr(item, "dtype", None) is boolean


def _entries(x: "Tensor", key: "Any") -> "list[Entry]":
    """Return what stands in the brackets, with ``...`` and tensors resolved."""
    entries: list[Entry] = []
    keys = [_tensor(x, item) for item in _items(key)]
    shape = x.shape
    used = sum([_axes(item) for item in keys])
    axis = 0
    for item in keys:
        if item is Ellipsis:
            entries += [WHOLE] * (len(shape) - used)
            axis += len(shape) - used
        elif _is_mask(item):
            entries += _mask(item, shape[axis : axis + item.ndim])
        elif getattr(item, "dtype", None) is int64:
            numbers = [int(v) for v in item.flat]
            entries.append(
                (numbers, item.shape) if item.shape else numbers[0]
            )
        elif item is None or type(item) in (int, slice):
            entries.append(item)
        else:
            kind = getattr(item, "dtype", type(item).__name__)
            raise IndexError(
                "only integers, slices (`:`), ellipsis (`...`), None and long or byte Variables "
                f"are valid indices (got {kind})"
            )
        axis += _axes(item)
    return entries


def _items(key: "Any") -> "list[Any]":
    return list(key) if isinstance(key, tuple) else [key]


def _tensor(x: "Tensor", item: "Any") -> "Any":
    """Return a list as a tensor of numbers or truths, and anything else as it is."""
    if not isinstance(item, list):
        return item
    flat, shape = flatten(item)
    dtype = promoted([dtype_of(v) for v in flat]) if flat else int64
    return x.new(flat, shape, dtype)


def _axes(item: "Any") -> int:
    """Return how many axes an item of the brackets takes up."""
    if item is None or item is Ellipsis:
        return 0
    return item.ndim if _is_mask(item) else 1


def _mask(mask: "Tensor", shape: "Shape") -> "list[Entry]":
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
