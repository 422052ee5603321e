"""From what stands in the brackets, ``x[1, :, None]``, to the places that it picks."""

from gdbook.autodiff.shapes import strides

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gdbook.autodiff.shapes import Entry, Shape


class _Brackets:
    def __getitem__(self, key: slice) -> slice:
        return key


WHOLE = _Brackets()[
    :
]  # slice(None), which MicroPython doesn't build by that name


def select(shape: "Shape", key: "list[Entry]") -> "tuple[list[int], Shape]":
    """Return the places that a key picks, and the shape they form.

    Parameters
    ----------
    shape : tuple of int
        The shape of what is indexed.
    key : list
        For each axis a number, a slice or the numbers and shape of an index
        tensor; None adds an axis. Axes beyond the key are taken whole.

    Raises
    ------
    IndexError
        If an index is out of bounds, or there are more of them than axes.
    """
    used = len([entry for entry in key if entry is not None])
    if used > len(shape):
        raise IndexError(
            f"too many indices for tensor of dimension {len(shape)}"
        )
    _neighbours(key)
    steps = strides(shape)
    places, sizes, axis = [0], [], 0
    pending: list[int] | None = (
        None  # offsets of index tensors that go together
    )
    for entry in key + [WHOLE] * (len(shape) - used):
        if entry is None:
            sizes.append(1)
            continue
        size, step = shape[axis], steps[axis]
        if isinstance(entry, tuple):
            indices, index_shape = entry
            offsets = [step * _checked(i, axis, size) for i in indices]
            if pending is None:
                first = len(sizes)
                sizes += index_shape
                pending, before = offsets, places
            elif tuple(sizes[first:]) == index_shape:
                pending = [a + b for a, b in zip(pending, offsets)]
            else:
                raise IndexError(
                    "index tensors side by side must have the same shape"
                )
            places = [
                place + offset for place in before for offset in pending
            ]
        elif isinstance(entry, slice):
            if entry.step is not None and entry.step <= 0:
                raise ValueError("step must be greater than zero")
            chosen = range(*entry.indices(size))
            sizes.append(len(chosen))
            places = [place + step * i for place in places for i in chosen]
        else:
            offset = step * _checked(entry, axis, size)
            places = [place + offset for place in places]
        axis += 1
    return places, tuple(sizes)


def _checked(index: int, axis: int, size: int) -> int:
    if not -size <= index < size:
        raise IndexError(
            f"index {index} is out of bounds for dimension {axis} with size {size}"
        )
    return index % size


def _neighbours(key: "list[Entry]") -> None:
    """Refuse index tensors with a slice between them: torch then moves axes to the front."""
    tensors = [i for i, entry in enumerate(key) if isinstance(entry, tuple)]
    if tensors:
        picks = [
            i
            for i, entry in enumerate(key)
            if isinstance(entry, (tuple, int))
        ]
        if picks[-1] - picks[0] >= len(picks):
            raise IndexError(
                "tensors and numbers that index must stand side by side"
            )
