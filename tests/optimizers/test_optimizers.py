"""The optimizers against ``torch.optim``: fed the same gradients, every step is the same."""

from __future__ import annotations

import inspect
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

import gdbook.autodiff as engine
from gdbook import optimizers
from gdbook.optimizers import rules

TOLERANCE = 1e-12
NAMES = ["SGD", "Adagrad", "RMSprop", "Adam", "AdamW"]

rates = st.floats(1e-4, 2)
fractions = st.one_of(st.just(0.0), st.floats(0, 0.999))
decays = st.one_of(st.just(0.0), st.floats(1e-4, 0.5))
epsilons = st.floats(1e-10, 1e-2)
betas = st.tuples(st.floats(0, 0.99), st.floats(0.5, 0.9999))

heavy = st.fixed_dictionaries(
    {
        "lr": rates,
        "momentum": fractions,
        "dampening": fractions,
        "weight_decay": decays,
        "maximize": st.booleans(),
    }
)
nesterov = st.fixed_dictionaries(
    {
        "lr": rates,
        "momentum": st.floats(0.01, 0.999),
        "weight_decay": decays,
        "nesterov": st.just(True),
        "maximize": st.booleans(),
    }
)
adam = st.fixed_dictionaries(
    {
        "lr": rates,
        "betas": betas,
        "eps": epsilons,
        "weight_decay": decays,
        "amsgrad": st.booleans(),
        "maximize": st.booleans(),
    }
)
OPTIONS: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "SGD": st.one_of(st.just({}), heavy, nesterov),
    "Adagrad": st.one_of(
        st.just({}),
        st.fixed_dictionaries(
            {
                "lr": rates,
                "lr_decay": decays,
                "weight_decay": decays,
                "initial_accumulator_value": decays,
                "eps": epsilons,
                "maximize": st.booleans(),
            }
        ),
    ),
    "RMSprop": st.one_of(
        st.just({}),
        st.fixed_dictionaries(
            {
                "lr": rates,
                # Below, the centred variance of a constant gradient is but rounding.
                "alpha": st.floats(0.5, 0.999),
                "eps": epsilons,
                "weight_decay": decays,
                "momentum": fractions,
                "centered": st.booleans(),
                "maximize": st.booleans(),
            }
        ),
    ),
    "Adam": st.one_of(st.just({}), adam),
    "AdamW": st.one_of(st.just({}), adam),
}
# Numbers so small that they have fewer digits than others are taken for zero.
numbers = st.floats(-10, 10).map(lambda x: x if abs(x) > 1e-100 else 0.0)


def double(values: list[float]) -> torch.Tensor:
    return torch.tensor(values, dtype=torch.float64)


@st.composite
def runs(draw: st.DrawFn, name: str) -> tuple[list[float], list[list[float]], dict[str, Any]]:
    n = draw(st.integers(1, 4))
    row = st.lists(numbers, min_size=n, max_size=n)
    return draw(row), draw(st.lists(row, min_size=1, max_size=7)), draw(OPTIONS[name])


def path(make: Any, lib: Any, run: tuple[list[float], list[list[float]], Any]) -> torch.Tensor:
    """Return the points that an optimizer visits when it is fed these gradients."""
    start, gradients, options = run
    p = lib.tensor(start, dtype=lib.float64, requires_grad=True)
    optimizer = make([p], **options)
    points = [start]
    for g in gradients:
        p.grad = lib.tensor(g, dtype=lib.float64)
        optimizer.step()
        points.append(p.tolist())
        assert p.grad.tolist() == g
    assert p.is_leaf
    assert p.requires_grad
    return double(points)  # type: ignore[arg-type]


def assert_same(got: torch.Tensor, want: torch.Tensor) -> None:
    """Every point agrees to 1e-12 of the numbers that were added up to it."""
    scale = (want.abs() + want.diff(dim=0, prepend=want[:1]).abs()).cummax(0).values
    assert bool(((got - want).abs() <= TOLERANCE * scale).all()), (got - want).abs() / scale


@pytest.mark.parametrize("name", NAMES)
def test_each_step_is_torch_s(name: str) -> None:
    theirs, ours = getattr(torch.optim, name), getattr(optimizers, name)

    @given(runs(name))
    @settings(max_examples=60, deadline=None)
    def holds(run: tuple[list[float], list[list[float]], dict[str, Any]]) -> None:
        want = path(theirs, torch, run)
        assert_same(path(ours, torch, run), want)
        assert_same(path(ours, engine, run), want)

    holds()


@pytest.mark.parametrize("name", NAMES)
def test_two_hundred_steps_are_torch_s(name: str) -> None:
    theirs, ours = getattr(torch.optim, name), getattr(optimizers, name)

    @given(OPTIONS[name], st.integers(0, 2**32 - 1))
    @settings(max_examples=15, deadline=None)
    def holds(options: dict[str, Any], seed: int) -> None:
        random = torch.Generator().manual_seed(seed)
        # Gradients of many sizes, some of them zero.
        sizes = 10 ** (6 * torch.rand(200, 3, generator=random, dtype=torch.float64) - 4)
        sizes *= torch.rand(200, 3, generator=random) > 0.1
        gradients = sizes * torch.randn(200, 3, generator=random, dtype=torch.float64)
        run = ([1.0, -2.0, 0.0], gradients.tolist(), options)
        assert_same(path(ours, torch, run), path(theirs, torch, run))

    holds()


