"""Where a function with one stationary point is least, for all draws at once."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from gdbook.mathematics.values import derivatives

_ROUNDS = 60


def stationary(f: Callable[[Tensor], Tensor], start: Tensor, rows: int) -> Tensor:
    """Return where a convex function is least, by damped Newton steps; NaN where they fail."""
    x = start.expand(rows, *start.shape[1:]).detach().clone()
    for _ in range(_ROUNDS):
        g = derivatives.jacobian(f, x, rows).detach()
        h = derivatives.jacobian(lambda y: derivatives.jacobian(f, y, rows), x, rows).detach()
        if x.ndim == 1:
            step = torch.where(h > 0, g / h, g)
        else:
            step = torch.linalg.lstsq(h, g.unsqueeze(-1)).solution.squeeze(-1)
        if bool((step.abs() <= 1e-15 * (1 + x.abs())).all()):
            break
        here, t = f(x).detach(), torch.ones_like(g)
        for _ in range(30):
            moved = f(x - t * step).detach()
            worse = ~(moved <= here + 1e-14 * here.abs())
            if not bool(worse.any()):
                break
            t = torch.where(worse.reshape(-1, *[1] * (x.ndim - 1)), t / 2, t)
        x = x - t * step
    slope = derivatives.jacobian(f, x, rows).detach()
    return torch.where(slope.abs() < 1e-6, x, torch.nan)
