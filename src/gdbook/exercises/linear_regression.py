"""Checkers of chapter 11 whose answers are numbers or formulas."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from gdbook.exercises.verdict import (
    Verdict,
    Wrong,
    call,
    call_for_one,
    checker,
    close,
    compare,
    function,
    number,
    several,
)


def random(*shape: int, seed: int = 11) -> Tensor:
    """Return the same random numbers each time, and leave torch's own generator alone."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, dtype=torch.float64, generator=generator)


def features(rows: int, columns: int, seed: int = 11) -> Tensor:
    """Return a design matrix: a column of ones, and features whose means are not 0."""
    return torch.cat([torch.ones(rows, 1).double(), 1 + random(rows, columns, seed=seed)], 1)


def least_squares(X: Tensor, y: Tensor) -> Tensor:
    """Return the least-squares solution for independent columns."""
    solution: Tensor = torch.linalg.lstsq(X, y[:, None]).solution
    return solution[:, 0]


@checker("prob-noisy-slope")
def noisy_slope(answer: Any) -> Verdict:
    """Judge intercept and slope of a fit to 2 + rand² + (3 + rand)·x."""
    parts = several(answer, 2, "the answer should be two numbers, intercept and slope")
    got = torch.tensor([number(part) for part in parts], dtype=torch.float64)
    right = torch.tensor([7 / 3, 3.5], dtype=torch.float64)
    if close(got, right, 2e-2) and not close(got, right, 4e-3):
        raise Wrong("near, but not near enough: give more digits.")
    return compare(
        got,
        right,
        tol=4e-3,
        praise="each noise moves the coefficient that it is added to by its mean.",
        mistakes={
            "these are the right numbers in the other order: the intercept comes first.": (
                right.flip(0)
            ),
            "the slope is right. The mean of a square is not the square of the mean, ¼.": (
                torch.tensor([2.25, 3.5])
            ),
            "the slope is right. ½ is the mean of rand, not of rand².": torch.tensor([2.5, 3.5]),
            "the slope is right. The noise rand² has a mean, too.": torch.tensor([2.0, 3.5]),
            "the intercept is right. The noise on the slope has the mean ½.": (
                torch.tensor([7 / 3, 3.0])
            ),
            "these are the numbers of the line without noise. Neither noise has the mean 0.": (
                torch.tensor([2.0, 3.0])
            ),
        },
        hint="write each noise as its mean and a rest whose mean is 0, whatever x is.",
    )


@checker("prob-other-way-round")
def other_way_round(answer: Any) -> Verdict:
    """Judge the slope of flipper length over mass, from that of mass over flipper length."""
    slope, share = 50.52, 0.789
    return compare(
        number(answer),
        share / slope,
        tol=5e-3,
        praise="the two slopes multiply to R², so they are inverse only if R² = 1.",
        mistakes={
            "that turns the line round. The line that fits the other distances is another line, "
            "flatter over the mass.": 1 / slope,
            "that multiplies by the slope: the new slope has the unit mm/g.": share * slope,
            "that has the root of R². The product of both slopes is R² itself.": (
                share**0.5 / slope
            ),
            "that divides by R². The new slope is smaller than 1/50.52.": 1 / (slope * share),
            "that is the given slope, in g/mm.": slope,
        },
        hint="write both slopes as quotients of sums of deviations, and multiply them.",
    )


@checker("prob-through-origin")
def through_origin(answer: Any) -> Verdict:
    """Judge through_origin(x, y): the slope of the best line through the origin."""
    x, y = 3 + random(9), 20 + random(9, seed=12)
    dx, dy = x - x.mean(), y - y.mean()
    return compare(
        call_for_one(function(answer), x, y),
        x @ y / (x @ x),
        tol=1e-9,
        praise="the normal equation of a single column, x.",
        mistakes={
            "this is the slope of the best line with an intercept. Here the intercept is 0.": (
                dx @ dy / (dx @ dx)
            ),
            "this is the quotient of the means. Its line goes through the origin and the means, "
            "and its sum of squares is larger.": y.mean() / x.mean(),
            "this is the mean of the quotients y/x: it minimises other squares.": (y / x).mean(),
            "upside down: divide by the sum of x².": x @ x / (x @ y),
            "this is x over y: its squares are distances in x.": x @ y / (y @ y),
            "the sum of the products is not divided by the sum of x².": x @ y,
        },
        hint="differentiate Σ(wxᵢ − yᵢ)² with respect to w.",
    )


