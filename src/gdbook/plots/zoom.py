"""A curve under the microscope: a smooth one becomes a line, a corner stays a corner."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from gdbook import style
from gdbook.plots.base import Function, figure, positive, values


def microscope(
    subjects: Sequence[tuple[Function, float, str]],
    widths: Sequence[float],
    *,
    equal: bool = True,
    samples: int = 401,
    height: float | None = None,
) -> Any:
    """Draw each function in ever narrower windows about its point, one row a function.

    Each window is as high as it is wide, so that slopes are the same in all of them, and a
    frame shows what the next window will magnify. A curve too steep for that gets windows
    as high as it needs.

    Parameters
    ----------
    subjects : sequence of (callable, float, str)
        A function of float64 tensors, the point to look at, and the row's name.
    widths : sequence of float
        The windows' widths, from left to right.
    equal : bool
        Square windows; otherwise each window fits its curve and there are no frames.
    samples : int
        Points a curve.
    height : float, optional
        Of the whole figure, in inches.

    Returns
    -------
    numpy.ndarray of Axes, shape (len(subjects), len(widths))

    Raises
    ------
    ValueError
        If there is no subject or no width, or a width is not positive.
    """
    if not subjects or not widths:
        raise ValueError("microscope needs at least one function and one width")
    for width in widths:
        positive(width, "width")
    rows, columns = len(subjects), len(widths)
    _, axes = figure(rows, columns, height=height or 2.3 * rows, squeeze=False)
    for row, (f, x, name) in zip(axes, subjects, strict=True):
        (y,) = values(f, torch.tensor([float(x)], dtype=torch.float64))
        for ax, width, inner in zip(row, widths, [*widths[1:], None], strict=True):
            at = np.linspace(x - width / 2, x + width / 2, samples)
            color = style.role("function")
            ax.plot(at, values(f, torch.from_numpy(at)), color=color, linestyle="solid")
            ax.plot(x, y, "o", color=style.colour("ink"), markersize=4)
            ax.set_xlim(at[0], at[-1])
            if equal:
                ax.set(ylim=(y - width / 2, y + width / 2), aspect="equal")
            ax.set(xticks=[x], yticks=[], xticklabels=[f"{x:g}"])
            ax.set_title(f"{width:g} wide")
            if equal and inner is not None:
                corner = (x - inner / 2, y - inner / 2)
                ax.add_patch(_frame(corner, inner))
        row[0].set_ylabel(name)
    return axes


def _frame(corner: tuple[float, float], side: float) -> Any:
    from matplotlib.patches import Rectangle

    guide = style.role("guide")
    return Rectangle(corner, side, side, fill=False, edgecolor=guide, linewidth=1)
