"""Functions of one variable: their graphs, limits, secants and tangents."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import torch
from matplotlib.axes import Axes

from gdbook import style
from gdbook.plots.base import (
    Array,
    Function,
    axes_or_new,
    few_ticks,
    halo,
    interval,
    label_lines,
    positive,
    scale_colours,
    value_and_slope,
    values,
)


def show_function(
    f: Function,
    a: float,
    b: float,
    *,
    breaks: Iterable[float] = (),
    holes: Iterable[tuple[float, float]] = (),
    points: Iterable[tuple[float, float]] = (),
    label: str | None = None,
    color: str | None = None,
    linestyle: str = "solid",
    ylim: tuple[float, float] | None = None,
    samples: int = 801,
    ax: Axes | None = None,
) -> Axes:
    """Draw the graph of f from a to b.

    Parameters
    ----------
    f : callable
        Takes a float64 tensor of shape (samples,), returns one value per element.
    a, b : float
        The interval.
    breaks : iterable of float
        Where the graph is torn: no line is drawn across.
    holes, points : iterable of (x, y)
        Open dots, where the graph ends without its point, and closed ones.
    label : str, optional
        Written at the right end of the line.
    color, linestyle : str, optional
        By default the role "function", solid.
    ylim : (float, float), optional
    samples : int
        More for a graph that oscillates.
    ax : Axes, optional

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        If the interval is empty, or f returns another shape.
    """
    a, b = interval(a, b)
    x, y = _graph(f, a, b, breaks, samples)
    ax = axes_or_new(ax)
    color = color or style.role("function")
    (line,) = ax.plot(x, y, color=color, linestyle=linestyle, label=label)
    for dots, face in ((holes, style.colour("paper")), (points, color)):
        for at in dots:
            ax.plot(*at, "o", color=color, markerfacecolor=face, markeredgewidth=1.6, zorder=4)
    ax.set_xlim(a, b)
    few_ticks(ax)
    if ylim is not None:
        ax.set_ylim(*interval(ylim[0], ylim[1], "ylim"))
    if ax.get_xlabel() == "":
        ax.set_xlabel("$x$")
    if label is not None:
        label_lines(ax, [line])
    return ax


def _graph(
    f: Function, a: float, b: float, breaks: Iterable[float], samples: int
) -> tuple[Array, Array]:
    """Sample f; at each break its last value before, nothing, and its first value after."""
    x = np.linspace(a, b, samples)
    for at in breaks:
        near = (np.nextafter(at, -np.inf), at, np.nextafter(at, np.inf))
        x = np.sort(np.concatenate([x[x != at], near]))
    y = values(f, torch.from_numpy(x))
    y = np.where(np.isin(x, list(breaks)), np.nan, y)
    return x, y


def epsilon_delta(
    f: Function,
    a: float,
    limit: float,
    epsilon: float,
    delta: float,
    *,
    window: float | None = None,
    ylim: tuple[float, float] | None = None,
    samples: int = 1601,
    ax: Axes | None = None,
) -> Axes:
    """Draw the ε-tube about a limit and the δ-window about a.

    The window is green where it keeps its promise. Where some x with 0 < |x − a| < δ has
    |f(x) − limit| ≥ ε, the graph there is red and dashed, and so is the window's edge.

    Parameters
    ----------
    f : callable
        Takes a float64 tensor, returns one value per element.
    a, limit : float
        The claim is f(x) → limit as x → a; f(a) itself is never asked for.
    epsilon, delta : float
        Positive.
    window : float, optional
        Draw from a − window to a + window; 1 by default. Keep it, and `ylim`, the same
        in all frames of a slider.
    ylim : (float, float), optional
    samples : int
    ax : Axes, optional

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        If ε, δ or the window is not positive.
    """
    epsilon, delta = positive(epsilon, "epsilon"), positive(delta, "delta")
    half = positive(1.0 if window is None else window, "window")
    ax = axes_or_new(ax)
    x = np.linspace(a - half, a + half, samples)
    x = np.unique(np.concatenate([x, a + delta * np.linspace(-1, 1, 402)[1:-1]]))
    x = x[x != a]
    y = values(f, torch.from_numpy(x))
    outside = (np.abs(x - a) < delta) & ~(np.abs(y - limit) < epsilon)
    kept = not outside.any()
    promise = style.colour("green") if kept else style.colour("red")

    ax.axhspan(limit - epsilon, limit + epsilon, color=style.colour("gold"), alpha=0.2, lw=0)
    ax.axvspan(a - delta, a + delta, color=promise, alpha=0.16, lw=0)
    for edge in (a - delta, a + delta):
        ax.axvline(edge, color=promise, linestyle="solid" if kept else (0, (5, 3)), lw=1.2)
    for edge in (limit - epsilon, limit + epsilon):
        ax.axhline(edge, color=style.colour("gold"), lw=1.2, linestyle="solid")
    ax.plot(x, y, color=style.role("function"), linestyle="solid")
    if not kept:
        bad = np.where(outside, y, np.nan)
        ax.plot(x, bad, color=style.role("error"), linestyle=(0, (2.5, 1.2)), lw=3.4)
    ax.plot(a, limit, "o", color=style.role("function"), markerfacecolor=style.colour("paper"))

    ax.set_xlim(a - half, a + half)
    if ylim is not None:
        ax.set_ylim(*interval(ylim[0], ylim[1], "ylim"))
    ax.set_xticks([a - delta, a, a + delta], [rf"${a:g}-\delta$", f"${a:g}$", rf"${a:g}+\delta$"])
    low, _, high = ax.get_xticklabels()
    if delta < 0.25 * half:
        low.set_horizontalalignment("right")
        high.set_horizontalalignment("left")
    heights = [limit - epsilon, limit, limit + epsilon]
    name = f"{limit:g}"
    ax.set_yticks(heights, [rf"${name}-\varepsilon$", f"${name}$", rf"${name}+\varepsilon$"])
    low, _, high = ax.get_yticklabels()
    if epsilon < 0.1 * np.ptp(ax.get_ylim()):
        low.set_verticalalignment("top")
        high.set_verticalalignment("bottom")
    return ax


def secants(
    f: Function,
    x: float,
    hs: Sequence[float],
    *,
    window: tuple[float, float] | None = None,
    ylim: tuple[float, float] | None = None,
    show_tangent: bool = True,
    ax: Axes | None = None,
) -> Axes:
    """Draw the secants through x and x + h, for h falling to 0, and the tangent they become.

    Parameters
    ----------
    f : callable
        Takes a float64 tensor, returns one value per element.
    x : float
        The point that all secants share.
    hs : sequence of float
        Not 0; either sign.
    window : (float, float), optional
        The interval drawn; by default a little more than x and all x + h.
    ylim : (float, float), optional
    show_tangent : bool
        Draw the tangent, whose slope is automatic, dashed beneath.
    ax : Axes, optional

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        If an h is 0 or there is none.
    """
    steps = np.array([float(h) for h in hs])
    if steps.size == 0 or not np.isfinite(steps).all() or (steps == 0).any():
        raise ValueError(f"hs must be finite numbers other than 0, got {list(hs)}")
    reach = np.abs(steps).max()
    low, high = window or (x - 1.2 * reach, x + 1.3 * reach)
    interval(low, high, "window")
    ax = show_function(f, low, high, ylim=ylim, ax=ax)
    ax.get_lines()[-1].set_linewidth(3)  # the graph stays the main thing among the lines
    if ylim is None:
        ax.set_ylim(ax.get_ylim())  # the lines drawn next must not widen it
    y, others = values(f, torch.tensor([x], dtype=torch.float64))[0], x + steps
    ends = values(f, torch.from_numpy(others))
    if show_tangent:
        slope = value_and_slope(f, x)[1]
        ax.axline((x, y), slope=slope, color=style.role("guide"), linestyle=(0, (4, 2)), lw=1.6)
    for other, end, color in zip(others, ends, scale_colours(len(steps)), strict=True):
        ax.axline((x, y), slope=(end - y) / (other - x), color=color, linestyle="solid", lw=1.6)
        ax.plot(other, end, "o", color=color, zorder=4)
    ax.plot(x, y, "o", color=style.colour("ink"), zorder=5)
    return ax


def tangent(
    f: Function,
    x: float,
    *,
    window: tuple[float, float] | None = None,
    ylim: tuple[float, float] | None = None,
    show_gap: bool = False,
    ax: Axes | None = None,
) -> Axes:
    """Draw the graph of f and its tangent at x, the best linear approximation.

    Parameters
    ----------
    f : callable
        Takes a float64 tensor, returns one value per element; differentiable at x.
    x : float
    window : (float, float), optional
        The interval drawn; x ± 1.5 by default.
    ylim : (float, float), optional
    show_gap : bool
        Fill what is between graph and tangent: what linear approximation leaves out.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    low, high = window or (x - 1.5, x + 1.5)
    interval(low, high, "window")
    y, slope = value_and_slope(f, x)
    ax = show_function(f, low, high, ylim=ylim, ax=ax)
    ax.set_ylim(ax.get_ylim())
    ends = np.array([low, high])
    straight = y + slope * (ends - x)
    ax.plot(ends, straight, color=style.role("approximation"), linestyle=(0, (6, 2)), lw=1.8)
    if show_gap:
        t = np.linspace(low, high, 401)
        graph = values(f, torch.from_numpy(t))
        gap = style.role("error")
        ax.fill_between(t, graph, y + slope * (t - x), color=gap, alpha=0.18, lw=0)
    ax.plot(x, y, "o", color=style.colour("ink"), zorder=5, path_effects=halo())
    return ax
