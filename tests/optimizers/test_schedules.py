"""Schedules against ``torch.optim.lr_scheduler``, and against their closed forms."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from gdbook import optimizers
from gdbook.optimizers import lr_scheduler, schedules

some = settings(max_examples=40, deadline=None)
shares = st.floats(0.01, 1)
counts = st.integers(2, 60)


def make(module: Any, name: str = "SGD", **options: Any) -> Any:
    p = [torch.ones(2, dtype=torch.float64).requires_grad_() for _ in range(2)]
    options = {"lr": 0.1, **options}
    optimizer = getattr(module, name)([{"params": p[:1], "lr": 0.7}, {"params": p[1:]}], **options)
    for q in p:
        q.grad = torch.ones(2, dtype=torch.float64)
    return optimizer


def history(optimizer: Any, scheduler: Any, steps: int) -> torch.Tensor:
    """Return the rates of both groups and their momentum, before each step."""
    rows = []
    for _ in range(steps):
        groups = optimizer.param_groups
        beta = [g["betas"][0] if "betas" in g else g.get("momentum", 0.0) for g in groups]
        rows.append([*[g["lr"] for g in groups], *beta])
        optimizer.step()
        scheduler.step()
    return torch.tensor(rows, dtype=torch.float64)


def same(build: Callable[[Any, Any], Any], steps: int, **options: Any) -> None:
    """Every rate equals torch's to 1e-12 of the largest, with both optimizers under ours."""
    theirs = make(torch.optim, **options)
    want = history(theirs, build(torch.optim.lr_scheduler, theirs), steps)
    for module in (optimizers, torch.optim):
        ours = make(module, **options)
        got = history(ours, build(lr_scheduler, ours), steps)
        assert bool(((got - want).abs() <= 1e-12 * want.abs().amax(0)).all()), (got, want)


@some
@given(st.integers(1, 30), shares)
def test_step(step_size: int, gamma: float) -> None:
    same(lambda s, o: s.StepLR(o, step_size=step_size, gamma=gamma), 70)


@some
@given(shares)
def test_exponential(gamma: float) -> None:
    same(lambda s, o: s.ExponentialLR(o, gamma=gamma), 70)


@some
@given(shares, st.floats(0, 1), counts)
def test_linear(start: float, end: float, total: int) -> None:
    same(lambda s, o: s.LinearLR(o, start, end, total), 70)


@some
@given(counts, st.floats(0, 0.05))
def test_cosine_also_beyond_its_end(total: int, lowest: float) -> None:
    same(lambda s, o: s.CosineAnnealingLR(o, total, lowest), 2 * total)


@some
@given(st.integers(10, 80), st.floats(0.2, 0.8), st.sampled_from(["SGD", "Adam"]), st.booleans())
def test_one_cycle(total: int, rising: float, name: str, cycle: bool) -> None:
    def build(module: Any, optimizer: Any) -> Any:
        return module.OneCycleLR(
            optimizer, max_lr=0.3, total_steps=total, pct_start=rising, cycle_momentum=cycle
        )

    same(build, total, name=name, **({"momentum": 0.5} if name == "SGD" else {}))


@some
@given(st.floats(0.1, 10), st.floats(0.51, 1))
def test_robbins_monro_by_a_lambda(shift: float, power: float) -> None:
    same(
        lambda s, o: s.LambdaLR(
            o, lambda k: schedules.robbins_monro(k, 1.0, shift=shift, power=power)
        ),
        50,
    )


@some
@given(st.integers(1, 12), counts)
def test_a_warm_up_and_then_a_cosine(first: int, total: int) -> None:
    def build(module: Any, optimizer: Any) -> Any:
        parts = [
            module.LinearLR(optimizer, 0.1, 1.0, first),
            module.CosineAnnealingLR(optimizer, total),
        ]
        return module.SequentialLR(optimizer, parts, milestones=[first])

    with warnings.catch_warnings():
        # torch's own SequentialLR calls step(epoch), which torch has deprecated.
        warnings.filterwarnings("ignore", message="The epoch parameter in", category=UserWarning)
        same(build, first + total)


