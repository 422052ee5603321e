"""The checkers of chapter 5: right answers in several forms, wrong ones told by their names."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from gdbook.exercises import check
from judging import judged_right, judged_wrong

NUMBERS: dict[str, tuple[float, dict[float, str]]] = {
    "prob-five-boxes": (
        135,
        {
            81: "reported",
            126: "edge from a to c",
            72: "lacks edges",
            63: "one edge",
            27: "overwrites",
            108: "value",
            21: "Two steps",
        },
    ),
    "prob-how-many-ways": (
        100,
        {2: "one node", 50: "twice", 52: "multiply", 200: "begin at t", 2500: "entry"},
    ),
    "prob-four": (381, {500: "5L", 400: "n − 1", 401: "inputs", 380: "output", 421: "sign"}),
    "prob-bottleneck": (60_000, {1_040_000: "middle", 40_000: "multiplied", 2_020_000: "twice"}),
    "prob-deeper": (2.0, {4.0: "without", 0.5: "reciprocal", 1.0: "grow"}),
}


@pytest.mark.parametrize("label", NUMBERS)
def test_numbers(label: str) -> None:
    right, wrong = NUMBERS[label]
    judged_right(label, [right, torch.tensor(float(right))])
    for value, word in wrong.items():
        judged_wrong(label, value, word)
    assert not check(label, 12345.0)
    assert not check(label, "many")


STEP = 1e-30  # of a complex step, which is exact and knows nothing of autograd


def loss(x: Tensor, y: Tensor, w: Tensor, t: Tensor) -> Tensor:
    return ((y - torch.sin(w * x + t)) ** 2).mean() / 2


def by_x(x: Tensor, y: Tensor, omega: Tensor, t: Tensor) -> Tensor:
    steps = STEP * 1j * torch.eye(len(x), dtype=torch.float64)
    return torch.stack([loss(x + step, y, omega, t).imag / STEP for step in steps])


def by_x_of_numbers(x: Tensor, y: Tensor, omega: Tensor, t: Tensor) -> list[float]:
    w, s = omega.item(), t.item()
    return [
        -w / len(x) * (b - math.sin(w * a + s)) * math.cos(w * a + s)
        for a, b in zip(x.tolist(), y.tolist(), strict=True)
    ]


def by_x_through_autograd(x: Tensor, y: Tensor, omega: Tensor, t: Tensor) -> Tensor:
    place = x.clone().requires_grad_()
    return torch.autograd.grad(loss(place, y, omega, t), place)[0]


def by_x_backwards(x: Tensor, y: Tensor, omega: Tensor, t: Tensor) -> Any:
    x.requires_grad = True
    loss(x, y, omega, t).backward()  # type: ignore[no-untyped-call]
    return x.grad


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (lambda x, y, w, t: -by_x(x, y, w, t), "minus"),
        (lambda x, y, w, t: by_x(x, y, w, t) / w, "ω is missing"),
        (lambda x, y, w, t: by_x(x, y, w, t) / torch.cos(w * x + t), "cosine is missing"),
        (lambda x, y, w, t: by_x(x, y, w, t) * len(x), "mean"),
        (lambda x, y, w, t: by_x(x, y, w, t) * 2, "½"),
        (lambda x, y, w, t: by_x(x, y, w, t) / w * x, "multiplied by x_k"),
        (lambda x, y, w, t: by_x(x, y, w, t).sum(), "sum over all points"),
        (lambda x, y, w, t: by_x(x, y, w, t).sum().expand(len(x)), "each entry"),
        (lambda x, y, w, t: by_x(x, y, w, t)[:2], "as many"),
        (lambda x, y, w, t: x, "compare with autograd"),
        (lambda x, y: x, "stopped"),
        (3.0, "function"),
        (by_x_through_autograd, "autograd"),
        (by_x_backwards, "autograd"),
        (torch.func.grad(loss), "autograd"),
        (torch.func.jacrev(loss), "autograd"),
        (lambda x, y, w, t: by_x(x, y, w, t).float(), "float32"),
    ],
)
def test_by_x(answer: Any, word: str) -> None:
    judged_right("prob-by-x", [by_x, by_x_of_numbers])
    judged_wrong("prob-by-x", answer, word)


def through_autograd(adjoint: Tensor) -> Tensor:
    u = torch.zeros_like(adjoint).requires_grad_()
    return torch.autograd.grad(u - u.mean(), u, adjoint)[0]


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (lambda a: a, "second term"),
        (lambda a: a - a.sum(), "sum where"),
        (lambda a: a + a.mean(), "minus"),
        (lambda a: -a.mean().expand(len(a)), "only the second"),
        (lambda a: a * (1 - 1 / len(a)), "diagonal"),
        (lambda a: a**2, "try the adjoint"),
    ],
)
def test_centring(answer: Any, word: str) -> None:
    judged_right("prob-centring", [through_autograd])
    judged_wrong("prob-centring", answer, word)


def ways(inputs: Sequence[Sequence[int]]) -> int:
    """Count from the far end: the ways from each node down to the last one."""
    down = [0] * len(inputs)
    down[-1] = 1
    for node in reversed(range(len(inputs) - 1)):
        down[node] = sum(down[other] for other in inputs[node])
    return down[0]


def following(inputs: Sequence[Sequence[int]]) -> int:
    def from_(node: int) -> int:
        return 1 if node == len(inputs) - 1 else sum(from_(other) for other in inputs[node])

    return from_(0)


def by_users(inputs: Sequence[Sequence[int]]) -> int:
    def up(node: int) -> int:
        users = (user for user, used in enumerate(inputs) for other in used if other == node)
        return 1 if node == 0 else sum(up(user) for user in users)

    return up(len(inputs) - 1)


def in_torch(inputs: Sequence[Sequence[int]]) -> Tensor:
    count = torch.zeros(len(inputs), dtype=torch.int64)
    count[0] = 1
    for node, used in enumerate(inputs):
        for other in used:
            count[other] += count[node]
    return count[-1]


def test_count_ways() -> None:
    assert "whole numbers" in check("prob-count-ways", in_torch).sentence
    assert check("prob-count-ways", ways)
    slow = check("prob-count-ways", following)
    assert not slow
    assert "every path" in slow.sentence
    users = check("prob-count-ways", by_users)
    assert users.sentence.startswith("this follows every path")
    once = check("prob-count-ways", lambda g: ways([sorted(set(used)) for used in g]))
    assert "two edges" in once.sentence
    assert "path, got" in check("prob-count-ways", lambda _: 7).sentence


def tangent(*given: Tensor) -> Tensor:
    w, t, u, s, x, y = given
    return loss(x, y, w + STEP * 1j * u, t + STEP * 1j * s).imag / STEP


def tangent_of_numbers(*given: Tensor) -> float:
    w, t, u, s = (part.item() for part in given[:4])
    rows = zip(given[4].tolist(), given[5].tolist(), strict=True)
    speeds = [-(b - math.sin(w * a + t)) * math.cos(w * a + t) * (u * a + s) for a, b in rows]
    return float(sum(speeds) / len(speeds))


def tangent_through_autograd(*given: Tensor) -> Tensor:
    w, t, u, s, x, y = given
    w, t = (p.clone().requires_grad_() for p in (w, t))
    by_w, by_t = torch.autograd.grad(loss(x, y, w, t), (w, t))
    return u * by_w + s * by_t


def tangent_by_differences(*given: Tensor) -> Tensor:
    w, t, u, s, x, y = given
    h = 1e-5
    return (loss(x, y, w + h * u, t + h * s) - loss(x, y, w - h * u, t - h * s)) / (2 * h)


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (lambda *p: tangent(*p) / 2, "both factors"),
        (lambda *p: -tangent(*p), "sign"),
        (lambda *p: tangent(*p) * 2, "half"),
        (lambda *p: tangent(*p) * len(p[4]), "mean"),
        (lambda w, t, u, s, x, y: tangent(w, t, u, s, x, y) / torch.hypot(u, s), "length"),
        (lambda w, t, u, s, x, y: tangent(w, t, u, len(x) * s, x, y), "one number for all"),
        (
            lambda w, t, u, s, x, y: ((torch.sin(w * x + t) - y) * (u * x + s)).mean(),
            "cosine is missing",
        ),
        (lambda *p: p[0], "wrong for the velocities"),
        (tangent_through_autograd, "autograd"),
        (
            lambda w, t, u, s, x, y: torch.func.grad(lambda w: loss(x, y, w, t))(w) * u,
            "autograd",
        ),
        (tangent_by_differences, "difference quotient"),
    ],
)
def test_tangents(answer: Any, word: str) -> None:
    judged_right("prob-tangents", [tangent, tangent_of_numbers])
    judged_wrong("prob-tangents", answer, word)


def rest(x: Tensor) -> Tensor:
    one = torch.ones(1, dtype=x.dtype)
    before = torch.cat([one, torch.cumprod(x, 0)[:-1]])
    return before * torch.cat([torch.cumprod(x.flip(0), 0).flip(0)[1:], one])


def rest_in_place(x: Tensor) -> Tensor:
    after, before = torch.ones_like(x), torch.ones_like(x)
    for k in range(1, len(x)):
        before[k] = before[k - 1] * x[k - 1]
        after[-k - 1] = after[-k] * x[-k]
    before *= after
    return before


def rest_of_numbers(x: Tensor) -> list[float]:
    numbers, made, product = x.tolist(), [], 1.0
    for number in numbers:
        made.append(product)
        product *= number
    product = 1.0
    for place, number in reversed(list(enumerate(numbers))):
        made[place] *= product
        product *= number
    return made


def all_pairs(x: Tensor) -> list[float]:
    numbers = x.tolist()
    return [math.prod(numbers[:k] + numbers[k + 1 :]) for k in range(len(numbers))]


def all_pairs_by_loops(x: Tensor) -> list[float]:
    numbers, made = [entry.item() for entry in x], []
    for k in range(len(numbers)):
        product = 1.0
        for place, number in enumerate(numbers):
            product *= number if place != k else 1.0
        made.append(product)
    return made


def rest_through_autograd(x: Tensor) -> Any:
    place = x.clone().requires_grad_()
    place.prod().backward()  # type: ignore[no-untyped-call]
    return place.grad


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (lambda x: x.prod() / x, "divides by 0"),
        (lambda x: x.prod().expand(len(x)), "all factors"),
        (lambda x: rest(x) * x, "all factors"),
        (lambda x: torch.cumprod(x, 0), "from the left"),
        (lambda x: x * 7, "the derivatives are"),
        (
            lambda x: torch.stack([torch.cat([x[:k], x[k + 1 :]]).prod() for k in range(len(x))]),
            "takes in",
        ),
        (
            lambda x: torch.stack([x[:k].prod() * x[k + 1 :].prod() for k in range(len(x))]),
            "takes in",
        ),
        (all_pairs, "takes in"),
        (all_pairs_by_loops, "takes in"),
        (
            lambda x: all_pairs(torch.tensor([float(v) for v in x], dtype=torch.float64)),
            "cannot count",
        ),
        (lambda x: np.prod(x.numpy()) / x, "divides by 0"),
        (rest_through_autograd, "autograd"),
        (torch.func.grad(torch.prod), "autograd"),
        (lambda x: rest(x.float()), "float32"),
    ],
)
def test_speelpenning(answer: Callable[[Tensor], Any], word: str) -> None:
    judged_right("prob-speelpenning", [rest, rest_in_place, rest_of_numbers])
    judged_wrong("prob-speelpenning", answer, word)


def slopes(w: Tensor, t: Tensor, x: Tensor, y: Tensor) -> tuple[Tensor, ...]:
    w, t = (p.clone().requires_grad_() for p in (w, t))
    loss = ((y - torch.sin(w * x + t)) ** 2).mean() / 2 + w**2 / 20
    return torch.autograd.grad(loss, (w, t))


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (lambda w, *p: (slopes(w, *p)[0] - w / 10, slopes(w, *p)[1]), "overwrites"),
        (lambda w, *p: (w / 10, slopes(w, *p)[1]), "now the slope"),
        (lambda w, *p: (slopes(w, *p)[0] - w / 10 + w**2 / 20, slopes(w, *p)[1]), "itself"),
        (lambda *p: slopes(*p)[::-1], "exchanged"),
        (lambda *p: (p[0], p[1]), "compare"),
    ],
)
def test_lost_way(answer: Any, word: str) -> None:
    of_numbers = [
        lambda *p: tuple(slope.item() for slope in slopes(*p)),
        lambda *p: np.array([slope.item() for slope in slopes(*p)]),
        lambda *p: [slopes(*p)[0].item(), slopes(*p)[1]],  # one float, one tensor
        lambda *p: torch.stack(slopes(*p)),
    ]
    judged_right("prob-lost-way", [slopes, *of_numbers])
    judged_wrong("prob-lost-way", answer, word)
