"""Linear programs against their own certificates, corners listed one by one, and closed forms."""

from __future__ import annotations

import itertools
import re
from fractions import Fraction

import numpy as np
import pytest
import scipy.optimize
import sympy
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st
from linear_problems import F64, SIZES, conditioned, normal
from torch import Tensor

from gdbook import losses
from gdbook.datasets import load
from gdbook.models import (
    QuantileFit,
    least_absolute_deviations,
    linear_objective,
    polynomial_design,
    quantile_regression,
    with_intercept,
)

some = settings(max_examples=40, deadline=None)
few = settings(max_examples=15, deadline=None)
seeds = st.integers(0, 2**31)
quantiles = st.sampled_from([0.5, 0.1, 0.25, 0.9, 1 / 3])


def certified(
    X: Tensor, y: Tensor, fit: QuantileFit, low: float, high: float, *, noise: float = 0.0
) -> None:
    """Hold a fit against the conditions of optimality, which do not know how it was found.

    The dual vector lies within the bounds, is orthogonal to the columns, and is at a bound where
    a residual is not 0: so no other coefficients have a smaller loss.
    """
    X, y, w, a = X.double(), y.double(), fit.coefficients.double(), fit.dual
    u = y - X @ w
    rounding = 5e-15 * (y.abs() + (X.abs() @ w.abs()).amax()) + noise
    assert (a >= low).all()
    assert (a <= high).all()
    assert ((X.T @ a).abs() <= 1e-9 * X.abs().sum(0)).all()
    assert (a[u > rounding] >= high - 1e-9).all()
    assert (a[u < -rounding] <= low + 1e-9).all()
    assert torch.equal((u.abs() <= rounding).nonzero()[:, 0], fit.interpolated)


# --- random problems --------------------------------------------------------------------------


@some
@given(st.sampled_from(SIZES), seeds, quantiles, st.floats(-100, 100), st.floats(-100, 100))
def test_the_certificate_holds(
    size: tuple[int, int], seed: int, q: float, width: float, height: float
) -> None:
    X = 10**width * conditioned(seed, *size, 10.0)
    y = 10**height * normal(seed + 2, size[0])
    fit = quantile_regression(X, y, q)
    certified(X, y, fit, q - 1, q)
    assert len(fit.interpolated) == size[1]
    want = linear_objective(X, y, losses.quantile, q=q)(fit.coefficients).item()
    assert fit.loss == pytest.approx(want, rel=1e-12, abs=1e-12 * 10**height)
    absolute = least_absolute_deviations(X, y)
    certified(X, y, absolute, -1, 1)
    want = losses.mae(X @ absolute.coefficients, y).item()
    assert absolute.loss == pytest.approx(want, rel=1e-12, abs=1e-12 * 10**height)


@few
@given(st.sampled_from(SIZES), seeds)
def test_the_primal_program_has_the_same_value(size: tuple[int, int], seed: int) -> None:
    (n, d), X, y = size, normal(seed, *size), normal(seed + 1, size[0])
    costs = np.concatenate([np.zeros(d), np.ones(2 * n)])
    rows = np.hstack([X.numpy(), np.eye(n), -np.eye(n)])
    bounds = [(None, None)] * d + [(0, None)] * (2 * n)
    primal = scipy.optimize.linprog(costs, A_eq=rows, b_eq=y.numpy(), bounds=bounds)
    assert least_absolute_deviations(X, y).loss == pytest.approx(primal.fun / n, abs=1e-9)


@pytest.mark.parametrize("far", [1e3, 1e8, 1e14, 1e25, 1e100, 1e200])
def test_how_far_off_outliers_are_does_not_matter(far: float) -> None:
    for seed in range(10):
        X, y = with_intercept(normal(seed, 30, 2)), normal(seed + 1, 30)
        y[:3] = 100 * y[:3].sign()
        near = least_absolute_deviations(X, y)
        y[:3] *= far / 100
        fit = least_absolute_deviations(X, y)
        certified(X, y, fit, -1, 1)
        torch.testing.assert_close(fit.coefficients, near.coefficients, rtol=1e-10, atol=1e-12)


