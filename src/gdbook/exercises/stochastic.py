"""Checkers of chapter 9, stochastic gradient descent: numbers, formulas and an evaluation."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.utils.data import DataLoader, TensorDataset

from gdbook.exercises.verdict import (
    Verdict,
    Wrong,
    call_each,
    call_for_one,
    checker,
    close,
    compare,
    function,
    number,
    recognise,
    run,
)

F64 = torch.float64


@checker("prob-two-balls")
def two_balls(answer: Any) -> Verdict:
    """Judge the ratio of two floors with the same η/B."""
    return compare(
        number(answer),
        1.9 / 1.6,
        tol=1e-3,
        praise="(2 − 0.1)/(2 − 0.4): that only η/B counts is true for small ηλ.",
        mistakes={
            "that only η/B counts is true for small ηλ. Here ηλ is 0.4: use the whole formula.": 1,
            "that is the ratio upside down: the first divided by the second.": 1.6 / 1.9,
            "that is the ratio of the learning rates. The batch divides by 4 again.": 4.0,
            "the batch size is missing: the noise of a batch of 4 has a quarter of the variance.": 4
            * 1.9
            / 1.6,
            "that has the variance of a batch without replacement. Here each row is drawn from all "
            "of them.": 1.9 / 1.6 / 4,
            "that is the ratio of the distances; asked is that of the squares.": (1.9 / 1.6) ** 0.5,
        },
        hint="put both pairs into ησ²/(Bλ(2 − ηλ)), with λ = 1.",
    )


@checker("prob-one-epoch")
def one_epoch(answer: Any) -> Verdict:
    """Judge where five steps with the rates 1/(k + 1) end."""
    return compare(
        number(answer),
        3.0,
        tol=1e-6,
        praise="each point is the mean of the numbers seen, and in the end all have been seen.",
        mistakes={
            "that counts the start as one of the numbers. The first rate is 1: the first step "
            "forgets the start.": 25 / 6,
            "the start is forgotten in the first step, whose rate is 1.": 10.0,
            "the order does not matter: what is w after the second step?": 5.0,
        },
        hint="w after two steps is the mean of two numbers. After five?",
    )


@checker("prob-mean-square")
def mean_square(answer: Any) -> Verdict:
    """Judge mean_square(k, V0, eta, lam, s2)."""
    k = [0, 1, 2, 5, 40]
    start, eta = [9.0, 4.0, 0.0, 1.0, 25.0], [0.1, 0.3, 0.5, 1.2, 0.05]
    lam, s2 = [1.0, 2.0, 0.5, 1.5, 3.0], [2.0, 1.0, 3.0, 0.5, 4.0]
    got = call_each(function(answer), k, start, eta, lam, s2)
    steps, V, e, m, s = (torch.tensor(column, dtype=F64) for column in (k, start, eta, lam, s2))
    q, floor = 1 - e * m, e * s / (m * (2 - e * m))
    return compare(
        got,
        floor + q ** (2 * steps) * (V - floor),
        tol=1e-5,
        praise="the distance from the floor is multiplied by (1 − ηλ)² in each step.",
        mistakes={
            "the factor of the mean *squared* error is (1 − ηλ)², not 1 − ηλ.": floor
            + q**steps * (V - floor),
            "for k = 0 it should be V0: the floor must be subtracted from V0 first.": floor
            + q ** (2 * steps) * V,
            "that is the start's part alone. Where is the noise?": q ** (2 * steps) * V,
            "that is the floor, where the run ends. The question is after k steps.": floor,
            "λ is missing in the floor: it is ηs²/(λ(2 − ηλ)).": e * s / (2 - e * m)
            + q ** (2 * steps) * (V - e * s / (2 - e * m)),
            "that is the floor for small η, ηs²/(2λ); here it must be exact.": e * s / (2 * m)
            + q ** (2 * steps) * (V - e * s / (2 * m)),
        },
        hint="by which factor does V − V∞ change in a step?",
    )


@checker("prob-interpolate")
def interpolate(answer: Any) -> Verdict:
    """Judge largest_rate(curvatures), where all rows have their minimum at one place."""
    limit = function(answer)
    rows = [[1.0, 1.0, 10.0], [0.5, 2.0], [3.0], [0.1, 0.2, 0.3, 4.0, 5.0]]
    tried = [torch.tensor(row, dtype=F64) for row in rows]

    def each(formula: Callable[[Tensor], Tensor]) -> Tensor:
        return torch.stack([formula(lam) for lam in tried])

    got = torch.stack([call_for_one(limit, lam) for lam in tried])
    return compare(
        got,
        each(lambda lam: 2 * lam.mean() / (lam**2).mean()),
        tol=1e-5,
        praise="2λ̄ over the mean of λ²: rows with a large curvature limit the rate.",
        mistakes={
            "that is the limit of full descent. One row a step allows less, unless all "
            "curvatures are equal.": each(lambda lam: 2 / lam.mean()),
            "2/max is safe, since no single step then lengthens the error; but the mean square "
            "converges farther.": each(lambda lam: 2 / lam.max()),
            "the mean of 2/λ is too large: a row with a large curvature then makes the mean "
            "square grow.": each(lambda lam: (2 / lam).mean()),
            "that is half of it: where the factor is least, not where it is 1.": each(
                lambda lam: lam.mean() / (lam**2).mean()
            ),
            "the square belongs inside of the mean: the mean of λ², not the square of the mean of "
            "λ, or of the sum.": each(lambda lam: 2 * lam.sum() / lam.sum() ** 2),
            "the variance of λ is not the mean of λ².": each(
                lambda lam: 2 * lam.mean() / lam.var(correction=0)
            ),
        },
        hint="when is the mean of (1 − ηλᵢ)² below 1? Expand the square.",
    )


def _rows(seed: int, count: int = 50) -> tuple[Tensor, Tensor]:
    random = torch.Generator().manual_seed(seed)
    x = torch.randn(count, generator=random, dtype=F64)
    # The rows at the end are far off, so that their weight is seen.
    return x, torch.where(torch.arange(count) >= count - 2, 5.0, 0.3 * x)


def _alive(seen: list[weakref.ref[Tensor]]) -> int:
    return sum(one() is not None for one in seen)


@checker("prob-evaluate")
def evaluate(answer: Any) -> Verdict:
    """Judge evaluate(loss_of, loader), the loss on all rows."""
    judged = function(answer)
    w = torch.tensor(0.7, dtype=F64, requires_grad=True)
    # A batch's graph has its residual saved: while this is alive, so is the graph.
    asked: list[weakref.ref[Tensor]] = []
    most = 0

    def loss_of(x: Tensor, y: Tensor) -> Tensor:
        nonlocal most
        residual = w * x - y
        most = max(most, _alive(asked))
        asked.append(weakref.ref(residual))
        return (residual**2).mean()

    x, y = _rows(0)
    for size in (16, 25, 50, 7):
        batches = DataLoader(TensorDataset(x, y), batch_size=size)
        losses = torch.stack([((w * a - b) ** 2).mean() for a, b in batches]).detach()
        sizes = torch.tensor([len(a) for a, _ in batches], dtype=F64)
        asked.clear()
        made = run(judged, loss_of, batches)
        if made is None:
            raise Wrong("the function should return the loss, got nothing.")
        if len(asked) != len(batches):
            raise Wrong(f"loss_of was called {len(asked)} times for {len(batches)} batches.")
        if isinstance(made, Tensor) and made.requires_grad:
            raise Wrong(
                "what is returned still holds the graphs of all batches: record none with "
                "torch.no_grad(), or take .item()."
            )
        if _alive(asked):
            gc.collect()  # what only refers to itself is not stored
        if _alive(asked):
            raise Wrong(
                "after the call the graphs of its batches are still in memory: where is a loss "
                "stored that is no plain number?"
            )
        if most > 1:  # the loss of the batch before may still have its name
            raise Wrong(
                "the graphs of all batches are in memory until the sum is done: record none with "
                "torch.no_grad(), or take .item() of each loss."
            )
        got = number(made)
        recognise(
            got,
            {
                "that is the mean of the batch losses, which counts the rows of a small last "
                "batch more: weight each loss with its number of rows.": losses.mean(),
                "that is the sum over all rows; divide by their number.": (losses * sizes).sum(),
                "that is the sum of the batch losses.": losses.sum(),
                "the last batch is left out.": (losses * sizes)[:-1].sum() / sizes[:-1].sum(),
                "that divides by the number of batches; the losses are weighted with rows, so "
                "divide by the number of rows.": (losses * sizes).mean(),
            }
            if len(set(sizes.tolist())) > 1
            else {},
            tol=1e-6,
        )
        right = (losses * sizes).sum() / sizes.sum()
        if not close(got, right, 1e-5):
            raise Wrong("weight each batch's mean loss with its rows, divide by all rows.")
    return Verdict(True, "each row counts once, in whatever batch it is, and no graph is kept.")


@checker("prob-too-timid")
def too_timid(answer: Any) -> Verdict:
    """Judge the exponent of the mean squared error for the rates 0.3/(k + 1)."""
    got = number(answer)
    recognise(
        got,
        {
            "−p is the slope; p itself is positive.": -0.6,
            "that is the exponent for a > ½. Here the start is forgotten more slowly.": 1.0,
            "that is the exponent of the distance; its square falls twice as fast.": 0.3,
        },
        tol=1e-2,
    )
    if close(got, 0.6, 2e-2):
        return Verdict(True, "p = 2aλ: the start is forgotten so slowly that noise hardly counts.")
    raise Wrong("take V at k and at 10k for large k: p is log10 of V(k)/V(10k).")
