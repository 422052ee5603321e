"""Whether a minimum of a piecewise linear loss is the only one."""

from __future__ import annotations

import torch
from torch import Tensor

from gdbook.models.cones import direction_within

#: How near to its bound a dual number is at it.
AT_BOUND = 1e-9


def flat_direction(basis: Tensor, a: Tensor, touched: Tensor, q: float) -> Tensor | None:
    """Return a direction c along which the loss does not grow, or None if it grows along all.

    Along c the prediction of an interpolated sample grows by t = (basis @ c)ᵢ, and the loss by
    the sum of max over slopes b of (aᵢ − b)t: nothing where aᵢ = q and t ≤ 0, where aᵢ = q − 1
    and t ≥ 0, or where t = 0.
    """
    upper, lower = a >= q - AT_BOUND, a <= q - 1 + AT_BOUND
    inside = basis[touched & ~upper & ~lower]
    left = null_space(inside)
    sides = torch.cat([-basis[touched & upper], basis[touched & lower]]) @ left
    if not left.shape[1]:
        return None
    free = null_space(sides)
    if free.shape[1]:
        return left @ free[:, 0]
    c = direction_within(sides / sides.abs().amax())
    return None if c is None else left @ c


def null_space(rows: Tensor) -> Tensor:
    """Return an orthonormal basis of {c: rows @ c = 0}, as columns."""
    if not len(rows):
        return torch.eye(rows.shape[1], dtype=rows.dtype)
    _, s, Vt = torch.linalg.svd(rows)
    rank = int((s > 1e-10 * s[0]).sum()) if s[0] > 0 else 0
    basis: Tensor = Vt[rank:].T
    return basis
