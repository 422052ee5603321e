"""Answers to the problems of book/optimizers/stochastic, right ones and well-known wrong ones."""
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import math
import random as python_random
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor

Loss = Callable[[Tensor, Tensor], Tensor]
Pieces = list[tuple[Tensor, Tensor]]


# --- the mean squared error after k steps ---------------------------------------------------


def _by_formula(k: Any, V0: Any, eta: Any, lam: Any, s2: Any) -> Any:
    floor = eta * s2 / (lam * (2 - eta * lam))
    return floor + (1 - eta * lam) ** (2 * k) * (V0 - floor)


def _by_loop(k: int, V0: float, eta: float, lam: float, s2: float) -> float:
    for _ in range(k):
        V0 = (1 - eta * lam) ** 2 * V0 + eta**2 * s2
    return V0


def _in_single(*numbers: Any) -> Any:
    return np.float32(_by_formula(*numbers))


mean_square_right = [_by_formula, _by_loop, _in_single]
mean_square_wrong: list[tuple[Any, str]] = [
    (
        lambda k, V0, eta, lam, s2: (1 - eta * lam) ** (2 * k) * V0,
        "Where is the noise",
    ),
    (
        lambda k, V0, eta, lam, s2: (
            eta * s2 / (lam * (2 - eta * lam))
            + (1 - eta * lam) ** k * (V0 - eta * s2 / (lam * (2 - eta * lam)))
        ),
        "squared",
    ),
    (
        lambda k, V0, eta, lam, s2: (
            eta * s2 / (lam * (2 - eta * lam)) + (1 - eta * lam) ** (2 * k) * V0
        ),
        "subtracted from V0",
    ),
    (lambda k, V0, eta, lam, s2: eta * s2 / (lam * (2 - eta * lam)), "after k steps"),
    (lambda k, V0, eta, lam, s2: 1.0, "by which factor"),
    (3.0, "should be a function"),
]


# --- rows that agree ------------------------------------------------------------------------


def _with_python(curvatures: Tensor) -> float:
    lam = curvatures.tolist()
    return float(2 * sum(lam) / sum(value**2 for value in lam))


interpolate_right = [
    lambda lam: 2 * lam.mean() / (lam**2).mean(),
    lambda lam: 2 * lam.float().sum() / (lam.float() @ lam.float()),
    _with_python,
]
interpolate_wrong: list[tuple[Any, str]] = [
    (lambda lam: 2 / lam.mean(), "full descent"),
    (lambda lam: 2 / lam.max(), "safe"),
    (lambda lam: lam.mean() / (lam**2).mean(), "half"),
    (lambda lam: 2 * lam.sum() / lam.sum() ** 2, "inside of the mean"),
    (lambda lam: (2 / lam).mean(), "too large"),
    (lambda lam: 7.0, "Expand the square"),
]


# --- one epoch ------------------------------------------------------------------------------


def _split(N: int, B: int, generator: torch.Generator, drop_last: bool) -> list[Tensor]:
    batches = list(torch.randperm(N, generator=generator).split(B))
    return [b for b in batches if len(b) == B] if drop_last else batches


def _lists(N: int, B: int, generator: torch.Generator, drop_last: bool) -> Any:
    order = torch.rand(N, generator=generator, dtype=torch.float64).argsort().tolist()
    last = N // B * B if drop_last else N
    for start in range(0, last, B):
        yield order[start : min(start + B, last)]


def _again(N: int, B: int, generator: torch.Generator, drop_last: bool) -> list[Tensor]:
    return _split(N, B, torch.Generator().manual_seed(0), drop_last)


def _blocks(N: int, B: int, generator: torch.Generator, drop_last: bool) -> list[Tensor]:
    batches = list(torch.arange(N).split(B))
    small = [batches.pop()] if len(batches[-1]) < B else []
    order = torch.randperm(len(batches), generator=generator)
    return [batches[i] for i in order] + ([] if drop_last else small)


def _elsewhere(N: int, B: int, generator: torch.Generator, drop_last: bool) -> list[list[int]]:
    order = list(range(N))
    python_random.shuffle(order)
    return [b.tolist() for b in torch.tensor(order).split(B) if len(b) == B or not drop_last]


