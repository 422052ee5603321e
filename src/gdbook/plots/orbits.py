"""Where runs go on going: the last points of many runs over one parameter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb

from gdbook import style
from gdbook.plots.base import Array, array, axes_or_new, halo, told_apart

_ROWS = 320
# A cell is full when it is met this often as in a run spread evenly over the axis, and has
# one of few shades: a picture of noise in every shade would weigh five times as much.
_DENSE, _SHADES = 24.0, 5


def bifurcation(
    parameter: Any,
    orbits: Mapping[str, Any],
    *,
    xlabel: str = "learning rate",
    ylabel: str = "$x$",
    ax: Axes | None = None,
) -> Axes:
    """Draw over each value of a parameter the points that a run visits in the end.

    A run that settles leaves one dot, a two-cycle two, a run that never repeats itself a
    cloud, darker where it comes by more often. The clouds are an image: thousands of points
    over each value cost nothing.

    Parameters
    ----------
    parameter : Tensor or array, shape (n,)
        What varies along the axis; evenly spaced, increasing.
    orbits : mapping of str to Tensor or array, shape (k, n)
        Label → the last k points of the run at each parameter. What is inf or nan, as of a
        run that diverged, is left out. Each label is written above where its first run ends.
    xlabel, ylabel : str
    ax : Axes, optional

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        If shapes don't fit, no point is finite, or there are more orbits than colours.
    """
    across = array(parameter)
    gaps = np.diff(across)
    if across.ndim != 1 or not len(gaps) or not (gaps > 0).all() or np.ptp(gaps) > 1e-3 * gaps[0]:
        raise ValueError("parameter must be evenly spaced, increasing numbers, at least two")
    told_apart(len(orbits), "orbits")
    clouds = {label: array(data) for label, data in orbits.items()}
    for label, points in clouds.items():
        if points.ndim != 2 or points.shape[1] != len(across):
            raise ValueError(f"{label!r} must have shape (k, {len(across)}), got {points.shape}")
    met = np.concatenate([points[np.isfinite(points)] for points in clouds.values()])
    if not len(met):
        raise ValueError("there is no finite point to draw")
    pad = 0.04 * max(np.ptp(met), 1e-3)
    low, high = met.min() - pad, met.max() + pad

    ax = axes_or_new(ax, height=4.4)
    half = gaps[0] / 2
    box = (across[0] - half, across[-1] + half, low, high)
    for (label, points), (color, _) in zip(clouds.items(), style.cycle(), strict=False):
        tint = np.empty((_ROWS, len(across), 4))
        tint[..., :3] = to_rgb(color)
        tint[..., 3] = _shades(points, low, high)
        ax.imshow(tint, origin="lower", extent=box, aspect="auto", interpolation="none")
        first = points[:, 0][np.isfinite(points[:, 0])]
        if len(first):
            ax.annotate(
                label, (across[0], first.max()), xytext=(5, 6), textcoords="offset points",
                color=color, path_effects=halo(),
            )  # fmt: skip
    ax.set(xlabel=xlabel, ylabel=ylabel)
    return ax


def _shades(points: Array, low: float, high: float) -> Array:
    """Return for each cell how dark it is, from 0 where no point fell to 1."""
    runs = points.shape[1]
    seen = np.isfinite(points)
    row = ((points[seen] - low) / (high - low) * _ROWS).astype(int)
    column = np.broadcast_to(np.arange(runs), points.shape)[seen]
    count = np.bincount(row * runs + column, minlength=_ROWS * runs).reshape(_ROWS, runs)
    density = count * _ROWS / len(points) / _DENSE
    shades: Array = np.ceil(np.minimum(np.sqrt(density), 1) * _SHADES) / _SHADES
    return shades
