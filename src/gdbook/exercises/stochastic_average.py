"""Checker of chapter 9, stochastic gradient descent: an optimizer that averages its points."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from gdbook.exercises.stochastic_code import same
from gdbook.exercises.verdict import (
    Verdict,
    Wrong,
    checker,
    failure,
    kind,
    numbers,
    recognise,
    run,
)

F64 = torch.float64


def _optimizer(answer: Any, params: list[Tensor], lr: float) -> Any:
    if not callable(answer):
        raise Wrong(f"the answer should be a class, got {kind(answer)}. Hand over its name.")
    try:
        made = answer(params, lr)
    except Exception as error:
        raise Wrong(f"AveragedSGD(params, lr) stopped with {failure(error)}.") from None
    for name in ("step", "zero_grad"):
        if not callable(getattr(made, name, None)):
            raise Wrong(f"the optimizer has no method {name}().")
    return made


def _averages(optimizer: Any, params: list[Tensor]) -> list[Tensor]:
    try:
        found = list(optimizer.averages)
        made = [numbers(a).detach().clone() for a in found]
    except Exception:
        raise Wrong("`averages` should be a list with one tensor for each parameter.") from None
    if [tuple(a.shape) for a in made] != [tuple(p.shape) for p in params]:
        raise Wrong("`averages` should hold one tensor for each parameter, of its shape.")
    return made


@checker("prob-averaged-sgd")
def averaged_sgd(answer: Any) -> Verdict:
    """Judge the class AveragedSGD, step for step against torch.optim.SGD and means of points."""
    for dtype, tol in ((F64, 1e-12), (torch.float32, 1e-5)):
        random = torch.Generator().manual_seed(3)
        starts = [
            torch.randn(shape, generator=random, dtype=F64).to(dtype) for shape in ((3,), (2, 2))
        ]
        ours = [p.clone().requires_grad_() for p in starts]
        theirs = [p.clone().requires_grad_() for p in starts]
        judged, known = _optimizer(answer, ours, 0.1), torch.optim.SGD(theirs, lr=0.1)
        points: list[list[Tensor]] = [[], []]
        for k in range(12):
            run(judged.zero_grad)
            known.zero_grad()
            if any(p.grad is not None and bool(p.grad.any()) for p in ours):
                raise Wrong("zero_grad() leaves gradients behind.")
            for i, (mine, other) in enumerate(zip(ours, theirs, strict=True)):
                if i == 1 and k == 5:  # a parameter that the loss does not use in this step
                    continue
                g = torch.randn(mine.shape, generator=random, dtype=F64).to(dtype)
                mine.grad, other.grad = g.clone(), g.clone()
            run(judged.step)
            known.step()
            for i, other in enumerate(theirs):
                points[i].append(other.detach().to(F64, copy=True))
            _same_points(ours, theirs, starts, tol, k)
            _same_averages(_averages(judged, ours), points, starts, tol)
    return Verdict(True, "the points are torch's, and the averages are their means.")


def _same_points(
    ours: list[Tensor], theirs: list[Tensor], starts: list[Tensor], tol: float, k: int
) -> None:
    for mine, other, start in zip(ours, theirs, starts, strict=True):
        got, right = mine.detach().to(F64), other.detach().to(F64)
        if same(got, right, tol):
            continue
        began = start.to(F64)
        if k == 0:
            recognise(
                got,
                {
                    "the parameters have not moved: change them in place, with p -= …": began,
                    "this walks uphill: a step goes against the gradient.": 2 * began - right,
                },
                tol=max(tol, 1e-6),
            )
        raise Wrong(
            f"after step {k + 1} a parameter is not where torch.optim.SGD has it. The averaging "
            "must not change the run."
        )


def _same_averages(
    got: list[Tensor], points: list[list[Tensor]], starts: list[Tensor], tol: float
) -> None:
    for average, path, start in zip(got, points, starts, strict=True):
        stacked = torch.stack(path)
        right = stacked.mean(0)
        if same(average, right, tol):
            continue
        count, began = len(path), start.to(F64)
        recognise(
            average,
            {
                "the start is counted as well; the average is over the points after the steps.": (
                    stacked.sum(0) + began
                )
                / (count + 1),
                "the average lags one step: it is taken before the parameters move.": (
                    stacked[:-1].sum(0) + began
                )
                / count,
                "the average is the last point: is it the parameter itself, not a copy?": path[-1],
                "that is the sum of the points, not their mean.": stacked.sum(0),
                "a division by one too many: after k steps there are k points.": stacked.sum(0)
                / (count + 1),
            },
            tol=max(tol, 1e-6),
        )
        raise Wrong(
            f"after {count} steps an average is not the mean of the {count} points; each point "
            "counts the same, also one that stayed where it was."
        )
