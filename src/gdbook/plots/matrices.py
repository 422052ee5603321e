"""The chain rule as a row of matrices, and what is left as they are multiplied from either end."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise

import torch
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from torch import Tensor

from gdbook import style
from gdbook._expect import finite, floating_tensor
from gdbook.plots.base import array, figure

GAP = 2.5  # between two matrices, in entries
TITLE, NAMES = 5.0, 1.0  # above each row, and above the factors besides


def matrix_chain(factors: Sequence[Tensor], names: Sequence[str]) -> Axes:
    """Draw a product of matrices entry by entry, and all products from the left and right.

    In the first row the factors; in the second what they become when they are multiplied
    from the left, one more each time; in the third from the right. An entry is blue if
    it is positive, orange if negative, paler the nearer it is to 0.

    Parameters
    ----------
    factors : sequence of Tensor, shapes (m, p), (p, q), …, (r, n)
        At least two.
    names : sequence of str
        One for each factor.

    Returns
    -------
    Axes
        Of a new figure.

    Raises
    ------
    TypeError
        If a factor is no tensor of floating-point numbers.
    ValueError
        If the shapes do not fit each other, or the names do not fit the factors.
    """
    for factor in factors:
        if floating_tensor(factor, "each factor").ndim != 2:
            raise ValueError(f"each factor must be a matrix, got shape {tuple(factor.shape)}")
        finite(factor, "each factor")
    if len(factors) < 2 or len(names) != len(factors):
        raise ValueError(
            "matrix_chain needs at least two factors and a name for each, "
            f"got {len(factors)} and {len(names)}"
        )
    for left, right in pairwise(factors):
        if left.shape[1] != right.shape[0]:
            raise ValueError(f"{tuple(left.shape)} and {tuple(right.shape)} can't be multiplied")
    from_left = list(accumulate(factors, torch.matmul))
    from_right = list(accumulate(reversed(factors), lambda done, factor: factor @ done))[::-1]
    rows = {
        "the factors": factors,
        "multiplied from the left": from_left,
        "multiplied from the right": from_right,
    }
    widths = [max(int(row[k].shape[1]) for row in rows.values()) for k in range(len(factors))]
    starts = [0.0, *accumulate(width + GAP for width in widths)]
    heights = [max(matrix.shape[0] for matrix in row) for row in rows.values()]
    total = sum(heights) + NAMES + len(rows) * TITLE
    inches = style.WIDTH * 0.98 * total / starts[-1]
    ax: Axes = figure(height=inches)[1]
    ax.set(xlim=(-1, starts[-1] - GAP + 1), ylim=(-total, 0), aspect="equal")
    ax.axis("off")
    top = 0.0
    for (title, row), height in zip(rows.items(), heights, strict=True):
        named = row is factors
        top -= TITLE + (NAMES if named else 0.0)
        ax.text(-1, top + (3.4 if named else 1.0), title, va="bottom", color=style.role("guide"))
        for k, matrix in enumerate(row):
            left = starts[k] + (widths[k] - matrix.shape[1]) / 2
            _matrix(ax, matrix, left, top)
            if named:
                ax.text(
                    left + matrix.shape[1] / 2,
                    top + 0.7,
                    names[k],
                    ha="center",
                    va="bottom",
                    fontsize=0.85 * style.FONT_SIZE,
                )
        top -= height
    return ax


def _matrix(ax: Axes, matrix: Tensor, left: float, top: float) -> None:
    """Draw a matrix with its upper left corner at a place, an entry one unit wide and high."""
    entries = array(matrix)
    largest = abs(entries).max() or 1.0
    for (i, j), value in ((at, entries[at]) for at in zip(*entries.nonzero(), strict=True)):
        ax.add_patch(
            Rectangle(
                (left + j, top - i - 1),
                1,
                1,
                facecolor=style.colour("blue" if value > 0 else "orange"),
                alpha=0.25 + 0.75 * abs(value) / largest,
                linewidth=0,
            )
        )
    rows, columns = entries.shape
    ax.add_patch(
        Rectangle(
            (left, top - rows),
            columns,
            rows,
            fill=False,
            edgecolor=style.colour("ink"),
            linewidth=0.9,
        )
    )
