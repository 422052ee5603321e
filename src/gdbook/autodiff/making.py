"""Where tensors come from: lists, ranges, other tensors put together."""

from gdbook.autodiff.dtypes import DType, boolean, dtype_of, float64, promoted
from gdbook.autodiff.shapes import flatten, numel, sizes_of
from gdbook.autodiff.tensor import Tensor

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gdbook.autodiff.shapes import Shape


def tensor(
    data: object, *, dtype: "DType | None" = None, requires_grad: bool = False
) -> Tensor:
    """Return a tensor of the numbers in `data`.

    Parameters
    ----------
    data : number or nested list of numbers
        Tensors of one element may stand in it.
    dtype : DType, optional
        The kind of numbers; if not given, the one that holds them all.
    requires_grad : bool
        Whether gradients are wanted.

    Raises
    ------
    TypeError
        If something is no number.
    ValueError
        If lists side by side differ in length.
    RuntimeError
        If gradients are wanted of integers or booleans.

    Notes
    -----
    Derived in *A small torch*.

    Examples
    --------
    >>> import gdbook.autodiff as torch
    >>> torch.tensor([[1, 2], [3, 4]]), torch.tensor(1.5, requires_grad=True)
    (tensor([[1, 2],
            [3, 4]]), tensor(1.5000, requires_grad=True))
    """
    if isinstance(data, Tensor):
        flat, shape, kind = list(data.flat), data.shape, data.dtype
    else:
        flat, shape = flatten(data)
        flat = [v.item() if isinstance(v, Tensor) else v for v in flat]
        kind = promoted([dtype_of(v) for v in flat]) if flat else float64
    dtype = kind if dtype is None else dtype
    if requires_grad and dtype is not float64:
        raise RuntimeError(
            "Only Tensors of floating point and complex dtype can require gradients"
        )
    if dtype is not kind or dtype is not boolean:
        flat = [dtype.kind(v) for v in flat]
    return _with(flat, shape, dtype, requires_grad)


def _with(
    flat: "list[float]", shape: "Shape", dtype: DType, requires_grad: bool
) -> Tensor:
    made = Tensor(flat, shape, dtype)
    return made.requires_grad_() if requires_grad else made


def full(
    size: "Shape",
    fill_value: float,
    *,
    dtype: "DType | None" = None,
    requires_grad: bool = False,
) -> Tensor:
    """Return a tensor of one number, repeated.

    Raises
    ------
    RuntimeError
        If a size is negative.
    """
    kind = dtype or dtype_of(fill_value)
    size = tuple(size)
    if any(n < 0 for n in size):
        raise RuntimeError(f"sizes must not be negative, got {list(size)}")
    return _with(
        [kind.kind(fill_value)] * numel(size), size, kind, requires_grad
    )


def zeros(
    *size: "int | Shape",
    dtype: "DType | None" = None,
    requires_grad: bool = False,
) -> Tensor:
    """Return a tensor of zeros; the sizes come one by one or as one tuple."""
    return full(
        sizes_of(size),
        0.0,
        dtype=dtype or float64,
        requires_grad=requires_grad,
    )


def ones(
    *size: "int | Shape",
    dtype: "DType | None" = None,
    requires_grad: bool = False,
) -> Tensor:
    """Return a tensor of ones; the sizes come one by one or as one tuple."""
    return full(
        sizes_of(size),
        1.0,
        dtype=dtype or float64,
        requires_grad=requires_grad,
    )


def zeros_like(like: Tensor) -> Tensor:
    """Return zeros in the shape of another tensor."""
    return zeros(like.shape, dtype=like.dtype)


def ones_like(like: Tensor) -> Tensor:
    """Return ones in the shape of another tensor."""
    return ones(like.shape, dtype=like.dtype)


def eye(n: int, *, dtype: "DType | None" = None) -> Tensor:
    """Return the n × n identity matrix."""
    kind = dtype or float64
    ones = [kind.kind(i == j) for i in range(n) for j in range(n)]
    return Tensor(ones, (n, n), kind)


def arange(
    start: float,
    end: "float | None" = None,
    step: float = 1,
    *,
    dtype: "DType | None" = None,
) -> Tensor:
    """Return start, start + step, … up to but without `end`; with one argument, from 0.

    Raises
    ------
    RuntimeError
        If the step leads away from the end, or is zero.
    """
    if end is None:
        start, end = 0, start
    if step == 0:
        raise RuntimeError("step must be nonzero")
    if (end - start) / step < 0:
        raise RuntimeError(
            "upper bound and lower bound inconsistent with step sign"
        )
    kind = dtype or promoted([dtype_of(v) for v in (start, end, step)])
    count = (end - start) / step
    n = int(count) + (count > int(count))
    return Tensor([kind.kind(start + step * i) for i in range(n)], (n,), kind)


def linspace(
    start: float, end: float, steps: int, *, dtype: "DType | None" = None
) -> Tensor:
    """Return `steps` numbers from `start` to `end`, evenly spaced, both included.

    Raises
    ------
    RuntimeError
        If `steps` is negative, or `dtype` is not float64.
    """
    if dtype not in (None, float64):
        raise RuntimeError("linspace makes float64 only")
    if steps < 0:
        raise RuntimeError("number of steps must be non-negative")
    gap = (end - start) / (steps - 1) if steps > 1 else 0.0
    # From both ends to the middle, so that the last one is `end` to the last
    # bit.
    half = steps // 2
    values = [float(start + gap * i) for i in range(max(half, steps == 1))]
    values += [
        float(end - gap * (steps - i - 1)) for i in range(len(values), steps)
    ]
    return Tensor(values, (steps,))
