"""Several tensors into one: one after the other, or side by side."""

from gdbook.autodiff.linear import Join
from gdbook.autodiff.shapes import axis_of, numel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdbook.autodiff.tensor import Tensor


def cat(tensors: "Sequence[Tensor]", dim: int = 0) -> "Tensor":
    """Return the tensors one after the other along an axis.

    Raises
    ------
    ValueError
        If there are none.
    RuntimeError
        If their other sizes differ, or they are single numbers.

    Examples
    --------
    >>> import gdbook.autodiff as torch
    >>> torch.cat([torch.ones(2), torch.zeros(1)])
    tensor([1., 1., 0.])
    """
    if not tensors:
        raise ValueError("torch.cat(): expected a non-empty list of Tensors")
    first = tensors[0]
    if not first.shape:
        raise RuntimeError(
            "zero-dimensional tensor (at position 0) cannot be concatenated"
        )
    at = axis_of(dim, first.ndim)
    for i, x in enumerate(tensors):
        if x.ndim != first.ndim or x.shape[:at] + x.shape[at + 1 :] != (
            first.shape[:at] + first.shape[at + 1 :]
        ):
            raise RuntimeError(
                f"Sizes of tensors must match except in dimension {at}: tensor 0 has the shape "
                f"{list(first.shape)}, tensor {i} {list(x.shape)}"
            )
    row = first.apply(Join([x.numel() for x in tensors]), *tensors[1:])
    lengths = [x.shape[at] for x in tensors]
    shape = first.shape[:at] + (sum(lengths),) + first.shape[at + 1 :]
    before, after = numel(shape[:at]), numel(shape[at + 1 :])
    places: list[int] = []
    sources, start = [], 0
    for length in lengths:
        sources.append((start, length * after))
        start += before * length * after
    for i in range(before):
        for origin, step in sources:
            places += range(origin + i * step, origin + (i + 1) * step)
    return row.take(places, shape, "Cat")


def stack(tensors: "Sequence[Tensor]", dim: int = 0) -> "Tensor":
    """Return the tensors side by side along a new axis.

    Raises
    ------
    RuntimeError
        If there are none, or their shapes differ.

    Examples
    --------
    >>> import gdbook.autodiff as torch
    >>> torch.stack([torch.ones(2), torch.zeros(2)])
    tensor([[1., 1.],
            [0., 0.]])
    """
    if not tensors:
        raise RuntimeError("stack expects a non-empty TensorList")
    for i, x in enumerate(tensors):
        if x.shape != tensors[0].shape:
            raise RuntimeError(
                f"stack expects each tensor to be equal size, but got {list(tensors[0].shape)} at "
                f"entry 0 and {list(x.shape)} at entry {i}"
            )
    at = axis_of(dim, tensors[0].ndim + 1)
    return cat([x.unsqueeze(at) for x in tensors], at)
