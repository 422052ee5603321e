"""Checkers of optimizers that readers write in the chapter on adaptive methods.

Each is fed the same gradients as torch's, and held against it step for step.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from gdbook.exercises.stepping import Rule, by_rule, drive, parameters
from gdbook.exercises.verdict import (
    Verdict,
    Wrong,
    checker,
    close,
    coarse,
    failure,
    function,
    kind,
    numbers,
    recognise,
    run,
)

F64 = torch.float64
_TOL = 1e-9
START = torch.tensor([1.0, -2.0], dtype=F64)

Variant = Callable[[Tensor, int], Tensor]


def _gradients(steps: int, seed: int) -> Tensor:
    """Return gradients of two coordinates, the second much smaller, and a pair of zeros."""
    made = torch.randn(steps, 2, generator=torch.Generator().manual_seed(seed)).double()
    made[steps // 2] = 0.0
    return made * torch.tensor([1.0, 1e-3], dtype=F64)


def _by_torch(method: Any, g: Tensor, **options: Any) -> Tensor:
    """Return the points that torch's optimizer visits, given these gradients."""
    params = parameters((START,))
    return drive(method(params, **options), params, [(row,) for row in g])


def _judge(got: Tensor, right: Tensor, mistakes: dict[str, Tensor], praise: str) -> Verdict:
    """Compare two runs, and say at which step they part."""
    if close(got, right, _TOL):
        return Verdict(True, praise)
    recognise(got, mistakes, _TOL)
    coarse(got, right, _TOL)
    wrong = [k for k in range(len(right)) if not close(got[k], right[k], _TOL)]
    first = wrong[0] + 1
    raise Wrong(
        f"the runs part at step {first}: there torch's point is "
        f"{[round(x, 6) for x in right[first - 1].tolist()]} and yours "
        f"{[round(x, 6) for x in got[first - 1].tolist()]}. Compute that step by hand."
    )


def _stepping(step: Callable[[Any, Any, Any], Any], g: Tensor, state: Any) -> Tensor:
    """Return the points of a function that maps (w, g, state) to (w, state)."""
    w: Any = START.clone()
    points = []
    for row in g:
        made = run(step, w, row, state)
        if not isinstance(made, tuple | list) or len(made) != 2:
            raise Wrong(f"the function should return two things, got {kind(made)}.")
        w, state = made
        points.append(_numbers(w))
    return torch.stack(points)


def _numbers(value: Any) -> Tensor:
    """Return a point of two coordinates, or say what came instead."""
    try:
        made = numbers(value).detach().clone()
    except Exception:
        raise Wrong(f"the new point should be numbers, got {kind(value)}.") from None
    if made.shape != (2,):
        raise Wrong(f"the point has shape (2,), and after a step {tuple(made.shape)}.")
    return made


def _in_numbers(
    step: Callable[[Any, Any, Any], Any], g: Tensor, state: Callable[[], Any]
) -> Tensor:
    """Return the points of a function of numbers, that takes no tensors: each coordinate alone."""
    columns = []
    for start, column in zip(START.tolist(), g.T.tolist(), strict=True):
        w, kept, points = start, state(), []
        for slope in column:
            made = run(step, w, slope, kept)
            w, kept = made
            points.append(float(w))
        columns.append(points)
    return torch.tensor(columns, dtype=F64).T


