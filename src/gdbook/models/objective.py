"""The loss of a linear model as a function of its coefficients, and how steep it may be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from gdbook import losses
from gdbook._expect import shape
from gdbook.models._data import design, samples


def linear_objective(
    X: Tensor, y: Tensor, loss: Callable[..., Tensor] = losses.mse, **options: Any
) -> Callable[[Tensor], Tensor]:
    """Return w ↦ loss(Xw, y), which takes any number of w at once, as `descend` does.

    Parameters
    ----------
    X : Tensor, shape (N, d)
    y : Tensor, shape (N,)
    loss : callable
        One of `gdbook.losses`; its mean over the samples is taken.
    **options
        What the loss takes beside: ``delta=0.5``.

    Returns
    -------
    callable
        Takes w of shape (..., d), returns values of shape (...), in the dtype of w.

    Raises
    ------
    TypeError, ValueError
        If the data do not fit; the function itself, if w does not end in d coefficients.

    Examples
    --------
    >>> import torch
    >>> from gdbook.models import linear_objective
    >>> f = linear_objective(torch.eye(2), torch.tensor([1.0, 2.0]))
    >>> f(torch.tensor([[1.0, 2.0], [0.0, 0.0]]))
    tensor([0.0000, 2.5000])
    """
    X, y = samples(X, y)

    def objective(w: Tensor) -> Tensor:
        if not w.ndim or w.shape[-1] != X.shape[1]:
            raise ValueError(
                f"X has {X.shape[1]} columns, so w must have shape (..., {X.shape[1]}), "
                f"got {shape(w)}"
            )
        prediction = w @ X.to(w).T
        target = y.to(w).expand(prediction.shape)
        return loss(prediction, target, reduction="none", **options).mean(-1)

    return objective


def mae_lipschitz(X: Tensor) -> float:
    """Return a bound on every subgradient of mean |Xw − y|, whatever w and y are.

    The subgradients are Xᵀs/N with −1 ≤ sᵢ ≤ 1. So they are no longer than the mean length of
    the rows, and than σ/√N with the largest singular value σ of X; the smaller of the two is
    returned.

    Parameters
    ----------
    X : Tensor, shape (N, d)

    Raises
    ------
    TypeError, ValueError
        If X is no matrix of finite numbers.

    Notes
    -----
    ‖Xᵀs‖ ≤ Σ|sᵢ|‖xᵢ‖, and ‖Xᵀs‖ ≤ σ‖s‖ ≤ σ√N. What follows for descent says
    `gdbook.rates.subgradient_bound`. Derived in *A guarantee for every set of points*.
    """
    X = design(X).double()
    rows = torch.linalg.vector_norm(X, dim=1).mean()
    spectral = torch.linalg.matrix_norm(X, ord=2) / len(X) ** 0.5
    return torch.minimum(rows, spectral).item()
