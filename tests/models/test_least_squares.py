"""Least squares against NumPy, mpmath and the conditions that a minimum meets."""

from __future__ import annotations

import math
import re
from typing import Any

import mpmath
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from linear_problems import F64, SIZES, conditioned, normal
from torch import Tensor

from gdbook import models
from gdbook.models import (
    SOLVERS,
    correct_digits,
    exact_least_squares,
    leverage,
    polynomial_design,
    r_squared,
    residuals,
    ridge,
    svd_solution,
    with_intercept,
)

some = settings(max_examples=30, deadline=None)
seeds = st.integers(0, 2**31)
sizes = st.sampled_from(SIZES)
ANY: Any = models


def by_mpmath(X: Tensor, y: Tensor) -> Tensor:
    """Return the least-squares solution with sixty digits, rounded."""
    with mpmath.workdps(60):
        A, b = mpmath.matrix(X.tolist()), mpmath.matrix(y.tolist())
        w = mpmath.lu_solve(A.T * A, A.T * b)
        return torch.tensor([float(number) for number in w], dtype=F64)


@pytest.mark.parametrize("name", SOLVERS)
def test_each_way_gives_the_solution(name: str) -> None:
    @some
    @given(sizes, seeds, st.floats(-60, 60), st.floats(-60, 60))
    def holds(size: tuple[int, int], seed: int, width: float, height: float) -> None:
        X = 10**width * conditioned(seed, *size, 10.0)
        y = 10**height * normal(seed + 2, size[0])
        want, *_ = np.linalg.lstsq(X.numpy(), y.numpy(), rcond=None)
        got = SOLVERS[name](X, y)
        assert got.dtype == F64
        np.testing.assert_allclose(got, want, rtol=1e-10, atol=1e-10 * np.abs(want).max())

    holds()


@pytest.mark.parametrize("name", SOLVERS)
def test_float32_in_float32_out(name: str) -> None:
    X, y = conditioned(3, 30, 4, 10.0).float(), normal(4, 30).float()
    got = SOLVERS[name](X, y)
    assert got.dtype == torch.float32
    digits = correct_digits(got, by_mpmath(X.double(), y.double()))
    assert 5 < digits < 9


@some
@given(sizes, seeds, st.sampled_from([F64, torch.float32]))
def test_rational_numbers_agree_with_sixty_digits(
    size: tuple[int, int], seed: int, dtype: torch.dtype
) -> None:
    X, y = conditioned(seed, *size, 1e6).to(dtype), normal(seed + 2, size[0]).to(dtype)
    got, want = exact_least_squares(X, y), by_mpmath(X.double(), y.double()).to(dtype)
    assert got.dtype == dtype
    assert torch.equal(got, want)


def test_the_digits_that_each_keeps() -> None:
    # Polynomials of degree 10 on [0, 1]: κ(X) is about 10⁷, its square nearly all digits.
    x = torch.linspace(0, 1, 30, dtype=F64)
    X = polynomial_design(x, 10)
    kappa = np.linalg.cond(X.numpy())
    assert 6.5 < math.log10(kappa) < 8
    truth = normal(5, 11)
    kept: dict[str, list[float]] = {name: [] for name in SOLVERS}
    for seed in range(8):
        y = X @ truth + 1e-9 * normal(seed, 30)
        exact = exact_least_squares(X, y)
        for name, solve in SOLVERS.items():
            kept[name].append(correct_digits(solve(X, y), exact))
    eps = -math.log10(np.finfo(float).eps)
    for name, digits in kept.items():
        lost = math.log10(kappa) * (2 if name == "normal equations" else 1)
        assert eps - lost - 1.5 < min(digits), name
    median = {name: np.median(digits) for name, digits in kept.items()}
    for name in ("QR", "SVD", "lstsq"):
        assert median[name] > median["normal equations"] + 4


@some
@given(sizes, seeds, st.floats(-60, 60))
def test_the_shortest_of_many_solutions(size: tuple[int, int], seed: int, width: float) -> None:
    rows, d = size
    rank = max(1, min(size) - 1)
    # The columns of the last factor are dependent: more columns than rank.
    X = 10**width * conditioned(seed, rows, rank, 5.0) @ conditioned(seed + 2, d + 1, rank, 5.0).T
    y = normal(seed + 4, rows)
    assert X.shape == (rows, d + 1)
    want = np.linalg.pinv(X.numpy(), rcond=1e-10) @ y.numpy()
    for solve in (svd_solution, SOLVERS["lstsq"]):
        np.testing.assert_allclose(solve(X, y), want, rtol=1e-9, atol=1e-9 * np.abs(want).max())
    for name in ("normal equations", "QR"):
        with pytest.raises(ValueError, match=rf"{d + 1} columns and only {rank} of them are indep"):
            SOLVERS[name](X, y)


