"""Design matrices: one row for each sample, one column for each coefficient."""

from __future__ import annotations

import torch
from torch import Tensor

from gdbook._expect import shape
from gdbook.models._data import features


def with_intercept(x: Tensor) -> Tensor:
    """Return the features with a column of ones before them, for the intercept.

    Parameters
    ----------
    x : Tensor, shape (N,) or (N, d)

    Returns
    -------
    Tensor, shape (N, 2) or (N, d + 1)

    Raises
    ------
    TypeError
        If `x` is no tensor of float32 or float64.
    ValueError
        If it has another shape, or a number that is not finite.

    Examples
    --------
    >>> import torch
    >>> from gdbook.models import with_intercept
    >>> with_intercept(torch.tensor([5.0, 7.0]))
    tensor([[1., 5.],
            [1., 7.]])
    """
    X = features(x)
    return torch.cat([torch.ones_like(X[:, :1]), X], dim=1)


def polynomial_design(x: Tensor, degree: int) -> Tensor:
    """Return the Vandermonde matrix: the columns 1, x, x², …, up to the degree.

    On an interval that does not surround 0, or for a high degree, its columns are nearly
    dependent; `chebyshev_design` spans the same polynomials.

    Parameters
    ----------
    x : Tensor, shape (N,)
    degree : int
        At least 0.

    Returns
    -------
    Tensor, shape (N, degree + 1)

    Raises
    ------
    TypeError
        If `x` is no tensor of float32 or float64.
    ValueError
        If `x` is no vector, or `degree` no integer from 0 on.

    Notes
    -----
    Derived in *Higher degrees*.

    Examples
    --------
    >>> import torch
    >>> from gdbook.models import polynomial_design
    >>> polynomial_design(torch.tensor([2.0, 3.0], dtype=torch.float64), 2)
    tensor([[1., 2., 4.],
            [1., 3., 9.]], dtype=torch.float64)
    """
    return torch.vander(_points(x), _columns(degree), increasing=True)


def chebyshev_design(
    x: Tensor, degree: int, *, interval: tuple[float, float] = (-1.0, 1.0)
) -> Tensor:
    """Return the Chebyshev polynomials T₀, T₁, …, up to the degree, at points of an interval.

    The interval is mapped to [−1, 1]; there T_k(cos θ) = cos kθ. They obey
    T_{k+1}(t) = 2t·T_k(t) − T_{k−1}(t).

    Parameters
    ----------
    x : Tensor, shape (N,)
    degree : int
        At least 0.
    interval : pair of float
        Its ends. Where a fit is evaluated at new points, the interval is still that of the fit.

    Returns
    -------
    Tensor, shape (N, degree + 1)

    Raises
    ------
    TypeError, ValueError
        As `polynomial_design`; also if the interval's left end does not lie left of its right.

    Notes
    -----
    Derived in *Higher degrees*.
    """
    low, high = interval
    if not low < high:
        raise ValueError(f"interval must be (low, high) with low < high, got {interval}")
    t = (2 * _points(x) - (low + high)) / (high - low)
    columns = [torch.ones_like(t), t]
    for _ in range(2, _columns(degree)):
        columns.append(2 * t * columns[-1] - columns[-2])
    return torch.stack(columns[: degree + 1], dim=1)


def _points(x: object) -> Tensor:
    X = features(x)
    if X.shape[1] != 1 or (isinstance(x, Tensor) and x.ndim != 1):
        raise ValueError(f"x must have shape (N,), got {shape(X)}")
    return X[:, 0]


def _columns(degree: object) -> int:
    if isinstance(degree, bool) or not isinstance(degree, int) or degree < 0:
        raise ValueError(f"degree must be an integer from 0 on, got {degree!r}")
    return degree + 1
