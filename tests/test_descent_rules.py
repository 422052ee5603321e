"""Descent by other rules than the plain one, with schedules and batches, against torch.optim."""

from __future__ import annotations

import re
from typing import Any

import pytest
import torch
from torch import Tensor

from gdbook.descent import descend
from gdbook.functions import Landscape, himmelblau, ravine, rosenbrock, square
from gdbook.optimizers import adagrad, adam, adamw, rmsprop, schedules, sgd
from gdbook.sampling import reshuffled

F64 = torch.float64

CASES: list[tuple[str, Any, dict[str, Any]]] = [
    ("SGD", sgd, {"momentum": 0.9}),
    ("SGD", sgd, {"momentum": 0.8, "nesterov": True, "weight_decay": 0.01}),
    ("Adagrad", adagrad, {"lr_decay": 0.1}),
    ("RMSprop", rmsprop, {"momentum": 0.5, "centered": True}),
    ("Adam", adam, {"betas": (0.8, 0.99), "amsgrad": True}),
    ("AdamW", adamw, {"weight_decay": 0.1}),
]


def by_torch(name: str, f: Landscape, x0: Tensor, rates: list[float], **options: Any) -> Tensor:
    """Return the points of one run of torch.optim, with a rate for each step."""
    x = x0.clone().requires_grad_()
    optimizer = getattr(torch.optim, name)([x], lr=rates[0], **options)
    points = [x0]
    for rate in rates:
        optimizer.param_groups[0]["lr"] = rate
        optimizer.zero_grad()
        torch.autograd.backward(f(x))
        optimizer.step()
        points.append(x.detach().clone())
    return torch.stack(points)


@pytest.mark.parametrize(("name", "rule", "options"), CASES)
@pytest.mark.parametrize("f", [ravine, himmelblau, rosenbrock], ids=lambda f: f.name)
def test_every_run_is_torch_s(name: str, rule: Any, options: dict[str, Any], f: Landscape) -> None:
    x0 = torch.tensor([[1.2, 0.7], [-1.0, 1.5], [0.1, -0.4]], dtype=F64)
    rates = torch.tensor([1e-3, 3e-3, 5e-4], dtype=F64) * (0.1 if f is rosenbrock else 1)
    runs = descend(f, x0, rates, 40, rule=rule, **options)
    for i in range(3):
        want = by_torch(name, f, x0[i], [rates[i].item()] * 40, **options)
        torch.testing.assert_close(runs.points[:, i], want, rtol=1e-11, atol=1e-11)


def test_hyper_parameters_are_tensors() -> None:
    x0 = torch.tensor([1.0, -2.0], dtype=F64)
    eta = torch.tensor([0.02, 0.1], dtype=F64)[:, None]
    beta = torch.tensor([0.0, 0.5, 0.9], dtype=F64)
    runs = descend(ravine, x0, eta, 30, rule=sgd, momentum=beta)
    assert runs.points.shape == (31, 2, 3, 2)
    adams = descend(ravine, x0, eta, 30, rule=adam, betas=(beta, 0.99))
    for i, j in ((0, 0), (1, 1), (0, 2)):
        rates, b = [eta[i, 0].item()] * 30, beta[j].item()
        want = by_torch("SGD", ravine, x0, rates, momentum=b)
        torch.testing.assert_close(runs.points[:, i, j], want, rtol=1e-11, atol=1e-11)
        want = by_torch("Adam", ravine, x0, rates, betas=(b, 0.99))
        torch.testing.assert_close(adams.points[:, i, j], want, rtol=1e-11, atol=1e-11)


def test_without_momentum_it_is_plain_descent_to_the_last_bit() -> None:
    x0 = torch.tensor([1.0, -2.0])
    plain = descend(ravine, x0, 0.3, 20)
    for momentum in (0.0, torch.zeros(())):
        run = descend(ravine, x0, 0.3, 20, rule=sgd, momentum=momentum)
        assert torch.equal(run.points, plain.points)


def test_a_schedule_counts_the_steps_before() -> None:
    x0 = torch.tensor([1.0, -2.0], dtype=F64)
    asked = []

    def schedule(k: int) -> float:
        asked.append(k)
        return schedules.cosine(k, 0.4, total=25)

    runs = descend(ravine, x0, schedule, 25)
    rates = [schedules.cosine(k, 0.4, total=25) for k in range(25)]
    torch.testing.assert_close(runs.points, by_torch("SGD", ravine, x0, rates), rtol=1e-12, atol=0)
    assert set(asked) == set(range(25))
    # Rates of several runs, falling.
    first = torch.tensor([0.1, 0.2], dtype=F64)
    both = descend(ravine, x0, lambda k: first / (k + 1), 10)
    assert both.points.shape == (11, 2, 2)
    alone = descend(ravine, x0, lambda k: 0.2 / (k + 1), 10)
    torch.testing.assert_close(both.points[:, 1], alone.points, rtol=1e-14, atol=0)