def test_more_coefficients_than_samples_and_no_features_at_all() -> None:
    X = torch.tensor([[3.0, 4.0]], dtype=F64)
    w = svd_solution(X, torch.tensor([50.0], dtype=F64))  # the multiple of (3, 4) with 3w + 4v = 50
    torch.testing.assert_close(w, torch.tensor([6.0, 8.0], dtype=F64))
    zeros = torch.zeros(3, 2, dtype=F64)
    assert svd_solution(zeros, normal(0, 3)).tolist() == [0, 0]


def test_the_units_of_the_columns_do_not_make_them_dependent() -> None:
    X = normal(1, 20, 3) * torch.tensor([1e-20, 1.0, 1e20], dtype=F64)
    y = normal(2, 20)
    exact = exact_least_squares(X, y)
    got = SOLVERS["QR"](X, y)
    assert torch.allclose(got / exact, torch.ones(3, dtype=F64), rtol=1e-10, atol=0)


@some
@given(sizes, seeds, st.floats(-4, 6), st.booleans())
def test_ridge_solves_its_equations(
    size: tuple[int, int], seed: int, exponent: float, free: bool
) -> None:
    X, y = conditioned(seed, *size, 10.0), normal(seed + 2, size[0])
    penalty: float | Tensor = 10**exponent
    Lambda = penalty * np.eye(size[1])
    if free:
        Lambda[0, 0] = 0
        penalty = torch.tensor(Lambda.diagonal().copy())
    want = np.linalg.solve(X.T.numpy() @ X.numpy() + Lambda, X.T.numpy() @ y.numpy())
    np.testing.assert_allclose(ridge(X, y, penalty), want, rtol=1e-9, atol=1e-12)


def test_ridge_is_the_minimum_beside_the_losses_of_torch() -> None:
    X, y = conditioned(7, 12, 3, 4.0), normal(8, 12)
    w = ridge(X, y, 6.0).requires_grad_()
    for factor, decay in [(0.5, 6 / 12), (1.0, 2 * 6 / 12)]:
        (g,) = torch.autograd.grad(factor * torch.nn.functional.mse_loss(X @ w, y), w)
        torch.testing.assert_close(g + decay * w, torch.zeros(3, dtype=F64), rtol=0, atol=1e-13)


def test_ridge_goes_to_the_shortest_solution() -> None:
    X = normal(1, 6, 2) @ normal(2, 2, 4)
    y = normal(3, 6)
    for penalty, digits in [(1e-6, 5e-6), (1e-300, 1e-12), (0.0, 1e-12)]:
        torch.testing.assert_close(
            ridge(X, y, penalty), svd_solution(X, y), rtol=digits, atol=digits
        )


# --- diagnostics ---------------------------------------------------------------------------


@some
@given(sizes, seeds, st.floats(-150, 150))
def test_leverage(size: tuple[int, int], seed: int, width: float) -> None:
    X = 10**width * normal(seed, *size)
    unit = normal(seed, *size).numpy()
    want = np.diag(unit @ np.linalg.pinv(unit))
    np.testing.assert_allclose(leverage(X), want, atol=1e-9)
    assert leverage(X).sum().item() == pytest.approx(size[1], abs=1e-9)


def test_leverage_of_a_line_in_closed_form() -> None:
    x = torch.tensor([0.0, 1.0, 2.0, 3.0, 14.0], dtype=F64)
    away = x - x.mean()
    torch.testing.assert_close(leverage(with_intercept(x)), 1 / 5 + away**2 / (away**2).sum())
    # Anscombe's fourth set: a point that alone decides the slope.
    alone = torch.tensor([8.0] * 10 + [19.0], dtype=F64)
    assert leverage(with_intercept(alone)).tolist() == pytest.approx([0.1] * 10 + [1.0])
    doubled = torch.cat([with_intercept(x), with_intercept(x)], dim=1)
    torch.testing.assert_close(leverage(doubled), leverage(with_intercept(x)))


def test_leverage_is_how_a_target_moves_its_own_prediction() -> None:
    X, y = normal(1, 8, 3), normal(2, 8)
    for i in range(8):
        moved = y.clone()
        moved[i] += 1.0
        change = X[i] @ (SOLVERS["QR"](X, moved) - SOLVERS["QR"](X, y))
        assert change.item() == pytest.approx(leverage(X)[i].item(), abs=1e-12)


