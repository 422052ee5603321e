"""Logistic regression against SciPy, closed forms and the theorem of alternatives."""

from __future__ import annotations

import math
import re
from typing import Any

import mpmath
import numpy as np
import pytest
import scipy.optimize
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from linear_problems import F64, generator, normal
from torch import Tensor

from gdbook import models
from gdbook.datasets import load
from gdbook.models import logistic_regression, separating_direction, standardise, with_intercept

some = settings(max_examples=40, deadline=None)
seeds = st.integers(0, 2**31)
ANY: Any = models


def overlapping(seed: int, rows: int, columns: int) -> tuple[Tensor, Tensor]:
    """Return features with an intercept, and labels drawn from a logistic model."""
    X = normal(seed, rows, columns)
    X[:, 0] = 1
    p = torch.sigmoid(X @ normal(seed + 1, columns))
    return X, (torch.rand(rows, generator=generator(seed + 2), dtype=F64) < p).double()


def gradient(X: Tensor, y: Tensor, w: Tensor, penalty: float = 0.0) -> Tensor:
    """Return the gradient of the penalised sum, with thirty digits on the way."""
    with mpmath.workdps(30):
        total = [mpmath.mpf(penalty) * mpmath.mpf(c) for c in w.tolist()]
        for row, label in zip(X.tolist(), y.tolist(), strict=True):
            z = mpmath.fsum(mpmath.mpf(a) * b for a, b in zip(row, w.tolist(), strict=True))
            p = 1 / (1 + mpmath.exp(-z))
            total = [g + (p - label) * a for g, a in zip(total, row, strict=True)]
        return torch.tensor([float(g) for g in total], dtype=F64)


def separated(X: Tensor, y: Tensor) -> bool:
    """Whether a direction separates the classes, asked the other way round.

    Stiemke: either rows @ c ≥ 0 and ≠ 0 for some c, or λᵀ rows = 0 for some λ > 0.
    """
    rows = ((2 * y - 1)[:, None] * X).numpy()
    positive = scipy.optimize.linprog(
        np.zeros(len(y)), A_eq=rows.T, b_eq=np.zeros(X.shape[1]), bounds=(1, None)
    )
    assert positive.status in (0, 2)
    return bool(positive.status == 2)


# --- the minimum ------------------------------------------------------------------------------


@some
@given(st.sampled_from([(12, 1), (30, 3), (60, 5)]), seeds, st.sampled_from([0.0, 1e-3, 1.0, 50.0]))
def test_the_gradient_is_zero_and_scipy_agrees(
    size: tuple[int, int], seed: int, penalty: float
) -> None:
    X, y = overlapping(seed, *size)
    assume(penalty > 0 or not separated(X, y))
    fit = logistic_regression(X, y, penalty)
    w = fit.coefficients
    assert gradient(X, y, w, penalty).abs().max() < 1e-9 * (1 + penalty)

    def total(v: Any) -> Any:
        z = X.numpy() @ v
        return np.logaddexp(0, z).sum() - y.numpy() @ z + penalty * v @ v / 2

    def slope(v: Any) -> Any:
        z = X.numpy() @ v
        return X.numpy().T @ (np.exp(-np.logaddexp(0, -z)) - y.numpy()) + penalty * v

    theirs = scipy.optimize.minimize(total, np.zeros(size[1]), jac=slope, options={"gtol": 1e-8})
    assert fit.losses[-1] == pytest.approx(theirs.fun, rel=1e-9)
    assert fit.losses[-1] <= theirs.fun * (1 + 1e-11)
    assert list(fit.losses) == sorted(fit.losses, reverse=True) or np.ptp(fit.losses[-2:]) < 1e-9
    assert fit.loss == pytest.approx((fit.losses[-1] - penalty * (w @ w).item() / 2) / len(y))
    assert fit.steps == len(fit.losses) - 1 < 40


def test_without_features_it_is_the_logit_of_the_share() -> None:
    y = torch.tensor([1.0] * 3 + [0.0] * 7, dtype=F64)
    fit = logistic_regression(torch.ones(10, 1, dtype=F64), y)
    assert fit.coefficients.item() == pytest.approx(math.log(3 / 7), abs=1e-14)
    assert fit.loss == pytest.approx(-0.3 * math.log(0.3) - 0.7 * math.log(0.7), abs=1e-14)


