"""The checkers of book/optimizers/momentum: right answers in several forms, wrong ones told why."""

from __future__ import annotations

import copy
import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import torch

from gdbook.optimizers import SGD, rules
from judging import all_tested, judged_right, judged_wrong


class Momentum:
    """The book's own form: buffers of zeros, changed in place."""

    def __init__(self, params: Any, lr: float, momentum: float) -> None:
        self.params, self.lr, self.momentum = list(params), lr, momentum
        self.b = [torch.zeros_like(p) for p in self.params]

    @torch.no_grad()
    def step(self) -> None:
        for i, p in enumerate(self.params):
            if p.grad is not None:
                self.b[i] = self.update(self.b[i], p.grad)
                p.add_(self.direction(self.b[i], p.grad), alpha=-self.lr)

    def update(self, b: Any, g: Any) -> Any:
        return self.momentum * b + g

    def direction(self, b: Any, g: Any) -> Any:
        return b

    def state_dict(self) -> dict[str, Any]:
        return {"b": [b.clone() for b in self.b], "lr": self.lr, "momentum": self.momentum}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.lr, self.momentum = state["lr"], state["momentum"]
        self.b = [b.clone() for b in state["b"]]


class FirstIsGradient(Momentum):
    """No buffer before the first gradient, as torch has it; a velocity that is kept by id."""

    def __init__(self, params: Any, lr: float, momentum: float) -> None:
        super().__init__(params, lr, momentum)
        self.kept: dict[int, Any] = {}

    def step(self) -> None:
        for p in self.params:
            if p.grad is None:
                continue
            if id(p) not in self.kept:
                self.kept[id(p)] = p.grad.clone()
            else:
                self.kept[id(p)].mul_(self.momentum).add_(p.grad)
            with torch.no_grad():
                p.sub_(self.lr * self.kept[id(p)])


class Velocity(Momentum):
    """The rate inside: v ← βv − ηg. The same run, since the rate is constant."""

    def update(self, b: Any, g: Any) -> Any:
        return self.momentum * b - self.lr * g

    def direction(self, b: Any, g: Any) -> Any:
        return -b / self.lr


def as_function(params: Any, lr: float, momentum: float) -> Any:
    """Make torch's own, by a function instead of a class."""
    return torch.optim.SGD(params, lr=lr, momentum=momentum)


class Plain(Momentum):
    def update(self, b: Any, g: Any) -> Any:
        return g


class Mean(Momentum):
    def update(self, b: Any, g: Any) -> Any:
        return self.momentum * b + (1 - self.momentum) * g


class Climbs(Momentum):
    def direction(self, b: Any, g: Any) -> Any:
        return -b


class Both(Momentum):
    def update(self, b: Any, g: Any) -> Any:
        return self.momentum * (b + g)


class Ahead(Momentum):
    def direction(self, b: Any, g: Any) -> Any:
        return g + self.momentum * b


class NoFriction(Momentum):
    def update(self, b: Any, g: Any) -> Any:
        return b + g


class Rebinds(Momentum):
    @torch.no_grad()
    def step(self) -> None:
        for i, p in enumerate(self.params):
            if p.grad is not None:
                self.params[i] = p - self.lr * p.grad


class StepsFirst(Momentum):
    @torch.no_grad()
    def step(self) -> None:
        for i, p in enumerate(self.params):
            if p.grad is not None:
                p.add_(self.b[i], alpha=-self.lr)
                self.b[i] = self.update(self.b[i], p.grad)


class Single(Momentum):
    """Buffers in float32, beside parameters in float64."""

    def __init__(self, params: Any, lr: float, momentum: float) -> None:
        super().__init__(params, lr, momentum)
        self.b = [torch.zeros(p.shape) for p in self.params]

    def update(self, b: Any, g: Any) -> Any:
        return b.mul_(self.momentum).add_(g)


class OneBuffer(Momentum):
    @torch.no_grad()
    def step(self) -> None:
        for p in self.params:
            if p.grad is not None:
                self.b[0] = self.momentum * self.b[0].sum() + p.grad
                p.add_(self.b[0], alpha=-self.lr)


class NoneIsZero(Momentum):
    @torch.no_grad()
    def step(self) -> None:
        for i, p in enumerate(self.params):
            g = torch.zeros_like(p) if p.grad is None else p.grad
            self.b[i] = self.update(self.b[i], g)
            p.add_(self.b[i], alpha=-self.lr)


class NoneStops(Momentum):
    @torch.no_grad()
    def step(self) -> None:
        for i, p in enumerate(self.params):
            self.b[i] = self.momentum * self.b[i] + p.grad
            p.add_(self.b[i], alpha=-self.lr)


