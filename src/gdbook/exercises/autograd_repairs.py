"""Checkers of chapter 4, autograd in PyTorch: programs to be mended."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from gdbook.exercises.verdict import (
    Verdict,
    Wrong,
    call,
    checker,
    close,
    compare,
    failure,
    function,
    kind,
)

_X = torch.linspace(-3, 3, 25, dtype=torch.float64)
_Y = torch.sin(2.0 * _X + 0.5)


def _fit(forget: tuple[bool, bool], steps: int, rate: float = 0.1) -> Tensor:
    """Fit (ω, t) by the gradient's formula, with or without forgetting each of the two."""
    w = torch.tensor([3.0, 1.0], dtype=torch.float64)
    held, keep = torch.zeros(2, dtype=torch.float64), torch.tensor(forget)
    for _ in range(steps):
        inner = w[0] * _X + w[1]
        slope = (torch.sin(inner) - _Y) * torch.cos(inner)
        held = held * keep + torch.stack([(slope * _X).mean(), slope.mean()])
        w = w - rate * held
    return w


@checker("prob-half-forgotten")
def half_forgotten(answer: Any) -> Verdict:
    """Judge fit(x, y, steps), the loop that forgot to zero one of two gradients."""
    steps = 20
    got = call(function(answer), _X, _Y, steps).detach()
    return compare(
        got,
        _fit((False, False), steps),
        tol=1e-3,
        praise="both gradients start from nothing in every pass.",
        mistakes={
            "t.grad is still never zeroed: t moves like a ball without friction.": _fit(
                (False, True), steps
            ),
            "now omega.grad is never zeroed.": _fit((True, False), steps),
            "now neither of the two is zeroed.": _fit((True, True), steps),
            "nothing has moved: between backward and the step the gradients must stay.": _fit(
                (False, False), 0
            ),
            "this walks uphill: a step goes against the gradient.": _fit(
                (False, False), steps, -0.1
            ),
            "this makes fifty steps whatever `steps` is; make as many as it says.": _fit(
                (False, False), 50
            ),
            "the loss is ½ times a mean; without the ½ each step is twice as long.": _fit(
                (False, False), steps, 0.2
            ),
        },
        hint="from (3, 1), with the rate 0.1 and ½·mean: what is in t.grad before backward?",
    )


@checker("prob-stuck")
def stuck(answer: Any) -> Verdict:
    """Judge the module whose phase never moves."""
    try:
        model = answer() if isinstance(answer, type) else answer
    except Exception as error:
        raise Wrong(f"making the model stopped with {failure(error)}.") from None
    if not isinstance(model, nn.Module):
        raise Wrong("the answer should be the class Sine, an nn.Module.")
    names = {name for name, _ in model.named_parameters()}
    if "t" in dict(model.named_buffers()):
        raise Wrong("a buffer is saved and moved with the module, but no optimizer is told of it.")
    if missing := {"omega", "t"} - names:
        raise Wrong(
            f"{', '.join(sorted(missing))} is no parameter. A tensor that requires grad is not "
            "enough: the module looks for nn.Parameter."
        )
    parameters = dict(model.named_parameters())
    for name in ("omega", "t"):
        if parameters[name].numel() != 1:
            raise Wrong(f"{name} should be one number; it is {kind(parameters[name])}.")
        if not parameters[name].requires_grad:
            raise Wrong(
                f"{name} is a parameter that requires no gradient: backward leaves nothing in "
                "its grad, and the optimizer passes it by."
            )
    before = {name: p.detach().clone() for name, p in parameters.items()}
    x, y = _X.float(), _Y.float()
    shown = call(lambda: model(x).detach())
    right = torch.sin(before["omega"] * x + before["t"]).double()
    if not close(shown, right, 1e-4):
        raise Wrong("the model should return sin(ωx + t).")
    try:
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        optimizer.zero_grad()
        ((y - model(x)) ** 2).mean().backward()
        optimizer.step()
    except Exception as error:
        raise Wrong(f"a step of training stopped with {failure(error)}.") from None
    moved = {name: bool((parameters[name] != old).any()) for name, old in before.items()}
    with torch.no_grad():
        for name, old in before.items():
            parameters[name].copy_(old)
    for name in ("omega", "t"):
        if not moved[name]:
            raise Wrong(f"{name} is a parameter, but the loss does not depend on it.")
    return Verdict(True, "the module lists both, and so the optimizer moves both.")


@checker("prob-touching")
def touching(answer: Any) -> Verdict:
    """Judge distance(d), lengths of the rows of d, whose gradient is 0 where a row is 0."""
    distance = function(answer)
    # The tiny row tells who has added something under the root, however little.
    rows = [[3.0, 4.0], [0.0, 0.0], [1.0, -1.0], [3e-100, 4e-100]]
    d = torch.tensor(rows, dtype=torch.float64, requires_grad=True)
    got = call(distance, d)
    true = torch.tensor([5.0, 0.0, 2.0**0.5, 5e-100], dtype=torch.float64)
    if got.shape != true.shape:
        raise Wrong(f"there should be one length for each row, got the shape {tuple(got.shape)}.")
    if not bool(torch.allclose(got.detach(), true, rtol=1e-12, atol=0.0)):
        if bool(torch.allclose(got.detach(), true, rtol=1e-3, atol=1e-2)):
            raise Wrong(
                "the lengths are a little wrong, of a row of 0 or a very short one at least: "
                "something was added under the root, or clamped. That trades a NaN for an error."
            )
        raise Wrong("the lengths should be 5, 0 and √2 for the rows (3, 4), (0, 0), (1, −1).")
    if not got.requires_grad:
        raise Wrong("no way leads back to d: was it detached?")
    try:
        (slope,) = torch.autograd.grad(got.sum(), d)
    except Exception as error:
        raise Wrong(f"backward stopped with {failure(error)}.") from None
    if bool(slope.isnan().any()):
        raise Wrong(
            "the gradient is still NaN where a row is 0. where() picks the value, but backward "
            "goes through both branches. Keep 0 away from the root *before* it is taken."
        )
    half = 0.5**0.5
    unit = torch.tensor([[0.6, 0.8], [0.0, 0.0], [half, -half], [0.6, 0.8]], dtype=torch.float64)
    if bool((slope[1] != 0).any()):
        raise Wrong(f"where a row is 0 its gradient should be 0, got {slope[1].tolist()}.")
    if not bool(torch.allclose(slope, unit, rtol=1e-9, atol=1e-12)):
        raise Wrong("away from 0 the gradient of a length is the row divided by its length.")
    return Verdict(True, "exact lengths, and 0 where there is no direction to prefer.")
