"""Tensors print as torch's do."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

import gdbook.autodiff as engine

PLAIN = st.one_of(
    st.floats(-100, 100).map(lambda x: round(x, 3)),
    st.integers(-50, 2000).map(float),
    st.sampled_from([0.0, -0.0, 1e-5, 3e9, 1e300, math.inf, -math.inf, math.nan]),
)


@pytest.fixture(autouse=True, scope="module")
def float64_everywhere() -> Iterator[None]:
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(before)


@given(st.lists(st.integers(1, 5), max_size=3).map(tuple), st.data())
@settings(max_examples=100, deadline=None)
def test_random_tensors(shape: tuple[int, ...], data: st.DataObject) -> None:
    n = math.prod(shape)
    numbers = data.draw(st.lists(PLAIN, min_size=n, max_size=n))
    mine = engine.tensor(numbers).reshape(shape)
    theirs = torch.tensor(numbers).reshape(shape)
    assert repr(mine) == repr(theirs)


@pytest.mark.parametrize(
    "line",
    [
        "torch.tensor(3)",
        "torch.tensor([True, False])",
        "torch.tensor([[1, -20], [300, 4]])",
        "torch.tensor([])",
        "torch.zeros(2, 0)",
        "torch.tensor(2.5, requires_grad=True)",
        "torch.tensor([1.5, 2], requires_grad=True) * 2",
        "torch.ones(2, requires_grad=True).exp().sum()",
        "torch.tensor([1.0, 1000.0]), torch.tensor([1.0, 1001.0]), torch.tensor([1e-4, 0.1])",
        "torch.linspace(0, 1, 40)",
        "torch.linspace(0, 1, 40, ).reshape(2, 20)",
        "torch.arange(1001)",
        "torch.arange(1200.).reshape(2, 600)",
        "torch.zeros(40, 30)",
        "torch.tensor([float('nan')] + [1.0] * 30)",
        "torch.arange(2000.).reshape(20, 10, 10) / 7",
        "torch.ones(12, requires_grad=True) / 3",
        "torch.nn.Parameter(torch.ones(2))",
        "torch.tensor([1.0]).dtype",
        "torch.tensor([1]).dtype, torch.tensor(True).dtype",
        "torch.arange(3) / 2, torch.arange(3) * 2, torch.arange(3) > 1",
        "torch.full((2,), 7), torch.eye(2), torch.ones_like(torch.arange(2))",
        "torch.tensor([1, 2]).sum(), torch.tensor([True, True]).sum()",
    ],
)
def test_what_a_reader_prints(line: str) -> None:
    assert repr(eval(line, {"torch": engine})) == repr(eval(line, {"torch": torch}))
