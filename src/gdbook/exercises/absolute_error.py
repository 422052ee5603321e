"""Checkers of chapter 12: constants, medians and floors of the mean absolute error."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from gdbook.exercises.verdict import (
    Verdict,
    Wrong,
    call_for_one,
    checker,
    close,
    compare,
    function,
    number,
    several,
)


@checker("prob-two-cycle")
def two_cycle(answer: Any) -> Verdict:
    """Judge the two points that a run on three numbers ends up visiting."""
    parts = several(answer, 2, "the answer should be two numbers")
    got = torch.tensor([number(part) for part in parts], dtype=torch.float64)
    right = torch.tensor([-0.05, 0.25], dtype=torch.float64)
    return compare(
        got,
        right,
        tol=1e-4,
        praise="one step to the left, one to the right, each as long as a third of the rate.",
        mistakes={
            "these are the right numbers in the other order: the smaller one first.": right.flip(0),
            "the loss is a mean over three numbers: the slope is ±1/3, not ±1.": torch.tensor(
                [-0.65, 0.25]
            ),
            "the slope doesn't shrink near 0: the step is as long at 1/4 as anywhere between 0 "
            "and 1.": torch.tensor([0.0, 0.0]),
            "the step is subtracted: from 1/4, where the loss rises, it leads down.": torch.tensor(
                [0.25, 0.55]
            ),
        },
        hint="at 1/4 two numbers lie below and one above. Take one step, then the next.",
    )


@checker("prob-all-up")
def all_up(answer: Any) -> Verdict:
    """Judge by how much the best MAE grows if eight of twenty points go up by 5."""
    return compare(
        number(answer),
        2.0,
        tol=1e-6,
        praise="the old curve stays, and eight of its twenty bars are 5 longer.",
        mistakes={
            "that is by how much the sum grows. The loss is a mean over twenty points.": 40.0,
            "that is a mean over the eight points that moved. It is over all twenty.": 5.0,
            "the curve stays, but the bars of eight points become longer.": 0.0,
            "that is one point's part: 5/20. Eight of them have moved.": 0.25,
            "that is the share of the points that moved. Each of them moved by 5.": 0.4,
        },
        hint="the certificate still fits, so the old curve is still the best. How much longer are "
        "its bars, on average?",
    )


@checker("prob-huber-constant")
def huber_constant(answer: Any) -> Verdict:
    """Judge the best constant under Huber's loss for 0, 1 and 8 with δ = 2."""
    return compare(
        number(answer),
        1.5,
        tol=1e-3,
        praise="two residuals as they are and one clipped add up to 0.",
        mistakes={
            "that is the mean, the answer of squares: nothing was clipped.": 3.0,
            "that is the median, the answer of absolute values.": 1.0,
            "the mean of the two near numbers leaves the far one out. It still pulls, with the "
            "strength δ.": 0.5,
            "Huber's loss clips residuals, not the numbers: this is a mean with a smaller 8.": 2.0,
            "the clipped residual of 8 is −2: it pulls the constant up, not down.": -0.5,
        },
        hint="the three residuals, clipped to [−δ, δ], add up to 0. Which of them is clipped?",
    )


@checker("prob-constant-floor")
def constant_floor(answer: Any) -> Verdict:
    """Judge height(eta, N) for several rates and numbers of points."""
    height = function(answer)
    settings = [(0.1, 3), (0.1, 5), (0.03, 9), (0.5, 101)]
    got = torch.stack([call_for_one(height, eta, n) for eta, n in settings]).detach()
    eta, n = torch.tensor(settings, dtype=torch.float64).T
    return compare(
        got,
        eta / (2 * n**2),
        tol=1e-6,
        praise="half the rate times the squared slope, 1/N².",
        mistakes={
            "that is the height of the farther point at its worst, not the mean of the two.": (
                eta / n**2
            ),
            "the slope next to the median is ±1/N: its square is 1/N², not 1/N.": eta / (2 * n),
            "that takes the slope for ±1, as far from all numbers. Next to the median the signs "
            "cancel, but for one.": eta / 2,
            "that is the mean distance from the median. The height is the distance times the "
            "slope 1/N.": eta / n,
            "the rate enters once, not squared.": eta**2 / (2 * n**2),
        },
        hint="put ±1/N for every gradient into the formula for the floor.",
    )