@checker("prob-weighted-fit")
def weighted_fit(answer: Any) -> Verdict:
    """Judge weighted_fit(X, y, v): the minimum of Σ vᵢrᵢ²."""
    X, y = features(8, 2), random(8, seed=12)
    v = 0.2 + random(8, seed=13) ** 2

    def weighted(u: Tensor, of_y: Tensor | None = None) -> Tensor:
        on_y = u if of_y is None else of_y
        solution: Tensor = torch.linalg.solve(X.T @ (u[:, None] * X), X.T @ (on_y * y))
        return solution

    got = call(function(answer), X, y, v)
    if got.shape == (3, 1):
        raise Wrong("the coefficients should have the shape (3,), not (3, 1).")
    one = torch.ones_like(v)
    return compare(
        got,
        weighted(v),
        tol=1e-8,
        praise="the equations are X.T V X w = X.T V y, with the weights on the diagonal of V.",
        mistakes={
            "this ignores the weights.": weighted(one),
            "here the weights are squared: rows that are multiplied by v have residuals that are "
            "multiplied by v, and their squares by v². Multiply them by its root.": weighted(v**2),
            "here the weights are roots: the row is multiplied by √v twice, once in Xᵀ and once "
            "in X.": weighted(v.sqrt()),
            "this divides by the weights: a row with a large weight should count much.": (
                weighted(1 / v)
            ),
            "the weights are missing on the side of y: each row of y is weighted like its row of "
            "X.": weighted(v, one),
            "the weights are missing on the side of X.": weighted(one, v),
        },
        hint="differentiate Σ vᵢrᵢ²: the gradient is 2XᵀVr.",
    )


@checker("prob-left-out")
def left_out(answer: Any) -> Verdict:
    """Judge left_out(X, y): what each row's residual is if it is left out of the fit."""
    X, y = features(9, 2), random(9, seed=12)
    rows = torch.arange(9)
    fits = [least_squares(X[rows != i], y[rows != i]) for i in range(9)]
    right = torch.stack([X[i] @ w - y[i] for i, w in enumerate(fits)])
    r = X @ least_squares(X, y) - y
    h = (X @ torch.linalg.pinv(X)).diagonal()
    return compare(
        call(function(answer), X, y),
        right,
        tol=1e-8,
        praise="the residual of each row that the fit has not seen, from one fit.",
        mistakes={
            "these are the residuals of the fit to all rows.": r,
            "the sign: the chapter's residual is prediction less target.": -right,
            "this multiplies by 1 − h. Without its own row the residual is larger.": r * (1 - h),
            "this divides by the root of 1 − h, which makes the residuals equally noisy. Here the "
            "row is left out.": r / (1 - h).sqrt(),
            "this divides by the leverage h itself, not by 1 − h.": r / h,
            "these are the squares.": right**2,
            "this is their mean square, one number. Return one number for each row.": (
                right.square().mean()
            ),
        },
        hint="for each row: fit the others, predict this row, take its target off.",
    )


@checker("prob-noise-columns")
def noise_columns(answer: Any) -> Verdict:
    """Judge the mean training R² of fifty columns of noise on 206 rows."""
    got = number(answer)
    if got < 0:
        raise Wrong("on training rows R² is never negative. Is this the mean on the test rows?")
    return compare(
        got,
        50 / 205,
        tol=5e-2,
        praise="p columns of noise explain p/(N − 1) of the training rows, on average.",
        mistakes={
            "that is what one would wish. The fit uses the noise of the training rows.": 0.0,
            "that is a fit with the flipper as well. Here the columns are noise only.": 0.84,
            "that is what is left over, 1 − R².": 1 - 50 / 205,
            "that is R² for a hundred columns.": 100 / 205,
            "that is in per cent. Give R² itself.": 100 * 50 / 205,
        },
        hint="draw 50 columns, fit with an intercept, take R² on the same rows, and average over "
        "sixty draws or more.",
    )
