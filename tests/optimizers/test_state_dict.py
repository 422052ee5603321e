"""Saved states go from our optimizers to ``torch.optim`` and back, in the middle of a run."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import torch
from torch import Tensor

from gdbook import optimizers

CASES: list[tuple[str, dict[str, Any]]] = [
    ("SGD", {}),
    ("SGD", {"momentum": 0.9, "dampening": 0.3}),
    ("SGD", {"momentum": 0.9, "nesterov": True, "weight_decay": 0.1}),
    ("Adagrad", {"lr_decay": 0.1, "initial_accumulator_value": 0.2}),
    ("RMSprop", {}),
    ("RMSprop", {"momentum": 0.5, "centered": True}),
    ("Adam", {"weight_decay": 0.1}),
    ("Adam", {"amsgrad": True}),
    ("AdamW", {"maximize": True, "lr": 1e-2}),
]


def parameters() -> list[Tensor]:
    a = torch.tensor([[1.0, -2.0, 3.0], [0.5, 0.0, -1.0]], dtype=torch.float64)
    b = torch.tensor([3.0], dtype=torch.float64)
    return [a.requires_grad_(), b.requires_grad_(), torch.zeros((), requires_grad=True)]


def make(module: Any, name: str, options: dict[str, Any]) -> tuple[list[Tensor], Any]:
    """Return parameters, the last of which never gets a gradient, and an optimizer of them."""
    p = parameters()
    groups = [{"params": p[:1], "lr": 0.05}, {"params": p[1:]}]
    return p, getattr(module, name)(groups, **options)


def steps(p: list[Tensor], optimizer: Any, first: int, count: int) -> None:
    for k in range(first, first + count):
        optimizer.zero_grad()
        for q in p[:2]:
            q.grad = torch.sin(q.detach() + k) * (q.detach() + 0.1)
        optimizer.step()


@pytest.mark.parametrize(("name", "options"), CASES)
@pytest.mark.parametrize("before", [0, 1, 7])
@pytest.mark.parametrize("ours_first", [True, False], ids=["to torch", "from torch"])
def test_a_run_goes_on_in_the_other(
    name: str, options: dict[str, Any], before: int, ours_first: bool
) -> None:
    first, second = (optimizers, torch.optim) if ours_first else (torch.optim, optimizers)
    whole, all_along = make(torch.optim, name, options)
    steps(whole, all_along, 0, before + 9)

    p, begun = make(first, name, options)
    steps(p, begun, 0, before)
    saved = copy.deepcopy(begun.state_dict())
    _, other = make(second, name, {**options, "lr": 0.77})
    other.load_state_dict(saved)
    # The loaded optimizer moves its own parameters, which get the values that the first left.
    own = [q for group in other.param_groups for q in group["params"]]
    with torch.no_grad():
        for mine, theirs in zip(own, p, strict=True):
            mine.copy_(theirs)
    steps(own, other, before, 9)
    for got, want in zip(own, whole, strict=True):
        torch.testing.assert_close(got, want, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(("name", "options"), CASES)
def test_it_says_what_torch_s_says(name: str, options: dict[str, Any]) -> None:
    found = []
    for module in (torch.optim, optimizers):
        p, optimizer = make(module, name, options)
        steps(p, optimizer, 0, 3)
        found.append(optimizer.state_dict())
    theirs, ours = found
    assert ours["state"].keys() == theirs["state"].keys()
    for number, state in theirs["state"].items():
        assert ours["state"][number].keys() == {k for k, v in state.items() if v is not None}
        for key, value in ours["state"][number].items():
            torch.testing.assert_close(
                torch.as_tensor(value, dtype=torch.float64),
                state[key].double(),
                rtol=1e-12,
                atol=1e-12,
            )
    for mine, other in zip(ours["param_groups"], theirs["param_groups"], strict=True):
        assert mine.items() <= other.items()


def test_what_is_loaded_is_copied() -> None:
    p, optimizer = make(optimizers, "SGD", {"momentum": 0.5})
    steps(p, optimizer, 0, 1)
    saved = optimizer.state_dict()
    kept = saved["state"][0]["momentum_buffer"].clone()
    q, other = make(optimizers, "SGD", {"momentum": 0.5})
    other.load_state_dict(saved)
    steps(q, other, 1, 3)
    assert torch.equal(saved["state"][0]["momentum_buffer"], kept)


def test_states_that_do_not_fit_are_refused() -> None:
    _, optimizer = make(optimizers, "SGD", {})
    one = optimizers.SGD(parameters()).state_dict()
    with pytest.raises(ValueError, match="different number of parameter groups: 1, not 2"):
        optimizer.load_state_dict(one)
    swapped = optimizer.state_dict()
    swapped["param_groups"].reverse()
    with pytest.raises(ValueError, match="doesn't match the size of optimizer's group: 2"):
        optimizer.load_state_dict(swapped)
