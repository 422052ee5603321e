"""The loss of the smallest network: one hidden unit, two weights."""

from __future__ import annotations

import torch
from torch import Tensor

from gdbook._expect import finite, floating_tensor, shape
from gdbook.functions.arrays import symmetric, vector
from gdbook.functions.landscape import Landscape


def unit_loss(x: Tensor, y: Tensor) -> Landscape:
    """Return ½·mean((y − v tanh(wx))²) as a landscape over points (w, v).

    Parameters
    ----------
    x, y : Tensor, shape (n,)
        The data, floating-point and finite.

    Returns
    -------
    Landscape
        It takes points of shape ``(..., 2)``, w first: the weight into the unit. The memory of
        one call grows with the number of points times n.

    Raises
    ------
    TypeError
        If `x` or `y` holds no floating-point numbers.
    ValueError
        If their shapes differ or are not (n,), or a number is not finite.

    Notes
    -----
    With h = tanh(wx) and the residual r = vh − y, one row's loss ½r² has the derivatives
    rv(1 − h²)x with respect to w and rh with respect to v. Since tanh is odd, (w, v) and
    (−w, −v) are the same function: each minimum has a twin, and (0, 0) is stationary.
    """
    x = finite(floating_tensor(x, "x"), "x").detach()
    y = finite(floating_tensor(y, "y"), "y").detach()
    if x.ndim != 1 or x.shape != y.shape or not len(x):
        raise ValueError(
            f"x and y must both have the shape (n,), n > 0, got {shape(x)} and {shape(y)}"
        )
    x, y = x.double(), y.double()

    def parts(p: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        inputs, out = x.to(p), p[..., 1:]
        h = torch.tanh(p[..., :1] * inputs)
        return out * h - y.to(p), h, (1 - h**2) * inputs, out

    def value(p: Tensor) -> Tensor:
        r, *_ = parts(p)
        return (r**2).mean(-1) / 2

    def gradient(p: Tensor) -> Tensor:
        r, h, slope, out = parts(p)
        return vector((r * out * slope).mean(-1), (r * h).mean(-1))

    def hessian(p: Tensor) -> Tensor:
        r, h, slope, out = parts(p)
        # d/dw of the slope (1 − h²)x is −2h(1 − h²)x².
        bend = -2 * h * slope * x.to(p)
        return symmetric(
            ((out * slope) ** 2 + r * out * bend).mean(-1),
            (out * slope * h + r * slope).mean(-1),
            (h**2).mean(-1),
        )

    return Landscape(
        name="unit_loss",
        title="the loss of v·tanh(wx), a network of one hidden unit, on data",
        formula=r"\tfrac{1}{2n}\sum_i(y_i - v\tanh(w x_i))^2",
        variables=("w", "v"),
        value_rule=value,
        gradient_rule=gradient,
        hessian_rule=hessian,
        domain=((-6.0, 6.0), (-2.0, 2.0)),
        minima_note="they depend on the data, and come in pairs (w, v), (−w, −v)",
        not_smooth="along w the second derivative grows like v²",
        not_strongly_convex="it is the same at (w, v) and (−w, −v), with higher points between",
    )