@some
@given(seeds, st.floats(-200, 200), st.integers(3, 30))
def test_r_squared_is_the_squared_correlation(seed: int, height: float, rows: int) -> None:
    x = normal(seed, rows)
    y = 10**height * (x + normal(seed + 1, rows))
    prediction = with_intercept(x) @ SOLVERS["QR"](with_intercept(x), y)
    want = np.corrcoef(x.numpy(), y.numpy() / 10**height)[0, 1] ** 2
    assert r_squared(prediction, y) == pytest.approx(want, abs=1e-10)


def test_r_squared_at_its_marks() -> None:
    y = torch.tensor([1.0, 2.0, 6.0])
    assert r_squared(y, y) == 1
    assert r_squared(torch.full((3,), 3.0), y) == 0
    assert r_squared(torch.tensor([6.0, 2.0, 1.0]), y) == 1 - 50 / 14


def test_residuals_have_the_sign_of_the_losses() -> None:
    X, w = torch.tensor([[1.0, 2.0]]), torch.tensor([1.0, 1.0])
    assert residuals(X, torch.tensor([5.0]), w).tolist() == [-2.0]


# --- bad input ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("X", "y", "error", "sentence"),
    [
        (torch.zeros(3), torch.zeros(3), ValueError, "X must have shape (N, d), one row for each"),
        (torch.zeros(0, 2), torch.zeros(0), ValueError, "X must have shape (N, d), one row for"),
        (torch.eye(3), torch.zeros(3, 1), ValueError, "got (3, 1); give y.reshape(-1)"),
        (torch.eye(3), torch.zeros(2), ValueError, "X has 3 rows, so y must have shape (3,), got"),
        (torch.eye(3), torch.zeros(3, dtype=F64), TypeError, "X holds float32 and y float64; give"),
        (torch.eye(3), torch.arange(3), TypeError, "y must hold floating-point numbers, got int64"),
        (np.eye(3), torch.zeros(3), TypeError, "X must be a torch.Tensor of floating-point numb"),
        (torch.eye(2) / 0, torch.zeros(2), ValueError, "X must be finite, got inf"),
        (torch.eye(2), torch.tensor([0, math.nan]), ValueError, "y must be finite, got nan"),
        (torch.eye(2).half(), torch.zeros(2).half(), TypeError, "X must be of float32 or float64"),
    ],
)
@pytest.mark.parametrize("solve", [*SOLVERS.values(), exact_least_squares])
def test_data_that_do_not_fit(
    X: Any, y: Tensor, error: type[Exception], sentence: str, solve: Any
) -> None:
    with pytest.raises(error, match=re.escape(sentence)):
        solve(X, y)


def test_other_input_that_does_not_fit() -> None:
    X, y = torch.eye(3, dtype=F64), torch.ones(3, dtype=F64)
    twice = torch.cat([X, X], dim=1)
    with pytest.raises(ValueError, match="columns of X are dependent: there is no one solution"):
        exact_least_squares(twice, y)
    # Independent columns, and 1 + 10⁻¹⁸ in XᵀX is 1.
    steep = torch.tensor([[1.0, 1.0], [0.0, 1e-9]], dtype=F64)
    with pytest.raises(ValueError, match=r"^rounding left XᵀX without a Cholesky factor: its cond"):
        SOLVERS["normal equations"](steep, y[:2])
    assert SOLVERS["QR"](steep, steep @ y[:2]).tolist() == pytest.approx([1, 1])
    with pytest.raises(ValueError, match=r"penalty must not be negative, got -1\.0"):
        ridge(X, y, torch.tensor([0.0, -1.0, 0.0]))
    with pytest.raises(ValueError, match=re.escape("shape (3,) with one number for each coeffic")):
        ridge(X, y, torch.zeros(2))
    with pytest.raises(TypeError, match="penalty must be a number or a tensor, got str"):
        ANY.ridge(X, y, "1")
    with pytest.raises(
        ValueError, match=re.escape("3 columns, so w must have shape (3,), got (2,)")
    ):
        residuals(X, y, torch.zeros(2))
    with pytest.raises(ValueError, match="spread of the targets, and these are all equal"):
        r_squared(y, y)
    with pytest.raises(ValueError, match=re.escape("prediction has shape (3,) and target (3, 1)")):
        r_squared(y, y[:, None])
    with pytest.raises(ValueError, match=re.escape("computed has shape (3,) and exact (2,)")):
        correct_digits(y, y[:2])
    with pytest.raises(ValueError, match="exact must not be 0"):
        correct_digits(y, 0 * y)
    assert correct_digits(0 * y, 0 * y) == math.inf
    assert correct_digits(y + 1e-5, y) == pytest.approx(5)
