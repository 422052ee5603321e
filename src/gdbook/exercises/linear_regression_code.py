"""Checkers of chapter 11 whose answers are programs: runs and steps, held against torch's."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from gdbook.exercises.linear_regression import features, random
from gdbook.exercises.stepping import compare_paths
from gdbook.exercises.verdict import Verdict, Wrong, call, checker, close, compare, function
from gdbook.exercises.watching import by_hand

Gradient = Callable[[Tensor, Tensor, Tensor], Tensor]

ETA, STEPS = 0.05, 6


def torch_run(X: Tensor, y: Tensor, eta: float, steps: int) -> Tensor:
    """Return the points of torch's SGD on its MSELoss from 0, of shape (steps + 1, d)."""
    w = torch.zeros(X.shape[1], dtype=X.dtype, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=eta)
    path = [w.detach().clone()]
    for _ in range(steps):
        optimizer.zero_grad()
        loss: Any = functional.mse_loss(X @ w, y)
        loss.backward()
        optimizer.step()
        path.append(w.detach().clone())
    return torch.stack(path)


def run_by(gradient: Gradient, X: Tensor, y: Tensor, eta: float, steps: int) -> Tensor:
    """Return the points of descent from 0 along another gradient."""
    w = torch.zeros(X.shape[1], dtype=X.dtype)
    path = [w]
    for _ in range(steps):
        w = w - eta * gradient(X, y, w)
        path.append(w)
    return torch.stack(path)


def _scaled(factor: float) -> Gradient:
    """Return the gradient of the mean of the squares, with another factor in place of 2."""
    return lambda X, y, w: factor / len(y) * X.T @ (X @ w - y)


def _points(got: Tensor, want: Tensor) -> Tensor:
    """Return the points after the start, or say what is wrong with their number or the start."""
    if got.shape == want[1:].shape:
        raise Wrong(
            f"that is one point too few: the start and {len(want) - 1} steps make {len(want)} "
            "points. Begin the list with w = 0."
        )
    if got.shape == want[-1].shape:
        raise Wrong("that is the last point only. Return all points, the start included.")
    if got.shape != want.shape:
        raise Wrong(
            f"{len(want) - 1} steps with {want.shape[1]} coefficients make the shape "
            f"{tuple(want.shape)}, got {tuple(got.shape)}."
        )
    if got.abs().amax() == 0 and len(got) > 1:
        raise Wrong("the run does not move: all points are 0.")
    if close(got, got[-1].expand_as(got), 1e-12):
        raise Wrong(
            "all points are equal: the list holds one tensor many times, which was then changed "
            "in place. Append w.clone()."
        )
    if got[0].abs().amax() > 0:
        raise Wrong("the first point should be the start, w = 0.")
    return got[1:]


@checker("prob-own-fit")
def own_fit(answer: Any) -> Verdict:
    """Judge points(X, y, eta, steps) by torch's SGD on MSELoss, step for step."""
    run = function(answer)
    told = None
    for rows, columns in ((7, 2), (5, 1)):
        X, y = features(rows, columns), random(rows, seed=12)
        gradients: Mapping[str, Gradient] = {
            "this descends half the mean square: the 2 of the gradient is missing.": _scaled(1),
            "this descends the sum of the squares: divide the gradient by N.": _scaled(2 * rows),
            "this descends half the sum: the gradient is 2/N times Xᵀr.": _scaled(rows),
            "this climbs: the step goes against the gradient.": _scaled(-2),
            "this divides by the number of coefficients. The mean is over the rows.": (
                _scaled(2 * rows / (columns + 1))
            ),
        }
        want = torch_run(X, y, ETA, STEPS)
        told = compare_paths(
            _points(by_hand(run, X, y, ETA, STEPS), want),
            want[1:],
            {said: run_by(g, X, y, ETA, STEPS)[1:] for said, g in gradients.items()},
            "torch's points, step for step, without autograd.",
            "w ← w − η·(2/N)·Xᵀ(Xw − y), from w = 0.",
        )
    assert told is not None
    return told


@checker("prob-standardised-run")
def standardised_run(answer: Any) -> Verdict:
    """Judge standardised_run(x, y, eta, steps): torch's run over z, each point brought back."""
    run = function(answer)
    x, y = 20 + 3 * random(8), 5 + random(8, seed=12)

    def over(s: Tensor, back: Callable[[Tensor, Tensor], list[Tensor]], shift: float = 1) -> Tensor:
        z = (x - shift * x.mean()) / s
        path = torch_run(torch.stack([torch.ones_like(z), z], 1), y, 0.2, STEPS)
        return torch.stack(back(path[:, 0], path[:, 1] / s), 1)

    s, sample = x.std(correction=0), x.std()
    middle = x.mean()
    mistakes = {
        "these are the coefficients over z. Bring them back: slope w₁/s, intercept w₀ − w₁x̄/s.": (
            over(s, lambda a, b: [a, b * s])
        ),
        "the slope is right. The intercept is still the height at the mean of x: subtract slope "
        "times mean.": over(s, lambda a, b: [a, b]),
        "the slope is right. The intercept has the wrong sign in front of slope times mean.": (
            over(s, lambda a, b: [a + b * middle, b])
        ),
        "the slope is multiplied by s. One unit of x is 1/s of z: divide.": (
            over(s, lambda a, b: [a - b * s * s * middle, b * s * s])
        ),
        "the intercept subtracts the slope over z times the mean. Divide it by s first.": (
            over(s, lambda a, b: [a - b * s * middle, b])
        ),
        "the deviation has the divisor N − 1, so the curvatures are not 2: take "
        "std(correction=0).": over(sample, lambda a, b: [a - b * middle, b]),
        "x is divided by s, but its mean is not subtracted: the run is another one.": (
            over(s, lambda a, b: [a, b], shift=0)
        ),
    }
    want = over(s, lambda a, b: [a - b * middle, b])
    return compare_paths(
        _points(call(run, x, y, 0.2, STEPS), want),
        want[1:],
        {said: path[1:] for said, path in mistakes.items()},
        "torch's run over z, step for step, in the units of x.",
        "descend over z from (0, 0), and bring every point back by its own slope.",
    )


