"""How well a linear model fits, and which samples decide it."""

from __future__ import annotations

from torch import Tensor

from gdbook._expect import finite, floating_tensor, shape
from gdbook.models._data import design, samples
from gdbook.models.columns import column_basis


def residuals(X: Tensor, y: Tensor, w: Tensor) -> Tensor:
    """Return r = Xw − y: prediction minus target, as in `gdbook.losses`.

    Books on statistics mean y − Xw.

    Parameters
    ----------
    X : Tensor, shape (N, d)
    y : Tensor, shape (N,)
    w : Tensor, shape (d,)

    Returns
    -------
    Tensor, shape (N,)

    Raises
    ------
    TypeError, ValueError
        If the data do not fit, or there are not d coefficients.

    Notes
    -----
    Derived in *Is it a good fit?*.
    """
    X, y = samples(X, y)
    if w.shape != X.shape[1:]:
        raise ValueError(
            f"X has {X.shape[1]} columns, so w must have shape ({X.shape[1]},), got {shape(w)}"
        )
    return X @ w.to(X) - y


def r_squared(prediction: Tensor, target: Tensor) -> float:
    """Return R² = 1 − Σ(prediction − target)²/Σ(target − mean target)².

    1 is a perfect fit; 0 is no better than the mean of these targets. It is at least 0 for
    least squares with an intercept on the samples that were fitted, and may be negative on
    others.

    Parameters
    ----------
    prediction, target : Tensor, of the same shape

    Raises
    ------
    TypeError
        If one is no tensor of floating-point numbers.
    ValueError
        If the shapes differ, a number is not finite, or all targets are equal.

    Notes
    -----
    Derived in *Is it a good fit?*.
    """
    for value, name in ((prediction, "prediction"), (target, "target")):
        finite(floating_tensor(value, name), name)
    if prediction.shape != target.shape:
        raise ValueError(
            f"prediction has shape {shape(prediction)} and target {shape(target)}; "
            "give both the same shape, for example with .reshape(-1)"
        )
    if not target.numel() or bool(target.amax() == target.amin()):
        raise ValueError("R² compares with the spread of the targets, and these are all equal")
    prediction, target = prediction.detach().double(), target.double()
    spread = target - target.mean()
    # In units of the largest deviation, so that no square leaves float64.
    unit = spread.abs().amax()
    missed = ((prediction - target) / unit).square().sum()
    return (1 - missed / (spread / unit).square().sum()).item()


def leverage(X: Tensor) -> Tensor:
    """Return each sample's leverage hᵢ: how much its own target counts in its prediction.

    These are the hat values, the diagonal of H = XX⁺, where Hy are the predictions of least
    squares. They lie between 0 and 1, and add up to the rank of X.

    Parameters
    ----------
    X : Tensor, shape (N, d)

    Returns
    -------
    Tensor, shape (N,)

    Raises
    ------
    TypeError, ValueError
        If X is no matrix of finite numbers.

    Notes
    -----
    H projects onto the span of X's columns: H = UUᵀ for an orthonormal basis U, so hᵢ is the
    squared length of row i of U. Hoaglin & Welsch 1978.
    Derived in *Leverage, and four clouds with one line*.

    Examples
    --------
    >>> import torch
    >>> from gdbook.models import leverage
    >>> X = torch.tensor([[1.0, -1.0], [1.0, 0.0], [1.0, 1.0]], dtype=torch.float64)
    >>> leverage(X)
    tensor([0.8333, 0.3333, 0.8333], dtype=torch.float64)
    """
    return column_basis(design(X)).square().sum(1)
