"""Design matrices and standardisation, against NumPy and by their definitions."""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from linear_problems import F64, normal

from gdbook import models
from gdbook.models import (
    chebyshev_design,
    polynomial_design,
    qr_solution,
    standardise,
    with_intercept,
)

some = settings(max_examples=40, deadline=None)
seeds = st.integers(0, 2**31)
#: The module for calls that a type checker refuses.
ANY: Any = models


def test_the_column_of_ones_comes_first() -> None:
    x = torch.tensor([[2.0, 3.0], [4.0, 5.0], [6.0, 7.0]])
    want = torch.tensor([[1.0, 2.0, 3.0], [1.0, 4.0, 5.0], [1.0, 6.0, 7.0]])
    assert torch.equal(with_intercept(x), want)
    assert torch.equal(with_intercept(x[:, 0]), want[:, :2])


@some
@given(st.integers(1, 20), st.integers(0, 9), seeds, st.sampled_from([F64, torch.float32]))
def test_polynomials_are_numpy_s(rows: int, degree: int, seed: int, dtype: torch.dtype) -> None:
    x = (2 * torch.rand(rows, generator=torch.Generator().manual_seed(seed), dtype=F64) - 1).to(
        dtype
    )
    for ours, theirs in [
        (polynomial_design(x, degree), np.polynomial.polynomial.polyvander(x.double(), degree)),
        (chebyshev_design(x, degree), np.polynomial.chebyshev.chebvander(x.double(), degree)),
    ]:
        assert ours.dtype == dtype
        assert ours.shape == (rows, degree + 1)
        np.testing.assert_allclose(ours, theirs, atol=1e-13 if dtype == F64 else 1e-5)


def test_chebyshev_polynomials_are_cosines_on_any_interval() -> None:
    theta = torch.linspace(0, math.pi, 50, dtype=F64)
    x = 1990 + 10 * theta.cos()
    T = chebyshev_design(x, 12, interval=(1980.0, 2000.0))
    want = torch.cos(theta[:, None] * torch.arange(13, dtype=F64))
    torch.testing.assert_close(T, want, rtol=0, atol=1e-9)


@some
@given(
    st.sampled_from([(3, 3), (5, 1), (9, 4)]),
    seeds,
    st.floats(-200, 200),
    st.sampled_from([F64, torch.float32]),
)
def test_standardised_features(
    size: tuple[int, int], seed: int, exponent: float, dtype: torch.dtype
) -> None:
    scale = 10.0 ** (exponent if dtype == F64 else exponent / 8)
    x = (scale * (2 + normal(seed, *size))).to(dtype)
    z, scaling = standardise(x)
    digits = 1e-11 if dtype == F64 else 3e-4
    reference = (x.double() / scale).numpy()
    assert z.dtype == dtype
    np.testing.assert_allclose(
        z, (reference - reference.mean(0)) / reference.std(0), atol=digits, rtol=digits
    )
    torch.testing.assert_close(scaling.undo(z), x, rtol=digits, atol=digits * scale)
    torch.testing.assert_close(scaling.apply(x[:2]), z[:2])


@some
@given(st.sampled_from([(3, 3), (5, 1), (9, 4)]), seeds)
def test_coefficients_come_back(size: tuple[int, int], seed: int) -> None:
    x, w = 5 + normal(seed, *size), normal(seed + 1, 7, size[1] + 1)
    z, scaling = standardise(x)
    v = scaling.original(w)
    torch.testing.assert_close(with_intercept(x) @ v.T, with_intercept(z) @ w.T)
    torch.testing.assert_close(scaling.standardised(v), w)
    torch.testing.assert_close(scaling.original(w[0]), v[0])


def test_the_fit_is_the_same_with_and_without_standardising() -> None:
    x = 200 + 15 * normal(1, 40)
    y = 50 * x - 5800 + 300 * normal(2, 40)
    z, scaling = standardise(x)
    assert z.shape == (40,)
    slope, intercept = np.polyfit(x, y, 1)
    w = scaling.original(qr_solution(with_intercept(z), y))
    assert w.tolist() == pytest.approx([intercept, slope], rel=1e-9)


def test_bad_input_gets_one_sentence() -> None:
    x = torch.tensor([[1.0, 5.0], [2.0, 5.0]])
    with pytest.raises(ValueError, match=r"^column 1 of x is 5 in every row, so its standard dev"):
        standardise(x)
    # The mean of equal numbers may be rounded; they do not vary all the same.
    with pytest.raises(ValueError, match=r"column 0 of x is 0\.1 in every row"):
        standardise(torch.full((10,), 0.1, dtype=F64))
    _, scaling = standardise(normal(0, 5, 2))
    with pytest.raises(ValueError, match=r"2 slopes: shape \(\.\.\., 3\), got \(2,\)"):
        scaling.original(torch.zeros(2, dtype=F64))
    with pytest.raises(ValueError, match="2 features were standardised, got 3"):
        scaling.apply(normal(0, 5, 3))
    with pytest.raises(ValueError, match=re.escape("x must have shape (N,), got (3, 1)")):
        polynomial_design(torch.zeros(3, 1), 2)
    with pytest.raises(ValueError, match=re.escape("x must have shape (N, d)")):
        with_intercept(torch.zeros(2, 2, 2))
    with pytest.raises(ValueError, match=re.escape("x must have shape (N, d)")):
        with_intercept(torch.zeros(0))
    with pytest.raises(ValueError, match="x must be finite, got nan"):
        with_intercept(torch.tensor([1.0, math.nan]))
    with pytest.raises(ValueError, match=r"low < high, got \(1, 1\)"):
        chebyshev_design(torch.zeros(3), 2, interval=(1, 1))
    for degree in (-1, 2.0, True, None):
        with pytest.raises(ValueError, match="degree must be an integer from 0 on, got"):
            ANY.polynomial_design(torch.zeros(3), degree)
    with pytest.raises(TypeError, match=r"x must hold floating-point numbers, got int64"):
        ANY.standardise(torch.arange(3))
    with pytest.raises(TypeError, match=r"x must be of float32 or float64, got float16"):
        with_intercept(torch.zeros(3, dtype=torch.float16))