def test_a_rule_of_ones_own() -> None:
    def signs(
        x: Tensor, g: Tensor, state: dict[str, Any], *, lr: Tensor
    ) -> tuple[Tensor, dict[str, Any]]:
        return x - lr * g.sign(), {"steps": state.get("steps", 0) + 1}

    run = descend(square, torch.tensor(1.0), 0.25, 5, rule=signs)
    assert run.points.tolist() == [1, 0.75, 0.5, 0.25, 0, 0]


def test_a_run_that_diverges_leaves_the_others_alone() -> None:
    x0 = torch.tensor([1.0, 1.0], dtype=F64)
    eta = torch.tensor([0.1, 9.0], dtype=F64)
    together = descend(ravine, x0, eta, 800, rule=sgd, momentum=0.5)
    assert together.diverged.tolist() == [False, True]
    alone = descend(ravine, x0, eta[0], 800, rule=sgd, momentum=0.5)
    assert torch.equal(together.points[:, 0], alone.points)
    at = int(together.diverged_at[1])
    assert bool(together.points[:at, 1].isfinite().all())
    assert not bool(together.points[at + 1 :, 1].isfinite().any())


def test_batches_see_their_rows() -> None:
    data = torch.arange(6, dtype=F64)
    plan = torch.tensor([[[0, 1], [4, 5]], [[2, 2], [3, 0]]])  # step, run, sample

    def loss(w: Tensor, rows: Tensor) -> Tensor:
        return ((w[..., None] - data[rows]) ** 2).mean(-1) / 2

    runs = descend(loss, torch.zeros(2, dtype=F64), 0.5, 1, batches=lambda k: plan[k])
    # w ← w − ½(w − mean of the batch), from 0.
    assert runs.points[1].tolist() == [0.25, 2.25]
    assert runs.values[0].tolist() == [0.25, 10.25]
    assert runs.gradients[1].tolist() == [0.25 - 2, 2.25 - 1.5]


def test_a_gradient_of_ones_own_sees_the_rows_of_its_batch() -> None:
    data = torch.randn(20, dtype=F64, generator=torch.Generator().manual_seed(3))
    plan = reshuffled(20, 4, (7,), seed=1)
    asked: list[int] = []

    def batches(step: int) -> Tensor:
        asked.append(step)
        return plan(step)

    def loss(w: Tensor, rows: Tensor) -> Tensor:
        return torch.sin(w[..., None] * data[rows]).mean(-1)

    def slope(w: Tensor, rows: Tensor) -> Tensor:
        return (data[rows] * torch.cos(w[..., None] * data[rows])).mean(-1)

    x0 = torch.linspace(-1, 1, 7, dtype=F64)
    rates = torch.tensor([[0.1], [0.3]], dtype=F64)
    own = descend(loss, x0, rates, 30, rule=sgd, momentum=0.5, batches=batches, gradient=slope)
    assert asked == [0, *range(31)]
    auto = descend(loss, x0, rates, 30, rule=sgd, momentum=0.5, batches=plan)
    for name in ("points", "values", "gradients"):
        torch.testing.assert_close(getattr(own, name), getattr(auto, name), rtol=0, atol=1e-13)


@pytest.mark.parametrize(
    ("changed", "error", "sentence"),
    [
        ({"momentum": 0.9}, TypeError, "descend takes no momentum without a rule"),
        ({"rule": sgd, "momentum": "0.9"}, TypeError, "momentum must be a number or a tensor"),
        ({"rule": sgd, "momentum": float("nan")}, ValueError, "momentum must be finite, got nan"),
        (
            {"rule": sgd, "momentum": torch.ones(2)},
            ValueError,
            "momentum of shape (2,) does not fit runs of shape (3,)",
        ),
        ({"rule": sgd, "beta": 0.9}, TypeError, "unexpected keyword argument 'beta'"),
        ({"learning_rate": lambda _: float("inf")}, ValueError, "learning_rate must be finite"),
        (
            {
                "objective": lambda x, rows: x * rows[:, 0],
                "batches": lambda _: torch.ones(3, 1),
                "gradient": lambda x, rows: rows,
            },
            ValueError,
            "gradient must return the shape of its points (3,), got (3, 1)",
        ),
    ],
)
def test_what_descend_does_not_take(
    changed: dict[str, Any], error: type[Exception], sentence: str
) -> None:
    arguments: dict[str, Any] = {
        "objective": square,
        "x0": torch.ones(3),
        "learning_rate": 0.1,
        "steps": 3,
    }
    with pytest.raises(error, match=re.escape(sentence)):
        descend(**(arguments | changed))
