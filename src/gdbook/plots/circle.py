"""The unit circle, and the three areas that squeeze the sine."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from gdbook import style
from gdbook.plots.base import axes_or_new


def sector(degrees: float, *, ax: Axes | None = None) -> Axes:
    """Draw a sector of the unit circle between the triangles of heights sin t and tan t.

    Parameters
    ----------
    degrees : float
        The angle t, between 10 and 65 so that all three areas can be told apart.
    ax : Axes, optional

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        If the angle is outside.
    """
    if not 10 <= degrees <= 65:
        raise ValueError(f"degrees must be between 10 and 65, got {degrees}")
    ax = axes_or_new(ax, height=3.6)
    t = np.deg2rad(degrees)
    arc, line = np.linspace(0, t, 100), style.colour("ink")
    ax.fill([0, 1, 1], [0, 0, np.tan(t)], color=style.colour("gold"), alpha=0.35, lw=0)
    ax.fill([0, *np.cos(arc)], [0, *np.sin(arc)], color=style.colour("green"), alpha=0.45, lw=0)
    ax.fill([0, 1, np.cos(t)], [0, 0, np.sin(t)], color=style.colour("blue"), alpha=0.55, lw=0)
    whole = np.linspace(-0.12, np.pi / 2, 200)
    ax.plot(np.cos(whole), np.sin(whole), color=style.colour("grey"), lw=1, ls="solid")
    ax.plot([0, 1, 1, 0, 1], [0, 0, np.tan(t), 0, 0], color=line, lw=1, ls="solid")
    ax.plot([np.cos(t)] * 2, [0, np.sin(t)], color=line, lw=1.2, ls=(0, (4, 2)))
    ax.plot([1, np.cos(t)], [0, np.sin(t)], color=line, lw=1, ls="solid")
    ax.text(0.17 * np.cos(t / 2), 0.17 * np.sin(t / 2), "$t$", ha="center", va="center")
    ax.text(np.cos(t) - 0.03, np.sin(t) / 2, r"$\sin t$", ha="right", va="center")
    ax.text(1.03, np.tan(t) / 2, r"$\tan t$", ha="left", va="center")
    ax.text(0.5, -0.05, "$1$", ha="center", va="top")
    ax.set(aspect="equal", xlim=(-0.05, 1.3), ylim=(-0.15, np.tan(t) + 0.1))
    ax.axis("off")
    return ax
