"""Difference quotients, held against SymPy, closed forms and loops written out."""

# mypy: disable-error-code="no-untyped-call"
# SymPy's functions have no types.

from __future__ import annotations

import math
import re
from collections.abc import Callable
from functools import partial

import numpy as np
import pytest
import sympy
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from gdbook.derivatives import (
    Rule,
    backward_difference,
    best_step,
    central_difference,
    complex_step,
    error_curve,
    forward_difference,
    numerical_gradient,
    order,
    richardson,
)
from gdbook.functions import LANDSCAPES, landscape

few = settings(max_examples=40, deadline=None)
F64 = torch.float64

# A rule, its order, and for exp the steps between which that order shows: small enough for
# the first term of the error to rule, large enough to stand above round-off.
RULES: dict[str, tuple[Rule, int, tuple[float, float]]] = {
    "forward": (forward_difference, 1, (1e-4, 1e-3)),
    "backward": (backward_difference, 1, (1e-4, 1e-3)),
    "central": (central_difference, 2, (1e-3, 1e-2)),
    "richardson 1": (richardson, 4, (0.03, 0.3)),
    "richardson 2": (partial(richardson, levels=2), 6, (0.3, 1.0)),
    "richardson 3": (partial(richardson, levels=3), 8, (0.7, 2.0)),
}


class Counted:
    """A function that counts how often it is called."""

    def __init__(self, f: Callable[[Tensor], Tensor]) -> None:
        self.f, self.calls = f, 0

    def __call__(self, x: Tensor) -> Tensor:
        self.calls += 1
        return self.f(x)


def polynomial(coefficients: list[float]) -> Callable[[Tensor], Tensor]:
    return lambda x: sum((c * x**i for i, c in enumerate(coefficients)), torch.zeros_like(x))


# --- the quotients ------------------------------------------------------------------------


@few
@given(st.floats(-10, 10), st.floats(0.01, 2), st.booleans())
def test_the_quotients_of_a_square_are_known(at: float, size: float, negative: bool) -> None:
    x, h = torch.tensor(at, dtype=F64), -size if negative else size
    expected = {"forward": 2 * at + h, "backward": 2 * at - h, "central": 2 * at}
    for name, slope in expected.items():
        assert RULES[name][0](torch.square, x, torch.tensor(h, dtype=F64)).item() == pytest.approx(
            slope, rel=1e-10, abs=1e-10
        )


@pytest.mark.parametrize("name", RULES)
@few
@given(data=st.data())
def test_a_rule_is_exact_up_to_its_order(name: str, data: st.DataObject) -> None:
    rule, p, _ = RULES[name]
    one = st.floats(-3, 3)
    coefficients = data.draw(st.lists(one, min_size=p + 1, max_size=p + 1))
    x = torch.tensor(data.draw(st.lists(st.floats(-1, 1), min_size=4, max_size=4)), dtype=F64)
    slope = polynomial([i * c for i, c in enumerate(coefficients)][1:])
    quotient = rule(polynomial(coefficients), x, torch.tensor(1.0, dtype=F64))
    torch.testing.assert_close(quotient, slope(x), rtol=1e-10, atol=1e-10)
    # … and not beyond: the next power leaves an error.
    beyond = rule(lambda v: v ** (p + 1), x, torch.tensor(1.0, dtype=F64))
    assert bool(((beyond - (p + 1) * x**p).abs() > 1e-4).all())


def test_richardson_is_sympys_combination() -> None:
    x, h = sympy.symbols("x h")
    D = (sympy.sin(x + h) - sympy.sin(x - h)) / (2 * h)
    once = (4 * D.subs(h, h / 2) - D) / 3
    twice = (16 * once.subs(h, h / 2) - once) / 15
    points = torch.linspace(-2, 2, 9, dtype=F64)
    for levels, formula in ((1, once), (2, twice)):
        expected = sympy.lambdify(x, formula.subs(h, sympy.Rational(1, 3)), "numpy")
        got = richardson(torch.sin, points, 1 / 3, levels)
        np.testing.assert_allclose(got, expected(points.numpy()), rtol=1e-13)