class NoneBreaks(Momentum):
    @torch.no_grad()
    def step(self) -> None:
        for i, p in enumerate(self.params):
            if p.grad is None:
                break
            self.b[i] = self.momentum * self.b[i] + p.grad
            p.add_(self.b[i], alpha=-self.lr)


class NoneReturns(NoneBreaks):
    @torch.no_grad()
    def step(self) -> None:
        for i, p in enumerate(self.params):
            if p.grad is None:
                return
            self.b[i] = self.momentum * self.b[i] + p.grad
            p.add_(self.b[i], alpha=-self.lr)


class WithoutList(Momentum):
    """Buffers for all, by a first loop over what may be a generator."""

    def __init__(self, params: Any, lr: float, momentum: float) -> None:
        self.params, self.lr, self.momentum = params, lr, momentum
        self.b = [torch.zeros_like(p) for p in self.params]


class OnceThrough(FirstIsGradient):
    """No loop over the parameters before the first step; then each step needs them again."""

    def __init__(self, params: Any, lr: float, momentum: float) -> None:
        self.params, self.lr, self.momentum = params, lr, momentum
        self.kept: dict[int, Any] = {}


class Aliased(FirstIsGradient):
    def step(self) -> None:
        for p in self.params:
            if p.grad is None:
                continue
            if id(p) not in self.kept:
                self.kept[id(p)] = p.grad
            else:
                self.kept[id(p)].mul_(self.momentum).add_(p.grad)
            with torch.no_grad():
                p.add_(self.kept[id(p)], alpha=-self.lr)


class InPlace(Momentum):
    """Right in its steps; its buffers are changed in place."""

    def update(self, b: Any, g: Any) -> Any:
        return b.mul_(self.momentum).add_(g)


class DeepCopied(InPlace):
    def state_dict(self) -> dict[str, Any]:
        return copy.deepcopy({"b": self.b, "lr": self.lr, "momentum": self.momentum})


class SavesItsOwn(InPlace):
    def state_dict(self) -> dict[str, Any]:
        return {"b": self.b, "lr": self.lr, "momentum": self.momentum}


class SavesNothingRight(SavesItsOwn):
    """Two mistakes together: its own buffers are saved, and half of each is loaded."""

    def load_state_dict(self, state: dict[str, Any]) -> None:
        super().load_state_dict(state)
        self.b = [b / 2 for b in self.b]


class LoadsItsOwn(InPlace):
    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.lr, self.momentum, self.b = state["lr"], state["momentum"], state["b"]


class WithoutBuffers(Momentum):
    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.lr, self.momentum = state["lr"], state["momentum"]


class WithoutRates(Momentum):
    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.b = [b.clone() for b in state["b"]]


class WithoutLr(Momentum):
    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.momentum, self.b = state["momentum"], [b.clone() for b in state["b"]]


class WithoutMomentum(Momentum):
    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.lr, self.b = state["lr"], [b.clone() for b in state["b"]]


class LoadsNothing(Momentum):
    def load_state_dict(self, state: dict[str, Any]) -> None:
        pass


def ours(params: Any, lr: float, momentum: float) -> Any:
    return SGD(params, lr=lr, momentum=momentum)


def nesterov_step(w: Any, g: Any, b: Any, lr: float, momentum: float) -> Any:
    b = momentum * b + g
    return w - lr * (g + momentum * b), b


def nesterov_in_place(w: Any, g: Any, b: Any, lr: float, momentum: float) -> Any:
    b.mul_(momentum).add_(g)
    w.sub_(lr * (g + momentum * b))
    return w, b


def nesterov_by_rule(w: Any, g: Any, b: Any, lr: float, momentum: float) -> Any:
    moved, state = rules.sgd(w, g, {"b": b}, lr=lr, momentum=momentum, nesterov=True)
    return [moved, state["b"]]


def best_of_many(eta: float, lam: float) -> float:
    """No formula: the β with the smallest larger root, by golden section."""

    def rho(beta: float) -> float:
        m = 1 + beta - eta * lam
        under = m * m - 4 * beta
        return (abs(m) + math.sqrt(under)) / 2 if under >= 0 else math.sqrt(beta)

    low, high, share = 0.0, 1.0, (math.sqrt(5) - 1) / 2
    for _ in range(200):
        a, b = high - share * (high - low), low + share * (high - low)
        low, high = (low, b) if rho(a) < rho(b) else (a, high)
    return (low + high) / 2


def by_recursion() -> Fraction:
    """e₁₀ in exact arithmetic, from the definition with its buffer."""
    e, b, beta = Fraction(1), Fraction(0), Fraction(1, 2)
    for _ in range(10):
        b = beta * b + e
        e = e - (1 + beta) * b
    return e


