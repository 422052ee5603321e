"""Checkers of chapter 9, stochastic gradient descent: shufflers and optimizers by the reader."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from gdbook.exercises.verdict import (
    Verdict,
    Wrong,
    checker,
    failure,
    function,
    kind,
    numbers,
    recognise,
    run,
)

F64 = torch.float64


# --- one epoch ----------------------------------------------------------------------------


def _epoch(answer: Callable[..., Any], *arguments: Any) -> list[list[int]]:
    """Return the batches of the reader's epoch as lists of row numbers."""
    made = run(answer, *arguments)
    try:
        batches = [[int(row) for row in (b.tolist() if isinstance(b, Tensor) else b)] for b in made]
    except Exception:
        raise Wrong(f"the function should return a list of batches, got {kind(made)}.") from None
    if batches and not any(batches):
        raise Wrong("the batches are empty.")
    return batches


@checker("prob-epoch-batches")
def epoch_batches(answer: Any) -> Verdict:
    """Judge epoch_batches(N, B, generator, drop_last)."""
    make = function(answer)
    random = torch.Generator().manual_seed(7)
    before = torch.get_rng_state()
    for N, B in ((10, 4), (12, 4), (7, 7), (5, 1), (3, 8)):
        for drop in (False, True):
            batches = _epoch(make, N, B, random, drop)
            said = f"for N = {N}, B = {B} and drop_last={drop} "
            sizes = [B] * (N // B) + ([] if drop or N % B == 0 else [N % B])
            rows = [row for batch in batches for row in batch]
            if len(set(rows)) < len(rows):
                raise Wrong(said + "a row comes twice: draw without replacement.")
            if not set(rows) <= set(range(N)):
                raise Wrong(said + f"the rows should be numbered from 0 to {N - 1}.")
            got = [len(batch) for batch in batches]
            if got != sizes:
                hint = ""
                if drop and got == [*sizes, N % B]:
                    hint = " drop_last leaves the smaller one out."
                elif not drop and got == sizes[:-1]:
                    hint = " The last, smaller batch is missing."
                raise Wrong(said + f"the batches have {got} rows instead of {sizes}.{hint}")
    if not torch.equal(before, torch.get_rng_state()):
        raise Wrong("this draws from torch's global random numbers; draw from `generator`.")
    _shuffled(make)
    return Verdict(True, "each row once an epoch, in a new order each time, from the generator.")


def _shuffled(make: Callable[..., Any]) -> None:
    """Say what is wrong with the order of the rows, over many epochs."""
    random = torch.Generator().manual_seed(1)
    epochs = [_epoch(make, 6, 2, random, False) for _ in range(300)]
    orders = {str(epoch) for epoch in epochs}
    if len(orders) == 1:
        rows = [row for batch in epochs[0] for row in batch]
        raise Wrong(
            "the rows come in their own order: shuffle them."
            if rows == sorted(rows)
            else "each call gives the same order. Is a seed set inside of the function?"
        )
    again = torch.Generator().manual_seed(1)
    if [_epoch(make, 6, 2, again, False) for _ in range(3)] != epochs[:3]:
        raise Wrong(
            "a generator with the same seed gives other batches: draw all random numbers from it."
        )
    if len({str(sorted(sorted(batch) for batch in epoch)) for epoch in epochs}) == 1:
        raise Wrong(
            "the same rows share a batch in every epoch: shuffle the rows, not the batches."
        )
    leading = torch.tensor([epoch[0][0] for epoch in epochs])
    if not bool((leading.bincount(minlength=6) > 20).all()):  # 50 expected, 6.5 standard deviation
        raise Wrong("some rows hardly ever come first: each order should be equally likely.")


# --- optimizers ---------------------------------------------------------------------------


def _data(seed: int, sizes: list[int], dtype: torch.dtype) -> list[tuple[Tensor, Tensor]]:
    random = torch.Generator().manual_seed(seed)
    x = torch.randn(sum(sizes), 3, generator=random, dtype=F64).to(dtype)
    y = torch.randn(sum(sizes), generator=random, dtype=F64).to(dtype)
    return list(zip(torch.split(x, sizes), torch.split(y, sizes), strict=True))


def _pieces(w: Tensor) -> Callable[[Tensor, Tensor], Tensor]:
    return lambda x, y: ((x @ w - y) ** 2).mean()


def _by_mistake(steps: list[list[tuple[Tensor, Tensor]]], how: str, dtype: torch.dtype) -> Tensor:
    """Return where a well-known mistake, or none, leads."""
    w = torch.tensor([1.0, -1.0, 0.5], dtype=dtype, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.05, momentum=0.9)
    loss_of = _pieces(w)
    for pieces in steps:
        if how != "never zeroed":
            optimizer.zero_grad()
        rows = sum(len(x) for x, _ in pieces)
        for x, y in pieces:
            if how == "last piece":
                optimizer.zero_grad()
            share = {"equal": 1 / len(pieces), "sum": 1.0, "rows": float(len(x))}
            torch.autograd.backward(loss_of(x, y) * share.get(how, len(x) / rows))
            if how == "a step each":
                optimizer.step()
                optimizer.zero_grad()
        if how != "a step each":
            optimizer.step()
    return w.detach().to(F64)


@checker("prob-accumulate")
def accumulate(answer: Any) -> Verdict:
    """Judge accumulated_step(optimizer, loss_of, pieces), against torch on all rows at once."""
    step = function(answer)
    for dtype, tol in ((F64, 1e-12), (torch.float32, 1e-5)):
        steps = [_data(seed, [5, 3, 1 + seed], dtype) for seed in range(5)]
        w = torch.tensor([1.0, -1.0, 0.5], dtype=dtype, requires_grad=True)
        whole = w.detach().clone().requires_grad_()
        ours = torch.optim.SGD([w], lr=0.05, momentum=0.9)
        theirs = torch.optim.SGD([whole], lr=0.05, momentum=0.9)
        for pieces in steps:
            run(step, ours, _pieces(w), pieces)
            theirs.zero_grad()
            x, y = (torch.cat(part) for part in zip(*pieces, strict=True))
            torch.autograd.backward(_pieces(whole)(x, y))
            theirs.step()
        got, right = w.detach().to(F64), whole.detach().to(F64)
        if _same(got, right, tol):
            continue
        start = torch.tensor([1.0, -1.0, 0.5], dtype=F64)
        recognise(
            got,
            {
                "w has not moved: is optimizer.step() called, and before zero_grad()?": start,
                **{
                    sentence: _by_mistake(steps, how, dtype)
                    for how, sentence in (
                        (
                            "equal",
                            "this gives each piece the same weight; the pieces differ in length.",
                        ),
                        (
                            "sum",
                            "this adds up the pieces' means; the step is as many times too long "
                            "as there are pieces.",
                        ),
                        ("rows", "this is the gradient of the sum over all rows, not the mean."),
                        (
                            "last piece",
                            "the gradients are zeroed between the pieces: only the last one "
                            "counts.",
                        ),
                        (
                            "never zeroed",
                            "the gradients are never zeroed: the second step has those of the "
                            "first as well.",
                        ),
                        ("a step each", "this takes a step for each piece; take one for all."),
                    )
                },
            },
            tol=max(tol, 1e-6),
        )
        raise Wrong(
            "the steps are not those of torch on all rows at once: the mean of all rows is the "
            "sum over pieces of (rows in the piece)/(all rows) times the piece's mean."
        )
    return Verdict(True, "the same steps as on all rows at once, one graph at a time.")


def _same(a: Tensor, b: Tensor, tol: float) -> bool:
    """Say whether two tensors agree, to a tolerance that their largest entry sets."""
    return bool((a - b).abs().max() <= tol * max(1.0, float(b.abs().max())))


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
        if _same(got, right, tol):
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
        if _same(average, right, tol):
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
