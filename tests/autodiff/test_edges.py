"""Products, softmax, running sums, remainders and spreads at the edges, held against torch."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Iterator
from typing import Any

import pytest
import torch
from edges import edges
from interpreter import difference, run, run_twice

import gdbook.autodiff as engine

BOTH = pytest.mark.parametrize("lib", [torch, engine], ids=["torch", "engine"])


@pytest.fixture(autouse=True)
def float64_everywhere() -> Iterator[None]:
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(before)


def test_values_and_gradients() -> None:
    made = edges()
    assert len(made) > 150
    for program in made:
        assert difference(run(engine, program), run(torch, program)) < 1e-14, program


def test_gradients_of_gradients() -> None:
    for program in edges():
        names = {name for name, *_ in program["steps"]}
        if names & {"std", "std_dim", "norm"}:
            continue  # torch's second derivative at equal numbers is nan
        assert difference(run_twice(engine, program), run_twice(torch, program)) < 1e-12, program


def test_products_of_zeros_to_the_second_derivative() -> None:
    """By hand: ∂²(abc)/∂a∂b = c, whichever of the three are 0."""
    for numbers in itertools.product([0.0, 2.0, -3.0], repeat=3):
        x = engine.tensor(list(numbers), requires_grad=True)
        (g,) = engine.autograd.grad(x.prod(), x, create_graph=True)
        a, b, c = numbers
        assert g.tolist() == [b * c, a * c, a * b]
        rows = [engine.autograd.grad(g[i], x, retain_graph=True)[0].tolist() for i in range(3)]
        assert rows == [[0, c, b], [c, 0, a], [b, a, 0]]


@pytest.mark.parametrize("number", [0.1, 1 / 3, 1e300, -7.7e-9])
@pytest.mark.parametrize("count", [2, 3, 10, 49])
def test_equal_numbers_have_no_spread_and_no_gradient(number: float, count: int) -> None:
    for name in ("std", "var"):
        x = engine.tensor([number] * count, requires_grad=True)
        spread = getattr(x, name)()
        spread.backward()
        assert spread.item() == 0
        assert x.grad is not None
        assert x.grad.tolist() == [0] * count


def test_the_spread_of_numbers_far_from_zero() -> None:
    source = random.Random(5)
    numbers = [1e8 + source.random() for _ in range(40)]
    exact = torch.tensor([int((v - 1e8) * 2**26) for v in numbers]) / 2**26  # nothing is lost here
    mine, theirs = engine.tensor(numbers), exact
    assert mine.std().item() == pytest.approx(theirs.std().item(), rel=1e-12)
    assert mine.var(correction=0).item() == pytest.approx(
        theirs.var(correction=0).item(), rel=1e-12
    )


@pytest.mark.filterwarnings("ignore:.*degrees of freedom")
@BOTH
def test_the_spread_of_one_number_is_unknown(lib: Any) -> None:
    x = lib.tensor([2.0], requires_grad=True)
    x.std().backward()
    assert math.isnan(x.std().item())
    assert math.isnan(x.grad.item())
    assert math.isnan(lib.zeros(0).var().item())


@BOTH
def test_a_softmax_with_masked_places(lib: Any) -> None:
    x = lib.tensor([float("-inf"), 0.0, 2.0], requires_grad=True)
    y = x.softmax(0)
    (y * lib.tensor([5.0, 1.0, 3.0])).sum().backward()
    p = 1 / (1 + math.exp(2))
    assert y.tolist() == pytest.approx([0, p, 1 - p], rel=1e-14)
    assert x.grad.tolist() == pytest.approx([0, -2 * p * (1 - p), 2 * p * (1 - p)], rel=1e-13)
    assert lib.tensor([float("-inf"), 0.0]).log_softmax(0).tolist() == [float("-inf"), 0.0]
    everywhere = lib.tensor([float("-inf")] * 2).softmax(0).tolist()
    assert all(math.isnan(v) for v in everywhere)


REMAINDERS = [-math.inf, -7.5, -3.0, -0.3, -0.0, 0.0, 0.1, 1.0, 3.0, 1e300, math.inf, math.nan]


def test_remainders_of_strange_numbers() -> None:
    for a, b in itertools.product(REMAINDERS, repeat=2):
        found = []
        for lib in (engine, torch):
            x: Any = lib.tensor([a], requires_grad=True)
            y: Any = lib.tensor([b], requires_grad=True)
            left = x % y
            left.backward()
            found.append([*left.tolist(), *x.grad.tolist(), *y.grad.tolist()])
        for mine, theirs in zip(*found, strict=True):
            same = mine == theirs or (math.isnan(mine) and math.isnan(theirs))
            assert same, (a, b, found)
        assert repr(engine.tensor([a]) % b) == repr(torch.tensor([a]) % b)


@BOTH
def test_remainders_of_integers_and_numbers_on_the_left(lib: Any) -> None:
    n = lib.tensor([7, -7, 0])
    assert (n % 3).tolist() == [1, 2, 0]
    assert (n % -3).tolist() == [-2, -1, 0]
    assert (n % 2.5).tolist() == [2.0, 0.5, 0.0]
    assert (8 % lib.tensor([3, -3])).tolist() == [2, -1]
    assert (7.5 % lib.tensor([2, 5])).tolist() == [1.5, 2.5]
    x = lib.tensor([5.0, 3.0])
    same = x
    same %= 4
    assert x.tolist() == [1.0, 3.0]
    assert x.remainder_(2.0) is x


def test_a_number_on_the_left_of_a_remainder_has_a_gradient_too() -> None:
    """7 % x is 7 − 3x near x = 2: torch refuses this one."""
    x = engine.tensor([2.0], requires_grad=True)
    (7 % x).backward()
    assert x.grad is not None
    assert x.grad.tolist() == [-3.0]


@BOTH
def test_integers_and_booleans_stay_whole(lib: Any) -> None:
    n = lib.arange(1, 21)
    assert n.prod().item() == math.factorial(20)
    assert n.cumsum(0).tolist() == [k * (k + 1) // 2 for k in range(1, 21)]
    flags = lib.tensor([True, True, False])
    assert flags.prod().item() == 0
    assert flags.cumsum(0).tolist() == [1, 2, 2]
    assert lib.outer(lib.tensor([1, 2]), lib.tensor([3, 4])).tolist() == [[3, 4], [6, 8]]
    for value in (n.prod(), n.cumsum(0)[3], flags.prod(), flags.cumsum(0)[0]):
        assert type(value.item()) is int


def test_a_long_product_needs_no_recursion() -> None:
    numbers = [1 + 1 / k for k in range(1, 1500)]
    x = engine.tensor(numbers, requires_grad=True)
    y = x.prod()
    y.backward()
    assert y.item() == pytest.approx(1500, rel=1e-12)  # it telescopes
    assert x.grad is not None
    assert x.grad.tolist() == pytest.approx([1500 / v for v in numbers], rel=1e-12)
