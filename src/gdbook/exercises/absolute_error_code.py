"""Checkers of chapter 12: steps and fits that the reader writes, held against torch and HiGHS."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from gdbook.datasets import load
from gdbook.exercises.stepping import (
    Row,
    compare_paths,
    drive,
    gradients,
    parameters,
    run_class,
    same,
)
from gdbook.exercises.verdict import Verdict, Wrong, call, checker, close, function
from gdbook.exercises.watching import by_hand
from gdbook.models import chebyshev_design, least_absolute_deviations, lstsq_solution

LR = 0.3


# --- an optimizer -----------------------------------------------------------------------------


def _scheduled(rows: list[Row], factor: Callable[[int], float], lr: float = LR) -> Tensor:
    """Return the path of torch's SGD with a LambdaLR, fed these gradients."""
    params = parameters()
    sgd = torch.optim.SGD(params, lr=lr)
    schedule = torch.optim.lr_scheduler.LambdaLR(sgd, factor)

    class Both:
        def step(self) -> None:
            sgd.step()
            schedule.step()

    return drive(Both(), params, rows)


def _shrinking_mistakes(rows: list[Row]) -> dict[str, Tensor]:
    return {
        "the rate is the same in every step.": _scheduled(rows, lambda k: 1.0),
        "the rate is lr/(k + 1); the root is missing.": _scheduled(rows, lambda k: 1 / (k + 1)),
        "the first step has the rate lr/√2: count from 0 and divide by √(k + 1).": _scheduled(
            rows, lambda k: (k + 2) ** -0.5
        ),
        "the first two steps have the same rate: the count goes up too late.": _scheduled(
            rows, lambda k: max(k, 1) ** -0.5
        ),
        "each step divides the rate of the step before, so that it is lr/√((k + 1)!): divide lr "
        "itself.": _scheduled(rows, _compounded),
        "the steps lead uphill: subtract.": _scheduled(rows, lambda k: -((k + 1) ** -0.5)),
        "the root is taken of lr, too.": _scheduled(rows, lambda k: ((k + 1) * LR) ** -0.5),
        "each parameter counts a step of its own: with two of them the rate falls twice as fast. "
        "Count once in step().": _counted_by_parameter(rows),
    }


def _compounded(k: int) -> float:
    made = 1.0
    for j in range(k + 1):
        made /= (j + 1) ** 0.5
    return made


def _counted_by_parameter(rows: list[Row]) -> Tensor:
    points = [p.detach() for p in parameters()]
    k, path = 0, []
    for row in rows:
        for i, g in enumerate(row):
            if g is not None:
                points[i] = points[i] - LR * (k + 1) ** -0.5 * g
                k += 1
        path.append(torch.cat([p.reshape(-1) for p in points]))
    return torch.stack(path)


@checker("prob-shrinking-sgd")
def shrinking_sgd(answer: Any) -> Verdict:
    """Judge a class ShrinkingSGD(params, lr) by torch's SGD with a LambdaLR, step for step."""

    def factor(k: int) -> float:
        return float((k + 1) ** -0.5)

    whole = gradients(7, missing=False)
    want = _scheduled(whole, factor)
    got = run_class(answer, (LR,), whole)
    compare_paths(got, want, _shrinking_mistakes(whole), "", "its rate is lr/√(k + 1).")
    rows = gradients(7)
    try:
        got = run_class(answer, (LR,), rows)
    except Wrong as wrong:
        raise Wrong(f"a parameter's .grad may be None, and is skipped then: {wrong}") from None
    if not same(got, _scheduled(rows, factor)):
        raise Wrong(
            "right as long as every parameter has a gradient. Where one has none, the step must "
            "count all the same, for both."
        )
    try:
        right = same(run_class(answer, (LR,), whole, generator=True), want)
    except Wrong:
        right = False
    if not right:
        raise Wrong(
            "right for a list of parameters, but model.parameters() is a generator, which is empty "
            "after the first loop over it: keep list(params), and loop over that."
        )
    return Verdict(
        True, "torch's to the last digits, step for step, also where a gradient is None."
    )


# --- a step -----------------------------------------------------------------------------------