def test_where_most_targets_are_zero() -> None:
    random = torch.Generator().manual_seed(81)
    for q in (0.01, 0.5, 0.9):
        for seed in range(15):
            X = normal(seed, 10, 3) * (torch.rand(10, 3, generator=random) < 0.4)
            y = normal(seed + 1, 10) * (torch.rand(10, generator=random) < 0.4)
            certified(X, y, quantile_regression(X, y, q), q - 1, q, noise=1e-14)


def test_a_small_spread_on_a_great_height() -> None:
    x = torch.linspace(0, 1, 21, dtype=F64)
    y = 1e9 + 1e-3 * normal(3, 21)
    fit = least_absolute_deviations(with_intercept(x), y)
    certified(with_intercept(x), y, fit, -1, 1)
    low = least_absolute_deviations(with_intercept(x), y - 1e9)
    assert fit.loss == pytest.approx(low.loss, rel=1e-3)
    assert torch.equal(fit.interpolated, low.interpolated)


@few
@given(seeds)
@example(252982)  # only with the corner's own equations
def test_columns_of_other_units_and_nearly_dependent_ones(seed: int) -> None:
    x, y = (
        torch.rand(25, dtype=F64, generator=torch.Generator().manual_seed(seed)),
        normal(seed, 25),
    )
    for X in (
        polynomial_design(x, 8),
        with_intercept(x) * torch.tensor([1e-30, 1e30], dtype=F64),
        polynomial_design(2000 + 10 * x, 2),
    ):
        certified(X, y, least_absolute_deviations(X, y), -1, 1)


def test_float32_in_float32_out() -> None:
    X, y = with_intercept(normal(1, 30)).float(), normal(2, 30).float()
    fit, exact = least_absolute_deviations(X, y), least_absolute_deviations(X.double(), y.double())
    assert fit.coefficients.dtype == torch.float32
    assert torch.equal(fit.coefficients, exact.coefficients.float())
    assert fit.loss == exact.loss


def test_many_samples() -> None:
    X, y = with_intercept(normal(1, 5000, 3)), normal(2, 5000)
    certified(X, y, quantile_regression(X, y, 0.9), -0.1, 0.9)


def test_the_book_s_curve() -> None:
    table = load("curve_fit")
    X = polynomial_design(table.x, 2)
    fit = least_absolute_deviations(X, table.y)
    certified(X, table.y, fit, -1, 1)
    assert fit.unique
    corners = [w for w, _ in all_corners(X, table.y)]
    values = torch.stack([losses.mae(X @ w, table.y) for w in corners])
    torch.testing.assert_close(corners[int(values.argmin())], fit.coefficients)


# --- corners listed one by one ------------------------------------------------------------------


def all_corners(X: Tensor, y: Tensor) -> list[tuple[Tensor, tuple[int, ...]]]:
    """Return the coefficients through each choice of d samples that determines them."""
    found = []
    for rows in itertools.combinations(range(len(y)), X.shape[1]):
        part = X[list(rows)]
        if np.linalg.cond(part.numpy()) < 1e8:
            found.append((torch.linalg.solve(part, y[list(rows)]), rows))
    return found


integers = st.integers(-3, 3)


@settings(max_examples=80, deadline=None)
@given(st.data(), st.integers(1, 3), st.sampled_from(["1/2", "1/4", "2/3"]))
def test_the_value_and_whether_it_is_unique(data: st.DataObject, d: int, share: str) -> None:
    # Small integers: many samples tie, on lines and in values. Corners in rational numbers.
    n = data.draw(st.integers(d, 6))
    X = [[1, *data.draw(st.lists(integers, min_size=d - 1, max_size=d - 1))] for _ in range(n)]
    y = data.draw(st.lists(integers, min_size=n, max_size=n))
    exact_X, q = sympy.Matrix(X), Fraction(share)
    fit = quantile_regression(torch.tensor(X, dtype=F64), torch.tensor(y, dtype=F64), float(q))
    certified(
        torch.tensor(X, dtype=F64),
        torch.tensor(y, dtype=F64),
        fit,
        float(q) - 1,
        float(q),
        noise=1e-13,
    )
    if exact_X.rank() < d:
        assert not fit.unique
        return
    values: dict[tuple[Fraction, ...], Fraction] = {}
    for rows in itertools.combinations(range(n), d):
        part = exact_X.extract(list(rows), list(range(d)))
        if part.det() == 0:
            continue
        w = [Fraction(int(s.p), int(s.q)) for s in part.inv() * sympy.Matrix([y[i] for i in rows])]
        us = [
            t - sum(a * b for a, b in zip(row, w, strict=True)) for row, t in zip(X, y, strict=True)
        ]
        values[tuple(w)] = sum((q * u if u > 0 else (q - 1) * u for u in us), Fraction(0)) / n
    least = min(values.values())
    assert fit.loss == pytest.approx(float(least), abs=1e-12)
    # The minima are the convex hull of the best corners: one minimum if there is one such corner.
    best = [w for w, value in values.items() if value == least]
    assert fit.unique == (len(best) == 1)
    if fit.unique:
        assert fit.coefficients.tolist() == pytest.approx([float(c) for c in best[0]], abs=1e-10)