def _turned(N: int, B: int, generator: torch.Generator, drop_last: bool) -> list[Tensor]:
    """Leave row 0 where it is."""
    order = torch.cat([torch.tensor([0]), 1 + torch.randperm(N - 1, generator=generator)])
    return [b for b in order.split(B) if len(b) == B or not drop_last]


def _rotated(N: int, B: int, generator: torch.Generator, drop_last: bool) -> list[Tensor]:
    order = (torch.arange(N) + torch.randint(N, (1,), generator=generator)) % N
    return [b for b in order.split(B) if len(b) == B or not drop_last]


def _swapped(
    N: int, B: int, generator: torch.Generator, drop_last: bool, *, fair: bool = False
) -> list[list[int]]:
    """Swap each row with any other, or fairly with one that is not yet placed."""
    order = list(range(N))
    for i in range(N):
        first = i if fair else 0
        j = int(torch.randint(first, N, (1,), generator=generator))
        order[i], order[j] = order[j], order[i]
    batches = [order[start : start + B] for start in range(0, N, B)]
    return [b for b in batches if len(b) == B or not drop_last]


def _fisher_yates(*arguments: Any) -> Any:
    return _swapped(*arguments, fair=True)


shuffles_right: list[Any] = [_split, _lists, _fisher_yates]
shuffles_wrong: list[tuple[Any, str]] = [
    (_again, "same order"),
    (_blocks, "share a batch"),
    (_elsewhere, "same seed"),
    (_turned, "ever come first"),
    (_rotated, "follow each other"),
    (_swapped, "still to be placed"),
    (lambda N, B, g, drop: _split(N, B, g, False), "leaves the smaller one out"),
    (lambda N, B, g, drop: _split(N, B, g, True), "smaller batch is missing"),
    (lambda N, B, g, drop: list(torch.randint(N, (N,), generator=g).split(B)), "comes twice"),
    (lambda N, B, g, drop: [b + 1 for b in _split(N, B, g, drop)], "numbered from 0"),
    (
        lambda N, B, g, drop: [b for b in torch.randperm(N).split(B) if len(b) == B or not drop],
        "global",
    ),
    (
        lambda N, B, g, drop: [b for b in torch.arange(N).split(B) if len(b) == B or not drop],
        "their own order",
    ),
    (lambda N, B, g, drop: None, "list of batches"),
]


# --- a large batch in pieces ------------------------------------------------------------------


def _weighted(optimizer: Any, loss_of: Loss, pieces: Pieces) -> None:
    rows = sum(len(x) for x, _ in pieces)
    optimizer.zero_grad()
    for x, y in pieces:
        (loss_of(x, y) * len(x) / rows).backward()
    optimizer.step()


def _divided_later(optimizer: Any, loss_of: Loss, pieces: Pieces) -> None:
    rows = 0
    for x, y in pieces:
        rows += len(x)
        (loss_of(x, y) * len(x)).backward()
    for group in optimizer.param_groups:
        for p in group["params"]:
            p.grad /= rows
    optimizer.step()
    optimizer.zero_grad()


def _accumulated(share: Callable[..., float], zero: bool = True) -> Callable[..., None]:
    def step(optimizer: Any, loss_of: Loss, pieces: Pieces) -> None:
        if zero:
            optimizer.zero_grad()
        rows = sum(len(x) for x, _ in pieces)
        for x, y in pieces:
            (loss_of(x, y) * share(len(x), len(pieces), rows)).backward()
        optimizer.step()

    return step


def _each(optimizer: Any, loss_of: Loss, pieces: Pieces) -> None:
    rows = sum(len(x) for x, _ in pieces)
    for x, y in pieces:
        optimizer.zero_grad()
        (loss_of(x, y) * len(x) / rows).backward()
        optimizer.step()


def _last(optimizer: Any, loss_of: Loss, pieces: Pieces) -> None:
    rows = sum(len(x) for x, _ in pieces)
    for x, y in pieces:
        optimizer.zero_grad()
        (loss_of(x, y) * len(x) / rows).backward()
    optimizer.step()


