"""Predicted rates and floors against matrices, exhaustive sums and runs of `descend`."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from gdbook import rates
from gdbook.descent import descend
from gdbook.functions import quadratic
from gdbook.optimizers import sgd
from gdbook.sampling import reshuffled, with_replacement

F64 = torch.float64
some = settings(max_examples=100, deadline=None)
betas = st.floats(0, 0.99)


def step_matrix(a: float, beta: float, *, nesterov: bool) -> np.ndarray[Any, Any]:
    """Return the matrix of one step of torch's SGD on ½λw², acting on (w, b/λ), a = ηλ."""
    # g = w, b' = βb + g, w' = w − a(g + βb') or w − ab'.
    after = np.array([[1.0, beta]])  # b' in terms of (w, b)
    along = np.array([[1.0, 0.0]]) + beta * after if nesterov else after
    return np.vstack([np.array([[1.0, 0.0]]) - a * along, after])


@some
@given(st.floats(-1, 5), betas, st.booleans())
def test_the_spectral_radius_is_that_of_the_matrix(a: float, beta: float, form: bool) -> None:
    want = np.abs(np.linalg.eigvals(step_matrix(a, beta, nesterov=form))).max()
    got = rates.spectral_radius(a / 2, 2.0, beta, nesterov=form)
    assert got.dtype == F64
    # Near a double root eigenvalues are known to half the digits only.
    assert got.item() == pytest.approx(want, abs=3e-8)


@some
@given(st.floats(0.1, 10), betas, st.booleans())
def test_the_edge_is_where_the_radius_is_one(lam: float, beta: float, form: bool) -> None:
    edge = rates.largest_stable_rate(lam, beta, nesterov=form)
    assert rates.spectral_radius(edge * 0.999, lam, beta, nesterov=form) < 1
    assert rates.spectral_radius(edge * 1.001, lam, beta, nesterov=form) > 1


@pytest.mark.parametrize("form", [False, True])
def test_a_diagram_of_stability_in_one_call(form: bool) -> None:
    eta = torch.linspace(0.02, 4.2, 60, dtype=F64)[:, None]
    beta = torch.linspace(0, 0.96, 50, dtype=F64)
    start = torch.ones(60, 50, dtype=F64)
    runs = descend(
        lambda w: w**2 / 2, start, eta, 4000, rule=sgd, momentum=beta, nesterov=form, keep="last"
    )
    converged = runs.final.abs() < 1
    stable = rates.spectral_radius(eta, 1.0, beta, nesterov=form) < 1
    assert torch.equal(stable, eta < rates.largest_stable_rate(1.0, beta, nesterov=form))
    near = (eta / rates.largest_stable_rate(1.0, beta, nesterov=form) - 1).abs() < 0.005
    assert torch.equal(converged | near, stable | near)
    assert 0 < int(near.sum()) < 60


@some
@given(st.floats(0.01, 10), st.floats(1, 1000))
def test_tunings_are_the_worst_over_all_curvatures(mu: float, kappa: float) -> None:
    largest = mu * kappa
    lam = torch.linspace(mu, largest, 200, dtype=F64)
    for tuning, form in (
        (rates.gradient_descent(mu, largest), False),
        (rates.polyak(mu, largest), False),
        (rates.nesterov(mu, largest), True),
    ):
        eta, beta, rate = tuning
        worst = rates.spectral_radius(eta, lam, beta, nesterov=form).max()
        # At a double root the root of a rounding error remains.
        assert worst.item() == pytest.approx(rate.item(), abs=2e-7)


def test_no_other_tuning_of_heavy_ball_is_better() -> None:
    mu, largest = 1.0, 25.0
    eta = torch.linspace(0.001, 0.2, 120, dtype=F64)[:, None, None]
    beta = torch.linspace(0, 0.99, 120, dtype=F64)[:, None]
    lam = torch.linspace(mu, largest, 60, dtype=F64)
    worst = rates.spectral_radius(eta, lam, beta).amax(-1)
    best = rates.polyak(mu, largest)
    assert best.rate.item() == pytest.approx(4 / 6)
    assert worst.min() >= best.rate
    assert worst.min() < best.rate + 0.02
    plain = rates.spectral_radius(eta[:, 0], lam).amax(-1)
    assert plain.min() >= rates.gradient_descent(mu, largest).rate
    assert plain.min() < rates.gradient_descent(mu, largest).rate + 0.01


