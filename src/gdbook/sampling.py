"""Which samples a step of stochastic descent looks at, for hundreds of runs at once.

Each function returns a plan: a callable that takes the number of steps taken before and
returns indices of shape ``(*runs, B)``. The same step always gets the same indices.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from gdbook._expect import positive_integer

__all__ = [
    "reshuffled",
    "with_replacement",
]

Plan = Callable[[int], Tensor]


def with_replacement(
    samples: int, batch_size: int, runs: tuple[int, ...] = (), *, seed: int = 0
) -> Plan:
    """Return a plan in which each index is drawn anew from all samples.

    Parameters
    ----------
    samples : int
        N, how many samples there are.
    batch_size : int
        B, how many each step looks at; a sample may come twice.
    runs : tuple of int
        The shape of the runs: each of them has draws of its own.
    seed : int
        Other seeds give other draws.

    Returns
    -------
    callable
        From the step to indices, int64 of shape ``(*runs, B)``.

    Raises
    ------
    ValueError
        If `samples` or `batch_size` is not a positive integer.

    Notes
    -----
    Derived in *One row instead of fifty*.

    Examples
    --------
    >>> from gdbook.sampling import with_replacement
    >>> rows = with_replacement(50, 8, runs=(3,))
    >>> rows(0).shape, bool((rows(0) == rows(0)).all())
    (torch.Size([3, 8]), True)
    """
    positive_integer(samples, "samples")
    positive_integer(batch_size, "batch_size")

    def rows(step: int) -> Tensor:
        return torch.randint(samples, (*runs, batch_size), generator=_random(seed, step))

    return rows


def reshuffled(
    samples: int,
    batch_size: int,
    runs: tuple[int, ...] = (),
    *,
    seed: int = 0,
    drop_last: bool = False,
) -> Plan:
    """Return a plan that goes through all samples, in a new random order each epoch.

    This is what ``DataLoader(shuffle=True)`` does.

    Parameters
    ----------
    samples, batch_size, runs, seed
        As in `with_replacement`; `batch_size` is at most `samples`.
    drop_last : bool
        Whether the last batch of an epoch is left out if it is smaller than the others.

    Returns
    -------
    callable
        From the step to indices of shape ``(*runs, B)``; the last batch of an epoch has
        fewer where B does not divide N.

    Raises
    ------
    ValueError
        If `samples` or `batch_size` is not a positive integer, or `batch_size` is larger.

    Notes
    -----
    Derived in *Shuffle the rows*.

    Examples
    --------
    >>> from gdbook.sampling import reshuffled
    >>> rows = reshuffled(6, 2)
    >>> sorted(index for step in range(3) for index in rows(step).tolist())
    [0, 1, 2, 3, 4, 5]
    """
    positive_integer(samples, "samples")
    if positive_integer(batch_size, "batch_size") > samples:
        raise ValueError(f"batch_size must be at most {samples}, got {batch_size}")
    each = samples // batch_size if drop_last else -(-samples // batch_size)
    kept: dict[int, Tensor] = {}

    def order(epoch: int) -> Tensor:
        if epoch not in kept:
            kept.clear()
            keys = torch.rand((*runs, samples), dtype=torch.float64, generator=_random(seed, epoch))
            kept[epoch] = keys.argsort(-1)
        return kept[epoch]

    def rows(step: int) -> Tensor:
        epoch, batch = divmod(step, each)
        return order(epoch)[..., batch * batch_size : (batch + 1) * batch_size]

    return rows


def _random(seed: int, step: int) -> torch.Generator:
    """Return random numbers of a step's own, so that a plan needs no memory."""
    return torch.Generator().manual_seed(seed * 1_000_003 + step)
