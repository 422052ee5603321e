"""The loss of fitting a sine to points: the landscape that the book comes back to."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from gdbook._expect import finite, floating_tensor, shape
from gdbook.functions.arrays import symmetric, vector
from gdbook.functions.landscape import Landscape


def sine_loss(x: Tensor, y: Tensor) -> Landscape:
    """Return ½·mean((y − sin(ωx + t))²) as a landscape over points (ω, t).

    Parameters
    ----------
    x, y : Tensor, shape (n,)
        The data, floating-point and finite.

    Returns
    -------
    Landscape
        It takes points of shape ``(..., 2)``, ω first. The memory of one call grows
        with the number of points times n.

    Raises
    ------
    TypeError
        If `x` or `y` holds no floating-point numbers.
    ValueError
        If their shapes differ or are not (n,), or a number is not finite.

    Notes
    -----
    With u = ωx + t and the residual r = y − sin u, one row's loss ½r² has the derivative
    −r cos u by u: the minus sign that hand derivations lose. Its second derivative,
    cos 2u + y sin u, is at most 1 + |y|, so the largest eigenvalue of the mean of
    (1 + |y|)·(x, 1)(x, 1)ᵀ bounds the smoothness L. Derived in *A loss in nine steps*.
    """
    x = finite(floating_tensor(x, "x"), "x").detach()
    y = finite(floating_tensor(y, "y"), "y").detach()
    if x.ndim != 1 or x.shape != y.shape or not len(x):
        raise ValueError(
            f"x and y must both have the shape (n,), n > 0, got {shape(x)} and {shape(y)}"
        )
    x, y = x.double(), y.double()

    def parts(p: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        inputs, targets = x.to(p), y.to(p)
        return p[..., :1] * inputs + p[..., 1:], inputs, targets

    def value(p: Tensor) -> Tensor:
        u, _, targets = parts(p)
        return ((targets - torch.sin(u)) ** 2).mean(-1) / 2

    def gradient(p: Tensor) -> Tensor:
        u, inputs, targets = parts(p)
        slope = (torch.sin(u) - targets) * torch.cos(u)
        return vector((slope * inputs).mean(-1), slope.mean(-1))

    def hessian(p: Tensor) -> Tensor:
        u, inputs, targets = parts(p)
        bend = torch.cos(2 * u) + targets * torch.sin(u)
        bend_x = bend * inputs
        return symmetric((bend_x * inputs).mean(-1), bend_x.mean(-1), bend.mean(-1))

    weight = 1 + y.abs()
    moments = ((weight * x**2).mean(), (weight * x).mean(), weight.mean())
    return Landscape(
        name="sine_loss",
        title="the loss of sin(ωx + t) on data",
        formula=r"\tfrac{1}{2n}\sum_i(y_i - \sin(\omega x_i + t))^2",
        variables=(r"\omega", "t"),
        value_rule=value,
        gradient_rule=gradient,
        hessian_rule=hessian,
        domain=((0.0, 2 * math.pi), (-math.pi, math.pi)),
        minima_note="they depend on the data; descent finds them",
        smoothness=torch.linalg.eigvalsh(symmetric(*moments))[-1].item(),
        not_strongly_convex="it repeats itself in t, so it bends down as often as up",
        source="this book; its smoothness is a bound, not the smallest constant",
    )
