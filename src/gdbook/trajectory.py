"""Where descents went, and in which basin they ended."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from gdbook._expect import finite, floating_tensor, positive_number, shape
from gdbook.functions import Landscape


@dataclass(frozen=True, eq=False)
class Trajectory:
    """Where the runs went, logged before each step, and once more after the last.

    The shape of one batch of runs is written ``runs`` below: ``()`` for a single run.
    ``kept`` is steps + 1, or 1 if only the last point was kept.

    Attributes
    ----------
    points : Tensor, shape (kept, *runs) on a line, (kept, *runs, d) in d dimensions
        The points; ``points[0]`` is the start.
    values : Tensor, shape (kept, *runs)
        The objective at the points.
    gradients : Tensor, the shape of `points`
        The gradients at the points.
    steps : int
        How many steps were taken.
    diverged_at : Tensor of int64, shape (*runs)
        The first step whose point, value or gradient is inf or nan; −1 where all are finite.
        From the next step on such a run stays where it is, and what is still finite in its
        point becomes nan.
    """

    points: Tensor
    values: Tensor
    gradients: Tensor
    steps: int
    diverged_at: Tensor

    @property
    def final(self) -> Tensor:
        """The last points, of shape ``(*runs)`` or ``(*runs, d)``."""
        return self.points[-1]

    @property
    def final_value(self) -> Tensor:
        """The objective at the last points, of shape ``(*runs)``."""
        return self.values[-1]

    @property
    def final_gradient(self) -> Tensor:
        """The gradients at the last points, of their shape."""
        return self.gradients[-1]

    @property
    def diverged(self) -> Tensor:
        """Which runs met inf or nan: booleans of shape ``(*runs)``."""
        return self.diverged_at >= 0

    def converged(self, tolerance: float = 1e-6) -> Tensor:
        """Return which runs ended where the gradient is no longer than `tolerance`.

        A small gradient says that the ground is level, not that it is a minimum.

        Returns
        -------
        Tensor of bool, shape (*runs)

        Raises
        ------
        ValueError
            If `tolerance` is not a positive number.
        """
        positive_number(tolerance, "tolerance")
        squares = self.final_gradient**2
        coordinates = tuple(range(self.diverged_at.ndim, squares.ndim))
        length = (squares.sum(coordinates) if coordinates else squares).sqrt()
        return (length <= tolerance) & ~self.diverged


def basin(points: Tensor, minima: Landscape | Tensor, tolerance: float = 0.1) -> Tensor:
    """Return for each point the index of the minimum that it belongs to, by distance.

    Parameters
    ----------
    points : Tensor, any shape on a line, (..., d) in d dimensions
        Where runs ended, such as ``trajectory.final``.
    minima : Landscape or Tensor, shape (m,) on a line, (m, d) in d dimensions
        The minima; of a landscape, those that it lists.
    tolerance : float
        A point further than this from every minimum belongs to none.

    Returns
    -------
    Tensor of int64, one for each point
        The index of the nearest minimum, or −1 if none is near; inf and nan are near none.

    Raises
    ------
    TypeError
        If `points` is no tensor of floating-point numbers.
    ValueError
        If the shapes do not fit, there is no minimum, or `tolerance` is not positive.

    Notes
    -----
    Derived in *Where a start ends*.

    Examples
    --------
    >>> import torch
    >>> from gdbook.descent import basin
    >>> basin(torch.tensor([-1.0, 0.4, 2.02]), torch.tensor([-1.0, 2.0]))
    tensor([ 0, -1,  1])
    """
    floating_tensor(points, "points")
    positive_number(tolerance, "tolerance")
    if isinstance(minima, Landscape):
        name, minima = minima.name, minima.minimum_points(points.dtype)
        if not len(minima):
            raise ValueError(f"{name} lists no minima; give them as a tensor")
    minima = finite(floating_tensor(minima, "minima"), "minima").to(points)
    if minima.ndim not in (1, 2) or not len(minima):
        raise ValueError(f"minima must have shape (m,) or (m, d), m > 0, got {shape(minima)}")
    if minima.ndim == 1:
        points, minima = points.unsqueeze(-1), minima.unsqueeze(-1)
    elif points.ndim == 0 or points.shape[-1] != minima.shape[-1]:
        raise ValueError(
            f"points of shape {shape(points)} do not fit minima of shape {shape(minima)}"
        )
    distance = torch.linalg.vector_norm(points.unsqueeze(-2) - minima, dim=-1)
    # nan is near nothing; min would let it win.
    nearest = distance.nan_to_num(nan=torch.inf, posinf=torch.inf).min(dim=-1)
    return torch.where(nearest.values <= tolerance, nearest.indices, -1)