@pytest.mark.parametrize("name", RULES)
def test_a_batch_is_the_same_as_a_loop(name: str) -> None:
    rule, _, _ = RULES[name]
    x = torch.linspace(0.5, 2, 5, dtype=F64)
    h = torch.logspace(-6, -1, 4, dtype=F64)
    f = Counted(torch.exp)
    table = rule(f, x, h[:, None])
    assert f.calls == 2
    assert table.shape == (4, 5)
    for i, j in np.ndindex(4, 5):
        assert torch.equal(table[i, j], rule(torch.exp, x[j], h[i]))
    assert rule(torch.exp, x.reshape(5, 1, 1), h).shape == (5, 1, 4)
    assert rule(torch.exp, x[0], h[0]).shape == ()
    assert rule(torch.exp, x.float(), h[:1]).dtype == torch.float32


@pytest.mark.parametrize("name", RULES)
@few
@given(a=st.floats(0.2, 5), x=st.floats(-1, 1))
def test_the_measured_order_is_the_stated_one(name: str, a: float, x: float) -> None:
    rule, p, (low, high) = RULES[name]
    h = torch.logspace(math.log10(low), math.log10(high), 7, dtype=F64) / a
    at = torch.tensor([x, -x], dtype=F64)
    errors = error_curve(rule, lambda v: torch.exp(a * v), lambda v: a * torch.exp(a * v), at, h)
    assert order(errors, h).tolist() == pytest.approx([p, p], abs=0.1)


# --- complex step -------------------------------------------------------------------------


@few
@given(st.lists(st.floats(-3, 3), min_size=1, max_size=6))
def test_the_complex_step_is_exact(numbers: list[float]) -> None:
    x = torch.tensor(numbers, dtype=F64)
    for f, slope in ((torch.sin, torch.cos), (torch.exp, torch.exp), (torch.tanh, _tanh_slope)):
        for h in (1e-200, 1e-20, torch.tensor([[1e-100], [1e-300]], dtype=F64), None):
            got = complex_step(f, x, h)
            torch.testing.assert_close(got, slope(x).expand(got.shape), rtol=1e-15, atol=1e-15)
    single = complex_step(torch.sin, x.float())
    torch.testing.assert_close(single, torch.cos(x.float()))


def _tanh_slope(x: Tensor) -> Tensor:
    return 1 - torch.tanh(x) ** 2


@pytest.mark.parametrize("name", sorted(n for n, f in LANDSCAPES.items() if f.dimension == 1))
def test_the_complex_step_of_the_landscapes(name: str) -> None:
    f = landscape(name)
    x = torch.tensor([-2.5, -0.4, 0.3, 1.7], dtype=F64)
    if name == "abs":
        with pytest.raises(TypeError, match="f gave back real ones: its formula is not analytic"):
            complex_step(f, x)
    else:
        torch.testing.assert_close(complex_step(f, x), f.gradient(x), rtol=1e-13, atol=1e-13)


# --- errors, orders, best steps -----------------------------------------------------------


def test_the_error_curve_is_a_loop_written_out() -> None:
    h = torch.logspace(-12, -1, 6, dtype=F64)
    x = torch.tensor([[0.3, 1.0, 2.0]], dtype=F64)
    for dtype in (torch.float32, F64):
        errors = error_curve(forward_difference, torch.sin, torch.cos, x, h, dtype=dtype, nearby=5)
        assert errors.shape == (6, 1, 3)
        assert errors.dtype == F64
        for i, j in np.ndindex(6, 3):
            at = x[0, j].to(dtype)
            near = [h[i] * 2 ** ((k - 2) / 5) for k in range(5)]
            steps = [step.to(dtype) for step in near]
            quotients = [(torch.sin(at + s) - torch.sin(at)) / s for s in steps]
            wrong = [abs(q.double().item() - math.cos(at.item())) for q in quotients]
            assert errors[i, 0, j].item() == pytest.approx(np.median(wrong), rel=1e-6)