RIGHT: dict[str, list[Any]] = {
    "prob-six-digits": [2750, 2749.3, torch.tensor(2750)],
    "prob-middle": [by_recursion(), -0.03125, torch.tensor(-1 / 32), np.float32(-0.03125)],
    "prob-mean-form": [
        lambda lr, beta: lr / (1 - beta),
        lambda lr, beta: lr / math.fsum([1, -beta]),
        lambda lr, beta: lr * sum(beta**k for k in range(5000)),
    ],
    "prob-critical": [
        lambda eta, lam: (1 - (eta * lam) ** 0.5) ** 2,
        lambda eta, lam: 1 - 2 * math.sqrt(eta * lam) + eta * lam,
        best_of_many,
    ],
    "prob-cycle-edge": [0.1071, 0.10711],
    "prob-own-momentum": [Momentum, FirstIsGradient, Velocity, InPlace, as_function, ours],
    "prob-aliased-buffer": [Momentum, FirstIsGradient, InPlace, as_function],
    "prob-own-nesterov": [nesterov_step, nesterov_in_place, nesterov_by_rule],
    "prob-own-checkpoint": [Momentum, DeepCopied],
}

WRONG: list[tuple[str, Any, str]] = [
    ("prob-six-digits", 2499, "may be that early"),
    ("prob-six-digits", 1375, "takes β for the factor"),
    ("prob-six-digits", 5499, "once more"),
    ("prob-six-digits", 1194, "6 ln 10"),
    ("prob-six-digits", 458, "one digit"),
    ("prob-six-digits", 2756, "don't round"),  # √0.99 as 0.995
    ("prob-six-digits", 2748, "don't round"),
    ("prob-six-digits", 688, "takes β²"),
    ("prob-six-digits", 600, "remembers"),
    ("prob-six-digits", 1000, "Which power"),
    ("prob-middle", 1 / 32, "the sign"),
    ("prob-middle", 1 / 1024, "two steps together"),
    ("prob-middle", 0, "the error is not"),
    ("prob-middle", 1 / 16, "too few"),
    ("prob-middle", 1 / 64, "too many"),
    ("prob-middle", 2, "begin with"),
    ("prob-mean-form", lambda lr, beta: lr * (1 - beta), "upside down"),
    ("prob-mean-form", lambda lr, beta: lr, "steps are shorter"),
    ("prob-mean-form", lambda lr, beta: 1 / (1 - beta), "rate is missing"),
    ("prob-mean-form", lambda lr, beta: lr + beta, "after two"),
    ("prob-critical", lambda eta, lam: abs(1 - (eta * lam) ** 0.5), "Square it"),
    ("prob-critical", lambda eta, lam: 1 - (eta * lam) ** 0.5, "product of both"),
    ("prob-critical", lambda eta, lam: (1 - eta * lam) ** 2, "root is missing"),
    ("prob-critical", lambda eta, lam: (1 + (eta * lam) ** 0.5) ** 2, "other zero"),
    ("prob-critical", lambda eta, lam: eta * lam - 1, "middle coefficient"),
    ("prob-critical", lambda eta, lam: 0.0, "some momentum is better"),
    ("prob-critical", lambda eta, lam: 0.9, "roots meet"),
    ("prob-critical", lambda eta, lam: max(1 - (eta * lam) ** 0.5, 0.0) ** 2, "helps there, too"),
    ("prob-cycle-edge", 1 / 9, "Polyak's rate"),
    ("prob-cycle-edge", 0.11556, "of a quadratic"),
    ("prob-cycle-edge", 0.106, "some starts"),
    ("prob-cycle-edge", 0.105436, "the cycle itself ends"),
    ("prob-cycle-edge", 0.113, "larger rates"),
    ("prob-cycle-edge", 0.107, "bisect further"),
    ("prob-cycle-edge", 0.2, "bisect between"),
    ("prob-own-momentum", Plain, "without momentum"),
    ("prob-own-momentum", Mean, "the mean's convention"),
    ("prob-own-momentum", Climbs, "climbs"),
    ("prob-own-momentum", Both, "multiplies the gradient too"),
    ("prob-own-momentum", Ahead, "Nesterov"),
    ("prob-own-momentum", NoFriction, "adds all gradients up"),
    ("prob-own-momentum", Rebinds, "have not moved"),
    ("prob-own-momentum", StepsFirst, "before this gradient"),
    ("prob-own-momentum", Single, "six digits"),
    ("prob-own-momentum", OneBuffer, "b ← βb"),
    ("prob-own-momentum", NoneIsZero, "moved on by its buffer"),
    ("prob-own-momentum", NoneStops, "may be None"),
    ("prob-own-momentum", NoneBreaks, "no `break`"),
    ("prob-own-momentum", NoneReturns, "no `break`"),
    ("prob-own-momentum", WithoutList, "a generator"),
    ("prob-own-momentum", OnceThrough, "a generator"),
    ("prob-own-momentum", Aliased, "same tensor as .grad"),
    ("prob-own-momentum", lambda params, lr, momentum: params, "a method step"),
    ("prob-own-momentum", lambda params: params, "making the optimizer"),
    ("prob-own-momentum", 7, "should be a function"),
    ("prob-aliased-buffer", Aliased, "same tensor as .grad"),
    ("prob-aliased-buffer", Plain, "without momentum"),
    ("prob-aliased-buffer", Mean, "the mean's convention"),
    ("prob-aliased-buffer", OneBuffer, "only the buffer's first"),
    ("prob-own-nesterov", lambda w, g, b, lr, m: (w - lr * (m * b + g), m * b + g), "look ahead"),
    ("prob-own-nesterov", lambda w, g, b, lr, m: (w - lr * (g + m * b), m * b + g), "look ahead"),
    (
        "prob-own-nesterov",
        lambda w, g, b, lr, m: (w - lr * (1 + m) * (m * b + g), m * b + g),
        "this step's gradient",
    ),
    (
        "prob-own-nesterov",
        lambda w, g, b, lr, m: (w + lr * (g + m * (m * b + g)), m * b + g),
        "climbs",
    ),
    ("prob-own-nesterov", lambda w, g, b, lr, m: (w - lr * g, g), "without momentum"),
    (
        "prob-own-nesterov",
        lambda w, g, b, lr, m: (w - lr * (g + m * (m * b + g)), g + m * (m * b + g)),
        "counted twice",
    ),
    ("prob-own-nesterov", lambda w, g, b, lr, m: w, "the pair"),
    ("prob-own-nesterov", lambda w, g, b, lr, m: (w.sum(), b.sum()), "shape of w"),
    ("prob-own-nesterov", lambda w, g, b, lr, m: (w - lr * m * (m * b + g), m * b + g), "βb alone"),
    (
        "prob-own-nesterov",
        lambda w, g, b, lr, m: (w - lr * (g + m * (m * b + g)), b),
        "first 1 steps",
    ),
    ("prob-own-checkpoint", WithoutBuffers, "buffers are lost"),
    ("prob-own-checkpoint", WithoutRates, "lr and momentum were not loaded"),
    ("prob-own-checkpoint", WithoutLr, "lr was not loaded"),
    ("prob-own-checkpoint", WithoutMomentum, "momentum was not loaded"),
    ("prob-own-checkpoint", LoadsNothing, "nothing was loaded"),
    ("prob-own-checkpoint", SavesItsOwn, "state_dict must copy"),
    ("prob-own-checkpoint", as_function, "state_dict must copy"),  # torch copies nothing
    ("prob-own-checkpoint", SavesNothingRight, "each of the two methods must copy"),
    ("prob-own-checkpoint", LoadsItsOwn, "a second time"),
    ("prob-own-checkpoint", Plain, "begin with a Momentum"),
    ("prob-own-checkpoint", lambda params, lr, momentum: params, "stopped with"),
]


