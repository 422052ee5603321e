"""Checkers of chapter 10: numbers, gradients and averages of the mean squared error."""

from __future__ import annotations

import math
import weakref
from typing import Any

import torch

from gdbook.exercises.mse_loss_code import random
from gdbook.exercises.verdict import (
    Verdict,
    Wrong,
    call_for_one,
    checker,
    close,
    compare,
    function,
    number,
    run,
    several,
)
from gdbook.exercises.watching import by_hand


@checker("prob-third-step")
def third_step(answer: Any) -> Verdict:
    """Judge the ratio of the third steps of two runs on a parabola."""
    return compare(
        number(answer),
        8 / 9,
        tol=1e-3,
        praise="the second run is nearer to the minimum, so its third step is the shorter one.",
        mistakes={
            "that is the ratio of the first steps. The third begin at different points.": 2,
            "that is the ratio of the second steps.": 4 / 3,
            "that is the ratio of the fourth steps: two steps lie before the third.": 16 / 27,
            "that is the ratio of the errors. The second run's gradient is twice its error.": 4 / 9,
            "that is upside down: the second run's step over the first run's.": 9 / 8,
        },
        hint="write down the first three points of each run, then the two steps from them.",
    )


@checker("prob-two-batches")
def two_batches(answer: Any) -> Verdict:
    """Judge the mean of the RMSEs of two batches, and the RMSE of all rows."""
    parts = several(answer, 2, "the answer should be two numbers")
    got = torch.tensor([number(part) for part in parts], dtype=torch.float64)
    right = torch.tensor([2, math.sqrt(5)], dtype=torch.float64)
    if close(got, right, 3e-2) and not close(got, right, 2e-3):
        raise Wrong("near, but not near enough: give more digits.")
    return compare(
        got,
        right,
        tol=2e-3,
        praise="the mean of the roots is smaller than the root of the mean.",
        mistakes={
            "these are the right numbers in the other order.": right.flip(0),
            "the second is the MSE of all rows: take its root.": torch.tensor([2.0, 5.0]),
            "the two are not the same: the squares of the roots average to 5, not to 2².": (
                torch.tensor([2.0, 2.0])
            ),
            "the first should be the mean of the roots, 1 and 3.": right[1].expand(2),
            "the first should be the mean of the roots, 1 and 3, not of the squares.": (
                torch.stack([torch.tensor(5.0).double(), right[1]])
            ),
        },
        hint="the batches' RMSEs are 1 and 3; the mean of all squares is 5.",
    )


@checker("prob-centimetres")
def centimetres(answer: Any) -> Verdict:
    """Judge by which factor the rate changes when the targets change their unit."""
    return compare(
        number(answer),
        1.0,
        tol=1e-6,
        praise="the gradient and the parameters both become 100 times as large.",
        mistakes={
            "that would hold for a factor 10 000 in front of the loss. Here the parameters have "
            "a new unit, too.": 1e-4,
            "that makes up for the longer gradient. But the steps should be longer as well: the "
            "parameters are 100 times as large.": 1e-2,
            "that is upside down, and it forgets that the gradient is longer already.": 1e2,
            "that is the factor of the loss.": 1e4,
        },
        hint="the new gradient is 100 times the old one; so should be the new step.",
    )


@checker("prob-line-gradient")
def line_gradient(answer: Any) -> Verdict:
    """Judge mse_gradient(X, w, y)."""
    X, w, y = random(6, 3), random(3, seed=11), random(6, seed=12)
    got = by_hand(function(answer), X, w, y)
    r = X @ w - y
    right = 2 / 6 * X.T @ r
    if got.shape == (3, 1):
        raise Wrong("the gradient should have the shape of w, (3,), not (3, 1).")
    return compare(
        got,
        right,
        tol=1e-9,
        praise="the transpose of X times the residual, twice, over N.",
        mistakes={
            "this is the gradient of half the mean: the 2 of the square is missing.": (right / 2),
            "this is the gradient of the sum; the loss is a mean.": 6 * right,
            "this is the gradient of half the sum: the loss is a mean, without ½.": 3 * right,
            "this points downhill: the residual has one sign and the inner derivative the other.": (
                -right
            ),
            "each prediction meets every target: a column of shape (N, 1) less y of shape (N,) is "
            "a matrix of N × N differences.": 2 / 6 * (X.T @ (X @ w[:, None] - y)).mean(1),
            "this divides by the number of parameters, the columns of X. The mean is over the "
            "rows.": 2 / 3 * X.T @ r,
        },
        hint="the mean of 2rᵢ times row i of X.",
    )


