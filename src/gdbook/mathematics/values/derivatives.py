"""Exact derivatives of functions of all draws at once, by autograd; all of them nest.

Draws do not depend on each other, so the gradient of the sum over the draws holds the gradient
of each. Plain reverse mode is several times faster here than ``torch.func.jvp``.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

Smooth = Callable[[Tensor], Tensor]


def jacobian(f: Smooth, x: Tensor, rows: int) -> Tensor:
    """Return all partial derivatives, of shape ``(draws, *shape of f(x), *shape of x)``.

    They can be differentiated again where gradients are enabled.
    """
    again = torch.is_grad_enabled()
    with torch.enable_grad():
        if x.shape[0] < rows:
            x = x.expand(rows, *x.shape[1:])
        x = x.view_as(x) if x.requires_grad else x.detach().clone().requires_grad_()
        y = f(x)
        if y.shape[0] < rows:
            y = y.expand(rows, *y.shape[1:])
        if not y.requires_grad:
            return torch.zeros((*y.shape, *x.shape[1:]), dtype=y.dtype)
        flat = y.reshape(rows, -1)
        count = flat.shape[1]
        parts = [
            torch.autograd.grad(
                flat[:, i].sum(),
                x,
                retain_graph=again or i + 1 < count,
                create_graph=again,
                materialize_grads=True,
            )[0]
            for i in range(count)
        ]
        return torch.stack(parts, 1).reshape((*y.shape, *x.shape[1:]))


def along(f: Smooth, x: Tensor, v: Tensor, rows: int) -> Tensor:
    """Return the directional derivative."""
    found = jacobian(f, x, rows)
    inner = x.ndim - 1
    if not inner:
        return found * v.reshape(-1, *[1] * (found.ndim - 1))
    v = v.reshape(v.shape[0], *[1] * (found.ndim - 1 - inner), *v.shape[1:])
    return (found * v).sum(tuple(range(found.ndim - inner, found.ndim)))


def hessian(f: Smooth, x: Tensor, rows: int) -> Tensor:
    """Return the second derivatives of a function of one vector."""
    return jacobian(lambda y: jacobian(f, y, rows), x, rows)
