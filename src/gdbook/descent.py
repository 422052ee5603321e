"""The loop that every chapter shares, for thousands of runs at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, get_args

import torch
from torch import Tensor

from gdbook._expect import (
    finite,
    floating_tensor,
    number_or_tensor,
    positive_integer,
    shape,
)
from gdbook.functions import Landscape
from gdbook.trajectory import Trajectory, basin

__all__ = ["Trajectory", "basin", "descend"]

Objective = Callable[[Tensor], Tensor]
Keep = Literal["all", "last"]


def descend(
    objective: Objective,
    x0: Tensor,
    learning_rate: float | Tensor,
    steps: int,
    *,
    gradient: Objective | None = None,
    keep: Keep = "all",
) -> Trajectory:
    """Take `steps` steps x ← x − η∇f(x) from each start, in all runs at once.

    Parameters
    ----------
    objective : callable
        What is minimised: a `Landscape`, or any function of tensors that returns one value
        for each run and in which no run depends on another. What shape of values it returns
        for `x0` says how many runs there are.
    x0 : Tensor, shape (*runs) on a line, (*runs, d) in d dimensions
        The starts, floating-point.
    learning_rate : float or Tensor
        η; a tensor broadcasts with `runs`: starts of shape ``(500, 1)`` on a line and rates
        of shape ``(300,)`` make 500 × 300 runs. Zero and negative rates are allowed.
    steps : int
        How many steps, at least one.
    gradient : callable, optional
        Takes points, returns their gradients. If it is not given, a landscape's own is used,
        at a kink torch's subgradient; any other function is differentiated by autograd.
    keep : {"all", "last"}
        ``"last"`` keeps only the last point, value and gradient of each run. The whole path
        of 500 × 500 runs and 50 steps takes 300 MB.

    Returns
    -------
    Trajectory

    Raises
    ------
    TypeError
        If `x0` is no tensor of floating-point numbers or `learning_rate` no real number.
    ValueError
        If a start or a rate is not finite, `steps` is not a positive integer, shapes do
        not fit, or autograd finds no way from the objective to the point.

    Notes
    -----
    Cauchy 1847. Derived in the chapters on descent in one and in several dimensions.
    """
    x = finite(floating_tensor(x0, "x0"), "x0").detach()
    rate = finite(number_or_tensor(learning_rate, "learning_rate", like=x), "learning_rate")
    positive_integer(steps, "steps")
    if keep not in get_args(Keep):
        raise ValueError(f"keep must be 'all' or 'last', got {keep!r}")
    slope = _slope(objective, gradient)

    runs = _runs(objective, x)
    coordinates = x.ndim - len(runs)
    try:
        runs = (torch.zeros(runs, device=x.device) + rate).shape
    except RuntimeError:
        raise ValueError(
            f"learning_rate of shape {shape(rate)} does not fit runs of shape {tuple(runs)}"
        ) from None
    x = x.expand((*runs, *x.shape[x.ndim - coordinates :])).clone()
    across = [1] * coordinates
    rate = rate.reshape((*rate.shape, *across))

    kept = steps + 1 if keep == "all" else 1
    points, gradients = x.new_empty((kept, *x.shape)), x.new_empty((kept, *x.shape))
    values = x.new_empty((kept, *runs))
    diverged_at = torch.full(runs, -1, dtype=torch.int64, device=x.device)
    for step in range(steps + 1):
        value, g = slope(x)
        row = step if keep == "all" else 0
        points[row], values[row], gradients[row] = x, value, g
        moved = x - rate * g
        # A sum is finite only if every term is: one number tells whether to look closer.
        if not bool((value.sum() + x.sum() + g.sum()).isfinite()):
            fine = value.isfinite() & _all(x.isfinite() & g.isfinite(), coordinates)
            diverged_at = torch.where((diverged_at < 0) & ~fine, step, diverged_at)
            alive = (diverged_at < 0).reshape((*runs, *across))
            moved = torch.where(alive, moved, torch.where(x.isfinite(), torch.nan, x))
        x = moved
    return Trajectory(points, values, gradients, steps, diverged_at)


def _slope(
    objective: Objective, gradient: Objective | None
) -> Callable[[Tensor], tuple[Tensor, Tensor]]:
    """Return the function that gives values and gradients at points."""
    rule = gradient
    if rule is None and isinstance(objective, Landscape):
        rule = objective.subgradient
    if rule is None:
        return lambda x: _by_autograd(objective, x)
    given = rule

    def slope(x: Tensor) -> tuple[Tensor, Tensor]:
        value, g = objective(x).detach(), given(x).detach()
        if g.shape != x.shape:
            raise ValueError(
                f"gradient must return the shape of its points {shape(x)}, got {shape(g)}"
            )
        return value, g

    return slope


def _by_autograd(objective: Objective, x: Tensor) -> tuple[Tensor, Tensor]:
    x = x.detach().requires_grad_()
    with torch.enable_grad():
        values = objective(x)
        if not values.requires_grad:
            raise ValueError(
                "autograd finds no way from the objective's values to the point; "
                "compute them with torch, without detach, or give gradient="
            )
        # Each value depends on its own run alone, so the gradient of the sum holds them all.
        (g,) = torch.autograd.grad(values.sum(), x)
    return values.detach(), g


def _runs(objective: Objective, x: Tensor) -> tuple[int, ...]:
    """Return the shape of the runs: that of the values, which must be how x begins."""
    with torch.no_grad():
        values = objective(x)
    if not isinstance(values, Tensor):
        raise TypeError(f"objective must return a tensor, got {type(values).__name__}")
    if values.shape != x.shape[: values.ndim]:
        raise ValueError(
            f"objective must return one value for each run: for points of shape {shape(x)} "
            f"it returned {shape(values)}"
        )
    return tuple(values.shape)


def _all(flags: Tensor, coordinates: int) -> Tensor:
    """Return where all of a run's coordinates are true."""
    return flags.flatten(-coordinates).all(-1) if coordinates else flags
