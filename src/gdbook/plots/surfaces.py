"""Functions of two variables: contours, arrows and surfaces."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.colors import BoundaryNorm
from matplotlib.ticker import MaxNLocator
from torch import Tensor

from gdbook import style
from gdbook.plots.base import Array, Function, array, axes_or_new, few_ticks, halo, interval
from gdbook.plots.trajectories import paths, show_trajectory

Limits = tuple[float, float]


def grid(xlim: Limits, ylim: Limits, samples: int) -> tuple[Array, Array, Tensor]:
    """Return the axes of a grid, and its points as one tensor of shape (samples, samples, 2)."""
    x = np.linspace(*interval(xlim[0], xlim[1], "xlim"), samples)
    y = np.linspace(*interval(ylim[0], ylim[1], "ylim"), samples)
    return x, y, torch.from_numpy(np.stack(np.meshgrid(x, y), axis=-1))


def heights(f: Function, points: Tensor) -> Array:
    """Return f at points of shape (..., 2), in one call.

    Raises
    ------
    ValueError
        If f does not return one value per point.
    """
    with torch.no_grad():
        z = torch.as_tensor(f(points), dtype=torch.float64)
    if z.shape != points.shape[:-1]:
        raise ValueError(
            "f must take points of shape (..., 2) and return values of shape (...): "
            f"for {tuple(points.shape)} it returned {tuple(z.shape)}"
        )
    return array(z)


def show_contours(
    f: Function,
    xlim: Limits,
    ylim: Limits,
    *,
    trajectory: Any = None,
    levels: int | Sequence[float] = 12,
    log: bool = False,
    minima: Any = None,
    equal: bool = False,
    samples: int = 241,
    height: float = 4.2,
    ax: Axes | None = None,
) -> Axes:
    """Draw the level sets of f, low ground light, and the paths of descents on it.

    Parameters
    ----------
    f : callable
        Takes a float64 tensor of shape (samples, samples, 2), returns one value per point.
    xlim, ylim : (float, float)
    trajectory : Trajectory or Tensor, shape (steps + 1, 2) or (steps + 1, runs, 2), optional
        Drawn by `show_trajectory`.
    levels : int or sequence of float
        How many levels, or which.
    log : bool
        Space the levels evenly in the logarithm of f above its least value on the grid: for
        valleys that are flat inside and steep outside.
    minima : Tensor or array, shape (m, 2), optional
        Marked by golden stars.
    equal : bool
        One unit is as long on both axes, so that right angles look right.
    samples : int
        Points of the grid on each axis.
    height : float
        Of the figure in inches, if it is opened here.
    ax : Axes, optional

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        If limits are empty, or f returns another shape, or nothing finite.
    """
    x, y, points = grid(xlim, ylim, samples)
    z = heights(f, points)
    finite = z[np.isfinite(z)]
    if not finite.size:
        raise ValueError("f is nowhere finite on this grid")
    ax = axes_or_new(ax, height=height)
    at = _levels(finite, levels, log)
    colours = style.colour_map()
    norm = BoundaryNorm(at, colours.N)
    filled = ax.contourf(x, y, z, at, cmap=colours, norm=norm, extend="both")
    filled.set_rasterized(True)
    ink = style.colour("ink")
    ax.contour(x, y, z, at, colors=ink, linewidths=0.7, alpha=0.4, linestyles="solid")
    ax.set(xlim=xlim, ylim=ylim, xlabel="$x_0$", ylabel="$x_1$")
    few_ticks(ax)
    if equal:
        ax.set_aspect("equal")
    if minima is not None:
        at_minima = array(minima).reshape(-1, 2)
        gold = style.role("minimum")
        ax.plot(*at_minima.T, "*", color=gold, ms=15, mec=ink, mew=0.8, ls="none", zorder=4)
    if trajectory is not None:
        show_trajectory(trajectory, ax=ax)
    return ax


def _levels(z: Array, levels: int | Sequence[float], log: bool) -> Array:
    if not isinstance(levels, int):
        return np.asarray(levels, dtype=float)
    if levels < 2:
        raise ValueError(f"levels must be at least 2, got {levels}")
    low, high = z.min(), z.max()
    if not low < high:
        return np.array([low - 0.5, low + 0.5])
    if log:
        # The grid misses the minimum: what it comes nearest says how deep to go.
        least = np.quantile(z - low, 2e-4)
        return array(low + np.geomspace(max(least, (high - low) * 1e-8), high - low, levels))
    return np.linspace(low, high, levels + 1)


def quiver(
    f: Function,
    xlim: Limits,
    ylim: Limits,
    *,
    downhill: bool = False,
    unit: bool = False,
    arrows: int = 13,
    ax: Axes | None = None,
) -> Axes:
    """Draw the gradient of f as arrows, by one call of automatic differentiation.

    Parameters
    ----------
    f : callable
        As in `show_contours`, differentiable.
    xlim, ylim : (float, float)
    downhill : bool
        Draw −∇f, the way descent goes.
    unit : bool
        All arrows of one length: directions alone.
    arrows : int
        On each axis.
    ax : Axes, optional
        As that of `show_contours`.

    Returns
    -------
    Axes
    """
    x, y, points = grid(xlim, ylim, arrows + 2)
    points = points[1:-1, 1:-1].clone().requires_grad_()
    (slopes,) = torch.autograd.grad(f(points).sum(), points)
    field = array(-slopes if downhill else slopes)
    if unit:
        length = np.linalg.norm(field, axis=-1, keepdims=True)
        field = np.divide(field, length, out=np.zeros_like(field), where=length > 0)
    new = ax is None
    ax = axes_or_new(ax, height=4.2)
    color = style.role("derivative") if new else style.colour("ink")
    ax.quiver(x[1:-1], y[1:-1], field[..., 0], field[..., 1], color=color, angles="xy", width=0.005)
    ax.set(xlim=xlim, ylim=ylim, xlabel="$x_0$", ylabel="$x_1$")
    return ax


def surface(
    f: Function,
    xlim: Limits,
    ylim: Limits,
    *,
    trajectory: Any = None,
    zlim: Limits | None = None,
    elev: float = 32,
    azim: float = -58,
    samples: int = 61,
    height: float = 4.4,
) -> Axes:
    """Draw the graph of f over the plane, and a path on it.

    Parameters
    ----------
    f : callable
        As in `show_contours`.
    xlim, ylim : (float, float)
    trajectory : Trajectory or Tensor, shape (steps + 1, 2) or (steps + 1, runs, 2), optional
    zlim : (float, float), optional
        The surface is cut above.
    elev, azim : float
        From where one looks, in degrees.
    samples : int
        Points of the grid on each axis.
    height : float
        Of the figure, in inches.

    Returns
    -------
    Axes
        An `Axes3D`.
    """
    x, y, points = grid(xlim, ylim, samples)
    z = heights(f, points)
    _, made = plt.subplots(
        figsize=(style.WIDTH, height), subplot_kw={"projection": "3d", "computed_zorder": False}
    )
    ax: Any = made
    low, high = interval(*zlim, "zlim") if zlim else (np.nanmin(z), np.nanmax(z))
    cut = np.where(z <= high, z, np.nan)
    plane = np.meshgrid(x, y)
    drawn = ax.plot_surface(
        *plane, cut, cmap=style.colour_map(), vmin=low, vmax=high,
        rcount=samples, ccount=samples, linewidth=0, antialiased=False,
    )  # fmt: skip
    drawn.set_rasterized(True)
    if trajectory is not None:
        color = style.role("path")
        for run in paths(trajectory):
            on = heights(f, torch.from_numpy(run)) + 0.01 * (high - low)
            ax.plot(*run.T, on, color=color, ls="solid", lw=1.8, path_effects=halo(3.6))
            ax.plot(*run.T, on, color=color, ls="none", marker="o", ms=3)
    for axis in (ax.xaxis, ax.yaxis, ax.zaxis):
        axis.set_pane_color((0, 0, 0, 0))
        axis.set_major_locator(MaxNLocator(4, prune="both"))
    ax.set(xlim=xlim, ylim=ylim, zlim=(low, high), xlabel="$x_0$", ylabel="$x_1$")
    ax.view_init(elev=elev, azim=azim)
    ax.set_box_aspect((1, 1, 0.7), zoom=0.9)
    result: Axes = ax
    return result