@pytest.mark.parametrize("name", NAMES)
def test_defaults_are_torch_s(name: str) -> None:
    theirs = inspect.signature(getattr(torch.optim, name)).parameters
    ours = inspect.signature(getattr(optimizers, name)).parameters
    rule = inspect.signature(getattr(rules, name.lower())).parameters
    for argument, parameter in ours.items():
        if argument != "params":
            assert theirs[argument].default == parameter.default, argument
        if argument not in ("params", "maximize"):  # to climb is the optimizer's business
            assert rule[argument].default == parameter.default, argument


@pytest.mark.parametrize("name", NAMES)
def test_groups_and_schedules(name: str) -> None:
    found = []
    for module in (torch.optim, optimizers):
        a, b = double([1.0, -2.0]).requires_grad_(), double([3.0]).requires_grad_()
        idle = double([5.0]).requires_grad_()
        groups = [{"params": [a, idle]}, {"params": b, "lr": 0.5}]
        optimizer = getattr(module, name)(groups, lr=0.1)
        for k in range(5):
            optimizer.zero_grad()
            torch.autograd.backward((a**2).sum() * b.sum())
            if k == 3:
                optimizer.param_groups[0]["lr"] *= 0.1
            optimizer.step()
        found.append(torch.cat([a, b, idle]).detach())
    assert torch.allclose(found[0], found[1], rtol=1e-11, atol=1e-11)
    assert found[1][-1] == 5.0


@pytest.mark.parametrize("lib", [torch, engine], ids=["torch", "engine"])
def test_zeroing_in_place_leaves_the_momentum_alone(lib: Any) -> None:
    p = lib.tensor([1.0], dtype=lib.float64, requires_grad=True)
    optimizer = optimizers.SGD([p], lr=1.0, momentum=0.5)
    for expected in (0.0, -1.5):
        optimizer.zero_grad(set_to_none=False)
        p.sum().backward()
        optimizer.step()
        assert p.item() == expected
    assert p.grad is not None


def test_a_rule_serves_plain_numbers() -> None:
    x = 4.0
    state: dict[str, Any] = {}
    for _ in range(3):
        x, state = rules.sgd(x, 2 * x, state, lr=0.2)
    assert x == pytest.approx(4 * 0.6**3, rel=1e-15)


@pytest.mark.parametrize("name", NAMES)
def test_a_rule_serves_many_runs_at_once_and_changes_nothing(name: str) -> None:
    rule = getattr(rules, name.lower())
    rate = double([0.01, 0.1, 1.0])[:, None]
    x = double([1.0, -2.0]).expand(3, 2)
    together = x
    state: dict[str, Any] = {}
    for k in range(4):
        before = dict(state)
        kept = {
            key: value.clone() if hasattr(value, "clone") else value for key, value in state.items()
        }
        g = double([k - 1.5, 2.0])
        moved, state = rule(together, g.expand(3, 2), state, lr=rate)
        assert all(torch.equal(double([0]) + before[key], double([0]) + kept[key]) for key in kept)
        together = moved
    for row, lr in enumerate([0.01, 0.1, 1.0]):
        alone, state = x[row], {}
        for k in range(4):
            alone, state = rule(alone, double([k - 1.5, 2.0]), state, lr=lr)
        assert torch.allclose(alone, together[row], rtol=1e-14, atol=0)


def test_float32_stays_float32() -> None:
    p = torch.ones(3, requires_grad=True)
    optimizer = optimizers.AdamW([p], lr=0.1)
    torch.autograd.backward((p**2).sum())
    optimizer.step()
    assert p.dtype == torch.float32
    assert p.is_leaf


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda p: optimizers.SGD([p], lr=-1.0), "Invalid learning rate: -1.0"),
        (lambda p: optimizers.SGD([p], lr=float("nan")), "Invalid learning rate: nan"),
        (
            lambda p: optimizers.Adam([p], betas=(0.9, 1.0)),
            "Invalid beta parameter at index 1: 1.0",
        ),
        (lambda p: optimizers.SGD([]), "optimizer got an empty parameter list"),
        (lambda p: optimizers.SGD([p * 2]), "can't optimize a non-leaf Tensor"),
        (lambda p: optimizers.SGD([p, p]), "some parameters appear in more than one parameter"),
        (
            lambda p: optimizers.SGD([{"params": [p]}, {"params": p}]),
            "some parameters appear in more than one parameter",
        ),
    ],
)
def test_bad_input_is_refused(call: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        call(torch.ones(1, requires_grad=True))
