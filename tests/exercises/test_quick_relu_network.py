"""The quick questions of chapter 13: each answer is computed once more, by torch."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

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


def test_the_slope_jumps_at_two() -> None:
    x = torch.tensor([1.0, 1.9, 2.0, 2.1, 3.0], dtype=torch.float64)
    f = 1 + torch.relu(x) - 3 * torch.relu(4 - 2 * x)
    slopes = f.diff() / x.diff()
    assert slopes[0] == pytest.approx(slopes[1].item())
    assert slopes[2] == pytest.approx(slopes[3].item())
    assert (slopes[2] - slopes[1]).item() == pytest.approx(quick.read(answer("quick-slope-jump")))


def through(knots: Tensor, values: Tensor, x: Tensor) -> Tensor:
    """Return a network with a kink at each knot but the last, which joins the values."""
    jumps = (values.diff() / knots.diff()).diff(prepend=torch.zeros(1, dtype=torch.float64))
    return values[0] + torch.relu(x[:, None] - knots[:-1]) @ jumps


def test_what_universal_approximation_says() -> None:
    inside, far = (torch.linspace(0, end, 20_001, dtype=torch.float64) for end in (10, 100))
    knots = torch.linspace(0, 10, 61, dtype=torch.float64)
    assert float((through(knots, knots.sin(), inside) - inside.sin()).abs().max()) < 0.01
    assert float((through(knots, knots.sin(), far) - far.sin()).abs().max()) > 1  # c is wrong

    fifty = torch.linspace(0, 10, 50, dtype=torch.float64)
    between = fifty[20] + torch.tensor([0.05, 0.1, 0.15], dtype=torch.float64)
    spike = torch.cat([fifty, between]).sort().values
    values = spike.sin() + 5 * (spike == between[1])
    assert torch.allclose(through(spike, values, fifty), fifty.sin())
    assert float((through(spike, values, inside) - inside.sin()).abs().max()) > 1  # d is wrong
    assert answer("quick-universal") == "b"


def test_the_number_of_parameters() -> None:
    network = nn.Sequential(nn.Linear(4, 10), nn.ReLU(), nn.Linear(10, 3))
    count = sum(p.numel() for p in network.parameters())
    assert count == quick.read(answer("quick-parameter-count"))


def test_the_variance_of_he() -> None:
    gain = nn.init.calculate_gain("relu")
    assert quick.read(answer("quick-he")) == pytest.approx(gain**2 / 50)
