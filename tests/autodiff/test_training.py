"""Training runs of the engine, laid over torch's."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch
from training import networks, sine_fit

import gdbook.autodiff as engine
from gdbook import datasets, optimizers


@pytest.fixture(scope="module")
def data() -> tuple[list[float], list[float]]:
    table = datasets.load("sine_fit")
    return [float(v) for v in table["x"][:50]], [float(v) for v in table["y"][:50]]


@pytest.fixture(autouse=True)
def float64_everywhere() -> Iterator[None]:
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(before)


def test_the_sine_fit(data: tuple[list[float], list[float]]) -> None:
    """Where descent settles in a basin, it forgets rounding; 50 steps leave 1e-12."""
    got, want = (torch.tensor(sine_fit(lib, *data)) for lib in (engine, torch))
    assert (got - want).abs().max() < 1e-12
    assert (want[-1] - torch.tensor([2.188, 1.0])).abs().max() < 0.1


def test_networks_under_each_optimizer(data: tuple[list[float], list[float]]) -> None:
    """Losses and weights of 20 steps.

    Sums are taken in another order than torch takes them, so gradients differ by rounding,
    1e-16 of their terms. Far from a minimum each step may stretch a difference, and methods
    that divide by √v most of all, where a gradient is small beside its rounding: 1e-9 is
    what is left of 1e-12 then. Fed the same gradients, every step agrees to 1e-12; see the
    tests of the optimizers.
    """
    got = torch.tensor(networks(engine, engine.optim, *data))
    want = torch.tensor(networks(torch, torch.optim, *data))
    assert (got - want).abs().max() < 1e-9
    # Under each of them the loss has fallen.
    assert bool((want[:, 19] < 0.8 * want[:, 0]).all())


def test_the_written_optimizers_train_torch_s_network(
    data: tuple[list[float], list[float]],
) -> None:
    got = torch.tensor(networks(torch, optimizers, *data))
    want = torch.tensor(networks(torch, torch.optim, *data))
    assert (got - want).abs().max() < 1e-9