@checker("prob-same-run")
def same_run(answer: Any) -> Verdict:
    """Judge same_run(c, eta, decay): the rate and the decay for another factor."""
    settings = [(1.0, 0.1, 0.01), (50.0, 0.1, 0.02), (0.25, 0.3, 0.5)]
    rows = []
    for setting in settings:
        made = run(function(answer), *setting)
        parts = several(made, 2, "the function should return two numbers, rate and decay")
        rows.append(torch.tensor([number(part) for part in parts], dtype=torch.float64))
    c, eta, decay = torch.tensor(settings, dtype=torch.float64).T
    rate, twice = eta / (2 * c), 2 * c * decay
    return compare(
        torch.stack(rows),
        torch.stack([rate, twice], 1),
        tol=1e-6,
        praise="the product of rate and gradient stays, and so does that of rate and decay.",
        mistakes={
            "the rate is right. With it the decay acts less at each step than before: it must "
            "grow.": torch.stack([rate, decay], 1),
            "the rate is right. The decay is divided too, where it must be multiplied.": (
                torch.stack([rate, decay / (2 * c)], 1)
            ),
            "that is for a run whose loss has the factor 1. The given one has ½.": (
                torch.stack([eta / c, c * decay], 1)
            ),
            "upside down: a larger loss needs a smaller rate.": (
                torch.stack([2 * c * eta, decay / (2 * c)], 1)
            ),
            "these are right in the other order: first the rate, then the decay.": (
                torch.stack([twice, rate], 1)
            ),
        },
        hint="rate times gradient and rate times decay must both stay the same.",
    )


@checker("prob-batch-rmse")
def batch_rmse(answer: Any) -> Verdict:
    """Judge rmse_in_batches(f, x, y, batch_size): its value, and what it keeps in memory."""
    rmse = function(answer)
    parameter = torch.ones((), dtype=torch.float64, requires_grad=True)
    largest = {}  # the most rows that the model was given at once, by batch size
    values = []
    x = random(11)
    y = x + torch.linspace(0.1, 2, 11, dtype=torch.float64)
    sizes = (1, 3, 4, 11)
    asked: list[weakref.ref[torch.Tensor]] = []
    most = 0
    for size in sizes:
        seen = [0]
        asked.clear()

        def model(a: Any, seen: list[int] = seen) -> Any:
            nonlocal most
            seen.append(torch.as_tensor(a).numel())
            most = max(most, sum(one() is not None for one in asked))
            inner = parameter * a  # saved for the parameter's gradient: alive as long as the graph
            asked.append(weakref.ref(inner))
            return parameter * inner

        values.append(call_for_one(rmse, model, x, y, size))
        largest[size] = max(seen)
    got = torch.stack(values).detach()
    squares = (x - y) ** 2
    batches = [torch.split(squares, size) for size in sizes]
    right = squares.mean().sqrt().expand(4)
    means = [torch.stack([part.mean() for part in parts]) for parts in batches]
    total = squares.sum()
    verdict = compare(
        got,
        right,
        tol=1e-9,
        praise="the same number for every batch size, and no graph is kept.",
        mistakes={
            "the root is still taken in each batch: with one row it is |r|.": torch.stack(
                [part.sqrt().mean() for part in means]
            ),
            "the root is taken once, and the last batch counts as much as the others though it has "
            "fewer rows. Add up squares and count rows.": torch.stack(
                [part.mean().sqrt() for part in means]
            ),
            "this is the mean squared error; the root is missing.": right**2,
            "the sum of the squares is not divided by the rows.": total.sqrt().expand(4),
            "the sum of the squares is divided by the number of batches, not of rows.": torch.stack(
                [(total / len(parts)).sqrt() for parts in batches]
            ),
            "each batch's root is weighted by its rows. Weight the squares, and take the root "
            "last.": torch.stack(
                [
                    sum((part.mean().sqrt() * len(part) for part in parts), torch.zeros(()))
                    / len(squares)
                    for parts in batches
                ]
            ),
        },
        hint="the result should be the root of the mean of all squares, whatever the batches are.",
    )
    for size, rows in largest.items():
        if rows > size:
            raise Wrong(
                f"the number is right. But the model was given {rows} rows at once, where batches "
                f"of {size} were asked for: that saves no memory."
            )
    if most > 1 or any(value.requires_grad for value in values):
        raise Wrong(
            "the number is right. But the graphs of all batches are in memory until the sum is "
            "done, so that no memory is saved: work under torch.no_grad()."
        )
    return verdict


@checker("prob-rmse-descent")
def rmse_descent(answer: Any) -> Verdict:
    """Judge how far apart the last two points of descent on the RMSE are."""
    slope = math.sqrt(14 / 3)
    return compare(
        abs(number(answer)),
        0.2 * slope,
        tol=1e-3,
        praise="the RMSE of this fit is an absolute value, and each step is η times its slope.",
        mistakes={
            "the run does not converge: the slope of the RMSE does not shrink.": 0.0,
            "that is the slope of the RMSE; the step is η times as long.": slope,
            "that is η times the mean of x². The root is missing.": 0.2 * 14 / 3,
            "that has the sum of x² where the mean belongs.": 0.2 * math.sqrt(14),
            "that is η times the slope of the mean absolute error, the mean of |x|.": 0.4,
        },
        hint="print the last two points of the run.",
    )
