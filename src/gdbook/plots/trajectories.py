"""Paths of descents: on a graph, over contours, and as a staircase on the update map."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from matplotlib.axes import Axes

from gdbook import style
from gdbook.plots.base import Array, Function, array, axes_or_new, halo, interval, values
from gdbook.plots.one_d import show_function

MOST_DOTS = 60


def paths(trajectory: Any) -> list[Array]:
    """Return the runs of a trajectory in the plane, each cut where it ceases to be finite.

    Parameters
    ----------
    trajectory : Trajectory, Tensor or array
        Anything with ``points``, or the points: shape (steps + 1, 2) or (steps + 1, runs, 2).

    Returns
    -------
    list of numpy.ndarray, shape (k, 2)

    Raises
    ------
    ValueError
        If the points are not in the plane.
    """
    points = array(getattr(trajectory, "points", trajectory))
    if points.ndim not in {2, 3} or points.shape[-1] != 2:
        raise ValueError(
            "a trajectory in the plane has shape (steps + 1, 2) or (steps + 1, runs, 2), "
            f"got {points.shape}"
        )
    runs = points[:, None] if points.ndim == 2 else points
    return [_finite(runs[:, i]) for i in range(runs.shape[1])]


def _finite(points: Array) -> Array:
    """Cut a run at its first point that is inf or nan."""
    bad = ~np.isfinite(points.reshape(len(points), -1)).all(axis=1)
    return points[: int(np.argmax(bad))] if bad.any() else points


def show_trajectory(
    trajectory: Any,
    *,
    label: str | None = None,
    color: str | None = None,
    dots: bool | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw paths in the plane: a ring at the start, a dot a step, a disc at the end.

    Parameters
    ----------
    trajectory : Trajectory or Tensor, shape (steps + 1, 2) or (steps + 1, runs, 2)
    label : str, optional
        Written at the start of the (first) path.
    color : str, optional
        By default the role "path"; several runs take the cycle's colours.
    dots : bool, optional
        By default for at most sixty steps.
    ax : Axes, optional
        As that of `show_contours`, whose limits stay.

    Returns
    -------
    Axes
    """
    new = ax is None
    ax = axes_or_new(ax, height=4.2)
    limits = ax.get_xlim(), ax.get_ylim()
    runs = paths(trajectory)
    colours = [color or style.role("path")] * len(runs)
    if color is None and 1 < len(runs) <= len(style.DASHES):
        names = ["orange", *(name for name in style.DASHES if name != "orange")]
        colours = [style.colour(name) for name in names]
    for run, tone in zip(runs, colours, strict=False):
        few = len(run) <= MOST_DOTS + 1 if dots is None else dots
        ax.plot(*run.T, color=tone, ls="solid", lw=1.8, path_effects=halo(3.6), zorder=3)
        if few:
            ax.plot(*run.T, "o", color=tone, ms=3.4, zorder=3.1)
        paper = style.colour("paper")
        ax.plot(*run[:1].T, "o", color=tone, mfc=paper, mew=1.8, ms=7, zorder=3.2)
        ax.plot(*run[-1:].T, "o", color=tone, mec=paper, mew=1.0, ms=7.5, zorder=3.2)
    if label is not None and len(runs[0]):
        start = runs[0][0]
        ax.annotate(
            label, (start[0], start[1]), xytext=(8, 6), textcoords="offset points",
            color=colours[0], path_effects=halo(),
        )  # fmt: skip
    if not new:
        ax.set(xlim=limits[0], ylim=limits[1])
    return ax


def descent_1d(
    f: Function,
    trajectory: Any,
    *,
    window: tuple[float, float] | None = None,
    ylim: tuple[float, float] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the graph of f and the points that a descent visits on it.

    Parameters
    ----------
    f : callable
        Takes a float64 tensor, returns one value per element.
    trajectory : Trajectory or Tensor, shape (steps + 1,)
    window : (float, float), optional
        The interval drawn; a little more than the path by default.
    ylim : (float, float), optional
    ax : Axes, optional

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        If the trajectory is not a path on a line, or begins at inf or nan.
    """
    x = _on_a_line(trajectory)
    y = values(f, torch.from_numpy(x))
    pad = 0.15 * max(np.ptp(x), 1e-3)
    low, high = window or (x.min() - pad, x.max() + pad)
    ax = show_function(f, *interval(low, high, "window"), ylim=ylim, ax=ax)
    ax.set_ylim(ax.get_ylim())
    _staircase(ax, x, y, dots=True)
    return ax


def cobweb(
    update: Function,
    x0: float,
    steps: int,
    *,
    window: tuple[float, float] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw descent as a staircase between the graph of its update map and the diagonal.

    Parameters
    ----------
    update : callable
        x ↦ x − η f'(x), on float64 tensors.
    x0 : float
        The start.
    steps : int
        At least 1; the staircase ends early where it leaves every bound.
    window : (float, float), optional
        Both axes' interval; a little more than the path by default.
    ax : Axes, optional

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        If steps is not a positive integer.
    """
    if not isinstance(steps, int) or steps < 1:
        raise ValueError(f"steps must be a positive integer, got {steps}")
    run = torch.empty(steps + 1, dtype=torch.float64)
    run[0] = x0
    with torch.no_grad():
        for k in range(steps):
            run[k + 1] = update(run[k])
    x = _on_a_line(run)
    pad = 0.15 * max(np.ptp(x), 1e-3)
    low, high = interval(*(window or (x.min() - pad, x.max() + pad)))
    ax = show_function(update, low, high, ylim=(low, high), ax=axes_or_new(ax, height=4.6))
    ax.plot([low, high], [low, high], color=style.role("guide"), ls=(0, (3, 1.5)), lw=1.4)
    corners = np.repeat(x, 2)
    _staircase(ax, corners[:-1], np.concatenate([[low], corners[2:]]), dots=False)
    ax.set(xlabel="$x_k$", ylabel="$x_{k+1}$")
    ax.set_aspect("equal")
    return ax


def _on_a_line(trajectory: Any) -> Array:
    points = array(getattr(trajectory, "points", trajectory))
    if points.ndim != 1:
        raise ValueError(f"a trajectory on a line has shape (steps + 1,), got {points.shape}")
    x = _finite(points)
    if not len(x):
        raise ValueError("the trajectory begins at inf or nan")
    return x


def _staircase(ax: Axes, x: Array, y: Array, *, dots: bool) -> None:
    tone, paper = style.role("path"), style.colour("paper")
    ax.plot(x, y, color=tone, ls="solid", lw=1.5, zorder=3)
    if dots and len(x) <= MOST_DOTS + 1:
        ax.plot(x, y, "o", color=tone, ms=4.5, zorder=3.1)
    ring: dict[str, Any] = {"mfc": paper, "mew": 1.8, "ms": 7.5, "zorder": 3.2}
    ax.plot(x[:1], y[:1], "o", color=tone, clip_on=False, **ring)
    ax.plot(x[-1:], y[-1:], "o", color=tone, mec=paper, mew=1.0, ms=8, zorder=3.2)