def _together(optimizer: Any, loss_of: Loss, pieces: Pieces) -> None:
    optimizer.zero_grad()
    x, y = (torch.cat(part) for part in zip(*pieces, strict=True))
    torch.autograd.backward(loss_of(x, y))
    optimizer.step()


def _one_sum(optimizer: Any, loss_of: Loss, pieces: Pieces) -> None:
    optimizer.zero_grad()
    rows = sum(len(x) for x, _ in pieces)
    parts = [loss_of(x, y) * len(x) / rows for x, y in pieces]
    torch.autograd.backward(torch.stack(parts).sum())
    optimizer.step()


def _backwards(optimizer: Any, loss_of: Loss, pieces: Pieces) -> None:
    """Take the last piece first."""
    _weighted(optimizer, loss_of, pieces[::-1])


accumulated_right = [_weighted, _divided_later, _backwards]
accumulated_wrong: list[tuple[Any, str]] = [
    (_accumulated(lambda n, count, rows: 1 / count), "same weight"),
    (_accumulated(lambda n, count, rows: 1.0), "adds up"),
    (_accumulated(lambda n, count, rows: float(n)), "sum over all rows"),
    (_accumulated(lambda n, count, rows: n / rows, zero=False), "never zeroed"),
    (_each, "step for each piece"),
    (_last, "only the last one"),
    (_together, "once for each piece"),
    (_one_sum, "several pieces are in memory"),
    (lambda optimizer, loss_of, pieces: optimizer.zero_grad(), "has not moved"),
    (lambda optimizer: None, "stopped with TypeError"),
]


# --- an optimizer that averages ---------------------------------------------------------------


class Running:
    """The mean, step by step, in place."""

    def __init__(self, params: Any, lr: float) -> None:
        self.params, self.lr, self.steps = list(params), lr, 0
        self.averages = [torch.zeros_like(p) for p in self.params]

    def zero_grad(self) -> None:
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self) -> None:
        self.steps += 1
        for p, average in zip(self.params, self.averages, strict=True):
            if p.grad is not None:
                p.sub_(self.lr * p.grad)
            average.add_((p - average) / self.steps)


class Listed(torch.optim.SGD):
    """The points in a list, in Python floats: slow, and right."""

    def __init__(self, params: Any, lr: float) -> None:
        super().__init__(params, lr=lr)
        self.points: list[list[Any]] = []

    def step(self, closure: Any = None) -> Any:
        super().step()
        self.points.append([p.detach().clone() for p in self.param_groups[0]["params"]])

    @property
    def averages(self) -> list[Any]:
        return [torch.stack(path).mean(0).tolist() for path in zip(*self.points, strict=True)]


class Zeroing(Running):
    """Gradients are filled with zeros, not set to None."""

    def zero_grad(self) -> None:
        for p in self.params:
            if p.grad is not None:
                p.grad.zero_()


class Start(Running):
    def __init__(self, params: Any, lr: float) -> None:
        super().__init__(params, lr)
        self.averages = [p.detach().clone() for p in self.params]
        self.steps = 1


class Late(Running):
    @torch.no_grad()
    def step(self) -> None:
        self.steps += 1
        for p, average in zip(self.params, self.averages, strict=True):
            average.add_((p - average) / self.steps)
            if p.grad is not None:
                p.sub_(self.lr * p.grad)


class Alias(Running):
    def step(self) -> None:
        super().step()
        self.averages = self.params


class Exponential(Running):
    @torch.no_grad()
    def step(self) -> None:
        for p, average in zip(self.params, self.averages, strict=True):
            if p.grad is not None:
                p.sub_(self.lr * p.grad)
            average.mul_(0.9).add_(0.1 * p)


class Total(Running):
    def __init__(self, params: Any, lr: float) -> None:
        super().__init__(params, lr)
        self.averages = [torch.zeros_like(p) for p in self.params]

    @torch.no_grad()
    def step(self) -> None:
        for p, average in zip(self.params, self.averages, strict=True):
            if p.grad is not None:
                p.sub_(self.lr * p.grad)
            average.add_(p)


