"""The author's code, which is written for one draw, run for all draws at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from gdbook.mathematics.refusal import Refused
from gdbook.mathematics.values.environment import REAL
from gdbook.mathematics.values.functions import Function


def _leaves(value: Any) -> list[Tensor]:
    if isinstance(value, Tensor):
        return [value]
    if isinstance(value, Function):
        return [leaf for n in value.numbers for leaf in _leaves(n)]
    if isinstance(value, int):
        return []
    raise Refused("declaration", "code may use letters that are drawn or computed, no others")


def _rebuilt(value: Any, leaves: list[Tensor]) -> Any:
    if isinstance(value, Tensor):
        return leaves.pop(0)
    if isinstance(value, Function):
        return Function(tuple(_rebuilt(n, leaves) for n in value.numbers), value.rule)
    return value


def over_draws(code: Callable[..., Any], given: list[Any], rows: int) -> Any:
    """Return what code gives for each draw, stacked.

    Parameters
    ----------
    code : callable
        Of one draw's values: numbers, vectors, matrices, functions, and sizes as integers.
    given : list
        The values of all draws.
    rows : int
        How many there are.
    """
    leaves = [
        leaf.expand(rows, *leaf.shape[1:]) if leaf.shape[0] < rows else leaf
        for value in given
        for leaf in _leaves(value)
    ]

    def one(*parts: Tensor) -> Any:
        rest = list(parts)
        return _plain(code(*[_rebuilt(value, rest) for value in given]))

    if not leaves:
        return _plain(code(*given)).unsqueeze(0)
    try:
        return torch.func.vmap(one)(*leaves)
    except (RuntimeError, TypeError, ValueError):
        pass  # it branches on its values, or leaves torch: one draw after the other
    found: list[Tensor | None] = []
    for i in range(rows):
        try:
            found.append(one(*(_whole(leaf[i]) for leaf in leaves)))
        except torch.linalg.LinAlgError:  # type: ignore[attr-defined]
            found.append(None)  # a singular matrix, say: it has no value there
    some = next((x for x in found if x is not None), torch.tensor(torch.nan))
    return torch.stack([torch.full_like(some, torch.nan) if x is None else x for x in found])


def _plain(value: Any) -> Tensor:
    if isinstance(value, (list, tuple)):
        return torch.stack([_plain(v) for v in value])
    if isinstance(value, Tensor):
        return value if value.is_complex() else value.to(REAL)
    return torch.tensor(float(value), dtype=REAL)


def _whole(value: Tensor) -> Any:
    """Return a whole number as one, so that code can count with it."""
    if value.ndim == 0 and not value.requires_grad and value == value.round():
        return int(value)
    return value


class PerDraw(Function):
    """A function whose code takes one draw; it is called with all draws, or inside other code.

    Parameters
    ----------
    numbers : tuple
        The letters that it is made from.
    code : callable
        ``code(*letters)`` returns the function of one draw.
    rows : int
        How many draws there are.
    """

    def __init__(self, numbers: tuple[Any, ...], code: Callable[..., Any], rows: int) -> None:
        super().__init__(numbers, lambda given, *xs: code(*given)(*xs))
        self._code, self._rows = code, rows

    def __call__(self, *arguments: Tensor) -> Tensor:
        """Return the values at points, of all draws."""
        count = len(self.numbers)

        def one(*given: Any) -> Any:
            return self._code(*given[:count])(*given[count:])

        made: Tensor = over_draws(one, [*self.numbers, *arguments], self._rows)
        return made
