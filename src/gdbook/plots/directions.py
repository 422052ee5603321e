"""The slope of a landscape in every direction from one point, as the reader turns around."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from gdbook import style
from gdbook.plots.animation import Frames, slider
from gdbook.plots.base import Array, Function, array, figure, halo, positive
from gdbook.plots.surfaces import heights, show_contours

_H = 1e-5  # near the cube root of the unit roundoff: the best step of a central difference


def slopes_around(f: Function, at: Tensor, degrees: Any) -> Array:
    """Return the slope of f at a point in each direction, by central differences.

    No gradient is used: that the slopes lie on a cosine is for the reader to see.

    Parameters
    ----------
    f : callable
        Takes a float64 tensor of shape (n, 2), returns one value per point.
    at : Tensor, shape (2,)
        The point.
    degrees : float or sequence of float, n of them
        The directions' angles with the first axis, counterclockwise.

    Returns
    -------
    numpy.ndarray, shape (n,)
    """
    angle = np.deg2rad(np.atleast_1d(np.asarray(degrees, dtype=float)))
    unit = torch.from_numpy(np.stack([np.cos(angle), np.sin(angle)], axis=-1))
    ahead, behind = heights(f, at + _H * unit), heights(f, at - _H * unit)
    return array((ahead - behind) / (2 * _H))


def turn_around(
    f: Function,
    at: tuple[float, float],
    degrees: Sequence[float],
    *,
    reach: float = 1.5,
    start: int = 0,
    height: float = 2.7,
) -> Frames:
    """Let the reader turn a direction at a point, and read the slope of f in it.

    On the left the direction on the contours of f, with the gradient; on the right the
    slope against the angle, for all directions.

    Parameters
    ----------
    f : callable
        As in `show_contours`, differentiable at the point.
    at : (float, float)
        The point.
    degrees : sequence of float
        The angles that the slider offers, between 0 and 360.
    reach : float
        How far the picture goes from the point, to each side.
    start : int
        Position of the angle that the page opens with.
    height : float
        Of the figure, in inches.

    Returns
    -------
    Frames

    Raises
    ------
    ValueError
        If an angle is not between 0 and 360, or reach is not positive.
    """
    angles = [float(angle) for angle in degrees]
    if not all(0 <= angle <= 360 for angle in angles):
        raise ValueError(f"degrees must lie between 0 and 360, got {degrees}")
    reach = positive(reach, "reach")
    point = torch.tensor(at, dtype=torch.float64)
    moving = point.clone().requires_grad_()
    (gradient,) = torch.autograd.grad(f(moving), moving)
    slopes = dict(zip(angles, slopes_around(f, point, angles), strict=True))

    def background(axes: Any) -> None:
        left, right = axes
        xlim, ylim = ((c - reach, c + reach) for c in at)
        show_contours(f, xlim, ylim, equal=True, ax=left)
        _arrow(left, at, array(gradient) * 0.75 * reach / gradient.norm().item(), "derivative")
        left.set_title("direction")
        every = np.linspace(0, 360, 181)
        right.plot(every, slopes_around(f, point, every), color=style.role("derivative"), ls="-")
        right.axhline(0, color=style.role("guide"), lw=0.8, ls="-")
        right.set(xlim=(0, 360), xticks=[0, 180, 360], xticklabels=["0°", "180°", "360°"])
        right.set_title("slope")
        right.set_box_aspect(1)

    def draw(axes: Any, angle: float) -> None:
        left, right = axes
        turn = math.radians(angle)
        unit = 0.75 * reach * np.array([math.cos(turn), math.sin(turn)])
        _arrow(left, at, unit, "path")
        tone = style.role("path")
        right.plot([angle, angle], [0, slopes[angle]], color=tone, ls="-", lw=1.6)
        right.plot(angle, slopes[angle], "o", color=tone, ms=8, path_effects=halo())

    def text(angle: float) -> str:
        return f"{angle:g}°, slope {slopes[angle]:.2f}".replace("-", "−")

    return slider(
        draw,
        angles,
        label="direction",
        format=text,
        start=start,
        background=background,
        setup=lambda: figure(1, 2, height=height),
    )


def _arrow(ax: Any, tail: tuple[float, float], by: Array, role: str) -> None:
    """Draw an arrow from a point; annotations keep their heads' size whatever the scale."""
    tip = (tail[0] + by[0], tail[1] + by[1])
    look = {"arrowstyle": "-|>", "color": style.role(role), "lw": 2.4, "shrinkA": 0, "shrinkB": 0}
    ax.annotate("", tip, tail, arrowprops={**look, "path_effects": halo(4)}, zorder=4)
    ax.plot(*tail, "o", color=style.colour("ink"), ms=4, zorder=5)