@checker("prob-rmsprop")
def rmsprop(answer: Any) -> Verdict:
    """Judge rmsprop(w, g, s, lr, alpha, eps), which returns the new point and average."""
    step = function(answer)
    g = _gradients(30, 1)
    lr, alpha, eps = 0.1, 0.9, 1e-3

    def bound(w: Any, slope: Any, s: Any) -> Any:
        return step(w, slope, s, lr, alpha, eps)

    def points_of(rows: Tensor) -> Tensor:
        try:
            return _stepping(bound, rows, torch.zeros(2, dtype=F64))
        except Wrong as tensors:
            try:
                return _in_numbers(bound, rows, lambda: 0.0)
            except Exception:
                raise tensors from None

    if close(points_of(g[:1])[0], (1 - alpha) * g[0] ** 2, _TOL):
        raise Wrong("the two results are exchanged: return the point first, then the average.")
    got = points_of(g)
    right = _by_torch(torch.optim.RMSprop, g, lr=lr, alpha=alpha, eps=eps)
    if close(got, right, _TOL):
        lr, alpha, eps = 0.03, 0.75, 1e-2  # `bound` and the oracle read these
        other = _by_torch(torch.optim.RMSprop, g, lr=lr, alpha=alpha, eps=eps)
        if not close(points_of(g), other, _TOL):
            raise Wrong(
                "right for lr = 0.1, alpha = 0.9 and eps = 0.001, wrong for others: is one of "
                "the three written as a number?"
            )
        return Verdict(True, "thirty steps, each equal to torch's, with two settings.")

    def variant(rule: Rule) -> Tensor:
        return by_rule(rule, [(row,) for row in g], lr, (START,))

    def new(row: Tensor, s: Tensor, keep: float = alpha) -> Tensor:
        return keep * s + (1 - keep) * row**2

    return _judge(
        got,
        _by_torch(torch.optim.RMSprop, g, lr=lr, alpha=alpha, eps=eps),
        {
            "ε stands inside of the root. torch adds it to the root.": variant(
                lambda s, row: (row / (new(row, s) + eps).sqrt(), new(row, s))
            ),
            "ε is missing. torch adds it to the root.": variant(
                lambda s, row: (row / new(row, s).sqrt(), new(row, s))
            ),
            "the new square lacks its share 1 − α in the average.": variant(
                lambda s, row: (row / ((alpha * s + row**2).sqrt() + eps), alpha * s + row**2)
            ),
            "the gradient is divided by the old average. Update s first.": variant(
                lambda s, row: (row / (s.sqrt() + eps), new(row, s))
            ),
            "the two shares are exchanged: α is what is kept of the old average.": variant(
                lambda s, row: (row / (new(row, s, 1 - alpha).sqrt() + eps), new(row, s, 1 - alpha))
            ),
            "that is AdaGrad: the squares are added up, and nothing is forgotten.": variant(
                lambda s, row: (row / ((s + row**2).sqrt() + eps), s + row**2)
            ),
            "the root is missing: the divisor is √s + ε.": variant(
                lambda s, row: (row / (new(row, s) + eps), new(row, s))
            ),
            "the gradients are averaged, not their squares.": variant(
                lambda s, row: (
                    row / ((alpha * s + (1 - alpha) * row).abs().sqrt() + eps),
                    alpha * s + (1 - alpha) * row,
                )
            ),
            "that divides all coordinates by one length. Each has an average of its own.": variant(
                lambda s, row: (
                    row / ((alpha * s + (1 - alpha) * (row**2).sum()).sqrt() + eps),
                    alpha * s + (1 - alpha) * (row**2).sum(),
                )
            ),
        },
        "thirty steps, each equal to torch's.",
    )


def adam_variant(
    g: Tensor,
    *,
    lr: float,
    betas: tuple[float, float],
    eps: float,
    decay: float = 0.0,
    mistake: str = "",
) -> Tensor:
    """Return the points of AdamW with one named mistake, or with none."""
    b1, b2 = betas if mistake != "betas" else (betas[1], betas[0])
    w = START
    m = v = torch.zeros(2, dtype=F64)
    points = []
    for k, row in enumerate(g, start=1):
        counts: dict[str, int | Tensor] = {
            "stuck": 1,
            "late": k - 1 or 1,
            "ahead": k + 1,
            "each": torch.tensor([2 * k - 1, 2 * k], dtype=F64),
            "all": torch.tensor([3 * k - 2, 3 * k], dtype=F64),
        }
        count = counts.get(mistake, k)
        slope = row + decay * w if mistake == "coupled" else row
        m, v = b1 * m + (1 - b1) * slope, b2 * v + (1 - b2) * slope**2
        c1: Any = 1 - b1**count
        c2: Any = 1 - b2**count
        if mistake == "uncorrected":
            c1 = c2 = 1.0
        elif mistake == "only m":
            c2 = 1.0
        elif mistake == "only v":
            c1 = 1.0
        elif mistake == "kept":
            m, v, c1, c2 = m / c1, v / c2, 1.0, 1.0
        root = (v / c2 + eps).sqrt() if mistake == "inside" else (v / c2).sqrt() + eps
        shrink = {"coupled": 0.0, "no decay": 0.0, "without lr": decay}.get(mistake, lr * decay)
        moved = w - lr * (m / c1) / root
        w = moved - shrink * (moved if mistake == "after" else w)
        points.append(w)
    return torch.stack(points)


