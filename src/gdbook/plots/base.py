"""What every plot shares: a figure of the book's width, values of f, labels on lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray
from torch import Tensor

from gdbook import style

Function = Callable[[Tensor], Tensor]
Array = NDArray[np.float64]


def figure(
    rows: int = 1,
    columns: int = 1,
    *,
    height: float | None = None,
    **options: Any,
) -> tuple[Figure, Any]:
    """Open a figure as wide as the book's figures are.

    The width is fixed, so that text has the same size in all figures and can be read on
    a phone; only the height is chosen.

    Parameters
    ----------
    rows, columns : int
        How many panels.
    height : float, optional
        In inches, of the whole figure.
    **options
        Passed to `matplotlib.pyplot.subplots`, as ``sharex=True``.

    Returns
    -------
    figure : Figure
    axes : Axes or numpy.ndarray of Axes
        As `matplotlib.pyplot.subplots` returns them.
    """
    size = (style.WIDTH, height or style.HEIGHT * (1 + 0.7 * (rows - 1)))
    return plt.subplots(rows, columns, figsize=size, **options)


def axes_or_new(ax: Axes | None, height: float | None = None) -> Axes:
    """Return `ax`, or the axes of a new figure."""
    if ax is not None:
        return ax
    made: Axes = figure(height=height)[1]
    return made


def interval(a: float, b: float, names: str = "a and b") -> tuple[float, float]:
    """Return a < b as floats, or say what is wrong with them."""
    a, b = float(a), float(b)
    if not (np.isfinite(a) and np.isfinite(b) and a < b):
        raise ValueError(f"{names} must be finite and increasing, got {a:g} and {b:g}")
    return a, b


def told_apart(count: int, what: str) -> None:
    """Raise ValueError if there are more curves than colours and dashes can tell apart.

    Parameters
    ----------
    count : int
    what : str
        What they are called, in the plural.
    """
    if count > len(style.DASHES):
        raise ValueError(f"at most {len(style.DASHES)} {what} can be told apart, got {count}")


def positive(value: float, name: str) -> float:
    """Return a positive finite float, or say which argument is not one."""
    value = float(value)
    if not (np.isfinite(value) and value > 0):
        raise ValueError(f"{name} must be positive and finite, got {value:g}")
    return value


def values(f: Function, x: Tensor) -> Array:
    """Return f at all of x, in one call.

    Parameters
    ----------
    f : callable
        Takes a float64 tensor and returns one value per element (or one constant).
    x : Tensor
        Any shape.

    Returns
    -------
    numpy.ndarray
        float64, of x's shape.

    Raises
    ------
    ValueError
        If f returns another shape.
    """
    with torch.no_grad():
        y = torch.as_tensor(f(x), dtype=torch.float64)
    if y.shape not in (x.shape, torch.Size([])):
        raise ValueError(
            f"f must return one value per point, of shape {tuple(x.shape)}, got {tuple(y.shape)}"
        )
    return array(y.expand(x.shape))


def array(data: Any) -> Array:
    """Return tensors, arrays and sequences of numbers as a float64 array."""
    if isinstance(data, Tensor):
        data = data.detach().cpu().numpy()
    return np.asarray(data, dtype=np.float64)


def value_and_slope(f: Function, x: float) -> tuple[float, float]:
    """Return f(x) and f'(x), the slope by automatic differentiation."""
    at = torch.tensor(float(x), dtype=torch.float64, requires_grad=True)
    y = f(at)
    if not isinstance(y, Tensor) or not y.requires_grad:
        raise ValueError("f must compute with the torch tensor that it is given")
    (slope,) = torch.autograd.grad(y, at)
    return float(y.detach()), float(slope)


