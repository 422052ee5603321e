"""Numbers turned into probabilities: softmax, and its logarithm."""

from gdbook.autodiff.dtypes import float64
from gdbook.autodiff.shapes import axis_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gdbook.autodiff.tensor import Tensor


def softmax(x: "Tensor", dim: int) -> "Tensor":
    """Return exp(x) divided by its sum along an axis: positive numbers that sum to 1."""
    powers = _below_largest(x, dim, "softmax").exp()
    return powers / powers.sum(dim, keepdim=True)


def log_softmax(x: "Tensor", dim: int) -> "Tensor":
    """Return the logarithm of the softmax, also where that itself is too small for a float."""
    shifted = _below_largest(x, dim, "log_softmax")
    return shifted - shifted.exp().sum(dim, keepdim=True).log()


def _below_largest(x: "Tensor", dim: int, name: str) -> "Tensor":
    """Return `x` minus its largest element along an axis, so that no exponential overflows.

    A shift by the same number everywhere leaves the softmax as it is, and the
    gradient too: so the largest element counts as a constant.
    """
    if x.dtype is not float64:
        raise NotImplementedError(
            f"{name}() needs floating-point numbers, got {x.dtype!r}"
        )
    axis_of(dim, x.ndim)
    return x - x.detach().amax(dim, keepdim=True) if x.flat else x