def test_along_a_flat_direction_the_loss_stays() -> None:
    # Two times two samples above one another: the line may turn between them.
    x = torch.tensor([0.0, 0.0, 1.0, 1.0], dtype=F64)
    y = torch.tensor([0.0, 1.0, 0.0, 1.0], dtype=F64)
    X = with_intercept(x)
    fit = least_absolute_deviations(X, y)
    assert not fit.unique
    assert fit.flat_direction is not None
    f = linear_objective(X, y, losses.mae)
    for step in (1e-3, 1e-2):
        assert f(fit.coefficients + step * fit.flat_direction).item() == pytest.approx(0.5)
    assert fit.flat_direction.norm() > 0.01


def test_dependent_columns_are_never_unique() -> None:
    x, y = normal(1, 12), normal(2, 12)
    once = least_absolute_deviations(with_intercept(x), y)
    fit = least_absolute_deviations(torch.cat([with_intercept(x), x[:, None]], dim=1), y)
    assert once.unique
    assert fit.loss == pytest.approx(once.loss)
    a, b = once.coefficients.tolist()
    assert fit.coefficients.tolist() == pytest.approx([a, b / 2, b / 2])  # the shortest
    assert fit.flat_direction is not None
    along = torch.stack([torch.ones_like(x), x, x], dim=1) @ fit.flat_direction
    torch.testing.assert_close(along, torch.zeros(12, dtype=F64), rtol=0, atol=1e-12)


# --- closed forms ---------------------------------------------------------------------------------


@some
@given(
    st.lists(st.integers(-5, 5), min_size=1, max_size=12), st.sampled_from([0.5, 0.25, 0.75, 0.875])
)
def test_a_constant_is_best_at_the_quantile(values: list[int], q: float) -> None:
    y = torch.tensor(values, dtype=F64)
    fit = quantile_regression(torch.ones(len(y), 1, dtype=F64), y, q)
    ordered, below = sorted(values), Fraction(q) * len(values)
    # Between the ⌈qN⌉-th and the (⌊qN⌋ + 1)-th number.
    low, high = ordered[-int(-below // 1) - 1], ordered[min(int(below // 1), len(values) - 1)]
    assert low - 1e-12 <= fit.coefficients.item() <= high + 1e-12
    assert fit.unique == (low == high)


def test_a_fit_through_all_samples() -> None:
    x = torch.tensor([0.1, 0.2, 0.7, 1.3], dtype=F64)
    fit = least_absolute_deviations(with_intercept(x), 3 * x + 2)
    assert fit.coefficients.tolist() == pytest.approx([2, 3])
    assert fit.loss == pytest.approx(0, abs=1e-15)
    assert fit.interpolated.tolist() == [0, 1, 2, 3]
    assert fit.unique
    square = least_absolute_deviations(normal(0, 3, 3), normal(1, 3))
    assert square.unique
    assert not least_absolute_deviations(normal(0, 2, 3), normal(1, 2)).unique
    assert least_absolute_deviations(normal(0, 5, 2), torch.zeros(5, dtype=F64)).loss == 0


def test_bad_input_gets_one_sentence() -> None:
    X, y = torch.eye(3), torch.ones(3)
    for q in (0.0, 1.0, -1.0, float("nan")):
        with pytest.raises(ValueError, match="q must lie between 0 and 1, got"):
            quantile_regression(X, y, q)
    with pytest.raises(ValueError, match=re.escape("y must have shape (3,), got (3, 1); give")):
        least_absolute_deviations(X, y[:, None])
