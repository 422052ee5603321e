"""Random linear models, for the tests of this folder."""

from __future__ import annotations

import torch
from torch import Tensor

F64 = torch.float64

#: Samples and coefficients; square ones show a matrix that is used transposed.
SIZES = [(3, 3), (5, 1), (4, 3), (12, 2), (30, 5)]


def generator(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def normal(seed: int, *shape: int) -> Tensor:
    return torch.randn(shape, generator=generator(seed), dtype=F64)


def with_singular_values(seed: int, rows: int, values: Tensor) -> Tensor:
    """Return a random matrix with these singular values."""
    U, _ = torch.linalg.qr(normal(seed, rows, len(values)))
    V, _ = torch.linalg.qr(normal(seed + 1, len(values), len(values)))
    X: Tensor = U * values @ V.T
    return X


def conditioned(seed: int, rows: int, columns: int, condition: float) -> Tensor:
    """Return a random matrix of this condition number, whose largest singular value is √rows."""
    values = torch.logspace(0, 1, columns, base=1 / condition, dtype=F64)
    return with_singular_values(seed, rows, rows**0.5 * values)