def test_every_checker_is_tested() -> None:
    all_tested(RIGHT, WRONG, "momentum", "momentum_optimizers")


@pytest.mark.parametrize("label", RIGHT)
def test_right_answers_are_right(label: str) -> None:
    judged_right(label, RIGHT[label])


@pytest.mark.parametrize(("label", "answer", "named"), WRONG)
def test_wrong_answers_are_told_why(label: str, answer: Any, named: str) -> None:
    judged_wrong(label, answer, named)


def cycle(eta: Fraction) -> list[Fraction]:
    """Return the cycle of three points, the last of which is above 2, by Cramer's rule."""
    beta = Fraction(4, 9)
    m, pull = 1 + beta - 25 * eta, 24 * eta
    # r is above 2, and p follows it: p = mr − βq + pull, q = mp − βr, r = mq − βp
    one = Fraction(1)
    rows = [[one, beta, -m], [-m, one, beta], [beta, -m, one]]

    def determinant(a: list[list[Fraction]]) -> Fraction:
        (b, c, d), (e, f, g), (h, i, j) = a
        return b * (f * j - g * i) - c * (e * j - g * h) + d * (e * i - f * h)

    whole = determinant(rows)
    right = [pull, 0 * one, 0 * one]
    points = []
    for k in range(3):
        replaced = [
            [*row[:k], value, *row[k + 1 :]] for row, value in zip(rows, right, strict=True)
        ]
        points.append(determinant(replaced) / whole)
    return points


def test_the_cycle_ends_where_one_of_its_points_rises_to_one() -> None:
    at_polyak = cycle(Fraction(1, 9))
    assert at_polyak == [Fraction(n, 1225) for n in (792, -2208, 2592)]
    assert cycle(Fraction("0.105435"))[0] > 1 > cycle(Fraction("0.105436"))[0]
