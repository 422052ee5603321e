"""Forward mode against reverse mode: two programs that share no rule."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gdbook.autodiff as engine
from gdbook.autodiff import dual

# Functions of two positive numbers, composed at random; each is written once, for both.
STEPS: dict[str, Any] = {
    "add": lambda m, a, b: a + b,
    "sub": lambda m, a, b: 2.5 - a - b,
    "mul": lambda m, a, b: a * b * 0.5,
    "div": lambda m, a, b: a / (1.5 + b * b),
    "over": lambda m, a, b: 2 / (1 + a * a),
    "pow": lambda m, a, b: (a * a + 0.5) ** (b / 8),
    "cube": lambda m, a, b: (0.1 * a) ** 3 - a**0,
    "two_to": lambda m, a, b: 2 ** m.tanh(a),
    "exp": lambda m, a, b: m.exp(m.sin(a)),
    "log": lambda m, a, b: m.log(a * a + 0.25),
    "sqrt": lambda m, a, b: m.sqrt(a * a + b * b + 0.1),
    "cos": lambda m, a, b: m.cos(a - b),
    "abs": lambda m, a, b: abs(a - 0.7318),
    "relu": lambda m, a, b: m.relu(a + 0.1237),
    "neg": lambda m, a, b: -m.tanh(b),
}
plans = st.lists(
    st.tuples(st.sampled_from(sorted(STEPS)), st.integers(0, 99), st.integers(0, 99)),
    min_size=1,
    max_size=8,
)
points = st.lists(st.integers(-30, 30).map(lambda i: i / 16), min_size=3, max_size=3)


def follow(module: Any, plan: list[tuple[str, int, int]], start: list[Any]) -> Any:
    values = list(start)
    for name, i, j in plan:
        values.append(STEPS[name](module, values[i % len(values)], values[j % len(values)]))
    return values[-1] + values[0]


@given(plans, points)
@settings(max_examples=150, deadline=None)
def test_both_modes_agree(plan: list[tuple[str, int, int]], point: list[float]) -> None:
    forward = dual.gradient(lambda x: follow(dual, plan, x), point)
    inputs = [engine.tensor(x, requires_grad=True) for x in point]
    y = follow(engine, plan, inputs)
    y.backward()
    value = follow(dual, plan, [dual.Dual(x) for x in point]).value
    assert y.item() == pytest.approx(value, rel=1e-12, abs=1e-12)
    for x, d in zip(inputs, forward, strict=True):
        reverse = 0.0 if x.grad is None else x.grad.item()
        assert math.isclose(
            reverse, d, rel_tol=1e-10, abs_tol=1e-12 * max(map(abs, forward)) + 1e-12
        )


def test_by_hand() -> None:
    assert dual.derivative(lambda x: x * dual.sin(x), 2.0) == pytest.approx(
        math.sin(2) + 2 * math.cos(2), rel=1e-15
    )
    assert dual.gradient(lambda x: x[0] ** 2 * x[1], [3.0, 5.0]) == [30.0, 9.0]
    assert repr(dual.Dual(1.0, 2.0) * dual.Dual(3.0, 4.0)) == "Dual(3.0, 10.0)"


def test_kinks_as_in_torch() -> None:
    assert dual.derivative(abs, 0.0) == 0.0
    assert dual.derivative(dual.relu, 0.0) == 0.0


@pytest.mark.parametrize("x", [-800.0, -20.0, 0.0, 1.5, 800.0])
def test_a_flat_tanh_overflows_nowhere(x: float) -> None:
    right = 1 / math.cosh(x) ** 2 if abs(x) < 300 else 0.0
    assert dual.derivative(dual.tanh, x) == pytest.approx(right, rel=1e-14)
