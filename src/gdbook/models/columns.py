"""The columns of a design matrix: their sizes, their rank and what they span."""

from __future__ import annotations

import torch
from torch import Tensor


def sizes(X: Tensor) -> Tensor:
    """Return each column's largest number by amount, and 1 for a column of zeros."""
    largest = X.abs().amax(0)
    return torch.where(largest > 0, largest, 1)


def column_basis(X: Tensor) -> Tensor:
    """Return an orthonormal basis of the span of X's columns, of shape (N, rank).

    The columns are brought to one size before their rank is found, so that units do not count.
    """
    U, s, _ = torch.linalg.svd(X / sizes(X), full_matrices=False)
    basis: Tensor = U[:, s > rank_tolerance(X) * s[0]]
    return basis


def rank_tolerance(X: Tensor) -> float:
    """Return how small a singular value counts as 0, beside the largest: as in NumPy."""
    return float(max(X.shape) * torch.finfo(X.dtype).eps)


def shortest_preimage(X: Tensor, fitted: Tensor) -> Tensor:
    """Return the w of least norm with Xw = fitted, where `fitted` is in the span of X's columns."""
    # Where the columns are independent there is one w only, and a column's size does not matter.
    independent = column_basis(X).shape[1] == X.shape[1]
    size = sizes(X) if independent else X.new_ones(X.shape[1])
    cut = rank_tolerance(X)
    solved = torch.linalg.lstsq(X / size, fitted[:, None], rcond=cut, driver="gelsd")
    solution: Tensor = solved.solution
    return solution[:, 0] / size
