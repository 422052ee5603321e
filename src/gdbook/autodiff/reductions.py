"""Many elements into few: sums, means, spreads."""

from gdbook.autodiff.dtypes import boolean, float64, int64
from gdbook.autodiff.linear import RunningSum
from gdbook.autodiff.shapes import axis_of, groups

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gdbook.autodiff.shapes import Dims
    from gdbook.autodiff.tensor import Tensor


def sum(x: "Tensor", dim: "Dims" = None, keepdim: bool = False) -> "Tensor":
    """Return the sum over some axes, or over all of them."""
    numbers = x.to(int64) if x.dtype is boolean else x
    places, shape = groups(x.shape, dim, keepdim)
    return numbers.add_up(places, shape, "Sum")


def mean(x: "Tensor", dim: "Dims" = None, keepdim: bool = False) -> "Tensor":
    """Return the mean over some axes, or over all of them.

    Raises
    ------
    RuntimeError
        For integers and booleans, as in torch.
    """
    if x.dtype is not float64:
        raise RuntimeError(
            "mean(): could not infer output dtype. Input dtype must be either a floating "
            f"point or complex dtype. Got: {x.dtype.scalar}"
        )
    total = x.sum(dim, keepdim)
    return total / (len(x.flat) / max(len(total.flat), 1))


def var(
    x: "Tensor",
    dim: "Dims" = None,
    *,
    correction: int = 1,
    keepdim: bool = False,
) -> "Tensor":
    """Return the variance: the sum of squared deviations, divided by n − `correction`."""
    if x.dtype is not float64:
        raise RuntimeError(
            "std and var only support floating point and complex dtypes"
        )
    # A shift changes no spread. Shifted by the smallest, equal numbers are
    # exactly 0, where their mean might miss them by the rounding of a sum.
    shifted = x - x.detach().amin(dim, keepdim=True) if x.flat else x
    deviations = shifted - shifted.mean(dim, keepdim=True)
    sums = (deviations * deviations).sum(dim, keepdim)
    count = len(x.flat) // max(len(sums.flat), 1)
    return sums / max(count - correction, 0)


def std(
    x: "Tensor",
    dim: "Dims" = None,
    *,
    correction: int = 1,
    keepdim: bool = False,
) -> "Tensor":
    """Return the root of the variance; its gradient at equal numbers counts as zero."""
    return _root(x.var(dim, correction=correction, keepdim=keepdim))


def norm(
    x: "Tensor", *, dim: "Dims" = None, keepdim: bool = False
) -> "Tensor":
    """Return the Euclidean length; its gradient at zero counts as zero."""
    return _root((x * x).sum(dim, keepdim))


def _root(x: "Tensor") -> "Tensor":
    """Return the square root, with the derivative 0 at 0, where it is infinite."""
    some = x != 0
    return x.where(some, 1.0).sqrt().where(some, 0.0)


def cumsum(x: "Tensor", dim: int) -> "Tensor":
    """Return the sums of each element and all before it along an axis."""
    numbers = x.to(int64) if x.dtype is boolean else x
    return numbers.apply(RunningSum(axis_of(dim, x.ndim)))


def any_of(x: "Tensor") -> "Tensor":
    """Return whether some element is true, or not 0."""
    return x.new([any(x.flat)], (), boolean)


def all_of(x: "Tensor") -> "Tensor":
    """Return whether every element is true, or not 0."""
    return x.new([all(x.flat)], (), boolean)
