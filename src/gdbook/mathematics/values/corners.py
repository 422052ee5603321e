"""Corners: zeros, ones, ends of ranges, and letters that are equal, where two sides often meet."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from gdbook.mathematics.kinds import NUMBER
from gdbook.mathematics.letters.declared import Declared
from gdbook.mathematics.values.environment import REAL

if TYPE_CHECKING:
    from gdbook.mathematics.values.drawing import Batch


def corners(
    declared: Mapping[str, Declared], batch: Batch, numbers: tuple[float, ...]
) -> dict[str, tuple[Tensor, Tensor]]:
    """Return for each letter which draws put it to a corner, and to which value.

    Letters of one kind are also set to each other, and to twice each other.
    """
    names = [n for n, d in declared.items() if n in batch.raw and d.corners and not d.law]
    random = Random(batch.seed)
    values = {}
    for n in names:
        build = declared[n].build
        assert build is not None
        values[n] = build(batch.raw[n], batch.sizes).clone()
    put = {n: torch.zeros(batch.count, dtype=torch.bool) for n in names}
    for row in batch.cornered.nonzero().flatten().tolist() if names else []:
        forced = random.choice(names)
        for n in names:
            if n == forced or random.random() < 0.35:
                d = declared[n]
                choice = list(d.corners)
                if d.kind == NUMBER and not d.whole:
                    choice += [x for x in numbers if d.low < x < d.high]
                _set(values[n][row], random.choice(choice))
                put[n][row] = True
        if row % 3 == 0:
            _equal(declared, values, put, row, random)
    return {n: (put[n], values[n]) for n in names}


def _set(x: Tensor, corner: Any) -> None:
    if corner == "eye":
        x.copy_(torch.eye(x.shape[-1], dtype=REAL))
    elif corner == "basis":
        x.zero_()
        x[0] = 1.0
    else:
        x.fill_({"zero": 0.0, "ones": 1.0}.get(corner, corner))


def _equal(
    declared: Mapping[str, Declared],
    values: dict[str, Tensor],
    put: dict[str, Tensor],
    row: int,
    random: Random,
) -> None:
    """Set letters of one kind to the same value, or to a multiple."""
    names = list(values)
    one = random.choice(names)
    d = declared[one]
    for other in names:
        e = declared[other]
        if other == one or e.kind != d.kind or e.whole or d.whole:
            continue
        if d.kind == NUMBER and not e.low < float(values[one][row]) < e.high:
            continue
        if "zero" not in e.corners and e.kind != NUMBER:
            continue
        factor = random.choice((1.0, 1.0, 2.0)) if d.kind != NUMBER else 1.0
        values[other][row] = factor * values[one][row]
        put[other][row] = True
        if random.random() < 0.5:
            return
