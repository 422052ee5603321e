"""The still of a playground: the map, deep where it is dark, with the paths, and the losses."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import numpy as np
import torch
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from numpy.typing import NDArray

from gdbook import style
from gdbook.plots.base import figure as open_figure
from gdbook.plots.base import halo
from gdbook.plots.play.grounds import GROUNDS, landscape_of
from gdbook.plots.play.runs import run
from gdbook.plots.play.state import METHODS, State

#: Colour and dashes of each method: both differ.
LOOKS = MappingProxyType(
    {
        "sgd": ("orange", ""),
        "momentum": ("blue", "9 3"),
        "nesterov": ("green", "9 3 2 3"),
        "adagrad": ("grey", "4 3"),
        "rmsprop": ("purple", "2 3"),
        "adam": ("red", "14 4"),
        "amsgrad": ("gold", "9 3 2 3 2 3"),
        "adamw": ("ink", "6 6"),
    }
).copy()
#: Points of the map in each direction, and its bands.
SIDE, BANDS = 240, 16
DEEP, HIGH = (31, 77, 114), (228, 239, 246)


def draw(state: State) -> Figure:
    """Draw the map and the losses of a state."""
    figure, (left, right) = open_figure(1, 2, height=3.1)
    left.set_box_aspect(1)
    right.set_box_aspect(1)
    ground = GROUNDS[state.f]
    (x0, x1), (y0, y1) = domain = ground.drawn.domain
    shown = np.zeros((1, 1)) if state.blind else bands(state)
    ramp = np.linspace(DEEP, HIGH, BANDS) / 255
    left.imshow(
        shown,
        cmap=ListedColormap(ramp[-1:] if state.blind else ramp),
        extent=(x0, x1, y0, y1),
        origin="lower",
        aspect="auto",
        interpolation="nearest",
    )
    left.set(xlim=domain[0], ylim=domain[1], xlabel=ground.variables[0])
    left.set_ylabel(ground.variables[1], rotation=0)
    for method in state.eta:
        _line(left, right, state, method)
    left.plot(*state.start, "o", color=style.colour("paper"), mec=style.colour("ink"), zorder=4)
    right.set(xlabel="step", ylabel="loss", xlim=(0, state.steps))
    if not state.linear and _positive(state):
        right.set_yscale("log")
        right.minorticks_off()
    figure.legend(loc="outside upper left", ncols=3, handlelength=2.4)
    return figure


def _line(left: Any, right: Any, state: State, method: str) -> None:
    made = run(state, method)
    name, dashes = LOOKS[method]
    look: dict[str, Any] = {"color": style.colour(name), "lw": 1.8}
    if dashes:
        look["dashes"] = [float(part) / 2 for part in dashes.split()]
    left.plot(*made.points.T.numpy(), path_effects=halo(), **look)
    left.plot(*made.points[-1].numpy(), "o", color=look["color"], ms=5, path_effects=halo())
    right.plot(made.values.numpy(), label=METHODS[method], **look)


def _positive(state: State) -> bool:
    return all(bool((run(state, method).values > 0).all()) for method in state.eta)


def bands(state: State) -> NDArray[np.int64]:
    """Return for each point of the map its band, the deepest 0: each covers an equal area."""
    sides = [torch.linspace(*ends, SIDE, dtype=torch.float64) for ends in _domain(state)]
    grid = torch.stack(torch.meshgrid(*sides, indexing="xy"), -1)
    values = landscape_of(state)(grid).numpy()
    levels = np.quantile(values, np.linspace(0, 1, BANDS + 1)[1:-1] ** 1.3)
    found: NDArray[np.int64] = np.digitize(values, levels)
    return found


def _domain(state: State) -> tuple[tuple[float, float], ...]:
    return GROUNDS[state.f].drawn.domain