#: What is said of each mistake that `adam_variant` can make.
ADAM_MISTAKES = {
    "stuck": "the step count stays at 1, so all averages are divided by what suits the first. It "
    "grows by 1 with each step, and must be kept from one step to the next.",
    "late": "the step count lags behind by one: it is 1 in the first step and 2 in the second.",
    "ahead": "the step count begins at 2. In the first step it is 1.",
    "kept": "the corrected averages are kept for the next step. Keep m and v themselves: the "
    "correction is for this step's use only.",
    "each": "the step count is raised for each parameter. Raise it once in each step.",
    "all": "the step count is raised for each parameter, also for those without a gradient. Raise "
    "it once in each step.",
    "uncorrected": "the bias corrections are missing: divide m by 1 − β₁ᵏ and v by 1 − β₂ᵏ.",
    "only m": "v is not corrected: divide it by 1 − β₂ᵏ.",
    "only v": "m is not corrected: divide it by 1 − β₁ᵏ.",
    "inside": "ε stands inside of the root. torch adds it to the root.",
    "betas": "the betas are exchanged: β₁ is for the gradients, β₂ for their squares.",
    "coupled": "that is Adam with coupled weight decay: ρw was added to the gradient, and divided. "
    "AdamW shrinks w beside the step.",
    "without lr": "the decay is not multiplied by the rate: a step takes ηρw, not ρw.",
    "no decay": "that is Adam: the decay is missing.",
    "after": "the decay is taken from the new point. It is the old one that shrinks, by 1 − ηρ.",
}


@checker("prob-adamw")
def adamw(answer: Any) -> Verdict:
    """Judge MyAdamW(params, lr, betas, eps, weight_decay), a class with step()."""
    made = function(answer)
    g = _gradients(40, 2)
    options: dict[str, Any] = {"lr": 0.05, "betas": (0.8, 0.95), "eps": 1e-3}
    first = torch.nn.Parameter(torch.tensor([1.0], dtype=F64))
    second = torch.nn.Parameter(torch.tensor([[-2.0]], dtype=F64))
    idle = torch.nn.Parameter(torch.tensor([3.0], dtype=F64))
    parameters = [first, idle, second]
    optimizer = run(lambda: made(parameters, options["lr"], options["betas"], options["eps"], 0.3))
    step = getattr(optimizer, "step", None)
    if not callable(step):
        raise Wrong(f"what it makes should have a method step(), got {kind(optimizer)}.")
    points = []
    for k, row in enumerate(g, start=1):
        first.grad, second.grad = row[:1].clone(), row[1:].reshape(1, 1).clone()
        try:
            step()
        except Exception as error:
            raise Wrong(f"step number {k} stopped with {failure(error)}.") from None
        if first.grad is None or not torch.equal(first.grad, row[:1]):
            raise Wrong("step() changes .grad: the gradient must stay as backward() left it.")
        points.append(torch.cat([first.detach(), second.detach()[0]]))
    got = torch.stack(points)
    if bool((got == START).all()):
        raise Wrong(
            "the parameters did not move: was a new tensor made, as `p = p - …` does? Change the "
            "tensor itself, with `p -= …` under torch.no_grad()."
        )
    if idle.item() != 3.0:
        raise Wrong("a parameter without a gradient has moved. Pass over those.")
    mistakes = {
        said: adam_variant(g, **options, decay=0.3, mistake=name)
        for name, said in ADAM_MISTAKES.items()
    }
    right = _by_torch(torch.optim.AdamW, g, **options, weight_decay=0.3)
    return _judge(got, right, mistakes, "forty steps, each equal to those of torch's AdamW.")


@checker("prob-a-third")
def a_third(answer: Any) -> Verdict:
    """Judge adam(w, g, state, lr), corrected."""
    step = function(answer)
    g = _gradients(40, 3)

    def bound(w: Any, slope: Any, state: Any) -> Any:
        return step(w, slope, state, 0.1)

    try:
        got = _stepping(bound, g, {})
    except Wrong as tensors:
        try:
            got = _in_numbers(bound, g, dict)
        except Exception:
            raise tensors from None
    options: dict[str, Any] = {"lr": 0.1, "betas": (0.9, 0.999), "eps": 1e-8}
    if close(got, _by_torch(torch.optim.Adam, g, **options), _TOL):
        try:
            again = _stepping(bound, g, {})
        except Wrong:
            again = _in_numbers(bound, g, dict)
        if not close(again, got, _TOL):
            raise Wrong(
                "right once; a second run, which begins with an empty state, is another: the "
                "count must be kept in the state, not beside the function."
            )
    mistakes = {
        said: adam_variant(g, **options, mistake=name)
        for name, said in ADAM_MISTAKES.items()
        if name
        in ("stuck", "late", "ahead", "kept", "uncorrected", "only m", "only v", "inside", "betas")
    }
    right = _by_torch(torch.optim.Adam, g, **options)
    return _judge(got, right, mistakes, "the count is kept, and each step equals torch's.")
