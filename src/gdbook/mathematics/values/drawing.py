"""Drawing the letters of a display: sizes, random numbers, and what is put to corners."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from random import Random

import torch
from torch import Tensor

from gdbook.mathematics.kinds import sizes_in
from gdbook.mathematics.letters.declared import Declared, Raw
from gdbook.mathematics.values.corners import corners as corners_of
from gdbook.mathematics.values.environment import REAL

OUTCOMES = 4
"""Outcomes of the random letters that depend on each other."""
_FEW = 3
_SCALES = (1.0, 1.0, 0.1, 3.0)
_LARGEST = 4


@dataclass
class Batch:
    """Draws that share their sizes.

    Attributes
    ----------
    sizes : dict of str to int
    count : int
        How many draws there are.
    raw : dict of str to tuple of Tensor
        The random numbers of each letter.
    cornered : Tensor
        Which draws are put to corners.
    seed : int
    put : dict
        For each letter which draws are put to a corner, and to which value.
    times : int
        How often all draws are there, one after the other: their copies are off by the same.
    """

    sizes: dict[str, int]
    count: int
    raw: dict[str, Raw]
    cornered: Tensor
    seed: int
    put: dict[str, tuple[Tensor, Tensor]] = field(default_factory=dict)
    times: int = 1

    def repeated(self, times: int) -> Batch:
        """Return all draws several times."""
        return replace(self.only(torch.arange(self.count).repeat(times)), times=times)

    def only(self, which: Tensor) -> Batch:
        """Return the draws at these places."""
        return replace(
            self,
            count=int(which.numel()),
            raw={n: tuple(t[which] for t in raw) for n, raw in self.raw.items()},
            cornered=self.cornered[which],
            put={n: (here[which], v[which]) for n, (here, v) in self.put.items()},
        )


def sizes_of(declared: Mapping[str, Declared]) -> list[str]:
    """Return the names of all sizes."""
    return sorted(set[str]().union(*(sizes_in(d.kind) for d in declared.values())))


def batches(
    declared: Mapping[str, Declared],
    count: int,
    corners: int,
    numbers: tuple[float, ...],
    seed: int,
) -> Iterator[Batch]:
    """Draw the batches one by one: with all sizes different at first, then with any from 1 to 4.

    Parameters
    ----------
    declared : mapping
    count, corners : int
        How many draws there are, and how many more at corners, over all batches.
    numbers : tuple of float
        Those that the formula names: letters are set to them as well.
    seed : int
    """
    names = sizes_of(declared)
    random = Random(seed)
    chosen: list[dict[str, int]] = []
    for i in range(8 if names else 1):
        pool = [2, 3, 4, 5]
        random.shuffle(pool)
        some = (
            pool
            if i < 3 and len(names) <= len(pool)
            else random.choices(range(1, _LARGEST + 1), k=len(names))
        )
        sizes = dict(zip(names, some if i != 3 else [1] * len(names), strict=False))
        if sizes not in chosen:
            chosen.append(sizes)
    share, rest = -(-count // len(chosen)), -(-corners // len(chosen))
    for i, sizes in enumerate(chosen):
        yield _batch(declared, sizes, (share, rest), numbers, 1000 * seed + i)


def _batch(
    declared: Mapping[str, Declared],
    sizes: dict[str, int],
    counts: tuple[int, int],
    numbers: tuple[float, ...],
    seed: int,
) -> Batch:
    rng = torch.Generator().manual_seed(seed)
    count, total = counts[0], sum(counts)
    raw: dict[str, Raw] = {}
    scale = torch.tensor(_SCALES, dtype=REAL)[torch.randint(0, 4, (total,), generator=rng)]
    scale[: count // 2] = 1.0
    for name, d in declared.items():
        if d.draw is None:
            continue
        parts = d.draw(sizes, total, rng)
        if d.law:
            parts = _of_outcomes(d, sizes, total, rng)
        elif d.kind.what != "function":
            parts = tuple(p * scale.reshape(-1, *[1] * (p.ndim - 1)) for p in parts)
        raw[name] = parts
    raw[""] = (torch.randn(total, OUTCOMES, generator=rng, dtype=REAL),)
    made = Batch(sizes, total, raw, torch.arange(total) >= count, seed)
    made.put = corners_of(declared, made, numbers)
    return made


def _of_outcomes(d: Declared, sizes: Mapping[str, int], total: int, rng: torch.Generator) -> Raw:
    """Draw the values of a random letter in each outcome."""
    assert d.draw is not None
    many = OUTCOMES if d.law == "joint" else _FEW
    return tuple(d.draw(sizes, total, rng)[0] for _ in range(many))
