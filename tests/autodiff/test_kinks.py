"""Where a function has a corner, a pole or an edge: value and gradient are torch's there too."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
import torch

import gdbook.autodiff as engine

INF, NAN = math.inf, math.nan
SPECIAL = [0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.0, 3.0, -3.0, 40.0, -40.0, 800.0, -800.0]
SPECIAL += [1e-320, 1e200, -1e200, INF, -INF, NAN]

NAMES = ["exp", "log", "sqrt", "square", "sin", "cos", "tan", "tanh", "atan", "sigmoid"]
NAMES += ["relu", "abs", "sign"]


def named(name: str) -> Callable[[Any, Any], Any]:
    return lambda t, x: getattr(t, name)(x)


ONE: dict[str, Callable[[Any, Any], Any]] = {
    **{name: named(name) for name in NAMES},
    "clamp": lambda t, x: x.clamp(-1, 2),
    "clamp_min": lambda t, x: x.clamp(min=0.5),
    "clamp_crossed": lambda t, x: x.clamp(2, -1),
    "reciprocal": lambda t, x: 1 / x,
    "cube": lambda t, x: x**3,
    "constant": lambda t, x: x**0,
    "inverse": lambda t, x: x**-1,
    "root": lambda t, x: x**0.5,
    "two_to": lambda t, x: 2**x,
    "zero_to": lambda t, x: 0.0**x,
    "root_of_square": lambda t, x: (x**2).sqrt(),
    "where_trap": lambda t, x: t.where(x > 0, x.sqrt(), 0 * x),
    "zero_function": lambda t, x: x.relu() - (-x).relu(),
}
TWO: dict[str, Callable[[Any, Any, Any], Any]] = {
    "div": lambda t, a, b: a / b,
    "mul": lambda t, a, b: a * b,
    "pow": lambda t, a, b: a**b,
    "maximum": lambda t, a, b: t.maximum(a, b),
    "minimum": lambda t, a, b: t.minimum(a, b),
    "where": lambda t, a, b: t.where(a >= b, a, b),
}


def results(lib: Any, function: Callable[..., Any], *rows: list[float]) -> list[list[float]]:
    """Return the values, and the gradient of their weighted sum with respect to each input."""
    inputs = [lib.tensor(row, dtype=lib.float64, requires_grad=True) for row in rows]
    y = function(lib, *inputs)
    y.backward(lib.tensor([1 + i / 64 for i in range(len(rows[0]))], dtype=lib.float64))
    return [y.tolist(), *(x.grad.tolist() for x in inputs)]


def assert_same(function: Callable[..., Any], *rows: list[float]) -> None:
    got, want = results(engine, function, *rows), results(torch, function, *rows)
    for kind, mine, theirs in zip(("value", "∂a", "∂b"), got, want, strict=False):
        for place, (u, v) in enumerate(zip(mine, theirs, strict=True)):
            same = u == v or (math.isnan(u) and math.isnan(v))
            where = [row[place] for row in rows]
            assert same or math.isclose(u, v, rel_tol=1e-14, abs_tol=1e-300), (kind, where, u, v)


@pytest.mark.parametrize("name", ONE)
def test_functions_of_one_number(name: str) -> None:
    # For x**0.5 torch calls another function, which differs from its power at −0 and −inf.
    special = [x for x in SPECIAL if name != "root" or str(x) not in ("-0.0", "-inf")]
    assert_same(ONE[name], special)


@pytest.mark.parametrize("name", TWO)
def test_functions_of_two_numbers(name: str) -> None:
    pairs = [(a, b) for a in SPECIAL for b in SPECIAL]
    assert_same(TWO[name], [a for a, _ in pairs], [b for _, b in pairs])


@pytest.mark.parametrize("name", ["amax", "amin", "max", "min"])
def test_ties_share_the_adjoint(name: str) -> None:
    for rows in ([[2.0, 1.0, 2.0], [0.0, 0.0, 0.0]], [[1.0, 2.0, 2.0], [2.0, -1.0, 2.0]]):
        found = []
        for lib in (engine, torch):
            x = lib.tensor(rows, dtype=lib.float64, requires_grad=True)
            getattr(x, name)().backward()
            found.append(x.grad.tolist())
        assert found[0] == found[1]


def test_the_root_of_a_square_has_no_derivative_at_zero() -> None:
    x = engine.tensor(0.0, requires_grad=True)
    (x**2).sqrt().backward()
    assert x.grad is not None
    assert math.isnan(x.grad.item())
