"""What every model asks of its data, in one place."""

from __future__ import annotations

import torch
from torch import Tensor

from gdbook._expect import finite, floating_tensor, number_or_tensor, shape


def design(value: object, name: str = "X") -> Tensor:
    """Return `value` if it is a design matrix: N rows of d finite numbers, N and d positive.

    Raises
    ------
    TypeError
        If it is no tensor of float32 or float64.
    ValueError
        If it has another shape, or a number that is not finite.
    """
    X = _numbers(value, name)
    if X.ndim != 2 or not X.numel():
        raise ValueError(
            f"{name} must have shape (N, d), one row for each sample and one column for each "
            f"coefficient, got {shape(X)}"
        )
    return X


def features(value: object, name: str = "x") -> Tensor:
    """Return `value` as a matrix of shape (N, d): a vector of N numbers is one column.

    Raises
    ------
    TypeError, ValueError
        As `design`.
    """
    x = _numbers(value, name)
    return design(x[:, None] if x.ndim == 1 else x, name)


def samples(X: object, y: object) -> tuple[Tensor, Tensor]:
    """Return a design matrix and its targets, of shapes (N, d) and (N,) and of one dtype.

    Raises
    ------
    TypeError
        If one is no tensor of float32 or float64, or their dtypes differ.
    ValueError
        If the shapes do not fit, or a number is not finite.
    """
    X, y = design(X), _numbers(y, "y")
    if y.shape != X.shape[:1]:
        cure = "; give y.reshape(-1)" if y.numel() == len(X) else ""
        raise ValueError(
            f"X has {len(X)} rows, so y must have shape ({len(X)},), got {shape(y)}{cure}"
        )
    if X.dtype != y.dtype:
        raise TypeError(
            f"X holds {_kind(X)} and y {_kind(y)}; give both the same, for example .double()"
        )
    return X, y


def penalties(value: object, X: Tensor) -> Tensor:
    """Return one penalty for each coefficient, from one number for all or one for each.

    Raises
    ------
    TypeError
        If it is neither a number nor a tensor of numbers.
    ValueError
        If a penalty is negative or not finite, or there are not d of them.
    """
    given = finite(number_or_tensor(value, "penalty", like=X), "penalty")
    if given.shape not in {(), (X.shape[1],)}:
        raise ValueError(
            f"penalty must be a number, or have shape ({X.shape[1]},) with one number for each "
            f"coefficient, got {shape(given)}"
        )
    if bool((given < 0).any()):
        raise ValueError(f"penalty must not be negative, got {given.min().item()}")
    return given.expand(X.shape[1])


def _numbers(value: object, name: str) -> Tensor:
    tensor = floating_tensor(value, name)
    if tensor.dtype not in {torch.float32, torch.float64}:
        raise TypeError(f"{name} must be of float32 or float64, got {_kind(tensor)}")
    return finite(tensor, name).detach()


def _kind(tensor: Tensor) -> str:
    return str(tensor.dtype).removeprefix("torch.")
