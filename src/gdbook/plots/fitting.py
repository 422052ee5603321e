"""A fit while it happens: the curve moves over the data, the point over the loss surface."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from torch import Tensor

from gdbook import style
from gdbook.plots.animation import Frames, animate
from gdbook.plots.base import Function, array, figure, halo
from gdbook.plots.surfaces import Limits, heights, show_contours
from gdbook.plots.trajectories import paths, show_trajectory


def watch_fit(
    x: Tensor,
    y: Tensor,
    points: Tensor,
    objective: Function,
    *,
    xlim: Limits = (0.0, 6.28),
    ylim: Limits = (-3.14, 3.14),
    frames: Iterable[int] | None = None,
    height: float = 3.2,
) -> Frames:
    """Draw the fit of sin(ωx + t), step by step: over the data, and on its loss surface.

    Parameters
    ----------
    x, y : Tensor, shape (n,)
        The data.
    points : Tensor, shape (steps + 1, 2)
        (ω, t) before each step and after the last.
    objective : callable
        The loss; takes points of shape (..., 2), returns values of shape (...).
    xlim, ylim : (float, float)
        The part of the surface that is drawn: ω across, t up.
    frames : iterable of int, optional
        Which steps; all by default.
    height : float
        Of the figure, in inches.

    Returns
    -------
    Frames
        An animation whose still is the last frame.

    Raises
    ------
    ValueError
        If x and y are not of one shape (n,), or points are not a path in the plane.
    """
    across, up = array(x), array(y)
    if across.ndim != 1 or across.shape != up.shape:
        raise ValueError(
            f"x and y must both have the shape (n,), got {across.shape} and {up.shape}"
        )
    (path,) = paths(points)
    losses = heights(objective, points)
    grid = np.linspace(across.min(), across.max(), 121)

    def background(axes: Any) -> None:
        left, right = axes
        left.plot(across, up, "o", color=style.role("function"), ms=3.5, alpha=0.75)
        left.set(xlabel="$x$", xlim=(across.min() - 0.1, across.max() + 0.1), ylim=(-1.75, 1.75))
        left.set(xticks=[-2, 0, 2], yticks=[-1, 0, 1])
        show_contours(objective, xlim, ylim, levels=9, ax=right)
        right.set(xlabel=r"$\omega$", ylabel="$t$")

    def draw(axes: Any, k: int) -> None:
        left, right = axes
        curve = np.sin(path[k, 0] * grid + path[k, 1])
        left.plot(grid, curve, color=style.role("path"), ls="solid", path_effects=halo())
        left.text(
            0.03, 0.95, f"loss {losses[k]:.3f}", transform=left.transAxes, path_effects=halo()
        )
        show_trajectory(points[: k + 1], dots=False, ax=right)

    return animate(
        draw,
        len(path) if frames is None else frames,
        background=background,
        setup=lambda: figure(1, 2, height=height),
    )
