"""Checks of tensors: true identities pass, each flipped index, sign and factor fails."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

from gdbook.checks import CheckFailed, tensors

NAMED: dict[str, Any] = {"of": "eq-a", "latex": "a = b"}
SHAPES: dict[str, Any] = {"X": ("i", "k"), "W": ("k", "l"), "Y": ("i", "l")}


def gradient(X: Tensor, W: Tensor, Y: Tensor) -> Any:
    W = W.clone().requires_grad_()
    return torch.autograd.grad(((X @ W - Y) ** 2).sum() / 2, W)[0]


def by_hand(spec: str, factor: float = 1.0) -> Callable[[Tensor, Tensor, Tensor], Tensor]:
    def side(X: Tensor, W: Tensor, Y: Tensor) -> Tensor:
        return factor * torch.einsum(spec, X @ W - Y, X)

    return side


def test_what_is_true_passes_and_says_what_was_tried(capsys: pytest.CaptureFixture[str]) -> None:
    tensors(gradient, by_hand("il,ik->kl"), lambda X, W, Y: X.T @ (X @ W - Y), **NAMED, **SHAPES)
    said = capsys.readouterr().out
    assert "every entry of 20 draws of random tensors of random shapes" in said
    assert re.search(r"largest relative difference \d\.\de[−+]\d\d", said)
    tensors(lambda v: v @ v, lambda v: v.norm() ** 2, **NAMED, v=(3,))
    assert "random tensors, largest" in capsys.readouterr().out


@pytest.mark.parametrize(
    "side",
    [
        by_hand("il,ik->lk"),
        by_hand("ik,il->kl"),
        by_hand("il,jk->kl"),
        by_hand("il,ik->kl", -1.0),
        by_hand("il,ik->kl", 2.0),
        lambda X, W, Y: X.T @ (X @ W),
        lambda X, W, Y: X.T @ (X @ W - Y) ** 2,
        lambda X, W, Y: (X.T @ (X @ W - Y))[:1],
        lambda X, W, Y: X.T @ (X @ W - Y) / len(X),
    ],
)
def test_a_flipped_index_sign_factor_or_exponent_fails(side: Any) -> None:
    with pytest.raises((CheckFailed, RuntimeError)) as raised:
        tensors(gradient, side, **NAMED, **SHAPES)
    if isinstance(raised.value, CheckFailed):
        assert re.match(r"with X of shape \(\d, \d\), .*, sides 1 and 2 ", str(raised.value))


def test_deltas_with_their_indices_swapped_fail() -> None:
    """On a square matrix that is symmetric, or on its diagonal, they would pass."""

    def picked(X: Tensor, first: str, second: str) -> Tensor:
        eyes = [torch.eye(n, dtype=X.dtype) for n in X.shape]
        return torch.einsum(f"ij,{first},{second}->kl", X, *eyes)

    tensors(lambda X: X, lambda X: picked(X, "ik", "jl"), **NAMED, X=("m", "n"))
    with pytest.raises((CheckFailed, RuntimeError)):
        tensors(lambda X: X, lambda X: picked(X, "il", "jk"), **NAMED, X=("m", "n"))
    with pytest.raises(CheckFailed, match="differ by"):
        tensors(lambda X: X, lambda X: picked(X, "il", "jk"), **NAMED, X=("n", "n"))


def test_nan_is_equal_to_nothing() -> None:
    with pytest.raises(CheckFailed, match="differ by nan"):
        tensors(lambda x: x, lambda x: x * float("nan"), **NAMED, x=("n",))


def test_sides_may_work_in_place() -> None:
    tensors(lambda x: x.add_(1), lambda x: x + 1, **NAMED, x=("n",))


@pytest.mark.parametrize(
    ("sides", "shapes", "sentence"),
    [
        ([lambda x: x], {"x": ("n",)}, "at least two functions"),
        ([lambda x: x, 3], {"x": ("n",)}, "at least two functions"),
        ([lambda x: x, lambda x: x], {}, "a shape for what .*: x"),
        ([lambda x: x, lambda x: x], {"x": ("n",), "y": ()}, "nothing else: y"),
    ],
)
def test_bad_input_meets_one_sentence(
    sides: list[Any], shapes: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        tensors(*sides, **NAMED, **shapes)
