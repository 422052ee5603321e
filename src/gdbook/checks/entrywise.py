"""Sides that a cell states again: tensors, equal in every entry, random and of random shapes."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from itertools import pairwise
from random import Random
from typing import TYPE_CHECKING, Any

from gdbook.checks.common import passed
from gdbook.reporting import CheckFailed

if TYPE_CHECKING:
    from torch import Generator, Tensor

Shape = tuple[str | int, ...]

_LARGEST = 5


def tensors(
    *sides: Callable[..., Any],
    of: str,
    latex: str,
    draws: int = 20,
    tolerance: float = 1e-9,
    **shapes: Shape,
) -> None:
    """Check a formula that `holds` can't read: its sides are stated again, as functions.

    Parameters
    ----------
    *sides : callable
        At least two, each of some of the tensors, by their names.
    of : str
        The label of the equation.
    latex : str
        What is displayed, once more: the build sees to it that the page shows that.
    draws : int
        How often the tensors are drawn, and the sizes that have names.
    tolerance : float
        The relative difference that rounding may leave.
    **shapes
        What is drawn, float64: ``X=("m", "n")`` a matrix, ``v=("n",)`` a vector with as many
        entries as X has columns, ``eta=()`` a number, ``W=(2, "n")`` two rows.

    Raises
    ------
    CheckFailed
        With the shapes for which two sides differ, and by how much.
    ValueError
        If there is nothing to compare, or a tensor that no side takes.
    """
    import torch

    if len(sides) < 2 or not all(callable(side) for side in sides):
        raise ValueError("tensors needs at least two functions")
    takes = [list(inspect.signature(side).parameters) for side in sides]
    taken = {name for names in takes for name in names}
    if taken != set(shapes):
        odd = ", ".join(sorted(taken ^ set(shapes)))
        raise ValueError(f"give a shape for what the functions take, and for nothing else: {odd}")
    random, generator = Random(0), torch.Generator().manual_seed(0)
    worst = 0.0
    for draw in range(draws):
        given = _drawn(shapes, _sizes(shapes, draw, random), generator)
        values = [
            torch.as_tensor(
                side(**{name: given[name].clone() for name in names}), dtype=torch.float64
            ).detach()
            for side, names in zip(sides, takes, strict=True)
        ]
        for first, (a, b) in enumerate(pairwise(values)):
            worst = max(worst, _difference(a, b, first, given, tolerance))
    named = any(isinstance(size, str) for shape in shapes.values() for size in shape)
    line = f"every entry of {draws} draws of random tensors{' of random shapes' if named else ''}"
    line += f", largest relative difference {worst:.1e}".replace("e-", "e−")
    passed("tensors", line, of=of, latex=latex)


def _sizes(shapes: Mapping[str, Shape], draw: int, random: Random) -> dict[str, int]:
    """Return a size for each name: all different at first, so that no two axes can be confused."""
    names = list(dict.fromkeys(n for shape in shapes.values() for n in shape if isinstance(n, str)))
    if draw == 0:
        return {name: k + 2 for k, name in enumerate(names)}
    return {name: random.randint(1, _LARGEST) for name in names}


def _drawn(
    shapes: Mapping[str, Shape], sizes: Mapping[str, int], generator: Generator
) -> dict[str, Tensor]:
    import torch

    return {
        name: torch.randn(
            [sizes[n] if isinstance(n, str) else n for n in shape],
            dtype=torch.float64,
            generator=generator,
        )
        for name, shape in shapes.items()
    }


def _difference(
    a: Tensor, b: Tensor, first: int, given: Mapping[str, Tensor], tolerance: float
) -> float:
    """Return the relative difference of two sides, or say where they are not the same."""
    where = ", ".join(f"{name} of shape {tuple(tensor.shape)}" for name, tensor in given.items())
    pair = f"with {where}, sides {first + 1} and {first + 2}"
    if a.shape != b.shape:
        raise CheckFailed(f"{pair} have the shapes {tuple(a.shape)} and {tuple(b.shape)}")
    if a.numel() == 0:
        return 0.0
    scale = max(1.0, float(a.abs().max()), float(b.abs().max()))
    gap = float((a - b).abs().max()) / scale
    if not gap <= tolerance:
        raise CheckFailed(f"{pair} differ by {gap:.2g} of their largest entry")
    return gap
