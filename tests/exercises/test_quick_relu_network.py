"""The quick questions of chapter 13: each answer is computed once more, by torch."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from gdbook import quick


def answer(label: str) -> str:
    return quick.catalogue()[label].answer


def test_the_gradient_of_a_hinge() -> None:
    x = torch.arange(4.0)
    slope, b = torch.tensor(1.0, requires_grad=True), torch.tensor(-1.0)
    hinge = torch.relu(slope * x + b)
    target = hinge.detach() - torch.tensor([5.0, 5, 1, -2])
    nn.functional.mse_loss(hinge, target).backward()  # type: ignore[no-untyped-call]
    assert slope.grad is not None
    assert slope.grad.item() == pytest.approx(quick.read(answer("quick-hinge-gradient")))


def test_which_unit_is_dead() -> None:
    x = torch.linspace(0, 4, 401)
    units = {"a": x - 3, "b": 1 - x, "c": -2 * x - 1, "d": torch.full_like(x, 5)}
    dead = [name for name, z in units.items() if not bool((z > 0).any())]
    assert dead == [answer("quick-dead-unit")]


def test_the_number_of_parameters() -> None:
    network = nn.Sequential(nn.Linear(4, 10), nn.ReLU(), nn.Linear(10, 3))
    count = sum(p.numel() for p in network.parameters())
    assert count == quick.read(answer("quick-parameter-count"))


def test_the_variance_of_he() -> None:
    gain = nn.init.calculate_gain("relu")
    assert quick.read(answer("quick-he")) == pytest.approx(gain**2 / 50)