def test_a_table_of_four_is_the_logarithm_of_the_odds() -> None:
    # Of 9 samples with x = 0 four are class 1, of 7 with x = 1 five.
    x = torch.tensor([0.0] * 9 + [1.0] * 7, dtype=F64)
    y = torch.tensor([1.0] * 4 + [0.0] * 5 + [1.0] * 5 + [0.0] * 2, dtype=F64)
    a, b = logistic_regression(with_intercept(x), y).coefficients.tolist()
    assert a == pytest.approx(math.log(4 / 5), abs=1e-13)
    assert b == pytest.approx(math.log(5 / 2) - math.log(4 / 5), abs=1e-13)


@some
@given(seeds, st.floats(-60, 60), st.floats(-60, 60))
def test_units_do_not_count(seed: int, first: float, second: float) -> None:
    X, y = overlapping(seed, 30, 3)
    assume(not separated(X, y))
    units = torch.tensor([1.0, 10**first, 10**second], dtype=F64)
    w = logistic_regression(X, y).coefficients
    torch.testing.assert_close(
        logistic_regression(X * units, y).coefficients * units, w, rtol=1e-9, atol=1e-9
    )


def test_dependent_columns_give_the_shortest() -> None:
    X, y = overlapping(3, 40, 2)
    a, b = logistic_regression(X, y).coefficients.tolist()
    fit = logistic_regression(torch.cat([X, X[:, 1:]], dim=1), y)
    assert fit.coefficients.tolist() == pytest.approx([a, b / 2, b / 2], abs=1e-10)


def test_each_coefficient_may_have_its_own_penalty() -> None:
    X, y = overlapping(5, 30, 3)
    lam = torch.tensor([0.0, 2.0, 7.0], dtype=F64)
    w = logistic_regression(X, y, lam).coefficients
    g = gradient(X, y, w) + lam * w
    assert g.abs().max() < 1e-10


def test_where_whole_steps_of_newton_s_diverge() -> None:
    features = [
        [-19.79, 1.78], [0.97, -0.04], [6.61, -38.52], [0.28, -0.23], [0.52, -6.99],
        [0.65, 307.21], [0.16, -0.08], [1.08, 0.26], [-0.45, 2.33], [-0.89, 1.85],
    ]  # fmt: skip
    X, lam = with_intercept(torch.tensor(features, dtype=F64)), 0.1
    y = torch.tensor([0, 0, 1, 1, 1, 0, 1, 0, 0, 0], dtype=F64)
    w = torch.zeros(3, dtype=F64)
    for _ in range(40):
        p = torch.sigmoid(X @ w)
        hessian = X.T @ ((p * (1 - p))[:, None] * X) + lam * torch.eye(3, dtype=F64)
        w = w - torch.linalg.solve(hessian, X.T @ (p - y) + lam * w)
    assert gradient(X, y, w, lam).abs().max() > 1
    fit = logistic_regression(X, y, lam)
    assert list(fit.losses) == sorted(fit.losses, reverse=True)
    assert gradient(X, y, fit.coefficients, lam).abs().max() < 1e-9


def test_float32_in_float32_out() -> None:
    X, y = overlapping(1, 30, 3)
    X, y = X.float(), y.float()
    fit, exact = logistic_regression(X, y), logistic_regression(X.double(), y.double())
    assert fit.coefficients.dtype == torch.float32
    assert torch.equal(fit.coefficients, exact.coefficients.float())


# --- whether there is one ------------------------------------------------------------------------


