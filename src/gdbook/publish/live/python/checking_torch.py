"""The torch of checkers in the page: the engine, and what checkers ask for beside it.

A reader's own code gets the engine alone.
"""

from gdbook.autodiff import *  # noqa: F403
from gdbook.autodiff import Tensor, exp, tensor

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gdbook.autodiff.dtypes import DType


def as_tensor(value: "Any", dtype: "DType | None" = None) -> Tensor:
    """Return a tensor as it is, or in another dtype, and make one of numbers."""
    if isinstance(value, Tensor):
        return value if dtype is None else value.to(dtype)
    return tensor(value, dtype=dtype)


def cosh(x: Tensor) -> Tensor:
    """Return the hyperbolic cosine."""
    return (exp(x) + exp(-x)) / 2


def sinh(x: Tensor) -> Tensor:
    """Return the hyperbolic sine."""
    return (exp(x) - exp(-x)) / 2
