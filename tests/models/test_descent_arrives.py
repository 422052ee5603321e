"""Descent, held against the exact answers: to 8 digits where the loss is smooth, and for the
mean absolute error within the floor that theory predicts.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from linear_problems import F64, conditioned, generator, normal, with_singular_values
from torch import Tensor

from gdbook import losses, rates
from gdbook.datasets import load
from gdbook.descent import descend
from gdbook.models import (
    correct_digits,
    exact_least_squares,
    least_absolute_deviations,
    linear_objective,
    logistic_regression,
    mae_lipschitz,
    polynomial_design,
    ridge,
    separating_direction,
    standardise,
    svd_solution,
    with_intercept,
)
from gdbook.optimizers import sgd

some = settings(max_examples=20, deadline=None)
few = settings(max_examples=8, deadline=None)
seeds = st.integers(0, 2**31)
sizes = st.sampled_from([(3, 3), (8, 1), (20, 2), (40, 4)])


def steps_for(rate: Tensor, digits: float) -> int:
    """Return how many steps shrink an error by so many digits, one factor `rate` each."""
    factor = max(rate.item(), 1e-3)
    return math.ceil(digits * math.log(10) / -math.log(factor))


# --- the objective --------------------------------------------------------------------------------


@some
@given(sizes, seeds, st.sampled_from([losses.mse, losses.mae, losses.huber, losses.log_cosh]))
def test_the_objective_is_the_loss_of_every_run(
    size: tuple[int, int], seed: int, loss: Callable[..., Tensor]
) -> None:
    X, y, w = normal(seed, *size), normal(seed + 1, size[0]), normal(seed + 2, 2, 3, size[1])
    got = linear_objective(X, y, loss)(w)
    assert got.shape == (2, 3)
    for i, j in itertools.product(range(2), range(3)):
        torch.testing.assert_close(got[i, j], loss(X @ w[i, j], y))
    narrow = linear_objective(X, y, losses.huber, delta=0.1)(w[0, 0])
    torch.testing.assert_close(narrow, losses.huber(X @ w[0, 0], y, delta=0.1))


def test_an_objective_s_bad_input() -> None:
    f = linear_objective(torch.eye(3), torch.ones(3))
    for w in (torch.zeros(2), torch.tensor(1.0), torch.zeros(3, 1)):
        with pytest.raises(
            ValueError, match=r"X has 3 columns, so w must have shape \(\.\.\., 3\)"
        ):
            f(w)
    with pytest.raises(ValueError, match=r"y must have shape \(3,\), got \(3, 1\)"):
        linear_objective(torch.eye(3), torch.ones(3, 1))
    assert f(torch.zeros(3, dtype=F64)).dtype == F64


# --- least squares --------------------------------------------------------------------------------


@some
@given(
    sizes,
    seeds,
    st.sampled_from([(losses.mse, 2.0), (losses.half_mse, 1.0)]),
    st.sampled_from([1.5, 30.0, 1000.0]),
    st.tuples(st.floats(-70, 70), st.floats(-70, 70)),
)
def test_least_squares_to_eight_digits(
    size: tuple[int, int],
    seed: int,
    loss: tuple[Callable[..., Tensor], float],
    kappa: float,
    units: tuple[float, float],
) -> None:
    width, height = units
    # κ is that of XᵀX; the largest singular value is √N times a unit.
    X = 10**width * conditioned(seed, *size, kappa**0.5)
    y = 10**height * normal(seed + 2, size[0])
    exact = exact_least_squares(X, y)
    largest = loss[1] * 100.0**width
    tuned = rates.polyak(largest / (kappa if size[1] > 1 else 1), largest)
    run = descend(
        linear_objective(X, y, loss[0]),
        torch.zeros_like(exact),
        tuned.learning_rate,
        # The double root's factor k needs some more.
        steps_for(tuned.rate, 12 + math.log10(kappa)) + 30,
        rule=sgd,
        momentum=tuned.momentum,
        keep="last",
    )
    assert correct_digits(run.final, exact) > 8


@few
@given(st.sampled_from([(3, 3), (20, 2)]), seeds)
def test_plain_steps_arrive_too(size: tuple[int, int], seed: int) -> None:
    X, y = conditioned(seed, *size, 3.0), normal(seed + 2, size[0])
    tuned = rates.gradient_descent(2 / 9, 2)
    objective = linear_objective(X, y)
    start = normal(seed + 3, size[1])
    run = descend(objective, start, tuned.learning_rate, steps_for(tuned.rate, 11))
    exact = exact_least_squares(X, y)
    assert correct_digits(run.final, exact) > 8
    # And at the rate that was promised, not faster by luck.
    errors = (run.points - exact).norm(dim=-1)
    assert (errors[1:21] <= errors[:20] * tuned.rate.item() * (1 + 1e-9)).all()


@few
@given(seeds, st.booleans())
def test_from_zero_descent_finds_the_shortest_of_many(seed: int, wide: bool) -> None:
    rows, columns = (3, 5) if wide else (12, 4)
    values = torch.tensor([1.0, 0.6, 0.3], dtype=F64) * rows**0.5
    X = with_singular_values(seed, rows, torch.cat([values, torch.zeros(columns - 3)])[:rows])
    if wide:  # three rows, five columns
        X = X @ torch.linalg.qr(normal(seed + 5, columns, 3))[0].T
    y = normal(seed + 2, rows)
    objective = linear_objective(X, y, losses.half_mse)
    run = descend(objective, torch.zeros(columns, dtype=F64), 1.0, 400, keep="last")
    assert correct_digits(run.final, svd_solution(X, y)) > 8
    # From elsewhere, what X does not see stays where it was.
    start = normal(seed + 3, columns)
    unseen = start - torch.linalg.pinv(X) @ (X @ start)
    run = descend(objective, start, 1.0, 400, keep="last")
    assert correct_digits(run.final, svd_solution(X, y) + unseen) > 8


@few
@given(seeds)
def test_with_ridge(seed: int) -> None:
    X, y, lam = conditioned(seed, 20, 3, 4.0), normal(seed + 2, 20), 5.0
    f = linear_objective(X, y, losses.half_mse)
    run = descend(
        lambda w: f(w) + lam / 20 * (w**2).sum() / 2,
        torch.zeros(3, dtype=F64),
        1 / (1 + lam / 20),
        300,
        keep="last",
    )
    assert correct_digits(run.final, ridge(X, y, lam)) > 8


@few
@given(st.sampled_from([(3, 3), (20, 2)]), seeds)
def test_data_of_float32(size: tuple[int, int], seed: int) -> None:
    X, y = conditioned(seed, *size, 3.0).float(), normal(seed + 2, size[0]).float()
    exact = exact_least_squares(X.double(), y.double())
    objective = linear_objective(X, y, losses.half_mse)
    wide = descend(objective, torch.zeros(size[1], dtype=F64), 1.0, 250, keep="last")
    assert correct_digits(wide.final, exact) > 8
    narrow = descend(objective, torch.zeros(size[1]), 1.0, 250, keep="last")
    assert narrow.final.dtype == torch.float32
    # The gradient is rounded by eps of Xᵀy, and its error divided by the least curvature.
    near = 10 * torch.finfo(torch.float32).eps * (9 * y.double().norm() / size[0] ** 0.5)
    assert (narrow.final.double() - exact).norm() < near + 1e-6 * exact.norm()


def test_penguins_after_standardising() -> None:
    train = load("penguins").train
    z, scaling = standardise(train.flipper_length_mm)
    Z, y = with_intercept(z), train.body_mass_g
    # ZᵀZ/N is the unit matrix: one step of rate 1 arrives.
    run = descend(
        linear_objective(Z, y, losses.half_mse), torch.zeros(2, dtype=F64), 1.0, 2, keep="last"
    )
    exact = exact_least_squares(with_intercept(train.flipper_length_mm), y)
    assert correct_digits(scaling.original(run.final), exact) > 8


# --- logistic regression --------------------------------------------------------------------------


@few
@given(
    st.sampled_from([(12, 1), (30, 2), (60, 3)]),
    seeds,
    st.sampled_from([1e-6, 1.0, 1e6]),
    st.booleans(),
)
def test_logistic_regression_to_eight_digits(
    size: tuple[int, int], seed: int, unit: float, penalised: bool
) -> None:
    X = unit * normal(seed, *size)
    truth = normal(seed + 1, size[1]) / unit
    uniform = torch.rand(size[0], generator=generator(seed + 2), dtype=F64)
    y = (uniform < torch.sigmoid(X @ truth)).double()
    lam = 2.0 * unit**2 if penalised else 0.0
    assume(penalised or separating_direction(X, y) is None)
    exact = logistic_regression(X, y, lam).coefficients
    # Curvatures: σ²/4 at most; at the minimum itself as the Hessian says.
    p = torch.sigmoid(X @ exact)
    mu = torch.linalg.eigvalsh(X.T @ ((p * (1 - p))[:, None] * X))[0].item() + lam
    largest = torch.linalg.matrix_norm(X, ord=2).item() ** 2 / 4 + lam
    assume(largest / mu < 300)
    f = linear_objective(X, y, losses.binary_cross_entropy)
    n = size[0]
    run = descend(
        lambda w: f(w) + lam / n * (w**2).sum(-1) / 2,
        torch.zeros_like(exact),
        n / largest,
        math.ceil(22 * largest / mu) + 100,
        keep="last",
    )
    assert correct_digits(run.final, exact) > 8


# --- the mean absolute error ----------------------------------------------------------------------


@some
@given(st.sampled_from([(3, 3), (9, 1), (7, 4)]), seeds)
def test_no_subgradient_is_longer(size: tuple[int, int], seed: int) -> None:
    X = normal(seed, *size)
    bound = mae_lipschitz(X)
    signs = torch.tensor(list(itertools.product([-1.0, 1.0], repeat=size[0])), dtype=F64)
    longest = (signs @ X / size[0]).norm(dim=1).max().item()
    assert longest <= bound * (1 + 1e-12)
    assert bound < 3 * longest
    assert mae_lipschitz(torch.ones(5, 1)) == 1
    assert mae_lipschitz(torch.eye(4, dtype=F64)) == pytest.approx(0.5)


@few
@given(
    st.sampled_from([(3, 3), (8, 1), (20, 2), (40, 4)]),
    seeds,
    st.sampled_from([(1e-30, 1e30), (1.0, 1.0), (1e30, 1e-30)]),
    st.sampled_from([F64, torch.float32]),
)
def test_the_mean_absolute_error_obeys_the_bound(
    size: tuple[int, int], seed: int, units: tuple[float, float], dtype: torch.dtype
) -> None:
    width, height = units if dtype == F64 else (1.0, 1.0)
    X = (width * normal(seed, *size)).to(dtype)
    y = (height * normal(seed + 1, size[0])).to(dtype)
    exact = least_absolute_deviations(X.double(), y.double())
    w, G = exact.coefficients, mae_lipschitz(X)
    f = linear_objective(X, y, losses.mae)
    start = torch.zeros_like(w)
    distance = w.norm().item()
    assume(distance > 0)
    # Rates from coarse to fine, all in one call: 30, 100, 300 … steps of this length to w.
    eta = distance / G / torch.tensor([30.0, 100.0, 300.0, 1000.0], dtype=F64)
    K = 1000
    run = descend(f, start.expand(4, -1), eta, K)
    values, points = run.values[:K], run.points[:K]
    assert (run.gradients.norm(dim=-1) <= G * (1 + 1e-6)).all()
    bound = rates.subgradient_bound(eta, K, distance, G)
    rounding = 1e-12 * height
    best, mean = values.amin(0) - exact.loss, f(points.mean(0)) - exact.loss
    assert (best >= -rounding).all()
    assert (best <= bound + rounding).all()
    assert (mean <= bound + rounding).all()


def test_the_floor_falls_with_the_rate_and_stays_below_its_prediction() -> None:
    table = load("curve_fit")
    X = polynomial_design(table.x, 2)
    exact = least_absolute_deviations(X, table.y)
    eta = torch.tensor([0.4, 0.1, 0.025], dtype=F64)
    run = descend(
        linear_objective(X, table.y, losses.mae), torch.zeros(3, 3, dtype=F64), eta, 6_000
    )
    late = run.values[3_000:] - exact.loss
    floor = rates.subgradient_floor(eta, mae_lipschitz(X))
    assert (late.amin(0) <= floor).all()
    # A quarter of the rate, about a quarter of the height at which the values swing.
    swing = late.mean(0)
    assert (swing > 0).all()
    for coarse, fine in itertools.pairwise(swing.tolist()):
        assert 2 < coarse / fine < 8
    # Constant steps never arrive, falling ones do.
    falling = descend(
        linear_objective(X, table.y, losses.mae),
        torch.zeros(3, dtype=F64),
        lambda step: 2 / (1 + step) ** 0.75,
        6_000,
    )
    assert (falling.values.min() - exact.loss).item() < late.amin(0)[-1] / 5
