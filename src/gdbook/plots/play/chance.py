"""Chance with a seed, number for number that of the browser's ``chance.mjs``."""

from __future__ import annotations

import math
from collections.abc import Iterator

import torch
from torch import Tensor

_WORD = 0xFFFFFFFF


def uniform(seed: int) -> Iterator[float]:
    """Yield numbers between 0 and 1, by the generator mulberry32: its state is 32 bits."""
    state = seed & _WORD
    while True:
        state = (state + 0x6D2B79F5) & _WORD
        t = (state ^ (state >> 15)) * (1 | state) & _WORD
        t = ((t + ((t ^ (t >> 7)) * (61 | t) & _WORD)) & _WORD) ^ t
        yield (t ^ (t >> 14)) / 2**32


def batches(seed: int, size: int, count: int, steps: int) -> Tensor:
    """Return the rows of each step's batch, drawn with replacement: shape (steps, size)."""
    draw = uniform(seed)
    rows = [[math.floor(next(draw) * count) for _ in range(size)] for _ in range(steps)]
    return torch.tensor(rows)


def hidden_truth(seed: int) -> tuple[float, float]:
    """Return the frequency and the phase of a blind date."""
    draw = uniform(seed)
    return 0.5 + 5 * next(draw), (2 * next(draw) - 1) * math.pi
