"""The landscapes of the playground, and where a run begins on each."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from gdbook.datasets import DATASETS, load
from gdbook.functions import (
    Landscape,
    himmelblau,
    quadratic,
    ravine,
    rosenbrock,
    saddle,
    sine_loss,
    skewed,
    unit_loss,
    valleys,
    wave,
)

if TYPE_CHECKING:
    from gdbook.plots.play.state import State

Data = Callable[[], tuple[Tensor, Tensor]]
Model = Callable[[Tensor, Tensor], Tensor]


@dataclass(frozen=True)
class Ground:
    """A landscape to choose.

    Attributes
    ----------
    title : str
        Its name in the list.
    land : Landscape or callable
        The landscape; of data, what makes it from x and y.
    start : tuple of float
        Where a run begins, if nothing is said.
    rates : tuple of float
        η for a method that a reader adds: plain descent, momentum, and the adaptive ones.
    variables : tuple of str
        The names on the axes.
    data : callable, optional
        Returns x and y.
    model : callable, optional
        What the fitted model says: ``model(p, x)``.
    """

    title: str
    land: Landscape | Callable[[Tensor, Tensor], Landscape]
    start: tuple[float, float]
    rates: tuple[float, float, float]
    variables: tuple[str, str]
    data: Data | None = None
    model: Model | None = None

    @property
    def drawn(self) -> Landscape:
        """The landscape of the book's data, or the one that needs none."""
        if isinstance(self.land, Landscape):
            return self.land
        assert self.data is not None
        return self.land(*self.data())


@cache
def _sine_rows() -> tuple[Tensor, Tensor]:
    rows = load("sine_fit").train
    return rows["x"], rows["y"]


@cache
def _moon_rows() -> tuple[Tensor, Tensor]:
    """Return the height of each point of the moons above their middle, and its moon: 1 or −1."""
    rows = load("two_moons").train
    return rows["y"] - 0.25, 1 - 2 * rows["label"]


GROUNDS = MappingProxyType(
    {
        "ravine": Ground("Ravine", ravine, (-4.0, 1.5), (0.3, 0.1, 0.3), ("x", "y")),
        "skewed": Ground("Skewed quadratic", skewed, (-8.0, 6.0), (0.01, 0.005, 0.5), ("v₀", "v₁")),
        "wave": Ground(
            "g: a parabola across, a sine along",
            wave,
            (-4.0, 1.0),
            (0.5, 0.1, 0.3),
            ("x₀", "x₁"),
        ),
        "valleys": Ground(
            "Two valleys of a quartic", valleys, (0.3, 3.5), (0.05, 0.02, 0.2), ("x", "y")
        ),
        "rosenbrock": Ground(
            "Rosenbrock's valley", rosenbrock, (-1.2, 1.0), (0.001, 0.0005, 0.1), ("x", "y")
        ),
        "himmelblau": Ground(
            "Himmelblau's four valleys", himmelblau, (-0.5, -1.0), (0.01, 0.003, 0.2), ("x", "y")
        ),
        "saddle": Ground("Saddle", saddle, (-1.5, 0.01), (0.1, 0.03, 0.05), ("x", "y")),
        "sine": Ground(
            "Loss of a sine on data",
            sine_loss,
            (2.9, -0.6),
            (0.1, 0.03, 0.05),
            ("ω", "t"),
            _sine_rows,
            lambda p, x: torch.sin(p[..., :1] * x + p[..., 1:]),
        ),
        "network": Ground(
            "Loss of a network with two weights",
            unit_loss,
            (-1.0, 1.5),
            (1.0, 0.3, 0.1),
            ("w", "v"),
            _moon_rows,
            lambda p, x: p[..., 1:] * torch.tanh(p[..., :1] * x),
        ),
    }
)

#: The largest curvature of the ravine, whose smallest is this over κ.
STIFF = 4.0


def for_browser(name: str) -> dict[str, Any]:
    """Return what the browser needs of a landscape."""
    ground = GROUNDS[name]
    land = ground.drawn
    plain, momentum, scaled = ground.rates
    rates = dict.fromkeys(("adagrad", "rmsprop", "adam", "amsgrad", "adamw"), scaled)
    made: dict[str, Any] = {
        "kind": name,
        "title": ground.title,
        "domain": [list(ends) for ends in land.domain],
        "variables": list(ground.variables),
        "start": list(ground.start),
        "rates": {"sgd": plain, "momentum": momentum, "nesterov": momentum, **rates},
    }
    if name == "ravine":
        made["stiff"] = STIFF
    elif name in ("skewed", "saddle"):
        H = land.hessian(torch.zeros(2, dtype=torch.float64))
        made["H"] = [H[0, 0].item(), H[0, 1].item(), H[1, 1].item()]
    elif land.smoothness is not None:
        made["L"] = land.smoothness
    if ground.data is not None:
        made["x"], made["y"] = (column.tolist() for column in ground.data())
    if name == "sine":
        made["truth"] = sine_truth().tolist()
    return made


def sine_truth() -> Tensor:
    """Return the frequency and the phase that the sine's data are made from."""
    return torch.tensor(list(DATASETS["sine_fit"].truth.values()), dtype=torch.float64)


def ravine_matrix(kappa: float, angle: float) -> Tensor:
    """Return the matrix of a ravine: curvature 4 across, 4/κ along, turned by some degrees."""
    c, s = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    low = STIFF / kappa
    cross = (low - STIFF) * c * s
    return torch.tensor(
        [[low * c * c + STIFF * s * s, cross], [cross, low * s * s + STIFF * c * c]],
        dtype=torch.float64,
    )


def landscape_of(state: State) -> Landscape:
    """Return the landscape that a state is about."""
    ground = GROUNDS[state.f]
    if state.f == "ravine":
        return quadratic(ravine_matrix(state.kappa, state.angle), half_width=5.0)
    if ground.data is None or isinstance(ground.land, Landscape):
        return ground.drawn
    return ground.land(*rows_of(state))


def rows_of(state: State) -> tuple[Tensor, Tensor]:
    """Return the data of a state; of a blind date, the hidden ones."""
    from gdbook.plots.play.chance import hidden_truth

    ground = GROUNDS[state.f]
    assert ground.data is not None
    x, y = ground.data()
    if not state.blind or state.f != "sine":
        return x, y
    assert ground.model is not None
    hidden = torch.tensor(hidden_truth(state.blind), dtype=torch.float64)
    return x, y - ground.model(sine_truth(), x) + ground.model(hidden, x)
