"""The quick questions of chapter 10: each answer is computed once more, by torch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from gdbook import quick
from gdbook.datasets import load

DATA = load("sine_fit").train


def answer(label: str) -> float:
    return quick.read(quick.catalogue()[label].answer)


def path(loss: Callable[[Tensor, Tensor], Tensor], eta: float, steps: int) -> Tensor:
    """Return the points of a run of SGD on the sine fit, as the chapter makes them."""
    w = torch.tensor([3.0, 1.0], dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=eta)
    points = [w.detach().clone()]
    for _ in range(steps):
        optimizer.zero_grad()
        loss(torch.sin(w[0] * DATA.x + w[1]), DATA.y).backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        points.append(w.detach().clone())
    return torch.stack(points)


def half(prediction: Tensor, target: Tensor) -> Tensor:
    return 0.5 * ((prediction - target) ** 2).mean()


def test_the_first_step_with_the_factor_3() -> None:
    three = path(lambda f, y: 3 * ((f - y) ** 2).mean(), 0.1, 1)
    step, other = (run[1] - run[0] for run in (three, path(half, 0.1, 1)))
    assert float(step.norm() / other.norm()) == pytest.approx(answer("quick-first-step"))


def test_the_rate_of_the_sum() -> None:
    assert len(DATA.y) == 50
    summed = path(nn.MSELoss(reduction="sum"), answer("quick-sum-rate"), 30)
    torch.testing.assert_close(summed, path(half, 0.3, 30))


def test_the_mean_over_all_pairs() -> None:
    three = torch.tensor([1.0, 2.0, 3.0])
    assert float(((three[:, None] - three) ** 2).mean()) == pytest.approx(answer("quick-pairs"))


def test_the_most_likely_sigma() -> None:
    residuals = torch.tensor([3.0, -3.0, 1.0, -1.0, 0.0])
    sigmas = torch.linspace(0.5, 5, 4501)
    normal: Any = torch.distributions.Normal(torch.zeros(1), sigmas[:, None])
    best = sigmas[normal.log_prob(residuals).sum(1).argmax()]
    assert float(best) == pytest.approx(answer("quick-sigma"), abs=2e-3)


def test_where_a_forgotten_adjoint_shows() -> None:
    class Careless(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, prediction: Tensor, target: Tensor) -> Tensor:
            ctx.save_for_backward(prediction, target)
            return half(prediction, target)

        @staticmethod
        def backward(ctx: Any, adjoint: Any) -> Any:
            prediction, target = ctx.saved_tensors
            g = (prediction - target) / prediction.numel()
            return g, -g

    def gradient(loss: Any, scale: float) -> Tensor:
        p = torch.arange(4.0, requires_grad=True)
        (g,) = torch.autograd.grad(scale * loss(p, torch.zeros(4)), p)
        return g

    assert quick.catalogue()["quick-careless"].answer == "b"
    torch.testing.assert_close(gradient(Careless.apply, 1), gradient(half, 1))
    torch.testing.assert_close(gradient(Careless.apply, 1 / 4), 4 * gradient(half, 1 / 4))
