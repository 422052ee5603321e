"""Iterates: the terms of a sequence, computed as far as they are asked for."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from gdbook.mathematics.refusal import Refused

_MOST = 10_000


class Terms:
    """The terms of a sequence, of all draws at once.

    Parameters
    ----------
    term : callable
        ``term(k, terms)`` gives the term with index k from those before it.
    first : int
        The index of the first term.
    """

    def __init__(self, term: Callable[[int, list[Tensor]], Tensor], first: int = 0) -> None:
        self._term, self._first, self._found = term, first, list[Tensor]()

    def at(self, k: Tensor) -> Tensor:
        """Return each draw's own term."""
        k = k.detach().round().long() - self._first
        if int(k.min()) < 0 or int(k.max()) > _MOST:
            raise Refused("index", f"a sequence has no term {int(k.min()) + self._first}")
        while len(self._found) <= int(k.max()):
            self._found.append(self._term(len(self._found) + self._first, self._found))
        if k.shape[0] == 1:
            return self._found[int(k)]
        low = int(k.min())
        found = self._found[low : int(k.max()) + 1]
        rows = k.shape[0]
        stacked = torch.stack([x.expand(rows, *x.shape[1:]) for x in found])
        return stacked[k - low, torch.arange(rows)]
