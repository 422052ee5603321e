"""The checkers of chapter 4: right answers in several forms, wrong ones told by their names."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from judging import all_tested, judged_right, judged_wrong

Rule = Callable[[Tensor, Tensor, Tensor], Any]


def solve(M: Tensor, k: Tensor) -> Tensor:
    E = M + k * torch.sin(M)
    for _ in range(12):
        E = E - (E - k * torch.sin(E) - M) / (1 - k * torch.cos(E))
    return E


def kepler(rule: Rule) -> Callable[[Tensor, Tensor], Tensor]:
    """Make an operation out of a rule for its two derivatives."""

    class Made(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, M: Tensor, k: Tensor) -> Tensor:
            E = solve(M, k)
            ctx.save_for_backward(E, k)
            return E

        @staticmethod
        def backward(ctx: Any, *adjoints: Any) -> Any:
            E, k = ctx.saved_tensors
            return rule(adjoints[0], E, k)

    apply: Callable[[Tensor, Tensor], Tensor] = Made.apply
    return apply


def truly(v: Tensor, E: Tensor, k: Tensor) -> tuple[Tensor, Tensor]:
    slope = v / (1 - k * torch.cos(E))
    return slope, slope * torch.sin(E)


def by_backward_twice(f: Any, x: Tensor, v: Tensor) -> Tensor:
    x = x.detach().requires_grad_()
    (slope,) = torch.autograd.grad(f(x), x, create_graph=True)
    return torch.autograd.grad(slope @ v, x)[0]


def whole(f: Any, x: Tensor) -> Tensor:
    made: Tensor = torch.autograd.functional.hessian(f, x)  # type: ignore[no-untyped-call]
    return made


def rows(w: Tensor, x: Tensor, y: Tensor) -> Tensor:
    made = []
    for a, b in zip(x, y, strict=True):
        p = w.detach().clone().requires_grad_()
        made.append(torch.autograd.grad((b - torch.sin(p[0] * a + p[1])) ** 2 / 2, p)[0])
    return torch.stack(made)


def fit(
    clear: str = "both", rate: float = 0.1, half: float = 0.5, between: bool = False
) -> Callable[..., Any]:
    def run(x: Tensor, y: Tensor, steps: int) -> tuple[Tensor, Tensor]:
        omega = torch.tensor(3.0, dtype=x.dtype, requires_grad=True)
        t = torch.tensor(1.0, dtype=x.dtype, requires_grad=True)
        for _ in range(steps):
            if clear in ("both", "omega"):
                omega.grad = None
            if clear in ("both", "t"):
                t.grad = None
            torch.autograd.backward(half * ((y - torch.sin(omega * x + t)) ** 2).mean())
            assert omega.grad is not None
            assert t.grad is not None
            if between:
                omega.grad.zero_()
                t.grad.zero_()
            with torch.no_grad():
                omega -= rate * omega.grad
                t -= rate * t.grad
        return omega, t

    return run


def by_optimizer(x: Tensor, y: Tensor, steps: int) -> Tensor:
    w = torch.tensor([3.0, 1.0], requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.1)
    for _ in range(steps):
        optimizer.zero_grad()
        error = y.float() - torch.sin(w[0] * x.float() + w[1])
        torch.autograd.backward((error**2).mean() / 2)
        optimizer.step()
    return w


class Sine(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.omega = nn.Parameter(torch.tensor(3.0))
        self.t = nn.Parameter(torch.tensor(1.0))

    def forward(self, x: Tensor) -> Tensor:
        return torch.sin(self.omega * x + self.t)


class Plain(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.omega = nn.Parameter(torch.tensor(3.0))
        self.t = torch.tensor(1.0, requires_grad=True)

    def forward(self, x: Tensor) -> Tensor:
        return torch.sin(self.omega * x + self.t)


class Buffered(Plain):
    def __init__(self) -> None:
        super().__init__()
        del self.t
        self.register_buffer("t", torch.tensor(1.0))


class Doubled(Sine):
    def forward(self, x: Tensor) -> Tensor:
        return 2 * super().forward(x)


class Detached(Sine):
    def forward(self, x: Tensor) -> Tensor:
        return torch.sin(self.omega * x + self.t.detach())


class Broken(Sine):
    def __init__(self) -> None:
        raise RuntimeError("no")


class Cut(Sine):
    """Its t reaches the loss with a slope of 0."""

    def forward(self, x: Tensor) -> Tensor:
        return torch.sin(self.omega * x + self.t.detach() + 0 * self.t)


def safe(d: Tensor) -> Tensor:
    squares = (d**2).sum(1)
    root = torch.where(squares > 0, squares, 1.0).sqrt()
    return torch.where(squares > 0, root, 0.0)


def trapped(d: Tensor) -> Tensor:
    squares = (d**2).sum(1)
    return torch.where(squares > 0, squares.sqrt(), 0.0)


RIGHT: dict[str, list[Any]] = {
    "prob-three-steps": [5, torch.tensor(5.0)],
    "prob-survivors": [
        {"exp", "tanh", "sqrt"},
        ["sqrt", "exp", "tanh"],
        {torch.exp, torch.tanh, "torch.sqrt"},
    ],
    "prob-box": [4, 4.0],
    "prob-kepler": [kepler(truly)],
    "prob-hvp": [
        by_backward_twice,
        lambda f, x, v: torch.func.vjp(torch.func.grad(f), x)[1](v)[0],
        lambda f, x, v: torch.func.grad(lambda p: torch.func.grad(f)(p) @ v)(x),
    ],
    "prob-rows": [rows],
    "prob-half-forgotten": [
        fit(),
        by_optimizer,
        lambda x, y, n: [p.item() for p in fit()(x, y, n)],
    ],
    "prob-stuck": [Sine, Sine()],
    "prob-touching": [safe, lambda d: torch.linalg.vector_norm(d, dim=1)],
    "prob-time-scale": [2, 2.04, 1.97],
}

WRONG: list[tuple[str, Any, str]] = [
    ("prob-three-steps", 1, "third gradient of the loop that zeroes"),
    ("prob-three-steps", -1, "third gradient alone"),
    ("prob-three-steps", 12, "w moves in between"),
    ("prob-three-steps", 7, "second step uses"),
    ("prob-three-steps", -1.75, "where w ends"),
    ("prob-three-steps", 6, "A third follows"),
    ("prob-three-steps", 8, "two columns"),
    ("prob-three-steps", "five", "one number"),
    ("prob-survivors", {"sin", "square", "log"}, "which raise"),
    ("prob-survivors", {"sin", "exp", "square", "tanh", "sqrt", "log"}, "not every"),
    ("prob-survivors", set(), "own result"),
    ("prob-survivors", {"exp"}, "sqrt belongs"),
    ("prob-survivors", {"exp", "tanh", "sqrt", "log"}, "log survives"),
    ("prob-survivors", {torch.relu}, "relu is none of"),
    ("prob-survivors", "exp", "set of names"),
    ("prob-box", 2, "plain descent"),
    ("prob-box", 1, "overshoot"),
    ("prob-box", 0.25, "not the edge"),
    ("prob-box", 8, "again"),
    ("prob-box", math.inf, "ten steps"),
    ("prob-box", 3, "complete the square"),
    (
        "prob-kepler",
        kepler(lambda v, E, k: (v / (1 + k * torch.cos(E)), truly(v, E, k)[1])),
        "plus",
    ),
    ("prob-kepler", kepler(lambda v, E, k: (v * (1 - k * torch.cos(E)), v)), "upside down"),
    ("prob-kepler", kepler(lambda v, E, k: (v, v)), "only for"),
    (
        "prob-kepler",
        kepler(lambda v, E, k: (truly(v, E, k)[0], -truly(v, E, k)[1])),
        "wrong sign",
    ),
    (
        "prob-kepler",
        kepler(lambda v, E, k: (truly(v, E, k)[0], v * torch.sin(E))),
        "misses the factor 1/",
    ),
    (
        "prob-kepler",
        kepler(lambda v, E, k: (truly(v, E, k)[0], truly(v, E, k)[0])),
        "misses the factor sin",
    ),
    ("prob-kepler", kepler(lambda v, E, k: (truly(v, E, k)[0], None)), "one gradient for each"),
    ("prob-kepler", kepler(lambda v, E, k: (3 * v, v)), "with E moving"),
    ("prob-kepler", kepler(lambda v, E, k: truly(v, E, k)[::-1]), "exchanged"),
    ("prob-kepler", kepler(lambda v, E, k: truly(torch.ones_like(v), E, k)), "adjoint that"),
    ("prob-kepler", kepler(lambda v, E, k: v), "stopped with RuntimeError"),
    ("prob-kepler", solve, "every pass of the solver"),
    ("prob-kepler", torch.autograd.Function, "its apply"),
    ("prob-kepler", lambda M, k: M + k * torch.sin(M), "do not solve"),
    ("prob-kepler", lambda M, k: solve(M, k).detach(), "no way"),
    ("prob-kepler", 3, "should be a function"),
    ("prob-hvp", lambda f, x, v: (torch.func.grad(f)(x), by_backward_twice(f, x, v)), "alone"),
    ("prob-hvp", lambda f, x, v: torch.func.grad(f)(x), "is the gradient"),
    ("prob-hvp", lambda f, x, v: torch.func.grad(f)(x) @ v, "slope along v"),
    ("prob-hvp", lambda f, x, v: v @ by_backward_twice(f, x, v), "curvature along v"),
    (
        "prob-hvp",
        lambda f, x, v: whole(f, x).diagonal() * v,
        "diagonal",
    ),
    ("prob-hvp", lambda f, x, v: by_backward_twice(f, x, torch.ones_like(v)), "vector of ones"),
    ("prob-hvp", lambda f, x, v: whole(f, x), "this is H itself"),
    ("prob-hvp", lambda f, x, v: 2 * by_backward_twice(f, x, v), "twice too large"),
    (
        "prob-hvp",
        lambda f, x, v: (
            (torch.func.grad(f)(x + 1e-3 * v) - torch.func.grad(f)(x - 1e-3 * v)) / 2e-3
        ),
        "Be exact",
    ),
    ("prob-hvp", lambda f, x, v: whole(f, x) @ v, "the whole Hessian is in there"),
    ("prob-hvp", lambda f, x, v: v, "held fixed"),
    ("prob-rows", lambda w, x, y: rows(w, x, y).mean(0), "gradient of the mean"),
    ("prob-rows", lambda w, x, y: rows(w, x, y).sum(0), "gradient of the sum"),
    ("prob-rows", lambda w, x, y: rows(w, x, y).T, "exchanged"),
    ("prob-rows", lambda w, x, y: 2 * rows(w, x, y), "½ is missing"),
    ("prob-rows", lambda w, x, y: rows(w, x, y) / len(x), "divided by n"),
    ("prob-rows", lambda w, x, y: -rows(w, x, y), "sign"),
    ("prob-rows", lambda w, x, y: rows(w, x, y)[:, [1, 1]], "factor x"),
    ("prob-rows", lambda w, x, y: 0 * rows(w, x, y), "vmap"),
    ("prob-half-forgotten", fit("omega"), r"t\.grad is still"),
    ("prob-half-forgotten", fit("t"), r"omega\.grad is never"),
    ("prob-half-forgotten", fit("neither"), "neither"),
    ("prob-half-forgotten", fit(between=True), "nothing has moved"),
    ("prob-half-forgotten", fit(rate=-0.1), "uphill"),
    ("prob-half-forgotten", lambda x, y, steps: fit()(x, y, 50), "as many as"),
    ("prob-half-forgotten", fit(half=1.0), "without the ½"),
    ("prob-half-forgotten", fit(rate=0.01), "before backward"),
    ("prob-stuck", Plain, "nn.Parameter"),
    ("prob-stuck", Buffered, "buffer"),
    ("prob-stuck", Doubled, "should return"),
    ("prob-stuck", Detached, "does not depend"),
    ("prob-stuck", Cut, "does not depend"),
    ("prob-stuck", Broken, "stopped with RuntimeError"),
    ("prob-stuck", 3, "nn.Module"),
    ("prob-touching", trapped, "still NaN"),
    ("prob-touching", lambda d: ((d**2).sum(1) + 1e-12).sqrt(), "added under the root"),
    ("prob-touching", lambda d: (d**2).sum(1), "should be 5"),
    ("prob-touching", lambda d: d.norm(), "for each row"),
    ("prob-touching", lambda d: safe(d.detach()), "detached"),
    ("prob-touching", lambda d: safe(d) + 2 * (safe(d) - safe(d).detach()), "divided by its"),
    ("prob-touching", lambda d: safe(d) + d.sum(1) * (d == 0).all(1), "where a row is 0"),
    ("prob-time-scale", 4, "plain descent"),
    ("prob-time-scale", 0.5, "upside down"),
    ("prob-time-scale", 16, "√η"),
    ("prob-time-scale", 1, "slower"),
    ("prob-time-scale", 2**0.5, "a quarter"),
    ("prob-time-scale", 3, "between two low points"),
]


def test_every_checker_of_the_chapter_is_tested() -> None:
    all_tested(RIGHT, WRONG, "autograd", "autograd_repairs")


@pytest.mark.parametrize("label", RIGHT)
def test_right_answers_are_right(label: str) -> None:
    judged_right(label, RIGHT[label])


@pytest.mark.parametrize(("label", "answer", "named"), WRONG)
def test_wrong_answers_are_told_why(label: str, answer: Any, named: str) -> None:
    judged_wrong(label, answer, named)