def test_points_that_were_reached_by_200_steps_are_torch_s() -> None:
    ends = []
    for module, scheduling in (
        (torch.optim, torch.optim.lr_scheduler),
        (optimizers, lr_scheduler),
    ):
        optimizer = make(module, "AdamW", lr=0.02)
        p = [q for group in optimizer.param_groups for q in group["params"]]
        scheduler = scheduling.CosineAnnealingLR(optimizer, 200)
        for _ in range(200):
            for q in p:
                q.grad = torch.sin(3 * q.detach())
            optimizer.step()
            scheduler.step()
        ends.append(torch.cat(p).detach())
    torch.testing.assert_close(ends[1], ends[0], rtol=1e-12, atol=1e-12)


def test_the_scheduler_before_the_optimizer_is_told_and_skips_a_rate() -> None:
    rates = []
    for module, scheduling in (
        (torch.optim, torch.optim.lr_scheduler),
        (optimizers, lr_scheduler),
    ):
        optimizer = make(module)
        scheduler = scheduling.StepLR(optimizer, 1, 0.5)
        with pytest.warns(UserWarning, match=r"optimizer\.step\(\)"):
            scheduler.step()
        optimizer.step()
        scheduler.step()
        rates.append(scheduler.get_last_lr())
    assert rates[0] == rates[1] == [0.7 / 4, 0.1 / 4]


def test_a_saved_scheduler_goes_on() -> None:
    optimizer = make(optimizers)
    scheduler = lr_scheduler.ExponentialLR(optimizer, 0.5)
    history(optimizer, scheduler, 3)
    other = make(optimizers)
    loaded = lr_scheduler.ExponentialLR(other, 0.5)
    loaded.load_state_dict(scheduler.state_dict())
    other.load_state_dict(optimizer.state_dict())
    assert torch.equal(history(other, loaded, 4), history(optimizer, scheduler, 4))


def test_with_the_rate_one_over_k_the_iterate_is_the_mean() -> None:
    random = torch.Generator().manual_seed(3)
    seen = torch.randn(1000, generator=random, dtype=torch.float64)
    w = torch.tensor(5.0, dtype=torch.float64)
    for k, c in enumerate(seen):
        w, _ = optimizers.sgd(w, w - c, {}, lr=schedules.robbins_monro(k, 1.0))
    torch.testing.assert_close(w, seen.mean(), rtol=1e-12, atol=1e-12)


def test_ends_of_one_cycle() -> None:
    rates = [schedules.one_cycle(k, 0.5, total=100) for k in range(100)]
    assert rates[0] == pytest.approx(0.5 / 25, rel=1e-15)
    assert rates[29] == pytest.approx(0.5, rel=1e-15)
    assert rates[99] == pytest.approx(0.5 / 25 / 1e4, rel=1e-9)
    assert max(rates) == rates[29]
    # Halfway up a cosine is halfway.
    assert schedules.cosine(5, 2.0, total=10) == pytest.approx(1.0, rel=1e-15)
    assert schedules.cosine(10, 2.0, total=10, lowest=0.25) == 0.25
    assert schedules.linear(3, 1.0, start_factor=0.1, total=9) == pytest.approx(0.4, rel=1e-15)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: schedules.robbins_monro(1, 1.0, power=0.5), "power must be above 0.5"),
        (lambda: schedules.robbins_monro(1, 1.0, power=1.1), "at most 1, got 1.1"),
        (lambda: schedules.robbins_monro(1, 1.0, shift=0.0), "shift must be positive"),
        (lambda: schedules.one_cycle(11, 1.0, total=10), "the cycle has 10 steps"),
        (lambda: lr_scheduler.LinearLR(make(optimizers), 0.0), "greater than 0"),
        (lambda: lr_scheduler.LinearLR(make(optimizers), 0.5, 1.5), "between 0 and 1"),
        (
            lambda: lr_scheduler.OneCycleLR(make(optimizers, "Adagrad"), 1.0, 10),
            "optimizer must support momentum",
        ),
        (
            lambda: lr_scheduler.SequentialLR(make(optimizers), [], [1]),
            "got 0 schedulers and 1 milestones",
        ),
    ],
)
def test_bad_input_is_refused(call: Callable[[], object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        call()
    assert math.isfinite(schedules.cosine(0, 1.0, total=1))
