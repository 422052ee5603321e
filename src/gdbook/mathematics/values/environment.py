"""The values of a formula's letters, for all draws at once; computed letters follow the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

REAL = torch.float64
COPIES = 4
"""Each draw is there four times: as drawn, and three times off by about 1e-9 of each letter,
so that one evaluation also tells what rounding does to it."""


@dataclass
class Draws:
    """What the draws of one batch share.

    Attributes
    ----------
    sizes : dict of str to int
        One size for each name.
    count : int
        How many draws there are, copies not counted.
    jitter : Tensor
        By what each row of the batch is off: ones, then for each copy ones and a little.
    outcomes : list
        The outcomes of the random letters: the weights, and the values of all letters.
    scaled : dict
        By what the terms of sums are multiplied, to see if a bound needs them.
    doubt : Tensor
        By how much extrapolated limits may be off.
    largest : Tensor
        The largest number that was a term of a sum, for each row: rounding is relative to it.
    depends : dict
        The letters from which a computed letter is computed, directly or not.
    """

    sizes: dict[str, int]
    count: int
    jitter: Tensor
    outcomes: list[tuple[Tensor, dict[str, Any]]] = field(default_factory=list)
    scaled: dict[object, float] = field(default_factory=dict)
    doubt: Tensor = field(default_factory=lambda: torch.zeros(1, dtype=REAL))
    largest: Tensor = field(default_factory=lambda: torch.zeros(1, dtype=REAL))
    depends: dict[str, frozenset[str]] = field(default_factory=dict)

    def note(self, term: Tensor) -> None:
        """Note how large a number in a sum is."""
        if isinstance(term, Tensor) and term.ndim == 1:
            self.largest = torch.fmax(self.largest, term.detach().abs())

    @property
    def rows(self) -> int:
        """How many rows a batch has, copies counted."""
        return COPIES * self.count

    def size(self, name: str | int) -> int:
        """Return a size, by name or as it is."""
        return self.sizes[name] if isinstance(name, str) else name


class Environment:
    """Values by name."""

    def __init__(
        self,
        base: dict[str, Any],
        computed: Mapping[str, Callable[[Environment], Any]],
        draws: Draws,
        known: dict[str, Any] | None = None,
    ) -> None:
        self.base, self.computed, self.draws = base, computed, draws
        self.known: dict[str, Any] = {} if known is None else known

    def __getitem__(self, name: str) -> Any:
        if name in self.base:
            return self.base[name]
        if name not in self.known:
            if name in self.draws.sizes:
                return torch.tensor([float(self.draws.sizes[name])], dtype=REAL)
            self.known[name] = self.computed[name](self)
        return self.known[name]

    def with_(self, **new: Any) -> Environment:
        """Return an environment in which names have other values."""
        depends = self.draws.depends
        known = {n: v for n, v in self.known.items() if not depends[n] & new.keys()}
        return Environment({**self.base, **new}, self.computed, self.draws, known)

    def at(self, **index: Any) -> Environment:
        """As `with_`, for an index, on which no letter depends."""
        return Environment({**self.base, **index}, self.computed, self.draws, self.known)


def number(x: Any) -> Tensor:
    """Return a value as a tensor whose first axis counts draws."""
    if isinstance(x, Tensor):
        return x if x.is_floating_point() or x.is_complex() else x.to(REAL)
    return torch.tensor([float(x)], dtype=REAL)


def together(values: Sequence[Tensor]) -> Tensor:
    """Stack numbers along a last axis, each of all draws or the same for all."""
    rows = max(v.shape[0] for v in values)
    return torch.stack([v.expand(rows) for v in values], -1)
