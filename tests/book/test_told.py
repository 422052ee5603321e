"""What the chapters tell of their runs, held against mpmath, NumPy and loops of plain Python."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise

import mpmath
import numpy as np
import pytest
import torch
from torch import Tensor

from gdbook.datasets import load

Function = Callable[[Tensor], Tensor]

DATA = load("sine_fit").train
X, Y = DATA.x.numpy(), DATA.y.numpy()


def turns(values: list[float]) -> list[float]:
    """Return the values at which a sequence turns, and its last one."""
    inner = [
        b for a, b, c in zip(values, values[1:], values[2:], strict=False) if (b - a) * (c - b) < 0
    ]
    return [*inner, values[-1]]


def sine_loss(omega: float, t: float) -> tuple[float, float, float]:
    """Return the loss of the sine fit and its two slopes."""
    off = np.sin(omega * X + t) - Y
    pull = off * np.cos(omega * X + t)
    return float((off**2).mean() / 2), float((pull * X).mean()), float(pull.mean())


# ---------------------------------------------------------------- limits and derivatives


def test_torch_gets_the_sign_wrong_where_the_derivative_cancels() -> None:
    with mpmath.workdps(50):
        true = float(mpmath.diff(lambda x: (1 - mpmath.cos(x)) / x**2, mpmath.mpf("1e-4")))
    found = []
    written: list[Function] = [
        lambda x: (1 - torch.cos(x)) / x**2,
        lambda x: 2 * (torch.sin(x / 2) / x) ** 2,
    ]
    for f in written:
        x = torch.tensor(1e-4, dtype=torch.float64, requires_grad=True)
        (slope,) = torch.autograd.grad(f(x), x)
        found.append(slope.item())
    assert true == pytest.approx(-1e-4 / 12, rel=1e-8)
    assert found[0] > 0 > true
    assert found[1] == pytest.approx(true, rel=1e-6)


def test_a_single_random_number_is_one_of_two_to_the_24() -> None:
    drawn = torch.rand(10_000, generator=torch.Generator().manual_seed(0)) * 2**24
    assert torch.equal(drawn, drawn.round())


# ---------------------------------------------------------------- descent in one dimension


def quartic_run(x: float, eta: float, steps: int) -> list[float]:
    points = [x]
    for _ in range(steps):
        x = x - eta * (1 - 8 * x + x**3)
        points.append(x)
    return points


def test_below_the_edge_of_a_valley_runs_settle_late() -> None:
    left, _, right = sorted(float(r.real) for r in mpmath.polyroots([1, 0, -8, 1]))
    for start, eta, end in ((-4.0, 0.116, left), (2.0, 0.133, right)):
        run = quartic_run(start, eta, 2000)
        assert abs(run[100] - end) > 0.001
        assert max(abs(x - end) for x in run[300:]) < 0.001


def test_from_40_the_loss_is_infinite_after_four_steps_and_the_slope_after_five() -> None:
    with np.errstate(over="ignore", invalid="ignore"):
        run = [np.float64(x) for x in quartic_run(40.0, 0.1, 4)]
        run.append(run[-1] - 0.1 * (1 - 8 * run[-1] + run[-1] ** 3))
        loss = [x - 4 * x**2 + x**4 / 4 for x in run]
        slope = [1 - 8 * x + x**3 for x in run]
    assert [bool(np.isfinite(v)) for v in loss] == [True] * 4 + [False] * 2
    assert [bool(np.isfinite(v)) for v in slope] == [True] * 5 + [False]


# ---------------------------------------------------------------- gradients


def test_a_minimum_on_every_line_need_not_be_a_minimum() -> None:
    def p(x: Fraction, y: Fraction) -> Fraction:
        return (y - x**2) * (y - 2 * x**2)

    for k in range(1, 60):
        x = Fraction(1, k)
        assert p(x, Fraction(3, 2) * x**2) == -(x**4) / 4
        for m in (Fraction(n, 7) for n in range(-20, 21) if n):
            near = min(x, abs(m) / 3)
            assert p(near, m * near) > 0
            assert p(-near, -m * near) > 0
        assert p(x, Fraction(0)) > 0
        assert p(Fraction(0), x) > 0


def test_a_run_goes_beyond_the_edge_of_stability_is_thrown_back_and_settles() -> None:
    eta, x, y = 0.0025, -1.2, 1.0
    path = [(x, y)]
    for _ in range(10_000):
        gap = y - x * x
        x, y = x + eta * (400 * x * gap + 2 - 2 * x), y - 200 * eta * gap
        path.append((x, y))
    middles = [((a + c) / 2, (b + d) / 2) for (a, b), (c, d) in pairwise(path)]
    steep = []
    for a, b in middles:  # the larger root of the characteristic polynomial
        corner, side = 1200 * a * a - 400 * b + 2, -400 * a
        steep.append(eta * ((corner + 200) / 2 + ((corner - 200) ** 2 / 4 + side**2) ** 0.5))
    passed = next(k for k in range(200, 10_000) if steep[k] > 2)
    top = max(range(200, 10_000), key=steep.__getitem__)
    low = min(range(top, 10_000), key=steep.__getitem__)
    assert passed + 1 == pytest.approx(1232, abs=5)
    assert top + 1 == pytest.approx(1601, abs=40)
    assert steep[top] == pytest.approx(2.175, abs=0.01)
    assert low - top < 60
    assert 1.8 < steep[low] < 1.95
    assert 2.05 < max(steep[low:]) < steep[top]
    assert all(abs(s - 2) < 0.002 for s in steep[5000:])
    assert middles[-1] == pytest.approx((0.865, 0.748), abs=1e-3)


# ---------------------------------------------------------------- autograd


def test_torch_returns_the_subgradient_of_least_norm_and_clamp_does_not() -> None:
    kinks: dict[Function, tuple[float, float]] = {
        torch.abs: (-1.0, 1.0),
        torch.relu: (0.0, 1.0),
        (lambda x: x.clamp(min=0)): (0.0, 1.0),
    }
    told = []
    for f, (low, high) in kinks.items():
        x = torch.tensor(0.0, requires_grad=True)
        (slope,) = torch.autograd.grad(f(x), x)
        least = min(np.linspace(low, high, 201), key=abs)
        told.append(slope.item() == pytest.approx(least, abs=1e-12))
    assert told == [True, True, False]


def test_zeros_of_either_sign_are_equal_and_have_different_bits() -> None:
    plus, minus = torch.tensor([0.0]), torch.tensor([-0.0])
    assert torch.equal(plus, minus)
    assert not torch.equal(plus.view(torch.int32), minus.view(torch.int32))


def test_a_fit_that_forgets_one_gradient_wobbles_as_it_is_told() -> None:
    def rises(rate: float, steps: int) -> list[float]:
        omega, t, total, losses = 3.0, 1.0, 0.0, []
        for _ in range(steps):
            loss, by_omega, by_t = sine_loss(omega, t)
            losses.append(loss)
            total += by_t
            omega, t = omega - rate * by_omega, t - rate * total
        return [b / a - 1 for a, b in pairwise(turns(losses)) if b > a]

    assert rises(0.1, 50) == pytest.approx([0.14, 0.27], abs=0.01)
    assert rises(0.05, 50) == pytest.approx([0.01], abs=0.01)
    assert rises(0.05, 100)[-1] == pytest.approx(0.29, abs=0.02)


def test_a_phase_that_is_never_moved_has_a_gradient_that_crosses_0_and_grows() -> None:
    omega, total, totals = 3.0, 0.0, []
    for _ in range(400):
        _, by_omega, by_t = sine_loss(omega, 1.0)
        total += by_t
        totals.append(total)
        omega -= 0.1 * by_omega
    assert totals[0] > 0 > totals[5]
    assert all(b < a < 0 for a, b in pairwise(totals[5:]))


@pytest.mark.slow
def test_nearly_all_starts_that_have_not_found_the_sine_never_do() -> None:
    omega, t = (
        g.ravel()
        for g in np.meshgrid(np.linspace(0, 2 * np.pi, 51), np.linspace(-np.pi, np.pi, 51))
    )
    shares = []
    for steps in (300, 1200):
        for _ in range(steps):
            angle = omega[:, None] * X + t[:, None]
            pull = (np.sin(angle) - Y) * np.cos(angle)
            omega, t = omega - 0.1 * (pull * X).mean(1), t - 0.1 * pull.mean(1)
        off = np.sin(omega[:, None] * X + t[:, None]) - Y
        found = (off**2).mean(1) / 2 < 0.317
        shares.append(found.mean())
        omega, t = omega[~found], t[~found]
    assert shares[0] == pytest.approx(0.315, abs=0.002)
    assert shares[1] < 0.01


# ---------------------------------------------------------------- build your own


def test_fifty_phases_of_a_sine_cannot_reach_targets_beyond_one() -> None:
    over = np.maximum(np.abs(Y) - 1, 0)
    assert (over > 0).sum() == 12
    assert (over**2).mean() / 2 == pytest.approx(0.00309, abs=1e-5)


def test_the_phase_of_the_fit_passes_below_one() -> None:
    omega, t, phases = 3.0, 1.0, []
    for _ in range(51):
        phases.append(t)
        _, by_omega, by_t = sine_loss(omega, t)
        omega, t = omega - 0.1 * by_omega, t - 0.1 * by_t
    assert 0.99 < min(phases) < 1
    assert sum(phase < 1 for phase in phases) == 3