def few_ticks(ax: Axes) -> None:
    """Put at most seven round numbers on the x axis, fewer on a narrow panel.

    On a phone more would touch each other.
    """
    place = ax.get_subplotspec()
    columns = 1 if place is None else place.get_gridspec().ncols
    ax.xaxis.set_major_locator(MaxNLocator(max(2, 6 // columns), steps=[1, 2, 5, 10]))


def halo(width: float = 3.0) -> list[withStroke]:
    """Return the path effect that lifts a line or text off what lies behind it."""
    return [withStroke(linewidth=width, foreground=style.colour("paper"))]


def scale_colours(n: int) -> list[str]:
    """Return n colours of one ordered quantity, from the first step to the last."""
    at = np.linspace(0, len(style.SCALE) - 1, n) if n > 1 else np.array([len(style.SCALE) - 1])
    return [style.colour(style.SCALE[round(i)]) for i in at]


def label_lines(ax: Axes, lines: Sequence[Any] | None = None, gap: float = 1.15) -> None:
    """Write each line's label at its right end, in its colour: no legend to go back to.

    Labels that would overlap are moved apart. Call it last, when limits and scales stand.

    Parameters
    ----------
    ax : Axes
        Lines whose label is set, and does not start with an underscore, are labelled.
    lines : sequence of Line2D, optional
        Only these.
    gap : float
        Least distance of two labels, in heights of the font.

    Raises
    ------
    ValueError
        If a line has no point inside the axes.
    """
    chosen = [
        line
        for line in (lines if lines is not None else ax.get_lines())
        if not str(line.get_label()).startswith("_")
    ]
    ends = [end for end in (_last_visible(ax, line) for line in chosen) if end is not None]
    if len(ends) != len(chosen):
        raise ValueError("a line to be labelled has no point inside the axes")
    figure_height = ax.get_figure(root=True).get_figheight() * 72  # type: ignore[union-attr]
    points = ax.get_position().height * figure_height
    wanted = np.array(
        [ax.transAxes.inverted().transform(ax.transData.transform(e))[1] for e in ends]
    )
    placed = spread(wanted * points, gap * style.FONT_SIZE, 0.0, points)
    for line, end, before, after in zip(chosen, ends, wanted * points, placed, strict=True):
        ax.annotate(
            str(line.get_label()),
            end,
            xytext=(6, after - before),
            textcoords="offset points",
            va="center",
            color=line.get_color(),
            annotation_clip=False,
        )


def _last_visible(ax: Axes, line: Any) -> tuple[float, float] | None:
    x, y = (np.asarray(v, dtype=float) for v in line.get_data())
    (x0, x1), (y0, y1) = sorted(ax.get_xlim()), sorted(ax.get_ylim())
    inside = np.isfinite(y) & (x >= x0) & (x <= x1) & (y >= y0) & (y <= y1)
    if not inside.any():
        return None
    last = np.flatnonzero(inside)[np.argmax(x[inside])]
    return float(x[last]), float(y[last])


def spread(wanted: Array, gap: float, low: float, high: float) -> Array:
    """Move positions apart to at least `gap`, as little as needed, kept in order.

    Parameters
    ----------
    wanted : numpy.ndarray, shape (n,)
    gap : float
    low, high : float
        Where there is room; exceeded evenly if n gaps don't fit.

    Returns
    -------
    numpy.ndarray, shape (n,)
    """
    order = np.argsort(wanted, kind="stable")
    steps = gap * np.arange(len(wanted))
    # Positions minus their steps must not fall: the least-squares answer is isotonic.
    free = _isotonic(wanted[order] - steps)
    if len(free):
        free = np.clip(free, low, max(low, high - steps[-1]))
    placed = np.empty_like(wanted)
    placed[order] = free + steps
    return placed


def _isotonic(y: Array) -> Array:
    """Return the non-decreasing sequence nearest to y, by pooling adjacent violators."""
    blocks: list[tuple[float, int]] = []
    for value in y:
        mean, count = float(value), 1
        while blocks and blocks[-1][0] > mean:
            other, size = blocks.pop()
            mean, count = (mean * count + other * size) / (count + size), count + size
        blocks.append((mean, count))
    return np.repeat([b[0] for b in blocks], [b[1] for b in blocks])
