"""Where runs end: a map of basins over starts and steps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from numpy.typing import NDArray

from gdbook import style
from gdbook.plots.base import array, axes_or_new, halo

# Tints of basins: neighbours differ in lightness too, for print in grey.
_TINTS = (
    ("blue", 0.55),
    ("gold", 0.3),
    ("green", 0.6),
    ("orange", 0.35),
    ("purple", 0.5),
    ("grey", 0.25),
    ("red", 0.45),
)


def basins(
    x: Any,
    y: Any,
    labels: Any,
    names: Sequence[str],
    *,
    xlabel: str = "start",
    ylabel: str = "learning rate",
    ax: Axes | None = None,
) -> Axes:
    """Colour a grid of runs by where each ended, and write the names into the regions.

    Parameters
    ----------
    x, y : Tensor or array, shape (n,) and (m,)
        What varies along the axes; evenly spaced, increasing.
    labels : Tensor or array of int, shape (m, n)
        Index into `names`; −1, as where runs diverged, stays paper.
    names : sequence of str
        At most seven. A name whose region is too small for it is left to the caption.
    xlabel, ylabel : str
    ax : Axes, optional

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        If shapes don't fit or there are more names than colours.
    """
    across, up, ends = array(x), array(y), array(labels).astype(int)
    if ends.shape != (len(up), len(across)):
        raise ValueError(f"labels must have the shape ({len(up)}, {len(across)}), got {ends.shape}")
    if len(names) > len(_TINTS) or ends.max(initial=-1) >= len(names):
        raise ValueError(f"labels must index names, of which there are at most {len(_TINTS)}")
    ax = axes_or_new(ax, height=4.0)
    tints = np.ones((len(names) + 1, 4))
    for index in range(len(names)):
        name, share = _TINTS[index]
        tints[index, :3] = share * np.array(to_rgb(style.colour(name))) + 1 - share
    tints[-1] = 0
    steps = (across[1] - across[0]) / 2, (up[1] - up[0]) / 2
    box = (across[0] - steps[0], across[-1] + steps[0], up[0] - steps[1], up[-1] + steps[1])
    ax.imshow(tints[ends], origin="lower", extent=box, aspect="auto", interpolation="none")
    for index, name in enumerate(names):
        middle = _inmost(ends == index)
        if middle is not None:
            at = across[middle[1]], up[middle[0]]
            ax.text(*at, name, ha="center", va="center", path_effects=halo())
    ax.set(xlabel=xlabel, ylabel=ylabel)
    return ax


def _inmost(inside: NDArray[np.bool_]) -> tuple[int, int] | None:
    """Return a cell far from the region's edge, by peeling it; None if it is thin everywhere."""
    core, peeled = inside, 0
    least = min(core.shape) / 20
    while True:
        frame = np.pad(core, 1)
        inner = core & frame[:-2, 1:-1] & frame[2:, 1:-1] & frame[1:-1, :-2] & frame[1:-1, 2:]
        if not inner.any():
            break
        core, peeled = inner, peeled + 1
    if peeled < least:
        return None
    cells = np.argwhere(core)
    row, column = cells[len(cells) // 2]
    return int(row), int(column)
