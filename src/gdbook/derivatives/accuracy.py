"""How good a difference quotient is: error curves, measured orders, the best step."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from gdbook._expect import finite, floating_tensor, number_or_tensor, positive_integer, shape
from gdbook.derivatives.quotients import (
    Function,
    backward_difference,
    central_difference,
    forward_difference,
)

#: A difference quotient, as `central_difference`: function, points and step in, slopes out.
Rule = Callable[[Function, Tensor, Tensor], Tensor]


def error_curve(
    rule: Rule,
    f: Function,
    derivative: Function,
    x: float | Tensor,
    h: Tensor,
    *,
    dtype: torch.dtype = torch.float64,
    nearby: int = 1,
) -> Tensor:
    """Return |rule(f, x, h) − f'(x)| for a whole grid of h, in one call of the rule.

    The rule computes in `dtype`. The true derivative is taken in float64 at the very x
    that the rule sees, so that rounding x to float32 does not count as an error of the rule.

    Parameters
    ----------
    rule : callable
        One of the difference rules, or ``functools.partial(richardson, levels=3)``.
    f : callable
        Acts on every number of a tensor.
    derivative : callable
        The true derivative of f, likewise; it is called in float64.
    x : float or Tensor, any shape
        The points.
    h : Tensor, any shape
        The steps, not zero.
    dtype : torch.dtype
        What the rule computes in.
    nearby : int
        Where round-off rules, the error jumps by orders of magnitude from one h to the
        next. With an odd number above 1, each error is the median over as many steps,
        spread evenly in the logarithm between h/√2 and h·√2.

    Returns
    -------
    Tensor, shape (*h.shape, *x.shape), float64
        The absolute errors.

    Raises
    ------
    TypeError
        If `h` is no tensor of floating-point numbers.
    ValueError
        If `nearby` is not odd and positive, and as the rule does.

    Notes
    -----
    Derived in *How small should h be?*.

    Examples
    --------
    >>> import torch
    >>> from gdbook.derivatives import error_curve, forward_difference
    >>> h = torch.tensor([0.5, 0.25], dtype=torch.float64)
    >>> error_curve(forward_difference, torch.square, lambda x: 2 * x, 1.0, h)
    tensor([0.5000, 0.2500], dtype=torch.float64)
    """
    floating_tensor(h, "h")
    if positive_integer(nearby, "nearby") % 2 == 0:
        raise ValueError(f"nearby must be odd, so that there is a median, got {nearby}")
    points = torch.as_tensor(x, dtype=torch.float64).to(dtype)
    exponents = (torch.arange(nearby, dtype=torch.float64) + 0.5) / nearby - 0.5
    factors = torch.exp2(exponents)
    # Axes: nearby steps, steps, points.
    steps = factors.reshape(-1, *[1] * h.ndim) * h.double()
    quotients = rule(f, points, steps.to(dtype).reshape(*steps.shape, *[1] * points.ndim))
    errors = (quotients.double() - derivative(points.double())).abs()
    return errors.median(dim=0).values


def order(errors: Tensor, h: Tensor) -> Tensor:
    """Return p for errors that shrink like hᵖ: the slope of log error against log h.

    Parameters
    ----------
    errors : Tensor, shape (m, ...)
        Positive errors, one row for each step.
    h : Tensor, shape (m,)
        The steps, positive and not all the same.

    Returns
    -------
    Tensor, shape (...), float64
        The least-squares slopes.

    Raises
    ------
    TypeError
        If either is no tensor of floating-point numbers.
    ValueError
        If the shapes do not fit, or a logarithm does not exist.

    Notes
    -----
    Derived in *How small should h be?*.

    Examples
    --------
    >>> import torch
    >>> from gdbook.derivatives import order
    >>> h = torch.tensor([0.1, 0.01, 0.001], dtype=torch.float64)
    >>> order(3 * h**2, h).round(decimals=6)
    tensor(2., dtype=torch.float64)
    """
    floating_tensor(errors, "errors")
    floating_tensor(h, "h")
    if h.ndim != 1 or errors.ndim == 0 or len(errors) != len(h):
        raise ValueError(
            f"errors must have shape (m, ...) and h (m,), got {shape(errors)} and {shape(h)}"
        )
    for name, numbers in (("errors", errors), ("h", h)):
        if not bool((numbers > 0).all()) or not bool(numbers.isfinite().all()):
            raise ValueError(
                f"{name} must be positive and finite; take the order where no error is zero"
            )
    log_h, log_error = h.double().log(), errors.double().log()
    away = log_h - log_h.mean()
    if not bool((away.abs() > 1e-9).any()):
        raise ValueError("h must hold at least two different steps")
    slopes: Tensor = torch.tensordot(away, log_error, dims=1) / (away**2).sum()
    return slopes


def best_step(
    rule: Rule,
    value: float | Tensor,
    higher_derivative: float | Tensor,
    dtype: torch.dtype = torch.float64,
) -> Tensor:
    """Return the h at which a rule's bounds on truncation and round-off sum to the least.

    Parameters
    ----------
    rule : callable
        `forward_difference`, `backward_difference` or `central_difference`.
    value : float or Tensor, any shape
        f(x).
    higher_derivative : float or Tensor, any shape
        f″(x) for the one-sided rules, f‴(x) for the central one. Where it is zero
        there is nothing to balance and the answer is inf.
    dtype : torch.dtype
        What the quotient is computed in; its unit roundoff u is half of
        ``torch.finfo(dtype).eps``.

    Returns
    -------
    Tensor, float64
        The steps, of the shape that the two broadcast to.

    Raises
    ------
    ValueError
        If the rule is another one, or a number is not finite.

    Notes
    -----
    Each value of f is rounded, so wrong by up to u|f|. One-sided: h|f″|/2 + 2u|f|/h is
    least at h = 2√(u|f|/|f″|). Central: h²|f‴|/6 + u|f|/h is least at
    h = (3u|f|/|f‴|)^⅓. Derived in *How small should h be?*; compare
    Squire & Trapp 1998.

    Examples
    --------
    >>> import torch
    >>> from gdbook.derivatives import best_step, forward_difference
    >>> f"{best_step(forward_difference, 1.0, 1.0):.2e}"
    '2.11e-08'
    """
    like = torch.zeros((), dtype=torch.float64)
    size = finite(number_or_tensor(value, "value", like), "value").abs()
    bend = number_or_tensor(higher_derivative, "higher_derivative", like)
    noise = torch.finfo(dtype).eps / 2 * size / finite(bend, "higher_derivative").abs()
    if rule in (forward_difference, backward_difference):
        return 2 * noise.sqrt()
    if rule is central_difference:
        return torch.pow(3 * noise, 1 / 3)
    name = getattr(rule, "__name__", str(rule))
    raise ValueError(
        f"best_step knows forward_difference, backward_difference and central_difference, "
        f"got {name}"
    )