def test_the_curve_of_sin_at_one_has_its_known_bottom() -> None:
    h = torch.logspace(-11, -1, 81, dtype=F64)
    for rule, dtype, bottom, at in (
        (forward_difference, F64, 4e-9, 1e-8),
        (central_difference, F64, 4e-12, 1e-5),
        (forward_difference, torch.float32, 2e-4, 5e-4),
        (central_difference, torch.float32, 3e-6, 7e-3),
    ):
        grid = h[h > 1e-6] if dtype == torch.float32 else h
        errors = error_curve(rule, torch.sin, torch.cos, 1.0, grid, dtype=dtype, nearby=25)
        assert bottom / 3 < errors.min().item() < bottom * 3
        assert at / 10 < grid[errors.argmin()].item() < at * 10
        # The smaller h is not the better one.
        assert errors[0].item() > 30 * errors.min().item()


def test_rounding_x_is_no_error_of_the_rule() -> None:
    # In float32 the point 0.1 is the bottom of this parabola, so every central difference
    # there is exactly 0. At the 0.1 of float64 the slope is something else.
    bottom = torch.tensor(0.1, dtype=torch.float32).item()

    def f(x: Tensor) -> Tensor:
        return 1e6 * (x - bottom) ** 2

    def slope(x: Tensor) -> Tensor:
        return 2e6 * (x - bottom)

    assert slope(torch.tensor(0.1, dtype=F64)).abs().item() > 1e-3
    h = torch.tensor([bottom], dtype=F64)  # x ± h are then exact
    errors = error_curve(central_difference, f, slope, 0.1, h, dtype=torch.float32)
    assert errors.item() == 0


@few
@given(st.floats(-3, 9), st.floats(0.01, 100), st.integers(0, 99))
def test_the_order_is_numpys_slope(p: float, scale: float, seed: int) -> None:
    random = np.random.default_rng(seed)
    h = np.logspace(-3, -1, 9)
    errors = scale * h[:, None] ** p * np.exp(random.normal(0, 0.3, (9, 2)))
    expected = np.polyfit(np.log(h), np.log(errors), 1)[0]
    got = order(torch.from_numpy(errors), torch.from_numpy(h))
    np.testing.assert_allclose(got.numpy(), expected, rtol=1e-9, atol=1e-9)


def test_the_best_step_solves_sympys_equation() -> None:
    h, e, f, d = sympy.symbols("h e f d", positive=True)
    bounds = {
        forward_difference: h * d / 2 + 2 * e * f / h,
        backward_difference: h * d / 2 + 2 * e * f / h,
        central_difference: h**2 * d / 6 + e * f / h,
    }
    values, higher = torch.logspace(-3, 3, 7, dtype=F64), torch.logspace(-2, 4, 5, dtype=F64)
    for rule, bound in bounds.items():
        (least,) = sympy.solve(sympy.diff(bound, h), h)
        formula = sympy.lambdify((e, f, d), least, "math")
        for dtype in (torch.float32, F64):
            got = best_step(rule, -values[:, None], -higher, dtype)
            assert got.shape == (7, 5)
            for i, j in np.ndindex(7, 5):
                arguments = (torch.finfo(dtype).eps / 2, values[i].item(), higher[j].item())
                assert got[i, j].item() == pytest.approx(formula(*arguments), rel=1e-12)
    assert best_step(central_difference, 1.0, 0.0).item() == math.inf


# --- gradients ----------------------------------------------------------------------------


