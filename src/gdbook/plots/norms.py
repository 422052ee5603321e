"""Which way is steepest: it depends on what counts as a step of length one."""

from __future__ import annotations

from typing import Any, Literal, get_args

import numpy as np
import torch
from torch import Tensor

from gdbook import style
from gdbook._expect import finite, floating_tensor, known_name
from gdbook.plots.base import array, figure, halo

Norm = Literal["euclidean", "largest", "sum"]

_NAMES = {
    "euclidean": "Euclidean",
    "largest": "largest entry",
    "sum": "sum of entries",
}


def steepest(gradient: Tensor, norm: Norm = "euclidean") -> Tensor:
    """Return the step of length one that raises a function fastest.

    Parameters
    ----------
    gradient : Tensor, shape (..., d)
        The gradient, floating-point and not zero.
    norm : {"euclidean", "largest", "sum"}
        What length means: the root of the sum of squares, the largest absolute entry, or
        the sum of the absolute entries.

    Returns
    -------
    Tensor, shape (..., d)
        The maximiser of gradient · u over all u of length one. With "sum", of several
        equally large entries, the first is taken.

    Raises
    ------
    TypeError
        If `gradient` is no tensor of floating-point numbers.
    ValueError
        If a gradient is zero or not finite, or there is no such norm.

    Notes
    -----
    Boyd & Vandenberghe 2004, section 9.4. The chapter on gradients derives it.
    """
    finite(floating_tensor(gradient, "gradient"), "gradient")
    known_name(norm, get_args(Norm), "norm")
    if not bool((gradient != 0).any(-1).all()):
        raise ValueError("where the gradient is 0, no direction is steepest")
    if norm == "euclidean":
        length: Tensor = torch.linalg.vector_norm(gradient, dim=-1, keepdim=True)
        return gradient / length
    if norm == "largest":
        return gradient.sign()
    first = gradient.abs().argmax(-1, keepdim=True)
    unit: Tensor = torch.zeros_like(gradient).scatter(-1, first, 1.0)
    return unit * gradient.sign()


def unit_steps(gradient: tuple[float, float], *, height: float = 1.75) -> Any:
    """Draw the steps of length one in three norms, and in each the steepest.

    Parameters
    ----------
    gradient : (float, float)
        Not zero; the lines across it are level lines of the slope.
    height : float
        Of the figure, in inches.

    Returns
    -------
    numpy.ndarray of Axes, shape (3,)

    Raises
    ------
    ValueError
        If the gradient is zero.
    """
    g = torch.tensor(gradient, dtype=torch.float64)
    direction = array(steepest(g))
    along = np.array([-direction[1], direction[0]])
    outlines = {
        "euclidean": np.array([(np.cos(t), np.sin(t)) for t in np.linspace(0, 2 * np.pi, 121)]),
        "largest": np.array([(1, 1), (-1, 1), (-1, -1), (1, -1), (1, 1)]),
        "sum": np.array([(1, 0), (0, 1), (-1, 0), (0, -1), (1, 0)]),
    }
    _, axes = figure(1, 3, height=height)
    for ax, norm in zip(axes, get_args(Norm), strict=True):
        best = array(steepest(g, norm))
        ax.fill(*outlines[norm].T, color=style.colour("blue"), alpha=0.15, lw=0)
        ax.plot(*outlines[norm].T, color=style.role("function"), ls="solid", lw=1.6)
        for reach in np.linspace(0, 1, 3) * (best @ direction):
            line = reach * direction + np.outer([-1.1, 1.1], along)
            ax.plot(*line.T, color=style.role("guide"), lw=0.9, ls="solid")
        arrow = {"arrowstyle": "-|>", "color": style.role("path"), "lw": 2.4, "shrinkA": 0,
                 "shrinkB": 0, "path_effects": halo(4)}  # fmt: skip
        ax.annotate("", best, (0, 0), arrowprops=arrow, zorder=4)
        ax.set(xlim=(-1.5, 1.8), ylim=(-1.5, 1.5), aspect="equal")
        ax.axis("off")
        ax.set_title(_NAMES[norm])
    return axes