@checker("prob-ridge-step")
def ridge_step(answer: Any) -> Verdict:
    """Judge ridge_step(w, X, y, eta, penalty) by torch.optim.SGD with two parameter groups."""
    step = function(answer)
    X, y, penalty = features(6, 2), 3 + random(6, seed=12), 1.7
    start = random(3, seed=13)
    intercept = start[:1].clone().requires_grad_()
    slopes = start[1:].clone().requires_grad_()
    decay = 2 * penalty / len(y)
    groups: list[dict[str, Any]] = [
        {"params": [intercept]},
        {"params": [slopes], "weight_decay": decay},
    ]
    optimizer = torch.optim.SGD(groups, lr=ETA)
    w, got, want = start, [], []
    for _ in range(STEPS):
        w = call(step, w, X, y, ETA, penalty, steps=True).detach()
        if w.shape != start.shape:
            raise Wrong(
                f"the function should return the next w, of shape (3,), got {tuple(w.shape)}."
            )
        got.append(w)
        optimizer.zero_grad()
        loss: Any = functional.mse_loss(X @ torch.cat([intercept, slopes]), y)
        loss.backward()
        optimizer.step()
        want.append(torch.cat([intercept, slopes]).detach())

    both = torch.tensor([0.0, 1.0, 1.0], dtype=torch.float64)  # slopes, and not the intercept

    def path(step: Callable[[Tensor], Tensor]) -> Tensor:
        points = [start]
        for _ in range(STEPS):
            points.append(step(points[-1]))
        return torch.stack(points[1:])

    def fitted(w: Tensor) -> Tensor:
        return 2 / len(y) * X.T @ (X @ w - y)

    def wrong(on_slopes: float, on_intercept: float = 0.0, sign: float = 1.0) -> Tensor:
        shrink = on_intercept + (on_slopes - on_intercept) * both
        return path(lambda w: w - ETA * (sign * fitted(w) + shrink * w))

    def shrunk_first(w: Tensor) -> Tensor:
        w = w * (1 - ETA * decay * both)
        return w - ETA * fitted(w)

    return compare_paths(
        torch.stack(got),
        torch.stack(want),
        {
            "the intercept is penalised as well: leave its entry out.": wrong(decay, decay),
            "the 2 is missing in the penalty's gradient: the derivative of w² is 2w.": (
                wrong(decay / 2)
            ),
            "the penalty is not divided by N: the sum of squares and the penalty are divided "
            "together.": wrong(decay * len(y)),
            "the penalty's gradient is not divided by N, and its 2 is missing.": wrong(penalty),
            "there is no penalty in this step.": wrong(0.0),
            "the penalty has the wrong sign: the slopes should shrink.": wrong(-decay),
            "this climbs: the step goes against the gradient.": wrong(-decay, sign=-1.0),
            "w is shrunk first, and the residual computed from the shrunk w. Both terms of the "
            "gradient belong to the same w.": path(shrunk_first),
        },
        "torch's to the last digits, with weight_decay = 2λ/N on the slopes alone.",
        "w ← w − η((2/N)Xᵀr + (2λ/N)w), where the penalty's entry for the intercept is 0.",
    )


@checker("prob-own-scale")
def own_scale(answer: Any) -> Verdict:
    """Judge predict(w, x, fitted): new rows are standardised as the fitted ones were."""
    predict = function(answer)
    w = torch.tensor([40.0, 7.0], dtype=torch.float64)
    fitted, new = 20 + 3 * random(12), 26 + random(4, seed=12)
    batches = (new, new[:1], new[:2])

    def by(mean: Callable[[Tensor], Tensor], s: Callable[[Tensor], Tensor]) -> Tensor:
        return torch.cat([w[0] + w[1] * (x - mean(x)) / s(x) for x in batches])

    def deviation(x: Tensor) -> Tensor:
        return x.std(correction=0)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch's, of the deviation of a single row
        got = torch.cat([call(predict, w, x, fitted).reshape(-1) for x in batches])
    if not bool(got.isfinite().all()):
        raise Wrong(
            "for a single row this gives nan or inf: it divides by the deviation of the new rows, "
            "which is 0. Take that of the fitted rows."
        )
    return compare(
        got,
        by(lambda x: fitted.mean(), lambda x: deviation(fitted)),
        tol=1e-9,
        praise="mean and deviation belong to the fit, and a row's prediction no longer depends on "
        "the rows beside it.",
        mistakes={
            "the deviation is that of the fitted rows, the mean is still that of the new ones.": (
                by(torch.mean, lambda x: deviation(fitted))
            ),
            "the deviation has the divisor N − 1. The fit was made with divisor N.": (
                by(lambda x: fitted.mean(), lambda x: fitted.std())
            ),
            "fitted and new rows are standardised together, so the new rows still change their own "
            "scale.": torch.cat(
                [
                    w[0] + w[1] * (x - both.mean()) / deviation(both)
                    for x in batches
                    for both in [torch.cat([fitted, x])]
                ]
            ),
            "here nothing is standardised, but w belongs to z.": torch.cat(
                [w[0] + w[1] * x for x in batches]
            ),
        },
        hint="z = (x − mean of the fitted x)/(deviation of the fitted x).",
    )