@few
@given(st.integers(1, 6), st.integers(0, 2**32 - 1))
def test_the_numerical_gradient_is_autograds(d: int, seed: int) -> None:
    random = torch.Generator().manual_seed(seed)
    A = torch.randn(d, d, dtype=F64, generator=random)
    x = torch.randn(3, 2, d, dtype=F64, generator=random)

    def objective(v: Tensor) -> Tensor:
        return torch.sin(v @ A).sum(-1) + (v**2).prod(-1)

    f = Counted(objective)
    h = 1e-5 * (1 + torch.rand(d, dtype=F64, generator=random))
    got = numerical_gradient(f, x, h)
    assert f.calls == 1
    leaf = x.clone().requires_grad_()
    (expected,) = torch.autograd.grad(objective(leaf).sum(), leaf)
    torch.testing.assert_close(got, expected, rtol=1e-6, atol=1e-7)
    torch.testing.assert_close(numerical_gradient(objective, x[0, 0], 1e-5), expected[0, 0])


# --- bad input ----------------------------------------------------------------------------


ONES = torch.ones(3)


@pytest.mark.parametrize("rule", [rule for rule, _, _ in RULES.values()] + [complex_step])
@pytest.mark.parametrize(
    ("x", "h", "error", "sentence"),
    [
        (torch.tensor([1, 2]), 0.1, TypeError, "x must hold floating-point numbers, got int64"),
        (1.0, 0.1, TypeError, "x must be a torch.Tensor of floating-point numbers, got float"),
        (ONES, "0.1", TypeError, "h must be a number or a tensor, got str"),
        (ONES, torch.tensor(1j), TypeError, "h must hold real numbers, got complex64"),
        (ONES * math.nan, 0.1, ValueError, "x must be finite, got nan"),
        (ONES, math.inf, ValueError, "h must be finite, got inf"),
        (ONES, 0, ValueError, "h must not be zero"),
        (ONES, torch.tensor([0.1, 0.0, 0.1]), ValueError, "h must not be zero"),
        (ONES, 1e-60, ValueError, "h = 1e-60 is zero in float32"),
        (ONES, torch.ones(2), ValueError, "the shapes of x (3,) and h (2,) do not broadcast"),
    ],
)
def test_what_no_rule_takes(
    rule: Rule, x: Tensor, h: Tensor, error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error, match=re.escape(sentence)):
        rule(torch.sin, x, h)


def test_functions_that_do_not_fit() -> None:
    x = torch.ones(4, 2, dtype=F64)
    with pytest.raises(ValueError, match=re.escape("points of shape (4, 2) came back as (4,)")):
        forward_difference(landscape("ravine"), x, 0.1)
    with pytest.raises(ValueError, match="came back as float"):
        central_difference(lambda _: 1.0, x, 0.1)  # type: ignore[arg-type,return-value]
    with pytest.raises(ValueError, match="f must return one value for each point"):
        numerical_gradient(torch.sin, x, 0.1)
    with pytest.raises(ValueError, match=re.escape("shape of x (4, 2), got (3, 4, 2)")):
        numerical_gradient(landscape("ravine"), x, torch.ones(3, 4, 2))
    with pytest.raises(ValueError, match=re.escape("x must have shape (..., d)")):
        numerical_gradient(torch.sin, x[0, 0], 0.1)


def test_measurements_that_do_not_fit() -> None:
    h = torch.tensor([0.1, 0.2])
    for levels in (0, -1, 1.5, True):
        with pytest.raises(ValueError, match="levels must be a positive integer"):
            richardson(torch.sin, ONES, 0.1, levels)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="nearby must be odd, so that there is a median, got 2"):
        error_curve(forward_difference, torch.sin, torch.cos, 1.0, h, nearby=2)
    with pytest.raises(TypeError, match=re.escape("h must be a torch.Tensor")):
        error_curve(forward_difference, torch.sin, torch.cos, 1.0, 0.1)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="errors must be positive and finite"):
        order(torch.tensor([0.0, 1.0]), h)
    with pytest.raises(ValueError, match=re.escape("and h (m,), got (3,) and (2,)")):
        order(ONES, h)
    with pytest.raises(ValueError, match="h must hold at least two different steps"):
        order(ONES, ONES)
    with pytest.raises(ValueError, match="central_difference, got complex_step"):
        best_step(complex_step, 1.0, 1.0)
    with pytest.raises(ValueError, match="higher_derivative must be finite, got nan"):
        best_step(central_difference, 1.0, math.nan)
