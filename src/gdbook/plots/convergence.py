"""Errors and losses: U-curves, curves side by side, losses on linear and log axes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch
from matplotlib.axes import Axes
from torch import Tensor

from gdbook import style
from gdbook.plots.base import (
    Array,
    array,
    axes_or_new,
    figure,
    halo,
    label_lines,
    told_apart,
    values,
)

Data = Any  # a Tensor, an array or a sequence of numbers: whatever `array` takes


def u_curve(
    h: Data,
    errors: Mapping[str, Data],
    *,
    slopes: Mapping[str, float] | None = None,
    mark_best: bool = True,
    xlabel: str = "$h$",
    ylabel: str = "error",
    ax: Axes | None = None,
) -> Axes:
    """Draw errors against h, both on log axes: truncation falls, round-off rises.

    Parameters
    ----------
    h : Tensor or array, shape (n,)
        Positive.
    errors : mapping of str to Tensor or array, shape (n,)
        Label → error at each h; zeros, which a log axis has no place for, are left out.
    slopes : mapping of str to float, optional
        Label → slope of a dotted guide, as ``{"h": 1, "h²": 2, "ε/h": -1}``. Each passes
        through the curve that is nearest to it.
    mark_best : bool
        Put a dot on each curve's lowest point.
    xlabel, ylabel : str
    ax : Axes, optional

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        If an h is not positive, or an error has another shape.
    """
    x = array(h)
    if x.ndim != 1 or not (x > 0).all():
        raise ValueError("h must be a list of positive numbers")
    ax = axes_or_new(ax, height=4.0)
    ax.set(xscale="log", yscale="log", xlabel=xlabel, ylabel=ylabel)
    lines = []
    for (label, data), (color, dash) in zip(errors.items(), style.cycle(), strict=False):
        y = _like(x, data, label)
        (line,) = ax.plot(x, np.where(y > 0, y, np.nan), color=color, linestyle=dash, label=label)
        lines.append(line)
        if mark_best and (y > 0).any():
            best = np.nanargmin(np.where(y > 0, y, np.nan))
            ax.plot(x[best], y[best], "o", color=color, zorder=4, path_effects=halo())
    ax.set(xlim=(x.min(), x.max()), ylim=ax.get_ylim())
    for label, slope in (slopes or {}).items():
        _guide(ax, label, slope, [array(line.get_ydata()) for line in lines], x)
    label_lines(ax, lines)
    return ax


def _guide(ax: Axes, label: str, slope: float, curves: list[Array], x: Array) -> None:
    """Draw a line of a slope just beneath where some curve runs with that slope longest."""
    best, at = -1, (x[0], 1.0)
    for y in curves:
        with np.errstate(divide="ignore", invalid="ignore"):
            local = np.gradient(np.log(y), np.log(x))
        fits = np.flatnonzero(np.abs(local - slope) < 0.25)
        if len(fits) > best and len(fits):
            middle = fits[len(fits) // 2]
            best, at = len(fits), (x[middle], y[middle])
    reach = np.sqrt(x.max() / x.min()) ** 0.45
    ends = np.array([at[0] / reach, at[0] * reach])
    line = 0.25 * at[1] * (ends / at[0]) ** slope
    ax.plot(ends, line, color=style.role("guide"), linestyle=(0, (1, 2)), lw=1.4)
    side = 1 if slope > 0 else -1
    ax.annotate(
        label,
        (at[0], 0.25 * at[1]),
        xytext=(7 * side, 0),
        textcoords="offset points",
        va="top",
        ha="left" if slope > 0 else "right",
        color=style.role("guide"),
    )


def compare_curves(
    x: Data,
    curves: Mapping[str, Data | Callable[[Tensor], Tensor]],
    *,
    xlabel: str = "$x$",
    ylabel: str = "",
    xlim: tuple[float, float] | None = None,
    ylim: tuple[float, float] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw several curves over one axis, each labelled where it ends.

    Parameters
    ----------
    x : Tensor or array, shape (n,)
    curves : mapping of str to Tensor, array or callable
        Label → values, shape (n,), or a function of a float64 tensor.
    xlabel, ylabel : str
    xlim, ylim : (float, float), optional
    ax : Axes, optional

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        If a curve has another shape than x, or there are more curves than the palette
        can tell apart.
    """
    at = array(x)
    told_apart(len(curves), "curves")
    ax = axes_or_new(ax)
    lines = []
    for (label, data), (color, dash) in zip(curves.items(), style.cycle(), strict=False):
        y = values(data, torch.from_numpy(at)) if callable(data) else _like(at, data, label)
        lines += ax.plot(at, y, color=color, linestyle=dash, label=label)
    ax.set(xlabel=xlabel, ylabel=ylabel, xlim=xlim or (at.min(), at.max()))
    ax.set_ylim(ylim or ax.get_ylim())
    label_lines(ax, lines)
    return ax


def loss_curves(
    losses: Mapping[str, Data],
    *,
    log: bool | None = None,
    xlabel: str = "step",
    ylabel: str = "loss",
    ax: Axes | None = None,
) -> Axes:
    """Draw losses against steps, on a linear axis and on a log axis beneath it.

    Parameters
    ----------
    losses : mapping of str to Tensor or array, shape (steps + 1,)
        Label → loss before each step and after the last; lengths may differ. Runs that
        diverged end where they are no longer finite.
    log : bool, optional
        Only the log axis, or only the linear one. Both by default.
    xlabel, ylabel : str
    ax : Axes, optional
        Needs `log`.

    Returns
    -------
    Axes
        The one with the log axis, if there are two.

    Raises
    ------
    ValueError
        If `ax` is given without `log`.
    """
    if log is None:
        if ax is not None:
            raise ValueError("with ax, say log=True or log=False: one axes holds one scale")
        _, pair = figure(2, 1, height=5.2, sharex=True)
        loss_curves(losses, log=False, xlabel="", ylabel=ylabel, ax=pair[0])
        loss_curves(losses, log=True, xlabel=xlabel, ylabel=ylabel, ax=pair[1])
        below: Axes = pair[1]
        return below
    ax = axes_or_new(ax)
    lines = []
    for (label, data), (color, dash) in zip(losses.items(), style.cycle(), strict=False):
        y = array(data)
        y = np.where(np.isfinite(y) & ((y > 0) | (not log)), y, np.nan)
        lines += ax.plot(np.arange(len(y)), y, color=color, linestyle=dash, label=label)
    ax.set(xlabel=xlabel, ylabel=ylabel, yscale="log" if log else "linear")
    ax.set(xlim=(0, max(len(array(v)) for v in losses.values()) - 1), ylim=ax.get_ylim())
    label_lines(ax, lines)
    return ax


def _like(x: Array, data: Data, label: str) -> Array:
    y = array(data)
    if y.shape != x.shape:
        raise ValueError(f"{label!r} must have the shape {x.shape} of its axis, got {y.shape}")
    return y
