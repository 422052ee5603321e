"""The loop that every chapter shares, for thousands of runs at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, get_args

import torch
from torch import Tensor

from gdbook._expect import (
    finite,
    floating_tensor,
    number_or_tensor,
    positive_integer,
    shape,
)
from gdbook._walking import Keep, ground_of, values_of, walk
from gdbook.trajectory import Trajectory, basin

__all__ = ["Trajectory", "basin", "descend"]

Objective = Callable[[Tensor], Tensor]
OnBatch = Callable[[Tensor, Tensor], Tensor]


class Rule(Protocol):
    """One step of a method, as those of `gdbook.optimizers.rules` are."""

    def __call__(
        self, x: Tensor, g: Tensor, state: dict[str, Any], /, *, lr: Tensor
    ) -> tuple[Tensor, dict[str, Any]]:
        """Return the next point and state."""


def _plain(
    x: Tensor, g: Tensor, state: dict[str, Any], /, *, lr: Tensor
) -> tuple[Tensor, dict[str, Any]]:
    return x - lr * g, state


def descend(
    objective: Objective | OnBatch,
    x0: Tensor,
    learning_rate: float | Tensor | Callable[[int], float | Tensor],
    steps: int,
    *,
    rule: Rule | None = None,
    batches: Callable[[int], Tensor] | None = None,
    gradient: Objective | OnBatch | None = None,
    keep: Keep = "all",
    **hyper_parameters: Any,
) -> Trajectory:
    """Take `steps` steps from each start, in all runs at once.

    Without a rule the step is x ← x − η∇f(x).

    Parameters
    ----------
    objective : callable
        What is minimised: a `Landscape`, or any function of tensors that returns one value
        for each run and in which no run depends on another. What shape of values it returns
        for `x0` says how many runs there are.
    x0 : Tensor, shape (*runs) on a line, (*runs, d) in d dimensions
        The starts, floating-point.
    learning_rate : float, Tensor or callable
        η; a tensor broadcasts with `runs`: starts of shape ``(500, 1)`` on a line and rates
        of shape ``(300,)`` make 500 × 300 runs. Zero and negative rates are allowed. A
        schedule takes the number of steps taken before, from 0, and returns either.
    steps : int
        How many steps, at least one.
    rule : callable, optional
        The step of another method: `gdbook.optimizers.sgd`, another of these rules, or a
        function like them.
    batches : callable, optional
        Takes the number of steps taken before, returns indices of samples, of shape
        ``(*runs, B)``, as those of `gdbook.sampling` do. The objective is then called with
        points and indices, ``objective(x, rows)``; values and gradients are those on the batch.
    gradient : callable, optional
        Takes points, with `batches` also indices, returns gradients. If it is not given, a
        landscape's own is used, at a kink torch's subgradient; any other function is
        differentiated by autograd.
    keep : {"all", "last"}
        ``"last"`` keeps only the last point, value and gradient of each run. The whole path
        of 500 × 500 runs and 50 steps takes 300 MB.
    **hyper_parameters : number, bool, Tensor or tuple of these
        What the rule takes beside the rate: ``momentum=0.9``, ``betas=(0.9, beta2)``. A tensor
        broadcasts with `runs`, as rates do.

    Returns
    -------
    Trajectory

    Raises
    ------
    TypeError
        If `x0` is no tensor of floating-point numbers, `learning_rate` no real number, or the
        rule does not take a hyper-parameter.
    ValueError
        If a start or a rate is not finite, `steps` is not a positive integer, shapes do
        not fit, or autograd finds no path from the objective to the point.

    Notes
    -----
    Cauchy 1847. Derived in *Descent in one dimension*, *Against the slope*, and in *Gradients in
    several dimensions*, *Gradient descent in the plane*.

    Examples
    --------
    >>> import torch
    >>> from gdbook.descent import descend
    >>> run = descend(torch.square, torch.tensor([1.0, -2.0]), 0.25, steps=3)
    >>> run.points
    tensor([[ 1.0000, -2.0000],
            [ 0.5000, -1.0000],
            [ 0.2500, -0.5000],
            [ 0.1250, -0.2500]])
    """
    x = finite(floating_tensor(x0, "x0"), "x0").detach()
    positive_integer(steps, "steps")
    if keep not in get_args(Keep):
        raise ValueError(f"keep must be 'all' or 'last', got {keep!r}")
    if rule is None and hyper_parameters:
        raise TypeError(
            f"descend takes no {', '.join(hyper_parameters)} without a rule; "
            "name one, such as rule=gdbook.optimizers.sgd"
        )
    schedule = learning_rate if callable(learning_rate) else None
    move: Any = rule or _plain

    ground = ground_of(objective, gradient, batches)
    with torch.no_grad():
        values = values_of(objective, batches, x, 0)
    runs = tuple(values.shape)
    if runs != x.shape[: len(runs)]:
        raise ValueError(
            f"objective must return one value for each run: for points of shape {shape(x)} "
            f"it returned {shape(values)}"
        )
    coordinates = x.ndim - len(runs)
    across = [1] * coordinates

    def fitting(value: Any, name: str) -> Any:
        """Return a hyper-parameter as it broadcasts with points."""
        if isinstance(value, tuple):
            return tuple(fitting(one, name) for one in value)
        if isinstance(value, bool):
            return value
        made = finite(number_or_tensor(value, name, like=x), name)
        # A number stays a number: rules may ask whether it is zero.
        return made.reshape((*made.shape, *across)) if isinstance(value, Tensor) else value

    def rate_at(step: int) -> Tensor:
        given = schedule(step) if schedule else learning_rate
        made = finite(number_or_tensor(given, "learning_rate", like=x), "learning_rate")
        return made.reshape((*made.shape, *across))

    rate = rate_at(0)
    options = {name: fitting(value, name) for name, value in hyper_parameters.items()}
    for name, value in [("learning_rate", rate), *_tensors(options)]:
        own = value.shape[: value.ndim - coordinates]
        try:
            runs = tuple((torch.zeros(runs) + torch.zeros(own)).shape)
        except RuntimeError:
            raise ValueError(
                f"{name} of shape {tuple(own)} does not fit runs of shape {tuple(runs)}"
            ) from None
    x = x.expand((*runs, *x.shape[x.ndim - coordinates :])).clone()

    def step_from(
        x: Tensor, g: Tensor, state: dict[str, Any], step: int
    ) -> tuple[Tensor, dict[str, Any]]:
        lr = rate_at(step) if schedule else rate
        made: tuple[Tensor, dict[str, Any]] = move(x, g, state, lr=lr, **options)
        return made

    return walk(x, ground, step_from, steps=steps, coordinates=coordinates, keep=keep)


def _tensors(options: dict[str, Any]) -> list[tuple[str, Tensor]]:
    """Return the tensors among hyper-parameters, those in tuples too, with their names."""
    found = []
    for name, value in options.items():
        parts = value if isinstance(value, tuple) else (value,)
        found += [(name, part) for part in parts if isinstance(part, Tensor)]
    return found