def _cloud(seed: int, rows: int = 12, columns: int = 3) -> tuple[Tensor, Tensor]:
    source = torch.Generator().manual_seed(seed)
    X = torch.randn(rows, columns, generator=source, dtype=torch.float64)
    y = 3 * torch.randn(rows, generator=source, dtype=torch.float64)
    return X, y - 2 * X.sum(1)


@checker("prob-huber-step")
def huber_step(answer: Any) -> Verdict:
    """Judge huber_step(w, X, y, eta, delta) by thirty steps of torch's HuberLoss and SGD."""
    step, eta, delta = function(answer), 0.2, 0.7
    X, y = _cloud(12)
    w = torch.zeros(3, dtype=torch.float64, requires_grad=True)
    sgd = torch.optim.SGD([w], lr=eta)
    loss = torch.nn.HuberLoss(delta=delta)
    point, path, torchs = torch.zeros(3, dtype=torch.float64), [], []
    for _ in range(30):
        made = by_hand(step, point, X, y, eta, delta)
        if made.shape != (3,):
            raise Wrong(f"the next w should have the shape of w, (3,), not {tuple(made.shape)}.")
        point = made.detach()
        path.append(point)
        sgd.zero_grad()
        loss(X @ w, y).backward()
        sgd.step()
        torchs.append(w.detach().clone())

    def along(pull: Callable[[Tensor], Tensor], scale: float = 1.0) -> Tensor:
        v, made = torch.zeros(3, dtype=torch.float64), []
        for _ in range(30):
            v = v - eta * scale * X.T @ pull(X @ v - y) / len(y)
            made.append(v)
        return torch.stack(made)

    def clipped(r: Tensor) -> Tensor:
        return r.clamp(-delta, delta)

    def shortened() -> Tensor:
        v, made = torch.zeros(3, dtype=torch.float64), []
        for _ in range(30):
            v = v - eta * (X.T @ (X @ v - y) / len(y)).clamp(-delta, delta)
            made.append(v)
        return torch.stack(made)

    return compare_paths(
        torch.stack(path),
        torch.stack(torchs),
        {
            "this is the step of SmoothL1Loss, longer by the factor 1/δ.": along(
                clipped, 1 / delta
            ),
            "this is the step of the sum: the loss is a mean over the rows.": along(
                clipped, len(y)
            ),
            "each step is twice as long: ½r² has the slope r, without a 2.": along(clipped, 2),
            "the residuals are not clipped: this is half the mean square.": along(lambda r: r),
            "the steps lead uphill: subtract.": along(lambda r: -clipped(r)),
            "the gradient's entries are clipped, and not the residuals.": shortened(),
            "the inner part has the slope 2r: the ½ of the parabola is missing.": along(
                lambda r: torch.where(r.abs() <= delta, 2 * r, delta * torch.sign(r))
            ),
            "large residuals pull with the strength 1; it should be δ.": along(
                lambda r: torch.where(r.abs() <= delta, r, torch.sign(r))
            ),
            "large positive residuals are clipped, large negative ones are not.": along(
                lambda r: r.clamp(max=delta)
            ),
            "this divides by the number of columns; the mean is over the rows.": along(
                clipped, len(y) / 3
            ),
        },
        "torch's HuberLoss and SGD, step for step.",
        "clip the residuals to [−δ, δ], multiply by the transpose of X, divide by N.",
    )


# --- fits -------------------------------------------------------------------------------------


def _only_positive(X: Tensor, y: Tensor) -> Tensor:
    """Return the fit of someone who leaves linprog's bounds at their default, w ≥ 0."""
    from scipy.optimize import linprog

    rows, columns = X.shape
    eye = torch.eye(rows, dtype=X.dtype)
    A = torch.cat([X, eye, -eye], dim=1)
    cost = [0.0] * columns + [1.0] * (2 * rows)
    return torch.from_numpy(linprog(cost, A_eq=A.numpy(), b_eq=y.numpy()).x[:columns])