class Uphill(Running):
    def __init__(self, params: Any, lr: float) -> None:
        super().__init__(params, -lr)


class Unmoved(Running):
    @torch.no_grad()
    def step(self) -> None:
        self.steps += 1
        self.params = [p if p.grad is None else p - self.lr * p.grad for p in self.params]


class Skipping(Running):
    """A parameter without a gradient is not counted in this step."""

    @torch.no_grad()
    def step(self) -> None:
        self.steps += 1
        for p, average in zip(self.params, self.averages, strict=True):
            if p.grad is None:
                continue
            p.sub_(self.lr * p.grad)
            average.add_((p - average) / self.steps)


class Pulled(Running):
    """The run goes on from the average."""

    @torch.no_grad()
    def step(self) -> None:
        super().step()
        for p, average in zip(self.params, self.averages, strict=True):
            p.copy_(average)


class Bare:
    def __init__(self, params: Any, lr: float) -> None:
        pass


averaged_right = [Running, Listed, Zeroing]
averaged_wrong: list[tuple[Any, str]] = [
    (Start, "start is counted"),
    (Late, "lags one step"),
    (Alias, "last point"),
    (Exponential, "not the mean of the"),
    (Total, "sum of the points"),
    (Uphill, "uphill"),
    (Unmoved, "have not moved|`averages`"),
    (Skipping, "stayed where it was"),
    (Pulled, "must not change the run"),
    (Bare, r"no method step\(\)"),
    (3.0, "should be a class"),
]


# --- the loss on all rows -------------------------------------------------------------------


def _fair(loss_of: Loss, loader: Any) -> float:
    total, rows = 0.0, 0
    with torch.no_grad():
        for x, y in loader:
            total += loss_of(x, y).item() * len(x)
            rows += len(x)
    return total / rows


def _as_tensor(loss_of: Loss, loader: Any) -> Tensor:
    losses = torch.stack([loss_of(x, y).detach() for x, y in loader]).float()
    sizes = torch.tensor([float(len(x)) for x, _ in loader])
    return (losses @ sizes) / sizes.sum()


def _with_graphs(loss_of: Loss, loader: Any) -> Tensor:
    parts = [(loss_of(x, y), len(x)) for x, y in loader]
    total: Tensor = sum((loss * n for loss, n in parts), torch.tensor(0.0))
    return total / sum(n for _, n in parts)


_kept: list[Any] = []


def _with_a_store(loss_of: Loss, loader: Any) -> float:
    """Return a number, and keep the tensor elsewhere."""
    _kept.clear()
    _kept.append(_with_graphs(loss_of, loader))
    return float(_kept[-1].item())


def _item_at_the_end(loss_of: Loss, loader: Any) -> float:
    return float(_with_graphs(loss_of, loader).item())


def _item_of_each(loss_of: Loss, loader: Any) -> float:
    """Record each graph, and drop it before the next but one."""
    total, rows = 0.0, 0
    for x, y in loader:
        loss = loss_of(x, y)
        total += loss.item() * len(x)
        rows += len(x)
    return total / rows


def _mean_of_means(loss_of: Loss, loader: Any) -> float:
    losses = [loss_of(x, y).item() for x, y in loader]
    return math.fsum(losses) / len(losses)


evaluate_right = [_fair, _as_tensor, _item_of_each]
evaluate_wrong: list[tuple[Any, str]] = [
    (_with_graphs, "what is returned"),
    (_with_a_store, "after the call"),
    (_item_at_the_end, "until the sum is done"),
    (_mean_of_means, "mean of the batch losses"),
    (lambda f, loader: sum(f(x, y).item() for x, y in loader), "sum of the batch losses"),
    (
        lambda f, loader: sum(f(x, y).item() * len(x) for x, y in loader),
        "sum over all rows",
    ),
    (
        lambda f, loader: sum(f(x, y).item() * len(x) for x, y in loader) / len(loader),
        "divide by the number of rows",
    ),
    (lambda f, loader: [f(x, y) for x, y in loader] and None, "nothing"),
]
