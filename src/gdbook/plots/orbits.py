"""Where runs go on going: the last points of many runs over one parameter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from gdbook import style
from gdbook.plots.base import array, axes_or_new, halo


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
    cloud. The dots are rasterised: there may be hundreds of thousands.

    Parameters
    ----------
    parameter : Tensor or array, shape (n,)
        What varies along the axis, increasing.
    orbits : mapping of str to Tensor or array, shape (k, n)
        Label → the last k points of the run at each parameter. What is inf or nan, as of a
        run that diverged, is left out. Each label is written where its first run ends.
    xlabel, ylabel : str
    ax : Axes, optional

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        If shapes don't fit, or there are more orbits than colours.
    """
    across = array(parameter)
    if across.ndim != 1 or len(across) < 2 or not (np.diff(across) > 0).all():
        raise ValueError("parameter must be a list of at least two increasing numbers")
    if len(orbits) > len(style.DASHES):
        raise ValueError(f"at most {len(style.DASHES)} orbits can be told apart, got {len(orbits)}")
    ax = axes_or_new(ax, height=4.4)
    for (label, data), (color, _) in zip(orbits.items(), style.cycle(), strict=False):
        points = array(data)
        if points.ndim != 2 or points.shape[1] != len(across):
            raise ValueError(
                f"{label!r} must have the shape (k, {len(across)}), got {points.shape}"
            )
        x = np.broadcast_to(across, points.shape)
        seen = np.isfinite(points)
        ax.plot(x[seen], points[seen], ".", color=color, ms=0.9, mew=0, alpha=0.3, rasterized=True)
        first = points[:, 0][seen[:, 0]]
        if len(first):
            ax.annotate(
                label, (across[0], first[-1]), xytext=(4, 5), textcoords="offset points",
                color=color, path_effects=halo(),
            )  # fmt: skip
    ax.set(xlabel=xlabel, ylabel=ylabel, xlim=(across[0], across[-1]))
    return ax
