"""Derivatives from values: difference quotients and the complex step.

Each rule takes a function that acts on every number of a tensor, and calls it once for
all points and all h. In ``forward_difference(f, x, h)`` the shapes of x and h broadcast:
points of shape ``(n,)`` against steps of shape ``(m, 1)`` give quotients of shape ``(m, n)``.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from gdbook._expect import finite, floating_tensor, number_or_tensor, positive_integer, shape

#: A function of real numbers, called with a tensor of any shape.
Function = Callable[[Tensor], Tensor]


def forward_difference(f: Function, x: Tensor, h: float | Tensor) -> Tensor:
    """Return (f(x + h) − f(x)) / h, whose error shrinks like h.

    Parameters
    ----------
    f : callable
        Acts on every number of a tensor.
    x : Tensor, any shape
        The points, floating-point; the quotient is computed in their dtype.
    h : float or Tensor
        The step, not zero; its shape broadcasts with that of `x`.

    Returns
    -------
    Tensor
        The quotients, of the shape that x and h broadcast to.

    Raises
    ------
    TypeError
        If `x` is no tensor of floating-point numbers or `h` no real number.
    ValueError
        If a number is not finite, h is zero in the dtype of x, the shapes do not
        broadcast, or f does not keep the shape.

    Notes
    -----
    Derived in *Differences instead of limits*.

    Examples
    --------
    >>> import torch
    >>> from gdbook.derivatives import forward_difference
    >>> forward_difference(torch.square, torch.tensor(1.0), 0.5)
    tensor(2.5000)
    """
    x, h = _points_and_steps(x, h)
    return (_values(f, x + h) - _values(f, x)) / h


def backward_difference(f: Function, x: Tensor, h: float | Tensor) -> Tensor:
    """Return (f(x) − f(x − h)) / h, whose error shrinks like h.

    Parameters, shapes and errors are those of `forward_difference`.

    Notes
    -----
    Derived in *Differences instead of limits*.

    Examples
    --------
    >>> import torch
    >>> from gdbook.derivatives import backward_difference
    >>> backward_difference(torch.square, torch.tensor(1.0), 0.5)
    tensor(1.5000)
    """
    x, h = _points_and_steps(x, h)
    return (_values(f, x) - _values(f, x - h)) / h


def central_difference(f: Function, x: Tensor, h: float | Tensor) -> Tensor:
    """Return (f(x + h) − f(x − h)) / 2h, whose error shrinks like h².

    Parameters, shapes and errors are those of `forward_difference`.

    Notes
    -----
    Derived in *Differences instead of limits*.

    Examples
    --------
    >>> import torch
    >>> from gdbook.derivatives import central_difference
    >>> central_difference(torch.square, torch.tensor(1.0), 0.5)
    tensor(2.)
    """
    x, h = _points_and_steps(x, h)
    return (_values(f, x + h) - _values(f, x - h)) / (2 * h)


def richardson(f: Function, x: Tensor, h: float | Tensor, levels: int = 1) -> Tensor:
    """Return central differences at h, h/2, h/4, … extrapolated to h = 0.

    The error of a central difference is a series in h², h⁴, h⁶, …; each level takes
    away its first term, so that the error shrinks like h to the power 2·levels + 2.

    Parameters
    ----------
    f, x, h
        As for `forward_difference`.
    levels : int
        How many terms of the error are taken away; 1 gives (4D(h/2) − D(h)) / 3.

    Returns
    -------
    Tensor
        The extrapolated quotients, of the shape that x and h broadcast to.

    Raises
    ------
    TypeError, ValueError
        As `forward_difference` does, and if `levels` is not a positive integer.

    Notes
    -----
    Richardson 1911, "the deferred approach to the limit".

    Examples
    --------
    >>> import torch
    >>> from gdbook.derivatives import richardson
    >>> richardson(lambda x: x**3, torch.tensor(1.0), 0.5)
    tensor(3.)
    """
    positive_integer(levels, "levels")
    x, h = _points_and_steps(x, h)
    halvings = torch.arange(levels + 1, dtype=x.dtype, device=x.device)
    ndim = max(x.ndim, h.ndim)
    table = central_difference(f, x, h / 2 ** halvings.reshape(-1, *[1] * ndim))
    for level in range(1, levels + 1):
        table = (4**level * table[1:] - table[:-1]) / (4**level - 1)
    return table[0]


def complex_step(f: Function, x: Tensor, h: float | Tensor | None = None) -> Tensor:
    """Return Im f(x + ih) / h, whose error shrinks like h² and which cancels nothing.

    Since nothing is subtracted, h may be so small that h² is nothing at all.

    Parameters
    ----------
    f : callable
        Acts on every number of a complex tensor, by an analytic formula (no absolute
        value, no comparison).
    x : Tensor, any shape
        The points, real and floating-point.
    h : float or Tensor, optional
        The step; 1e-200 in float64 and 1e-30 in float32 if it is not given.

    Returns
    -------
    Tensor
        The derivatives, real, of the shape that x and h broadcast to.

    Raises
    ------
    TypeError
        As `forward_difference` does, and if f gives back real numbers.
    ValueError
        As `forward_difference` does.

    Notes
    -----
    Lyness & Moler 1967; Squire & Trapp 1998. torch takes powers of complex numbers above
    the third by way of the logarithm, which loses the tiny imaginary part of numbers left
    of zero: write z⁴ as (z²)².
    Derived in *No subtraction, no cancellation*.

    Examples
    --------
    >>> import torch
    >>> from gdbook.derivatives import complex_step
    >>> complex_step(torch.exp, torch.tensor(0.0, dtype=torch.float64))
    tensor(1., dtype=torch.float64)
    """
    floating_tensor(x, "x")
    if h is None:
        h = 1e-200 if x.dtype == torch.float64 else 1e-30
    x, h = _points_and_steps(x, h)
    values = _values(f, torch.complex(x + torch.zeros_like(h), h + torch.zeros_like(x)))
    if not values.is_complex():
        raise TypeError(
            "complex_step needs a function with complex values, "
            "but f gave back real ones: its formula is not analytic"
        )
    return values.imag / h


def numerical_gradient(f: Function, x: Tensor, h: float | Tensor) -> Tensor:
    """Return the gradient of a function of vectors by central differences.

    f is called once, on all 2d neighbours of all points.

    Parameters
    ----------
    f : callable
        Takes points of shape ``(..., d)`` and returns values of shape ``(...)``.
    x : Tensor, shape (..., d)
        The points, floating-point.
    h : float or Tensor
        The step, not zero; a tensor broadcasts to the shape of `x`.

    Returns
    -------
    Tensor, shape (..., d)
        The gradients; their error shrinks like h².

    Raises
    ------
    TypeError, ValueError
        As `forward_difference` does, and if f does not return one value for each point.

    Examples
    --------
    >>> import torch
    >>> from gdbook.derivatives import numerical_gradient
    >>> numerical_gradient(lambda x: (x**2).sum(-1), torch.tensor([1.0, 2.0]), 0.5)
    tensor([2., 4.])
    """
    x, h = _points_and_steps(x, h)
    if x.ndim == 0:
        raise ValueError("x must have shape (..., d), got a single number")
    try:
        h = h.expand(x.shape)
    except RuntimeError:
        raise ValueError(f"h must broadcast to the shape of x {shape(x)}, got {shape(h)}") from None
    moves = torch.diag_embed(h)
    here = x.unsqueeze(-2)
    values = f(torch.stack([here + moves, here - moves]))
    expected = (2, *x.shape)
    if values.shape != expected:
        raise ValueError(
            f"f must return one value for each point: {expected} for points of shape "
            f"{(*expected, x.shape[-1])}, got {shape(values)}"
        )
    return (values[0] - values[1]) / (2 * h)


def _points_and_steps(x: Tensor, h: float | Tensor) -> tuple[Tensor, Tensor]:
    """Return x, and h as a tensor of its dtype, once they are known to fit."""
    finite(floating_tensor(x, "x"), "x")
    steps = finite(number_or_tensor(h, "h", like=x), "h")
    if bool((steps == 0).any()):
        given = torch.as_tensor(h, dtype=torch.float64)
        kind = str(x.dtype).removeprefix("torch.")
        raise ValueError(
            "h must not be zero: the quotient has no value there"
            if bool((given == 0).any())
            else f"h = {given[steps == 0].flatten()[0].item():g} is zero in {kind}"
        )
    try:
        _ = x + steps
    except RuntimeError:
        raise ValueError(
            f"the shapes of x {shape(x)} and h {shape(steps)} do not broadcast"
        ) from None
    return x, steps


def _values(f: Function, points: Tensor) -> Tensor:
    values = f(points)
    if not isinstance(values, Tensor) or values.shape != points.shape:
        got = shape(values) if isinstance(values, Tensor) else type(values).__name__
        raise ValueError(
            f"f must act on every number of a tensor: points of shape {shape(points)} "
            f"came back as {got}"
        )
    return values