def test_the_critical_momentum_is_best_and_double() -> None:
    beta = torch.linspace(0, 0.999, 5000, dtype=F64)
    for a in (0.1, 0.5, 1.0, 1.7):
        best = beta[rates.spectral_radius(a, 1.0, beta).argmin()]
        assert best.item() == pytest.approx(rates.critical_momentum(a, 1.0).item(), abs=5e-4)


def test_a_measured_rate_needs_the_correction_where_the_root_is_double() -> None:
    mu, largest = 1.0, 100.0
    eta, beta, rate = rates.polyak(mu, largest)
    f = quadratic(torch.diag(torch.tensor([mu, largest], dtype=F64)))
    start = torch.tensor([1.0, 0.0], dtype=F64)
    errors = descend(f, start, eta.item(), 200, rule=sgd, momentum=beta.item()).points[:, 0].abs()
    corrected = rates.measured_rate(errors, double_root=True)
    naive = rates.measured_rate(errors)
    assert corrected.item() == pytest.approx(rate.item(), abs=3e-4)
    assert naive.item() - rate.item() > 0.005
    plain = descend(f, start, 0.01, 200).points[:, 0]
    assert rates.measured_rate(plain).item() == pytest.approx(0.99, abs=1e-12)


# --- noise -------------------------------------------------------------------------------


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=6), st.data())
@settings(max_examples=40, deadline=None)
def test_the_variance_of_a_batch_by_listing_all_batches(
    c: list[float], data: st.DataObject
) -> None:
    batch = data.draw(st.integers(1, len(c)))
    variance = float(np.var(c))
    without = [np.mean(rows) for rows in itertools.combinations(c, batch)]
    got = rates.batch_mean_variance(variance, batch, len(c)).item()
    assert got == pytest.approx(np.var(without), abs=1e-12)
    if batch <= 3:
        drawn = [np.mean(rows) for rows in itertools.product(c, repeat=batch)]
        got = rates.batch_mean_variance(variance, batch).item()
        assert got == pytest.approx(np.var(drawn), abs=1e-12)


@pytest.mark.parametrize("a", [0.1, 0.7, 1.6])
@pytest.mark.parametrize("beta", [0.0, 0.5, 0.9])
def test_the_floor_solves_the_equation_of_covariances(a: float, beta: float) -> None:
    lam, noise = 3.0, 2.0
    eta = a / lam
    # (w, b) ← M(w, b) + (−η, 1)·noise: Σ = MΣMᵀ + s²nnᵀ, a linear system.
    M = np.array([[1 - eta * lam, -eta * beta], [lam, beta]])
    n = np.array([[-eta], [1.0]])
    flat = np.linalg.solve(np.eye(4) - np.kron(M, M), noise * (n @ n.T).reshape(-1))
    got = rates.noise_floor(eta, lam, noise, beta).item()
    assert got == pytest.approx(flat[0], rel=1e-10)


def samples(n: int) -> torch.Tensor:
    c = torch.randn(n, dtype=F64, generator=torch.Generator().manual_seed(1))
    return c - c.mean()