@settings(max_examples=80, deadline=None)
@given(st.data(), st.integers(1, 3))
def test_separation_is_seen_exactly(data: st.DataObject, d: int) -> None:
    n = data.draw(st.integers(1, 9))
    numbers = st.lists(st.integers(-2, 2), min_size=d, max_size=d)
    X = torch.tensor([data.draw(numbers) for _ in range(n)], dtype=F64)
    if data.draw(st.booleans()):
        X[:, 0] = 1
    y = torch.tensor(data.draw(st.lists(st.integers(0, 1), min_size=n, max_size=n)), dtype=F64)
    assume(bool(X.any()))
    found = separating_direction(X, y)
    assert (found is not None) == separated(X, y)
    if found is None:
        assert gradient(X, y, logistic_regression(X, y).coefficients).abs().max() < 1e-9
        return
    right = (2 * y - 1) * (X @ found)
    assert right.min() > -1e-9
    assert right.max() > 0.01
    with pytest.raises(ValueError, match=r"^the likelihood has no maximum: along separating_dir"):
        logistic_regression(X, y)
    w = logistic_regression(X, y, 0.1).coefficients
    assert gradient(X, y, w, 0.1).abs().max() < 1e-9


@pytest.mark.parametrize("unit", [1e-100, 1e-9, 1.0, 1e9, 1e100])
@pytest.mark.parametrize("apart", [0.0, 1e-6, -1e-6])
def test_a_narrow_gap(unit: float, apart: float) -> None:
    # Touching is separated too: along the slope the touching samples stay at ½, the others grow.
    x = torch.tensor([0.0, 0.5, 1.0, 1.0 + apart, 1.5, 3.0], dtype=F64)
    y = torch.tensor([0.0, 0.0, 0.0, 1.0, 1.0, 1.0], dtype=F64)
    X = with_intercept(x * unit)
    assert (separating_direction(X, y) is not None) == (apart >= 0)
    if apart < 0:
        fit = logistic_regression(X, y)
        scaled = fit.coefficients * torch.tensor([1.0, unit], dtype=F64)
        assert gradient(with_intercept(x), y, scaled).abs().max() < 1e-8


def test_a_penalty_helps_only_what_it_holds() -> None:
    x = torch.tensor([-1.0, -0.5, 0.5, 2.0], dtype=F64)
    X, y = with_intercept(x), (x > 0).double()
    free_intercept = torch.tensor([0.0, 1.0], dtype=F64)
    assert logistic_regression(X, y, free_intercept).coefficients[1] > 0
    with pytest.raises(ValueError, match="the likelihood has no maximum"):
        logistic_regression(X, y, free_intercept.flip(0))
    with pytest.raises(ValueError, match="the likelihood has no maximum"):
        logistic_regression(X, torch.ones(4, dtype=F64), free_intercept)


def test_penguins() -> None:
    birds = load("penguins")
    two = birds.where(birds.species != 2)
    y = two.species.double()
    bill, _ = standardise(torch.stack([two.bill_length_mm, two.bill_depth_mm], dim=1))
    X = with_intercept(bill)
    assert not separated(X, y)
    fit = logistic_regression(X, y)
    assert gradient(X, y, fit.coefficients).abs().max() < 1e-10
    assert (((X @ fit.coefficients) > 0) == (y == 1)).double().mean() > 0.97
    big = birds.where(birds.species != 1)
    depth, _ = standardise(torch.stack([big.bill_depth_mm, big.flipper_length_mm], dim=1))
    with pytest.raises(ValueError, match="the likelihood has no maximum"):
        logistic_regression(with_intercept(depth), (big.species == 2).double())


def test_bad_input_gets_one_sentence() -> None:
    X, y = overlapping(1, 30, 3)
    with pytest.raises(ValueError, match=r"^targets must be 0 or 1, got 2$"):
        logistic_regression(X, 2 * y)
    with pytest.raises(ValueError, match=r"^targets must be 0 or 1, got -1$"):
        separating_direction(X, 2 * y - 1)
    with pytest.raises(ValueError, match="penalty must not be negative"):
        logistic_regression(X, y, -1.0)
    with pytest.raises(RuntimeError, match=r"^Newton's method has not arrived after 2 steps"):
        logistic_regression(X, y, max_steps=2)
    with pytest.raises(ValueError, match="max_steps must be a positive integer, got 0"):
        logistic_regression(X, y, max_steps=0)
    with pytest.raises(ValueError, match=re.escape("y must have shape (30,), got (30, 1); give")):
        logistic_regression(X, y[:, None])
    with pytest.raises(TypeError, match="y must hold floating-point numbers, got int64"):
        ANY.logistic_regression(X, y.long())
