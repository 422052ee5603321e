"""Clipping against ``torch.nn.utils``, for torch's tensors and the engine's."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

import gdbook.autodiff as engine
from gdbook.optimizers import clip_grad_norm_, clip_grad_value_

numbers = st.floats(-1e3, 1e3).map(lambda x: x if abs(x) > 1e-9 else 0.0)
lists = st.lists(st.lists(numbers, min_size=1, max_size=4), min_size=1, max_size=3)


def gradients(lib: Any, rows: list[list[float]]) -> list[Any]:
    """Return parameters that have these gradients, and one more that has none."""
    made = []
    for row in rows:
        p = lib.tensor([0.0] * len(row), dtype=lib.float64, requires_grad=True)
        p.grad = lib.tensor(row, dtype=lib.float64)
        made.append(p)
    return [*made, lib.tensor([1.0], requires_grad=True)]


@pytest.mark.parametrize("norm_type", [2.0, 1.0, 3.0, math.inf])
@settings(max_examples=40, deadline=None)
@given(rows=lists, limit=st.floats(1e-3, 1e3))
def test_the_norm_is_torch_s(norm_type: float, rows: list[list[float]], limit: float) -> None:
    want = gradients(torch, rows)
    length = torch.nn.utils.clip_grad_norm_(want, limit, norm_type).item()
    for lib in (torch, engine):
        got = gradients(lib, rows)
        assert float(clip_grad_norm_(got, limit, norm_type)) == pytest.approx(length, rel=1e-12)
        for mine, theirs in zip(got[:-1], want[:-1], strict=True):
            assert mine.grad.tolist() == pytest.approx(theirs.grad.tolist(), rel=1e-12)
        assert got[-1].grad is None


@settings(max_examples=40, deadline=None)
@given(lists, st.floats(1e-3, 1e3))
def test_values_are_torch_s(rows: list[list[float]], limit: float) -> None:
    want = gradients(torch, rows)
    torch.nn.utils.clip_grad_value_(want, limit)
    for lib in (torch, engine):
        got = gradients(lib, rows)
        clip_grad_value_(got, limit)
        for mine, theirs in zip(got[:-1], want[:-1], strict=True):
            assert mine.grad.tolist() == theirs.grad.tolist()


def test_the_direction_stays_and_the_length_is_cut() -> None:
    p = torch.zeros(2, requires_grad=True)
    p.grad = torch.tensor([3.0, 4.0])
    assert float(clip_grad_norm_(p, 1.0)) == 5
    assert p.grad.norm().item() == pytest.approx(1, rel=1e-6)
    assert (p.grad[1] / p.grad[0]).item() == pytest.approx(4 / 3, rel=1e-6)


def test_without_gradients_and_with_broken_ones() -> None:
    assert clip_grad_norm_([torch.zeros(1, requires_grad=True)], 1.0) == 0
    for bad in (math.nan, math.inf):
        p, q = gradients(torch, [[bad, 1.0]])[0], gradients(torch, [[bad, 1.0]])[0]
        clip_grad_norm_(p, 1.0)
        torch.nn.utils.clip_grad_norm_(q, 1.0)
        torch.testing.assert_close(p.grad, q.grad, equal_nan=True)
