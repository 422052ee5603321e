"""Letters that are numbers, vectors or matrices."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

from gdbook.mathematics.kinds import NUMBER, Kind, Size, matrix_of, vector_of
from gdbook.mathematics.letters.declared import Declared, Raw, Sizes, normal
from gdbook.mathematics.values.environment import REAL


def real(low: float = -2.0, high: float = 2.0, *, fixed: bool = False) -> Declared:
    """Declare a number between two others, which it does not reach.

    Parameters
    ----------
    low, high : float
        The ends of the range.
    fixed : bool
        Whether a bare ∇ leaves it alone.

    Raises
    ------
    ValueError
        If the lower end is not below the upper one.
    """
    if not low < high:
        raise ValueError(f"real({low}, {high}): the lower end must be below the upper one")

    def build(raw: Raw, _: Sizes) -> Tensor:
        return low + (high - low) * 0.5 * (1 + torch.erf(raw[0] / math.sqrt(2)))

    ends = [low + (high - low) * s for s in (1e-6, 1 - 1e-6)]
    corners = (*ends, *(c for c in (0.0, 1.0, -1.0) if low < c < high))
    return Declared(NUMBER, normal(NUMBER), build, corners=corners, low=low, high=high, fixed=fixed)


def positive(high: float = 4.0) -> Declared:
    """Declare a positive number."""
    return real(0.05, high)


def integers(low: int, high: int) -> Declared:
    """Declare a whole number from low to high, both included.

    Raises
    ------
    ValueError
        If the lower end is greater than the upper one.
    """
    if not low <= high:
        raise ValueError(f"integers({low}, {high}): the lower end must not exceed the upper one")

    def build(raw: Raw, _: Sizes) -> Tensor:
        share = 0.5 * (1 + torch.erf(raw[0] / math.sqrt(2)))
        return (low + torch.floor((high - low + 1) * share)).clamp(low, high)

    return Declared(
        NUMBER, normal(NUMBER), build, corners=(low, high), low=low, high=high, whole=True
    )


def vector(
    n: Size,
    *,
    first: int = 0,
    fixed: bool = False,
    unit: bool = False,
    positive: bool = False,
    probabilities: bool = False,
    by: Callable[..., Any] | None = None,
) -> Declared:
    """Declare a column of numbers.

    Parameters
    ----------
    n : str or int
        How many: a name, for which sizes from 1 to 4 are tried, or a number.
    first : int
        The index of the first entry.
    fixed : bool
        Whether a bare ∇ leaves it alone.
    unit, positive, probabilities : bool
        Whether its length is 1, its entries are positive, and sum to 1.
    by : callable, optional
        Code that computes it from other letters, which its parameters name.
    """
    kind = vector_of(n)

    def build(raw: Raw, _: Sizes) -> Tensor:
        (x,) = raw
        if probabilities:
            return torch.softmax(x, -1)
        if positive:
            return x.exp()
        return x / torch.linalg.vector_norm(x, dim=-1, keepdim=True) if unit else x

    if by is not None:
        return Declared(kind, by=by, first=first, fixed=fixed)
    corners = ("basis",) if unit else () if positive or probabilities else ("zero", "ones", "basis")
    return Declared(kind, normal(kind), build, corners=corners, first=first, fixed=fixed)


def matrix(
    m: Size,
    n: Size,
    *,
    symmetric: bool = False,
    positive: bool = False,
    orthogonal: bool = False,
    diagonal: bool = False,
    skew: bool = False,
    first: int = 0,
    by: Callable[..., Any] | None = None,
) -> Declared:
    """Declare a matrix with m rows and n columns.

    Parameters
    ----------
    m, n : str or int
        Its sizes. Different names are different sizes.
    symmetric, positive, orthogonal, diagonal, skew : bool
        What it is besides; ``positive`` means symmetric with positive eigenvalues.
    first : int
        The index of the first row and column.
    by : callable, optional
        Code that computes it from other letters, which its parameters name.

    Raises
    ------
    ValueError
        If a matrix that is not square should be one of these.
    """
    kind = matrix_of(m, n)
    special = symmetric or positive or orthogonal or diagonal or skew
    if special and m != n:
        raise ValueError(f"matrix({m!r}, {n!r}): only a square matrix can be that")

    def build(raw: Raw, _: Sizes) -> Tensor:
        (x,) = raw
        turned = x.transpose(-1, -2)
        if positive:
            return x @ turned + 0.2 * torch.eye(x.shape[-1], dtype=REAL)
        if orthogonal:
            q: Tensor = torch.linalg.qr(x)[0]
            return q
        if diagonal:
            return torch.diag_embed(x.diagonal(dim1=-2, dim2=-1))
        if skew:
            return x - turned
        return (x + turned) / 2 if symmetric else x

    if by is not None:
        return Declared(kind, by=by, first=first)
    corners: tuple[str, ...] = ("zero",) if special else ("zero", "ones")
    corners = ("eye",) if positive or orthogonal else corners
    return Declared(kind, normal(kind), build, corners=corners, first=first)


def identity(n: Size) -> Declared:
    """Declare the identity matrix."""
    return Declared(
        matrix_of(n, n),
        rule=lambda env: torch.eye(env.draws.size(n or 0), dtype=REAL).unsqueeze(0),
    )


def basis(n: Size, *, first: int = 0) -> Declared:
    """Declare the unit vectors e_i."""
    kind = Kind("family", (n,), result=vector_of(n))
    return replace(identity(n), kind=kind, member=vector(n, first=first), first=first)


def ones(n: Size) -> Declared:
    """Declare the vector of ones."""
    return Declared(
        vector_of(n), rule=lambda env: torch.ones(1, env.draws.size(n or 0), dtype=REAL)
    )
