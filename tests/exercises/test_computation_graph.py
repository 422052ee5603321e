"""The checkers of chapter 5: right answers in several forms, wrong ones told by their names."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from judging import all_tested, judged_right, judged_wrong

STEP = 1e-30  # of a complex step, which is exact and knows nothing of autograd


def loss(x: Tensor, y: Tensor, w: Tensor, t: Tensor) -> Tensor:
    return ((y - torch.sin(w * x + t)) ** 2).mean() / 2


def by_x(x: Tensor, y: Tensor, omega: Tensor, t: Tensor) -> Tensor:
    angle = omega * x + t
    return (torch.sin(angle) - y) * torch.cos(angle) * omega / len(x)


def by_x_by_complex_steps(x: Tensor, y: Tensor, omega: Tensor, t: Tensor) -> Tensor:
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


BY_X: list[tuple[Any, str]] = [
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
]


def through_autograd(adjoint: Tensor) -> Tensor:
    u = torch.zeros_like(adjoint).requires_grad_()
    return torch.autograd.grad(u - u.mean(), u, adjoint)[0]


CENTRING: list[tuple[Any, str]] = [
    (lambda a: a, "second term"),
    (lambda a: a - a.sum(), "sum where"),
    (lambda a: a + a.mean(), "minus"),
    (lambda a: -a.mean().expand(len(a)), "only the second"),
    (lambda a: a * (1 - 1 / len(a)), "diagonal"),
    (lambda a: a**2, "try the adjoint"),
]


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


COUNT_WAYS: list[tuple[Any, str]] = [
    (in_torch, "whole numbers"),
    (following, "every path"),
    (by_users, "every path"),
    (lambda g: ways([sorted(set(used)) for used in g]), "two edges"),
    (lambda _: 7, "path, got"),
]


def tangent(*given: Tensor) -> Tensor:
    w, t, u, s, x, y = given
    return ((torch.sin(w * x + t) - y) * torch.cos(w * x + t) * (u * x + s)).mean()


def tangent_by_complex_steps(*given: Tensor) -> Tensor:
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


TANGENTS: list[tuple[Any, str]] = [
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
]


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


SPEELPENNING: list[tuple[Any, str]] = [
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
]


def slopes(w: Tensor, t: Tensor, x: Tensor, y: Tensor) -> tuple[Tensor, ...]:
    w, t = (p.clone().requires_grad_() for p in (w, t))
    loss = ((y - torch.sin(w * x + t)) ** 2).mean() / 2 + w**2 / 20
    return torch.autograd.grad(loss, (w, t))


of_numbers: list[Any] = [
    lambda *p: tuple(slope.item() for slope in slopes(*p)),
    lambda *p: np.array([slope.item() for slope in slopes(*p)]),
    lambda *p: [slopes(*p)[0].item(), slopes(*p)[1]],  # one float, one tensor
    lambda *p: torch.stack(slopes(*p)),
]
LOST_WAY: list[tuple[Any, str]] = [
    (lambda w, *p: (slopes(w, *p)[0] - w / 10, slopes(w, *p)[1]), "overwrites"),
    (lambda w, *p: (w / 10, slopes(w, *p)[1]), "now the slope"),
    (lambda w, *p: (slopes(w, *p)[0] - w / 10 + w**2 / 20, slopes(w, *p)[1]), "itself"),
    (
        lambda w, t, x, y: (slopes(w, t, x, y)[0] + (len(x) - 1) * w / 10, slopes(w, t, x, y)[1]),
        "outside of the sum",
    ),
    (lambda *p: slopes(*p)[::-1], "exchanged"),
    (lambda *p: (p[0], p[1]), "compare"),
]


RIGHT: dict[str, list[Any]] = {
    "prob-five-boxes": [135, torch.tensor(135.0)],
    "prob-how-many-ways": [100, 100.0],
    "prob-four": [381, torch.tensor(381)],
    "prob-bottleneck": [60_000, 6e4],
    "prob-deeper": [2.0, 1.98],
    "prob-by-x": [by_x, by_x_by_complex_steps, by_x_of_numbers],
    "prob-centring": [through_autograd, lambda a: a - a.mean(), lambda a: a.sub_(a.mean())],
    "prob-count-ways": [ways],
    "prob-tangents": [tangent, tangent_by_complex_steps, tangent_of_numbers],
    "prob-speelpenning": [rest, rest_in_place, rest_of_numbers],
    "prob-lost-way": [slopes, *of_numbers],
}

WRONG: list[tuple[str, Any, str]] = [
    ("prob-speelpenning", lambda x: x.prod() / x if (x != 0).all() else 0 * x, "the only 0"),
    ("prob-five-boxes", 81, "reported"),
    ("prob-five-boxes", 126, "edge from a to c"),
    ("prob-five-boxes", 72, "lacks edges"),
    ("prob-five-boxes", 63, "one edge"),
    ("prob-five-boxes", 27, "overwrites"),
    ("prob-five-boxes", 108, "value"),
    ("prob-five-boxes", 21, "Two steps"),
    ("prob-five-boxes", 12345, "write d = b·c first"),
    ("prob-how-many-ways", 2, "one node"),
    ("prob-how-many-ways", 50, "twice"),
    ("prob-how-many-ways", 52, "multiply"),
    ("prob-how-many-ways", 200, "begin at t"),
    ("prob-how-many-ways", 2500, "entry"),
    ("prob-how-many-ways", "many", "can't be read"),
    ("prob-four", 500, "5K"),
    ("prob-four", 400, "n − 1"),
    ("prob-four", 401, "inputs"),
    ("prob-four", 380, "output"),
    ("prob-four", 421, "sign"),
    ("prob-bottleneck", 1_040_000, "middle"),
    ("prob-bottleneck", 40_000, "multiplied"),
    ("prob-bottleneck", 2_020_000, "twice"),
    ("prob-deeper", 4.0, "without"),
    ("prob-deeper", 0.5, "reciprocal"),
    ("prob-deeper", 1.0, "grow"),
    *(("prob-by-x", answer, named) for answer, named in BY_X),
    *(("prob-centring", answer, named) for answer, named in CENTRING),
    *(("prob-count-ways", answer, named) for answer, named in COUNT_WAYS),
    *(("prob-tangents", answer, named) for answer, named in TANGENTS),
    *(("prob-speelpenning", answer, named) for answer, named in SPEELPENNING),
    *(("prob-lost-way", answer, named) for answer, named in LOST_WAY),
]


def test_every_checker_of_the_chapter_is_tested() -> None:
    all_tested(RIGHT, WRONG, "computation_graph")


@pytest.mark.parametrize("label", RIGHT)
def test_right_answers_are_right(label: str) -> None:
    judged_right(label, RIGHT[label])


@pytest.mark.parametrize(("label", "answer", "named"), WRONG)
def test_wrong_answers_are_told_why(label: str, answer: Any, named: str) -> None:
    judged_wrong(label, answer, named)