def _least_largest(X: Tensor, y: Tensor) -> Tensor:
    """Return the fit whose largest error is least: one t for all points."""
    from scipy.optimize import linprog

    rows, columns = X.shape
    ones = -torch.ones(rows, 1, dtype=X.dtype)
    A = torch.cat([torch.cat([X, ones], 1), torch.cat([-X, ones], 1)])
    cost = [0.0] * columns + [1.0]
    solved = linprog(
        cost, A_ub=A.numpy(), b_ub=torch.cat([y, -y]).numpy(), bounds=[(None, None)] * len(cost)
    )
    return torch.from_numpy(solved.x[:columns])


def _excess(X: Tensor, y: Tensor, w: Tensor) -> float:
    best = least_absolute_deviations(X, y).loss
    return (X @ w - y).abs().mean().item() - best


@checker("prob-exact-fit")
def exact_fit(answer: Any) -> Verdict:
    """Judge exact_fit(X, y) by its MAE, on points with coefficients of both signs."""
    fit = function(answer)
    for seed, columns in ((1, 1), (2, 2), (3, 3), (4, 4)):
        X, y = _cloud(seed, 15, columns)
        w = call(fit, X, y).detach()
        if w.shape != (columns,):
            raise Wrong(
                f"for X of shape (15, {columns}) the function should return {columns} numbers, "
                f"got shape {tuple(w.shape)}."
            )
        if _excess(X, y, w) <= 1e-8:
            continue
        for sentence, value in {
            "linprog takes every variable without bounds for positive or 0, and here the best "
            "coefficients are negative: give bounds=(None, None).": _only_positive(X, y),
            "this is the fit of least squares.": lstsq_solution(X, y),
            "this makes the largest error small: you have one t for all points, where each needs "
            "its own.": _least_largest(X, y),
        }.items():
            if close(w, value, 1e-6):
                raise Wrong(sentence)
        raise Wrong(
            f"for X of shape (15, {columns}) its MAE is {_excess(X, y, w):.2g} above the best."
        )
    return Verdict(True, "the best MAE on four sets of points, to eight digits.")


@checker("prob-never-stops")
def never_stops(answer: Any) -> Verdict:
    """Judge fit_absolute(X, y) by its MAE, on the chapter's points and on others.

    Between the five points the gradient stays long up to the best curve: no constant rate, not even
    with the best point of the run, comes within a thousandth of it, and shrinking rates do.
    """
    fit = function(answer)
    data = load("curve_fit")
    X = torch.stack([data.x**2, data.x, torch.ones_like(data.x)], dim=1)
    sets = [("the chapter's points", X, data.y)]
    t = torch.linspace(-1, 1, 15, dtype=torch.float64)
    source = torch.Generator().manual_seed(5)
    noise = torch.randn(15, generator=source, dtype=torch.float64)
    sets.append(("fifteen other points", chebyshev_design(t, 2), 1 - 2 * t + noise))
    source = torch.Generator().manual_seed(8)
    noise = torch.randn(5, generator=source, dtype=torch.float64)
    s = torch.linspace(-1, 1, 5, dtype=torch.float64)
    rows = torch.stack([s**2, s, torch.ones_like(s)], dim=1)
    sets.append(("five points", rows, 3 * (1 - 2 * s) + noise))
    for name, rows, targets in sets:
        w = call(fit, rows, targets).detach()
        if w.shape != (3,):
            raise Wrong(f"the function should return three numbers, got shape {tuple(w.shape)}.")
        above = _excess(rows, targets, w)
        if above <= 1e-3:
            continue
        if close(w, lstsq_solution(rows, targets), 1e-3):
            raise Wrong("this is least squares; the mean absolute error is asked for.")
        start = _excess(rows, targets, torch.zeros(3, dtype=torch.float64))
        if above > 0.3 * start:
            raise Wrong(
                f"on {name} it has not come far from w = 0. Do the rates shrink so fast that "
                "all steps together are too short, or are the gradients never zeroed?"
            )
        raise Wrong(
            f"on {name} its MAE is {above:.2g} above the best, and a thousandth is asked for. With "
            "a constant rate a run stays on its floor: let the rate shrink, and return the best "
            "point of the run, not the last."
        )
    return Verdict(True, "within a thousandth of the best MAE on all three sets of points.")
