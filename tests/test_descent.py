"""Descent, held against a loop in plain torch and against torch.optim.SGD."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from gdbook.descent import Trajectory, basin, descend
from gdbook.functions import (
    Landscape,
    absolute,
    bowl,
    himmelblau,
    quadratic,
    quartic,
    ravine,
    rosenbrock,
    saddle,
    skewed,
    square,
    wave,
    x_sin_inverse,
)

few = settings(max_examples=12, deadline=None)
F64 = torch.float64


class Counted:
    """An objective that counts how often it is called."""

    def __init__(self, f: Callable[[Tensor], Tensor]) -> None:
        self.f, self.calls = f, 0

    def __call__(self, x: Tensor) -> Tensor:
        self.calls += 1
        return self.f(x)


def sgd(
    f: Callable[[Tensor], Tensor], x0: Tensor, rate: float, steps: int
) -> tuple[Tensor, Tensor, Tensor]:
    """Return points, values and gradients of one run of torch.optim.SGD."""
    x = x0.clone().requires_grad_()
    optimizer = torch.optim.SGD([x], lr=rate)
    points, values, gradients = [], [], []
    for _ in range(steps + 1):
        optimizer.zero_grad()
        value = f(x)
        value.backward()  # type: ignore[no-untyped-call]
        assert x.grad is not None
        points.append(x.detach().clone())
        values.append(value.detach().clone())
        gradients.append(x.grad.clone())
        optimizer.step()
    return torch.stack(points), torch.stack(values), torch.stack(gradients)


def same(left: Tensor, right: Tensor, digits: float = 1e-12) -> None:
    assert left.shape == right.shape
    scale = 1 + right.abs().max().item()
    torch.testing.assert_close(left, right, rtol=digits, atol=digits * scale)


# --- against torch.optim.SGD, step for step ---------------------------------------------


@pytest.mark.parametrize(
    ("f", "rate", "reach"),
    [
        (ravine, 0.4, 5.0),
        (skewed, 0.02, 8.0),
        (bowl, 0.04, 8.0),
        (wave, 0.5, 4.0),
        (himmelblau, 0.01, 3.0),
        (rosenbrock, 1e-3, 1.0),
    ],
    ids=lambda value: getattr(value, "name", None),
)
@few
@given(data=st.data())
def test_every_run_is_torchs(f: Landscape, rate: float, reach: float, data: st.DataObject) -> None:
    number = st.floats(-reach, reach)
    starts = data.draw(st.lists(st.tuples(number, number), min_size=1, max_size=4))
    factors = data.draw(st.lists(st.floats(0.1, 1), min_size=len(starts), max_size=len(starts)))
    x0 = torch.tensor(starts, dtype=F64)
    rates = rate * torch.tensor(factors, dtype=F64)
    for objective in (f, f.value_rule):  # its own gradient, and autograd's
        runs = descend(objective, x0, rates, 20)
        for i, (start, one_rate) in enumerate(zip(x0, rates, strict=True)):
            points, values, gradients = sgd(f, start, one_rate.item(), 20)
            same(runs.points[:, i], points)
            same(runs.values[:, i], values)
            same(runs.gradients[:, i], gradients)
    assert not bool(runs.diverged.any())


@few
@given(st.integers(0, 2**32 - 1), st.integers(2, 6))
def test_any_quadratic_is_torchs(seed: int, d: int) -> None:
    random = torch.Generator().manual_seed(seed)
    A = torch.randn(d, d, dtype=F64, generator=random)
    H = A @ A.T + 0.1 * torch.eye(d, dtype=F64)
    f = quadratic(H, torch.randn(d, dtype=F64, generator=random))
    assert f.smoothness is not None
    rate = 1.9 / f.smoothness
    x0 = torch.randn(d, dtype=F64, generator=random)
    runs = descend(f, x0, rate, 30)
    points, values, _ = sgd(f, x0, rate, 30)
    same(runs.points, points)
    same(runs.values, values)


@few
@given(st.floats(-4, 4), st.floats(0.001, 0.1), st.sampled_from([torch.float32, F64]))
def test_on_a_line(start: float, rate: float, dtype: torch.dtype) -> None:
    runs = descend(quartic, torch.tensor(start, dtype=dtype), rate, 25)
    x = torch.tensor(start, dtype=dtype)
    for k in range(26):
        assert runs.points[k].item() == x.item()
        assert runs.values[k].item() == (x - 4 * x**2 + (x**2) ** 2 / 4).item()
        x = x - torch.tensor(rate, dtype=dtype) * (1 - 8 * x + x**3)
    assert runs.points.dtype == runs.values.dtype == runs.gradients.dtype == dtype
    assert runs.points.shape == runs.values.shape == (26,)
    assert runs.diverged_at.shape == ()


def test_the_square_by_hand() -> None:
    # Each step multiplies by 1 − 2η.
    rates = torch.tensor([0.1, 0.5, 0.75, 1.0, 1.5, -0.5], dtype=F64)
    runs = descend(square, torch.tensor(4.0, dtype=F64), rates, 10)
    k = torch.arange(11, dtype=F64)[:, None]
    same(runs.points, 4 * (1 - 2 * rates) ** k)


def test_the_quartic_goes_to_the_nearer_valley() -> None:
    runs = descend(quartic, torch.tensor([4.0, -4.0], dtype=F64), 0.1, 100)
    same(runs.final, torch.tensor([2.763723818475937, -2.888969400889307], dtype=F64))
    assert basin(runs.final, quartic).tolist() == [1, 0]
    assert runs.converged().tolist() == [True, True]
    assert descend(quartic, torch.tensor(4.0, dtype=F64), 0.1, 2).converged().item() is False


# --- many runs at once -------------------------------------------------------------------


def test_no_loop_over_runs() -> None:
    for count in (1, 1000):
        f = Counted(lambda x: (x**2).sum(-1))
        descend(f, torch.ones(count, 3), 0.1, 7)
        assert f.calls == 1 + 8  # the shape of the runs is asked for once


def test_a_picture_of_basins_is_one_call() -> None:
    starts = torch.linspace(-4.4, 4.4, 500, dtype=F64)[:, None]
    rates = torch.linspace(0.001, 0.1, 500, dtype=F64)
    runs = descend(quartic, starts, rates, 50, keep="last")
    assert runs.points.shape == runs.values.shape == runs.gradients.shape == (1, 500, 500)
    assert runs.steps == 50
    assert basin(runs.final, quartic, tolerance=0.5).shape == (500, 500)
    for i, j in ((0, 0), (123, 456), (499, 499)):
        alone = descend(quartic, starts[i, 0], rates[j].item(), 50)
        assert torch.equal(alone.final, runs.final[i, j])
        assert torch.equal(alone.final_value, runs.final_value[i, j])
        assert torch.equal(alone.final_gradient, runs.final_gradient[i, j])


def test_keeping_the_last_keeps_no_more() -> None:
    x0 = torch.randn(40, 2, dtype=F64)
    whole, last = (descend(ravine, x0, 0.6, 30, keep=keep) for keep in ("all", "last"))
    assert whole.points.shape == (31, 40, 2)
    for name in ("points", "values", "gradients"):
        kept = getattr(last, name)
        torch.testing.assert_close(kept[0], getattr(whole, name)[-1], rtol=0, atol=0)
        assert kept.untyped_storage().nbytes() == kept.numel() * 8
    assert torch.equal(last.diverged_at, whole.diverged_at)


def test_rates_and_starts_broadcast() -> None:
    one = torch.tensor([1.0, -2.0], dtype=F64)
    rates = torch.tensor([[0.1], [0.2], [0.3]], dtype=F64)
    assert descend(ravine, one, rates[:, 0], 4).points.shape == (5, 3, 2)
    runs = descend(ravine, one.expand(4, 2), rates, 4)
    assert runs.points.shape == (5, 3, 4, 2)
    assert runs.values.shape == (5, 3, 4)
    same(runs.points[:, 2, 1], descend(ravine, one, 0.3, 4).points)


def test_a_point_may_be_a_matrix() -> None:
    X = torch.randn(3, 4, dtype=F64)
    runs = descend(lambda X: 10 * (X**2).sum((-2, -1)), X, torch.tensor([0.01, 0.02], dtype=F64), 3)
    assert runs.points.shape == (4, 2, 3, 4)
    same(runs.points[3, 1], X * (1 - 20 * 0.02) ** 3)
    assert runs.converged().shape == (2,)


def test_a_gradient_of_ones_own() -> None:
    x0 = torch.tensor([3.0, 1.0])
    half = descend(ravine, x0, 0.1, 5, gradient=lambda x: ravine.gradient(x) / 2)
    same(half.points, descend(ravine, x0, 0.05, 5).points, 1e-6)


def test_nothing_is_left_on_the_tape() -> None:
    weight = torch.ones((), requires_grad=True)
    x0 = torch.ones(2, requires_grad=True)
    for gradient in (None, lambda x: 2 * weight * x):
        with torch.no_grad():
            runs = descend(lambda x: (weight * x**2).sum(-1), x0, 0.1, 3, gradient=gradient)
        assert not runs.points.requires_grad
        assert not runs.values.requires_grad
        assert not runs.gradients.requires_grad
    assert x0.tolist() == [1, 1]
    assert weight.grad is None


# --- divergence --------------------------------------------------------------------------


def first_bad(run: Trajectory, index: int) -> int:
    """Return, by a plain loop, the first row that holds inf or nan."""
    for k in range(run.steps + 1):
        row = (*run.points[k, index].reshape(-1), run.values[k, index])
        if not all(math.isfinite(number) for number in (*row, *run.gradients[k, index])):
            return k
    return -1


@few
@given(st.lists(st.floats(0.05, 3), min_size=1, max_size=5), st.sampled_from([torch.float32, F64]))
def test_a_run_that_diverges_stops_and_the_others_go_on(
    rates: list[float], dtype: torch.dtype
) -> None:
    x0 = torch.tensor([1.2, 0.7], dtype=dtype)
    together = descend(himmelblau, x0, torch.tensor(rates, dtype=dtype) / 50, 60)
    assert together.diverged.tolist() == [k >= 0 for k in together.diverged_at.tolist()]
    for i in range(len(rates)):
        at = together.diverged_at[i].item()
        assert at == first_bad(together, i)
        # Each run is what it is alone, to the last bit.
        alone = descend(himmelblau, x0, torch.tensor(rates[i], dtype=dtype) / 50, 60)
        assert torch.equal(alone.points.nan_to_num(7.0), together.points[:, i].nan_to_num(7.0))
        assert alone.diverged_at.item() == at
        if at >= 0:
            assert bool((~together.points[at + 1 :, i].isfinite()).all())
            assert not together.converged()[i].item()


def one_by_one(f: Landscape, x: Tensor, rate: Tensor, steps: int) -> tuple[list[Tensor], int]:
    """Return the points of a single run of heavy ball, by a plain loop, and where it stopped."""
    points, b, stopped = [x], torch.zeros_like(x), -1
    for k in range(steps + 1):
        g = f.gradient(x)
        if stopped < 0 and not bool(torch.stack([*x, *g, f(x)]).isfinite().all()):
            stopped, x = k, torch.where(x.isfinite(), torch.nan, x)
        elif stopped < 0:
            b = 0.5 * b + g
            x = x - rate * b
        points.append(x)
    return points[:-1], stopped


@pytest.mark.parametrize("f", [himmelblau, rosenbrock, saddle], ids=lambda f: f.name)
def test_runs_stop_anywhere_in_a_long_descent(f: Landscape) -> None:
    # Landscapes are looked at after a stretch of steps; here there are several of them.
    x0 = torch.linspace(-3, 3, 80, dtype=F64).reshape(40, 2)
    rates = torch.logspace(-4, 0, 40, dtype=F64)
    whole = descend(f, x0, rates, 400, rule=rule_of_heavy_ball)
    last = descend(f, x0, rates, 400, rule=rule_of_heavy_ball, keep="last")
    stops = whole.diverged_at.tolist()
    assert len({k for k in stops if k >= 0}) > 2
    assert -1 in stops
    for i in range(40):
        points, stopped = one_by_one(f, x0[i], rates[i], 400)
        assert stops[i] == stopped
        assert torch.equal(whole.points[:, i].nan_to_num(7.0), torch.stack(points).nan_to_num(7.0))
        for k in (0, 7, 399, 400):
            assert repr(whole.values[k, i]) == repr(f(points[k]))
            assert repr(whole.gradients[k, i]) == repr(f.gradient(points[k]))
        assert repr(last.final[i]) == repr(points[-1])
        assert repr(last.final_value[i]) == repr(f(points[-1]))
    assert torch.equal(last.diverged_at, whole.diverged_at)


def rule_of_heavy_ball(
    x: Tensor, g: Tensor, state: dict[str, Any], /, *, lr: Tensor
) -> tuple[Tensor, dict[str, Any]]:
    b = 0.5 * state.get("b", torch.zeros_like(x)) + g
    return x - lr * b, {"b": b}


def test_a_rule_may_change_what_it_is_given() -> None:
    def in_place(
        x: Tensor, g: Tensor, state: dict[str, Any], /, *, lr: Tensor
    ) -> tuple[Tensor, dict[str, Any]]:
        g *= lr
        x -= g
        return x, state

    x0 = torch.tensor([1.0, -2.0], dtype=F64)
    runs, plain = (descend(ravine, x0, 0.1, 20, rule=rule) for rule in (in_place, None))
    for name in ("points", "values", "gradients"):
        assert torch.equal(getattr(runs, name), getattr(plain, name))


def test_when_the_square_diverges() -> None:
    # |x| doubles each step: 2¹⁰²⁴ overflows, and x² already at 2⁵¹².
    runs = descend(square, torch.tensor([1.0, 0.0], dtype=F64), 1.5, 1100)
    assert runs.diverged_at.tolist() == [512, -1]
    assert runs.points[512, 0].item() == 2.0**512
    assert runs.values[512, 0].item() == math.inf
    assert bool(runs.points[513:, 0].isnan().all())
    assert runs.final[1].item() == 0
    # A point that is infinite itself keeps its side.
    far = torch.tensor([2.0, -2.0])
    sides = descend(torch.atan, far, 1e20, 9, gradient=lambda x: -(1e20 * x))
    assert sides.final.tolist() == [math.inf, -math.inf]
    assert sides.diverged_at.tolist() == [1, 1]
    # At infinity the ground may be level, but no run has converged there.
    level = descend(torch.atan, far, 1e38, 9, gradient=lambda x: torch.where(x.isinf(), 0, -10 * x))
    assert level.final_gradient.tolist() == [0, 0]
    assert level.converged().tolist() == [False, False]


def test_at_kinks_descent_takes_torchs_subgradient() -> None:
    runs = descend(absolute, torch.tensor(1.0), 0.25, 6)
    assert runs.points.tolist() == [1, 0.75, 0.5, 0.25, 0, 0, 0]
    assert runs.diverged_at.item() == -1
    assert bool(runs.converged())
    # x·sin(1/x) has no subgradient at zero: no step can be taken there.
    assert descend(x_sin_inverse, torch.zeros(1), 0.1, 2).diverged_at.tolist() == [0]


# --- basins ------------------------------------------------------------------------------


@few
@given(st.integers(0, 2**32 - 1), st.integers(1, 4), st.integers(1, 5))
def test_the_basin_is_the_nearest_minimum(seed: int, d: int, m: int) -> None:
    random = torch.Generator().manual_seed(seed)
    minima = torch.randn(m, d, dtype=F64, generator=random)
    points = torch.randn(6, 3, d, dtype=F64, generator=random)
    got = basin(points, minima, tolerance=0.8)
    for i in range(6):
        for j in range(3):
            lengths = [math.dist(points[i, j].tolist(), other.tolist()) for other in minima]
            nearest = min(range(m), key=lengths.__getitem__)
            assert got[i, j].item() == (nearest if lengths[nearest] <= 0.8 else -1)


def test_basins_of_landscapes() -> None:
    numbers = torch.tensor([-2.9, 2.75, 0.0, math.nan, math.inf, -math.inf])
    assert basin(numbers, quartic).tolist() == [0, 1, -1, -1, -1, -1]
    points = torch.tensor([[3.0, 2.0], [-2.8, 3.1], [math.nan, 2.0], [-3.8, -3.3], [3.6, -1.8]])
    assert basin(points, himmelblau).tolist() == [0, 1, -1, 2, 3]
    assert basin(torch.tensor(2.9), torch.tensor([0.0, 3.0]), tolerance=0.2).item() == 1


# --- bad input ---------------------------------------------------------------------------


ONES = torch.ones(3)


@pytest.mark.parametrize(
    ("changed", "error", "sentence"),
    [
        ({"x0": torch.tensor([1.0, math.nan])}, ValueError, "x0 must be finite, got nan"),
        ({"x0": torch.tensor([1, 2])}, TypeError, "x0 must hold floating-point numbers, got int64"),
        ({"x0": 1.0}, TypeError, "x0 must be a torch.Tensor of floating-point numbers, got float"),
        ({"steps": 0}, ValueError, "steps must be a positive integer, got 0"),
        ({"steps": 2.0}, ValueError, "steps must be a positive integer, got 2.0"),
        ({"steps": True}, ValueError, "steps must be a positive integer, got True"),
        ({"learning_rate": math.inf}, ValueError, "learning_rate must be finite, got inf"),
        ({"learning_rate": "0.1"}, TypeError, "learning_rate must be a number or a tensor"),
        (
            {"learning_rate": torch.ones(2)},
            ValueError,
            "learning_rate of shape (2,) does not fit runs of shape (3,)",
        ),
        ({"keep": "none"}, ValueError, "keep must be 'all' or 'last', got 'none'"),
        ({"objective": ravine}, ValueError, "ravine takes points of shape (..., 2), got (3,)"),
        (
            {"objective": lambda x: x[:, None] ** 2},
            ValueError,
            "for points of shape (3,) it returned (3, 1)",
        ),
        ({"objective": lambda _: 1.0}, TypeError, "objective must return a tensor, got float"),
        (
            {"objective": lambda x: (x.detach() ** 2).sum()},
            ValueError,
            "autograd finds no way from the objective's values to the point",
        ),
        (
            {"gradient": lambda x: x.sum()},
            ValueError,
            "gradient must return the shape of its points (3,), got ()",
        ),
    ],
)
def test_what_descend_does_not_take(
    changed: dict[str, Any], error: type[Exception], sentence: str
) -> None:
    arguments: dict[str, Any] = {"objective": square, "x0": ONES, "learning_rate": 0.1, "steps": 3}
    with pytest.raises(error, match=re.escape(sentence)):
        descend(**(arguments | changed))


def test_what_basin_and_converged_do_not_take() -> None:
    with pytest.raises(ValueError, match="saddle lists no minima; give them as a tensor"):
        basin(torch.ones(3, 2), saddle)
    with pytest.raises(ValueError, match=re.escape("shape (3,) do not fit minima of shape (1, 2)")):
        basin(ONES, ravine)
    with pytest.raises(ValueError, match=re.escape("shape (m,) or (m, d), m > 0, got (0,)")):
        basin(ONES, torch.ones(0))
    with pytest.raises(ValueError, match="minima must be finite, got inf"):
        basin(ONES, torch.tensor([math.inf]))
    for tolerance in (0, -1.0, math.nan, "0.1", None):
        with pytest.raises(ValueError, match="tolerance must be a positive number"):
            basin(ONES, ONES, tolerance=tolerance)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="tolerance must be a positive number, got 0"):
        descend(square, ONES, 0.1, 2).converged(0)
