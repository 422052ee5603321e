"""Vectors and matrices put together from batches of numbers."""

from __future__ import annotations

import torch
from torch import Tensor


def vector(*parts: Tensor) -> Tensor:
    """Stack numbers of one shape ``(...)`` to vectors of shape ``(..., d)``."""
    return torch.stack(parts, dim=-1)


def symmetric(xx: Tensor, xy: Tensor, yy: Tensor) -> Tensor:
    """Stack numbers of one shape ``(...)`` to the matrices [[xx, xy], [xy, yy]]."""
    return torch.stack([vector(xx, xy), vector(xy, yy)], dim=-2)