@pytest.mark.parametrize(("n", "batch"), [(4, 1), (4, 2), (5, 1), (6, 3)])
def test_the_reshuffled_floor_by_listing_all_orders(n: int, batch: int) -> None:
    c, a = samples(n).numpy(), 0.3
    ends = []
    for order in itertools.permutations(range(n)):
        w = 0.0
        for first in range(0, n, batch):
            w -= a * (w - np.mean(c[list(order[first : first + batch])]))
        ends.append(w)
    q = (1 - a) ** (n // batch)
    want = np.var(ends) / (1 - q**2)
    got = rates.reshuffled_floor(a / 2, 2.0, float(np.var(c)), n, batch).item()
    assert got == pytest.approx(want, rel=1e-12)


def test_floors_of_hundreds_of_runs() -> None:
    n, batch, eta, seeds = 40, 4, 0.2, 600
    c = samples(n)
    variance = c.var(correction=0).item()

    def loss(w: torch.Tensor, rows: torch.Tensor) -> torch.Tensor:
        return ((w[..., None] - c[rows]) ** 2).mean(-1) / 2

    start = torch.zeros(seeds, dtype=F64)
    drawn = descend(loss, start, eta, 400, batches=with_replacement(n, batch, (seeds,)))
    floor = rates.noise_floor(eta, 1.0, rates.batch_mean_variance(variance, batch)).item()
    # 600 runs at 20 moments that lie far apart: the variance is known to about 2 %.
    assert (drawn.points[20::20] ** 2).mean().item() == pytest.approx(floor, rel=0.06)
    shuffled = descend(loss, start, eta, 400, batches=reshuffled(n, batch, (seeds,)))
    low = rates.reshuffled_floor(eta, 1.0, variance, n, batch).item()
    assert (shuffled.points[20::10] ** 2).mean().item() == pytest.approx(low, rel=0.06)
    assert low < floor / 2
    heavy = descend(
        loss, start, eta, 600, rule=sgd, momentum=0.8, batches=with_replacement(n, batch, (seeds,))
    )
    floor = rates.noise_floor(eta, 1.0, variance / batch, 0.8).item()
    assert (heavy.points[100::25] ** 2).mean().item() == pytest.approx(floor, rel=0.06)


# --- plans -------------------------------------------------------------------------------


def test_an_epoch_holds_each_sample_once() -> None:
    plan = reshuffled(10, 4, (3,), seed=5)
    epochs = [torch.cat([plan(3 * e + j) for j in range(3)], -1) for e in range(2)]
    for epoch in epochs:
        assert torch.equal(epoch.sort(-1).values, torch.arange(10).expand(3, 10))
    assert [plan(k).shape[-1] for k in range(4)] == [4, 4, 2, 4]
    assert not torch.equal(epochs[0], epochs[1])
    assert not torch.equal(epochs[0][0], epochs[0][1])
    assert torch.equal(plan(0), epochs[0][:, :4])
    dropping = reshuffled(10, 4, drop_last=True)
    assert [dropping(k).shape for k in range(4)] == [(4,)] * 4


def test_draws_are_even_and_each_step_s_own() -> None:
    plan = with_replacement(5, 4, (2000,), seed=2)
    counts = torch.bincount(plan(0).reshape(-1), minlength=5)
    assert bool(((counts - 1600).abs() < 5 * 36).all())  # σ = √(8000 · 0.2 · 0.8) ≈ 36
    assert torch.equal(plan(3), plan(3))
    assert not torch.equal(plan(3), plan(4))
    assert not torch.equal(plan(3), with_replacement(5, 4, (2000,), seed=3)(3))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: rates.polyak(0.0, 1.0), "0 < strong_convexity ≤ smoothness must hold"),
        (lambda: rates.nesterov(2.0, 1.0), "got 2.0 and 1.0"),
        (lambda: rates.batch_mean_variance(1.0, 3, 2), "batch_size must be at most 2, got 3"),
        (lambda: rates.reshuffled_floor(0.1, 1, 1, 10, 3), "batch_size must divide 10, got 3"),
        (lambda: rates.measured_rate(torch.tensor([1.0, 0.0, 0.0])), "errors must be positive"),
        (lambda: rates.measured_rate(torch.tensor([1.0])), "two errors or more are needed"),
        (lambda: rates.measured_rate(torch.ones(4), skip=1.0), "skip must be at least 0"),
        (lambda: with_replacement(0, 1), "samples must be a positive integer"),
        (lambda: reshuffled(3, 4), "batch_size must be at most 3, got 4"),
    ],
)
def test_bad_input_is_refused(call: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        call()


# --- kinks --------------------------------------------------------------------------------


def test_the_bound_is_reached() -> None:
    # |x| from R with steps of R/K: x falls by η each, and the bound is tight within a factor.
    distance, K = 1.0, 64
    eta = distance / K**0.5
    run = descend(torch.abs, torch.tensor(distance, dtype=F64), eta, K - 1)
    bound = rates.subgradient_bound(eta, K, distance, 1.0).item()
    assert bound == pytest.approx(distance / K**0.5)
    assert run.values.mean().item() <= bound
    # Between two steps of the sign the best value is the nearer of x and η − x; at worst η/2.
    worst = descend(torch.abs, torch.tensor(100.5, dtype=F64), 1.0, 1000).values.min().item()
    assert worst == rates.subgradient_floor(1.0, 1.0).item() == 0.5


def test_a_bound_needs_steps() -> None:
    with pytest.raises(ValueError, match="steps must be a positive integer, got 0"):
        rates.subgradient_bound(0.1, 0, 1.0, 1.0)
