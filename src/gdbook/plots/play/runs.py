"""What follows from a state: its runs, what theory says of them, each method's best rate."""

from __future__ import annotations

from typing import Any, NamedTuple

import torch
from torch import Tensor

from gdbook import rates
from gdbook.functions import Landscape
from gdbook.optimizers import rules
from gdbook.plots.play.chance import batches
from gdbook.plots.play.grounds import GROUNDS, landscape_of, rows_of
from gdbook.plots.play.state import State

RULES: dict[str, Any] = {
    "sgd": rules.sgd,
    "momentum": rules.sgd,
    "nesterov": rules.sgd,
    "adagrad": rules.adagrad,
    "rmsprop": rules.rmsprop,
    "adam": rules.adam,
    "amsgrad": rules.adam,
    "adamw": rules.adamw,
}
#: Methods whose rate on a quadratic is known.
PLAIN = ("sgd", "momentum", "nesterov")
#: Beyond it a run has left.
FAR = 1e9
#: The rates that a race tries: ten a decade.
RATES = torch.tensor([float(f"{10 ** (j / 10 - 4):.3g}") for j in range(51)], dtype=torch.float64)


class Run(NamedTuple):
    """A run: points of shape (n + 1, 2), values, and whether it left before its last step."""

    points: Tensor
    values: Tensor
    left: bool


class Prediction(NamedTuple):
    """What theory says of a method on a quadratic.

    Attributes
    ----------
    rate : float
        The factor by which a step shrinks the error, in the long run.
    edge : float
        The η below which the method converges.
    lowest : float
        The lowest curvature; where it is not positive, no η makes the method converge.
    """

    rate: float
    edge: float
    lowest: float


def run(state: State, method: str) -> Run:
    """Return the run of one method."""
    eta = torch.tensor(state.eta[method], dtype=torch.float64)
    points, values = _descend(state, method, eta)
    ends = _steps_inside(points, values)
    return Run(points[: ends + 1], values[: ends + 1], ends < state.steps)


def tuned(state: State) -> dict[str, float]:
    """Return for each method the lowest rate that is as good as any.

    Those of the race are tried, and the one that the method has. A rate's score is the mean loss
    over the last tenth of the steps; a run that left has none. As good are scores
    within a thousandth of the best: runs that arrived differ by rounding.
    """
    best = {}
    for method, now in state.eta.items():
        tried = torch.cat([RATES, torch.tensor([now], dtype=torch.float64)]).sort().values
        points, values = _descend(state, method, tried)
        inside = torch.tensor(
            [_steps_inside(points[:, i], values[:, i]) for i in range(len(tried))]
        )
        last = values[-max(1, (state.steps + 1) // 10) :].mean(0)
        scores = torch.where(inside == state.steps, last, torch.inf)
        lowest = scores.min()
        good = scores <= lowest + lowest.abs() / 1000
        best[method] = tried[good.nonzero()[0, 0]].item()
    return best


def _descend(state: State, method: str, eta: Tensor) -> tuple[Tensor, Tensor]:
    """Take all steps, for one rate or for many at once."""
    land, rule, options = landscape_of(state), RULES[method], state.options(method)
    x = torch.tensor(state.start, dtype=torch.float64).expand(*eta.shape, 2)
    drawn, parts = _batches(state)
    memory: dict[str, Any] = {}
    points, values = [x], [land(x)]
    for k in range(state.steps):
        at = land if drawn is None else parts(drawn[k])
        x, memory = rule(x, at.gradient(x), memory, lr=eta.unsqueeze(-1), **options)
        points.append(x)
        values.append(land(x))
    return torch.stack(points), torch.stack(values)


def _batches(state: State) -> tuple[Tensor | None, Any]:
    ground = GROUNDS[state.f]
    if ground.data is None or not state.batch:
        return None, None
    x, y = rows_of(state)
    if state.batch >= len(x):
        return None, None
    land: Any = ground.land
    return batches(state.seed, state.batch, len(x), state.steps), lambda i: land(x[i], y[i])


def _steps_inside(points: Tensor, values: Tensor) -> int:
    inside = values.isfinite() & (points.norm(dim=-1) < FAR)
    return int(inside.cumprod(0).sum()) - 1


def curvatures(land: Landscape) -> Tensor:
    """Return the eigenvalues of a quadratic's Hessian."""
    found: Tensor = torch.linalg.eigvalsh(land.hessian(torch.zeros(2, dtype=torch.float64)))
    return found


def predicted(state: State, method: str) -> Prediction | None:
    """Return what theory says of a method's run; None where it says nothing."""
    if state.f not in ("ravine", "skewed", "saddle") or method not in PLAIN:
        return None
    bends = curvatures(landscape_of(state)) + state.decay
    beta = 0.0 if method == "sgd" else state.beta
    nesterov = method == "nesterov"
    shrinks = rates.spectral_radius(state.eta[method], bends, beta, nesterov=nesterov).max()
    edge = rates.largest_stable_rate(bends[-1], beta, nesterov=nesterov)
    return Prediction(shrinks.item(), edge.item(), bends[0].item())


def measured(made: Run) -> float | None:
    """Return the factor that a run shows on a quadratic; None if it is too short, or arrived."""
    pairs = torch.cat([made.points[1:], made.points[:-1]], -1).norm(dim=-1)
    if len(pairs) < 8 or not bool((pairs > 0).all()):
        return None
    return rates.measured_rate(pairs).item()
