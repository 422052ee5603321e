"""Elements moved to other places: reshaping, broadcasting, transposing."""

from gdbook.autodiff.linear import AddUp, Put, Reshape, Take
from gdbook.autodiff.shapes import (
    axis_of,
    filled,
    numel,
    sizes_of,
    stretched,
    strides,
    walk,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdbook.autodiff.shapes import Shape
    from gdbook.autodiff.tensor import Tensor


def take(
    x: "Tensor", places: "list[int]", shape: "Shape", name: str = "Take"
) -> "Tensor":
    """Return the elements at `places` of the flat list, in a shape."""
    return x.apply(Take(places, shape, name))


def add_up(
    x: "Tensor", places: "list[int]", shape: "Shape", name: str = "AddUp"
) -> "Tensor":
    """Return a tensor of a shape in which each element is added at its place."""
    return x.apply(AddUp(places, shape, name))


def put(x: "Tensor", places: "list[int]", values: "Tensor") -> "Tensor":
    """Return a copy with `values` at `places` of the flat list."""
    return x.apply(Put(places), values)


def zero_like(x: "Tensor", shape: "Shape") -> "Tensor":
    """Return zeros of this kind in another shape."""
    return x.new([x.dtype.kind(0)] * numel(shape), shape, x.dtype)


def reshape(x: "Tensor", *sizes: "int | Shape") -> "Tensor":
    """Return a copy in another shape; one size may be −1, and is found."""
    return x.apply(Reshape(filled(sizes_of(sizes), len(x.flat))))


def flatten(x: "Tensor") -> "Tensor":
    """Return all elements in one row."""
    return x.reshape(-1)


def unsqueeze(x: "Tensor", dim: int) -> "Tensor":
    """Return the tensor with an axis of size 1 before `dim`."""
    at = axis_of(dim, x.ndim + 1)
    return x.apply(Reshape(x.shape[:at] + (1,) + x.shape[at:], "Unsqueeze"))


def squeeze(x: "Tensor", dim: "int | None" = None) -> "Tensor":
    """Return the tensor without its axes of size 1, or without `dim` if that is one."""
    at = None if dim is None else axis_of(dim, x.ndim)
    shape = [
        n
        for i, n in enumerate(x.shape)
        if n != 1 or (at is not None and i != at)
    ]
    return x.apply(Reshape(tuple(shape), "Squeeze"))


def expand(x: "Tensor", *sizes: "int | Shape") -> "Tensor":
    """Return the tensor stretched along axes of size 1, as broadcasting does."""
    shape = sizes_of(sizes)
    lead = len(shape) - x.ndim
    shape = tuple(
        [x.shape[i - lead] if n == -1 else n for i, n in enumerate(shape)]
    )
    if lead < 0:
        raise RuntimeError(
            f"the number of sizes provided ({len(shape)}) must be greater or equal to the "
            f"number of dimensions in the tensor ({x.ndim})"
        )
    wrong = [
        i for i, n in enumerate(x.shape) if n not in (1, shape[i + lead])
    ]
    if wrong:
        at = wrong[-1]
        raise RuntimeError(
            f"The expanded size of the tensor ({shape[at + lead]}) must match the existing "
            f"size ({x.shape[at]}) at non-singleton dimension {at + lead}.  Target sizes: "
            f"{list(shape)}.  Tensor sizes: {list(x.shape)}"
        )
    return x.take(stretched(x.shape, shape), shape, "Expand")


def sum_to(x: "Tensor", shape: "Shape") -> "Tensor":
    """Return the sums over all axes along which `shape` was stretched."""
    if shape == x.shape:
        return x
    return x.add_up(stretched(shape, x.shape), shape, "Sum")


def permute(x: "Tensor", *dims: "int | Sequence[int]") -> "Tensor":
    """Return the tensor with its axes in another order."""
    order = [axis_of(dim, x.ndim) for dim in sizes_of(dims)]
    if sorted(order) != list(range(x.ndim)):
        raise RuntimeError(
            f"permute(): {order} is no order of {x.ndim} dimensions"
        )
    steps, shape = (
        strides(x.shape),
        tuple([x.shape[i] for i in order]),
    )
    return x.take(walk(shape, [steps[i] for i in order]), shape, "Permute")


def transpose(x: "Tensor", dim0: int, dim1: int) -> "Tensor":
    """Return the tensor with two axes exchanged."""
    order = list(range(x.ndim))
    i, j = axis_of(dim0, x.ndim), axis_of(dim1, x.ndim)
    if i != j:
        order[i], order[j] = order[j], order[i]
    return x.permute(order)


def flip(x: "Tensor", *dims: "int | Sequence[int]") -> "Tensor":
    """Return the tensor with the elements along some axes in reverse order."""
    turned = [axis_of(dim, x.ndim) for dim in sizes_of(dims)]
    if len(set(turned)) < len(turned):
        raise RuntimeError(f"flip(): a dim appears twice in {sizes_of(dims)}")
    steps, first = strides(x.shape), 0
    for axis in turned:
        first += steps[axis] * (x.shape[axis] - 1)
        steps = [-s if at == axis else s for at, s in enumerate(steps)]
    places = [first + place for place in walk(x.shape, steps)]
    return x.take(places, x.shape, "Flip")


def diff(x: "Tensor", *, dim: int = -1) -> "Tensor":
    """Return each element along an axis minus the one before it."""
    if not x.ndim:
        raise RuntimeError(
            "diff expects input to be at least one-dimensional"
        )
    at = axis_of(dim, x.ndim)
    rows = x.transpose(0, at)
    return (rows[1:] - rows[:-1]).transpose(0, at)


def clone(x: "Tensor") -> "Tensor":
    """Return a copy, through which gradients flow."""
    return x.apply(Reshape(x.shape, "Clone"))
