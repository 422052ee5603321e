"""How far runs are apart, from all digits to none: distances on a log axis with a row for 0."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from gdbook import style
from gdbook.plots.base import array, axes_or_new, halo, label_lines, told_apart


def agreement(
    distances: Mapping[str, Any], *, xlabel: str = "step", ax: Axes | None = None
) -> Axes:
    """Draw distances from a reference, step by step; a row at the bottom is for "equal".

    Parameters
    ----------
    distances : mapping of str to Tensor or array, shape (steps + 1,)
        Label → distance at each step, not negative.
    xlabel : str
    ax : Axes, optional

    Returns
    -------
    Axes
        Log scale; its lowest row stands for 0, a decade or more below the smallest distance.

    Raises
    ------
    ValueError
        If a distance is negative or not finite, or there are too many runs to tell apart.
    """
    told_apart(len(distances), "runs")
    runs = {label: array(data) for label, data in distances.items()}
    for label, run in runs.items():
        if run.ndim != 1 or not (np.isfinite(run) & (run >= 0)).all():
            raise ValueError(f"the distances of {label!r} must be a list of numbers, none below 0")
    positive = np.concatenate([run[run > 0] for run in runs.values()] or [np.ones(1)])
    smallest, largest = (positive.min(), positive.max()) if len(positive) else (1e-16, 1.0)
    zero = 10.0 ** (np.floor(np.log10(smallest)) - 1)
    ax = axes_or_new(ax)
    ax.set(yscale="log", xlabel=xlabel, ylabel="distance", ylim=(zero / 4, largest * 20))
    ax.axhline(zero, color=style.role("guide"), lw=0.8, ls="solid", zorder=1)
    markers, lines = "os^Dvp*", []
    for k, ((label, run), (colour, _)) in enumerate(zip(runs.items(), style.cycle(), strict=False)):
        size = 7.0 - 1.6 * k if k < 4 else 2.0
        lines += ax.plot(
            np.where(run > 0, run, zero),
            markers[k],
            color=colour,
            label=label,
            ms=size,
            ls="none",
            path_effects=halo(),
            zorder=3 + k,
        )
    decades = np.arange(np.ceil(np.log10(smallest)), np.log10(largest) + 1, 3)
    ax.set_yticks([zero, *10.0**decades])
    ax.set_yticklabels(["equal", *(f"$10^{{{int(d)}}}$" for d in decades)])
    ax.minorticks_off()
    ax.set_xlim(-0.5, max((len(run) for run in runs.values()), default=1) - 0.5)
    label_lines(ax, lines)
    return ax
