"""Where the elements of an array stand: shapes, broadcasting, indexing.

The elements of an array of shape (2, 3) stand in one flat list, row after
row. An element's *place* is its index in that list. Whatever moves elements
about is a list of places.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    Shape = tuple[int, ...]
    Dims = int | Shape | None  # one axis, several, or all of them
    Nested = float | Sequence["Nested"]
    # An index of an axis: a number, a slice, None, or the numbers and the
    # shape of a tensor.
    Entry = int | slice | None | tuple[list[int], Shape]


def numel(shape: "Shape") -> int:
    """Return the number of elements."""
    n = 1
    for size in shape:
        n *= size
    return n


def strides(shape: "Shape") -> "list[int]":
    """Return, for each axis, how many places lie between neighbours along it."""
    steps, step = [], 1
    for size in reversed(shape):
        steps.append(step)
        step *= size
    return steps[::-1]


def walk(sizes: "Sequence[int]", steps: "Sequence[int]") -> "list[int]":
    """Return the places met by counting through `sizes`; each axis has a step."""
    places = [0]
    for size, step in zip(sizes, steps):
        places = [place + step * i for place in places for i in range(size)]
    return places


def broadcast(shapes: "Sequence[Shape]") -> "Shape":
    """Return the shape that all of them stretch to.

    Raises
    ------
    RuntimeError
        If along some axis two sizes differ and neither is 1.
    """
    result = shapes[0]
    for shape in shapes:
        if shape == result:
            continue
        ndim = max(len(result), len(shape))
        a = (1,) * (ndim - len(result)) + result
        b = (1,) * (ndim - len(shape)) + shape
        for axis in range(ndim):
            if a[axis] != b[axis] and a[axis] != 1 and b[axis] != 1:
                raise RuntimeError(
                    f"The size of tensor a ({a[axis]}) must match the size of tensor b "
                    f"({b[axis]}) at non-singleton dimension {axis}"
                )
        result = tuple(n if m == 1 else m for m, n in zip(a, b))
    return result


def stretched(shape: "Shape", target: "Shape") -> "list[int]":
    """Return which place of `shape` is copied to each place of `target`."""
    steps = [
        0 if size == 1 else step for size, step in zip(shape, strides(shape))
    ]
    return walk(target, [0] * (len(target) - len(shape)) + steps)


def axis_of(dim: int, ndim: int) -> int:
    """Return `dim` counted from the front.

    Raises
    ------
    IndexError
        If there is no such axis.
    """
    ndim = max(ndim, 1)
    if not -ndim <= dim < ndim:
        raise IndexError(
            f"Dimension out of range (expected to be in range of [{-ndim}, {ndim - 1}], "
            f"but got {dim})"
        )
    return dim % ndim


def sizes_of(sizes: "tuple[Any, ...]") -> "Shape":
    """Return sizes that were given one by one, or together in one sequence."""
    if len(sizes) == 1 and not isinstance(sizes[0], int):
        return tuple(sizes[0])
    return sizes


def groups(
    shape: "Shape", dim: "Dims", keepdim: bool
) -> "tuple[list[int], Shape]":
    """Return which elements meet when some axes are summed over, or all of them.

    Returns
    -------
    places : list of int
        For each element, the place in the result where it goes.
    shape : tuple of int
        The shape of the result: without the axes, or with size 1 there.
    """
    ndim = len(shape)
    if dim is None or dim == ():
        axes = list(range(ndim))
    else:
        dims = [dim] if isinstance(dim, int) else dim
        axes = [axis_of(d, ndim) for d in dims]
    if ndim and len(set(axes)) < len(axes):
        twice = next(axis for axis in axes if axes.count(axis) > 1)
        raise RuntimeError(
            f"dim {twice} appears multiple times in the list of dims"
        )
    kept = tuple([1 if i in axes else n for i, n in enumerate(shape)])
    left = tuple([n for i, n in enumerate(shape) if i not in axes])
    return stretched(kept, shape), kept if keepdim else left


def flatten(value: "Any", dim: int = 0) -> "tuple[list[Any], Shape]":
    """Return the numbers of a nested list in one list, and its shape.

    Raises
    ------
    ValueError
        If lists side by side differ in length.
    """
    if not isinstance(value, (list, tuple)):
        return [value], ()
    flat: list[Any] = []
    inner: Shape | None = None
    for item in value:
        numbers, shape = flatten(item, dim + 1)
        if inner is not None and shape != inner:
            for axis, (one, other) in enumerate(zip(inner, shape)):
                if one != other:
                    raise ValueError(
                        f"expected sequence of length {one} at dim {dim + 1 + axis} (got {other})"
                    )
            raise ValueError(
                f"expected numbers or lists at dim {dim + 1}, not both"
            )
        inner = shape
        flat += numbers
    return flat, (len(value),) + (inner or ())


def nested(flat: "Sequence[float]", shape: "Shape") -> "Nested":
    """Return the numbers as nested lists; the inverse of `flatten`."""
    if not shape:
        return flat[0]
    step = numel(shape[1:])
    return [
        nested(flat[i * step : (i + 1) * step], shape[1:])
        for i in range(shape[0])
    ]


def filled(sizes: "Shape", total: int) -> "Shape":
    """Return `sizes` with a −1 replaced by what makes `total` elements.

    Raises
    ------
    RuntimeError
        If nothing does.
    """
    known = numel(tuple(size for size in sizes if size != -1))
    shape = tuple(
        total // known if size == -1 and known else size for size in sizes
    )
    if sizes.count(-1) > 1:
        raise RuntimeError("only one dimension can be inferred")
    if numel(shape) != total or -1 in shape:
        raise RuntimeError(
            f"shape '{list(sizes)}' is invalid for input of size {total}"
        )
    return shape