def _clouds() -> list[tuple[Tensor, Tensor]]:
    source = torch.Generator().manual_seed(12)
    made = []
    for size in (1, 2, 5, 8, 11):
        x = torch.randn(size, generator=source, dtype=torch.float64)
        made.append((x, torch.randn(size, generator=source, dtype=torch.float64) - 2 * x))
    # One long row, whose weight is more than half: the line must pass through it.
    made.append((torch.tensor([0.1, -0.2, 9.0, 0.3]).double(), torch.tensor([5.0, 4, 9, 7])))
    return [(x, y.double()) for x, y in made]


@checker("prob-best-slope")
def best_slope(answer: Any) -> Verdict:
    """Judge best_slope(x, y) by the loss that its slope has."""
    slope = function(answer)
    rows, wanted, got = [], [], []
    for x, y in _clouds():
        s = call_for_one(slope, x, y).detach()
        quotients = y / x
        losses = (quotients[:, None] * x - y).abs().sum(1)
        rows.append((x, y))
        got.append(s)
        wanted.append((losses.min(), losses))
    reached = torch.stack([(s * x - y).abs().sum() for s, (x, y) in zip(got, rows, strict=True)])
    least = torch.stack([low for low, _ in wanted])
    if close(reached, least, 1e-9):
        return Verdict(True, "the weighted median of the quotients y/x, with the weights |x|.")
    named = {
        "this is the plain median of the quotients. A point far from 0 counts more: weigh it with "
        "|x|.": [(y / x).median() for x, y in rows],
        "this is the plain median of the quotients, the mean of the middle two. A point far from 0 "
        "counts more: weigh it with |x|.": [torch.quantile(y / x, 0.5) for x, y in rows],
        "this is the line of least squares.": [(x @ y) / (x @ x) for x, y in rows],
        "this is the mean of the quotients, and no median.": [(y / x).mean() for x, y in rows],
        "the weights are taken with their sign: use |x|.": [_signed(x, y) for x, y in rows],
    }
    slopes = torch.stack(got)
    for sentence, values in named.items():
        if close(slopes, torch.stack(values), 1e-6):
            raise Wrong(sentence)
    if close(reached, least, 3e-6):
        raise Wrong("right to about six digits: was something computed in float32?")
    if close(reached.sum(), least.sum(), 3e-2):
        raise Wrong("near, but an exact answer is asked for: the best slope is one of the y/x.")
    raise Wrong("another slope has a smaller sum of absolute errors. Try all quotients y/x.")


def _signed(x: Tensor, y: Tensor) -> Tensor:
    quotients, order = torch.sort(y / x)
    reached = x[order].cumsum(0)
    over = (reached >= reached[-1] / 2).nonzero()
    return quotients[over[0, 0] if len(over) else -1]


@checker("prob-geometric")
def geometric(answer: Any) -> Verdict:
    """Judge at which distance the run with the rates 0.9ᵏ stops."""
    return compare(
        number(answer),
        0.726605,
        tol=2e-3,
        praise="its rates add up to 10, and that is not enough.",
        mistakes={
            "that is how far the start is from the best coefficients.": 3.931201,
            "that is the height of the MAE above the best. The distance of the coefficients is "
            "asked for.": 0.0304135,
            "that is the sum of the rates. Each counts with the length of its gradient, which is "
            "soon small.": 10.0,
            "that is the run with 0.99, which arrives.": 0.0,
        },
        hint="run w ← w − 0.9ᵏ·sign(Xw − y)ᵀX/N from 0 for 3000 steps, with k from 0.",
    )
