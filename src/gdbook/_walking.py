"""The loop inside `gdbook.descent.descend`: steps, what is kept of them, and where runs stop."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Literal, NamedTuple

import torch
from torch import Tensor

from gdbook._expect import shape
from gdbook.functions import Landscape
from gdbook.trajectory import Trajectory

Keep = Literal["all", "last"]
Batches = Callable[[int], Tensor]

# Numbers in the points of one stretch: few enough to stay in the processor's cache.
_STRETCH = 2**14


class Ground(NamedTuple):
    """What the runs go down on.

    Attributes
    ----------
    slope : callable
        Takes points and the number of steps taken before, returns values and gradients; in
        place of values None, if `at_once` is there.
    at_once : Landscape or None
        Gives the values of a whole stretch of steps in one call.
    """

    slope: Callable[[Tensor, int], tuple[Tensor | None, Tensor]]
    at_once: Landscape | None = None


def ground_of(
    objective: Any, gradient: Callable[..., Tensor] | None, batches: Batches | None
) -> Ground:
    """Return what is known of an objective: `descend` says what the arguments are."""
    if gradient is not None:
        return Ground(_with_gradient(objective, gradient, batches))
    if batches is None and isinstance(objective, Landscape):
        return Ground(lambda x, _: (None, objective.subgradient(x).detach()), objective)
    return Ground(_by_autograd(objective, batches))


def _by_autograd(
    objective: Any, batches: Batches | None
) -> Callable[[Tensor, int], tuple[Tensor, Tensor]]:
    def slope(x: Tensor, step: int) -> tuple[Tensor, Tensor]:
        x = x.detach().requires_grad_()
        with torch.enable_grad():
            values = values_of(objective, batches, x, step)
            if not values.requires_grad:
                raise ValueError(
                    "autograd finds no way from the objective's values to the point; "
                    "compute them with torch, without detach, or give gradient="
                )
            # Each value depends on its own run alone, so the gradient of the sum holds all.
            (g,) = torch.autograd.grad(values.sum(), x)
        return values.detach(), g

    return slope


def _with_gradient(
    objective: Any, gradient: Callable[..., Tensor], batches: Batches | None
) -> Callable[[Tensor, int], tuple[Tensor, Tensor]]:
    def slope(x: Tensor, step: int) -> tuple[Tensor, Tensor]:
        at = _arguments(batches, x, step)
        value, g = _tensor(objective(*at)).detach(), gradient(*at).detach()
        if g.shape != x.shape:
            raise ValueError(
                f"gradient must return the shape of its points {shape(x)}, got {shape(g)}"
            )
        return value, g

    return slope


def values_of(objective: Any, batches: Batches | None, x: Tensor, step: int) -> Tensor:
    """Return the objective's values, before a step on the batch of that step."""
    return _tensor(objective(*_arguments(batches, x, step)))


def _arguments(batches: Batches | None, x: Tensor, step: int) -> tuple[Tensor, ...]:
    return (x,) if batches is None else (x, batches(step))


def _tensor(values: Any) -> Tensor:
    if not isinstance(values, Tensor):
        raise TypeError(f"objective must return a tensor, got {type(values).__name__}")
    return values


def walk(
    x: Tensor,
    ground: Ground,
    step_from: Callable[..., tuple[Tensor, dict[str, Any]]],
    *,
    steps: int,
    coordinates: int,
    keep: Keep,
) -> Trajectory:
    """Take the steps, and stop each run that meets inf or nan.

    On a landscape a stretch of steps is taken before one looks at the values: where a run
    stopped meanwhile, what came after is put right.
    """
    runs = x.shape[: x.ndim - coordinates]
    stretch = max(1, _STRETCH // max(1, x.numel())) if ground.at_once else 1
    kept = steps + 1 if keep == "all" else min(stretch, steps + 1)
    points, gradients = x.new_empty((kept, *x.shape)), x.new_empty((kept, *x.shape))
    values = x.new_empty((kept, *runs))
    diverged_at = torch.full(runs, -1, dtype=torch.int64, device=x.device)
    state: dict[str, Any] = {}
    rows = slice(0)
    for first in range(0, steps + 1, stretch):
        at, end = first if keep == "all" else 0, min(first + stretch, steps + 1)
        for row, step in enumerate(range(first, end), at):
            value, g = ground.slope(x, step)
            # Copied before the step: a rule may change what it is given.
            points[row], gradients[row] = x, g
            if value is not None:
                values[row] = value
            if step < steps:
                x, state = step_from(x, g, state, step)
        rows = slice(at, at + end - first)
        log = _Log(points[rows], values[rows], gradients[rows], first)
        if ground.at_once:
            log.values.copy_(ground.at_once(log.points))
        if not log.finite():
            x = torch.where(*log.stop(diverged_at, coordinates, ground), x)
    if keep == "last":
        points, values, gradients = (t[rows][-1:].clone() for t in (points, values, gradients))
    return Trajectory(points, values, gradients, steps, diverged_at)


class _Log(NamedTuple):
    """What is kept of a stretch of steps: a row for each, views of the trajectory's tensors."""

    points: Tensor
    values: Tensor
    gradients: Tensor
    first: int

    def finite(self) -> bool:
        """Return False if inf or nan may be there: a sum is finite only if every term is."""
        total = self.values.sum() + self.points.sum() + self.gradients.sum()
        return math.isfinite(total.item())

    def stop(self, diverged_at: Tensor, coordinates: int, ground: Ground) -> tuple[Tensor, Tensor]:
        """Let each run that met inf or nan stay where it did, and note in which step.

        Returns which runs have stopped, by now or before, and where they stay.
        """
        # Zero times a number is zero if, and only if, it is finite.
        zero = self.points * 0 + self.gradients * 0
        if coordinates:
            zero = zero.flatten(-coordinates).sum(-1)
        bad = zero + self.values * 0 != 0
        row, there, across = torch.zeros_like(diverged_at), self.points[0], [1] * coordinates
        if len(bad) == 1:
            diverged_at.masked_fill_(bad[0] & (diverged_at < 0), self.first)
        else:
            met = torch.where(bad.any(0), bad.int().argmax(0) + self.first, -1)
            diverged_at.copy_(torch.where(diverged_at < 0, met, diverged_at))
            row = (diverged_at - self.first).clamp(min=0)
            index = row.reshape((1, *row.shape, *across)).expand_as(self.points[:1])
            there = self.points.gather(0, index)[0]
        stopped = diverged_at >= 0
        stay = torch.where(there.isfinite(), torch.nan, there)
        if len(bad) > 1 and ground.at_once:
            step = torch.arange(len(bad), device=row.device).reshape(-1, *[1] * row.ndim)
            after = stopped & (step > row)
            whole = after.reshape((*after.shape, *across))
            self.points.copy_(torch.where(whole, stay, self.points))
            gradients = ground.slope(self.points, 0)[1]
            self.gradients.copy_(torch.where(whole, gradients, self.gradients))
            self.values.copy_(torch.where(after, ground.at_once(self.points), self.values))
        return stopped.reshape((*row.shape, *across)), stay
