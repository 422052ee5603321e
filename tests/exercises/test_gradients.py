"""The checkers of chapter 3: right answers in several forms, wrong ones told why."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

from gdbook.exercises import check
from gdbook.functions import rosenbrock, wave
from judging import all_tested, judged_right, judged_wrong

G = torch.tensor([[1.0, -4.0], [1.0, 4.0]], dtype=torch.float64)


def autograd(f: Callable[[Tensor], Tensor], x: Tensor) -> Any:
    x = x.clone().requires_grad_()
    (gradient,) = torch.autograd.grad(f(x), x)
    return gradient


def slope(f: Any, x: Tensor, v: Tensor) -> Any:
    return autograd(f, x) @ v / v.norm()


def slope_by_differences(f: Any, x: Tensor, v: Tensor) -> Any:
    u = 1e-5 * v / v.norm()
    return (f(x + u) - f(x - u)) / 2e-5


def steepest_by_search(g: Tensor, norm: str) -> Tensor:
    """The best of all corners and of a fine sphere: no formula."""
    if norm == "euclidean":
        return g / (g @ g) ** 0.5
    if norm == "largest":
        signs: list[list[float]] = [[]]
        for _ in range(len(g)):
            signs = [[*row, sign] for row in signs for sign in (-1.0, 1.0)]
        corners = torch.tensor(signs, dtype=g.dtype)
    else:
        corners = torch.cat([torch.eye(len(g), dtype=g.dtype), -torch.eye(len(g), dtype=g.dtype)])
    return corners[(corners @ g).argmax()]


def steepest(
    euclidean: Any = None, largest: Any = None, total: Any = None
) -> Callable[[Tensor, str], Tensor]:
    """The right answer, with one of its three parts exchanged."""

    def answer(g: Tensor, norm: str) -> Tensor:
        part = {"euclidean": euclidean, "largest": largest, "sum": total}[norm]
        made: Tensor = part(g) if part else steepest_by_search(g, norm)
        return made

    return answer


def cholesky_round(H: Tensor) -> Any:
    return torch.linalg.inv(torch.linalg.cholesky(H)).T


def eigen_round(H: Tensor) -> Any:
    eigenvalues, Q = torch.linalg.eigh(H)
    return Q / eigenvalues.sqrt()


def root(H: Tensor) -> Any:
    eigenvalues, Q = torch.linalg.eigh(H)
    return Q * eigenvalues.sqrt() @ Q.T


def rows_round(H: Tensor) -> Any:
    """For a symmetric matrix of eigenvectors, as torch gives in the plane, it would be right."""
    eigenvalues, Q = torch.linalg.eigh(H)
    return Q.T / eigenvalues.sqrt()


def step(x: float, y: float, eta: float) -> tuple[float, float]:
    return x - eta * (20 * x - 30 * y), y - eta * (80 * y - 30 * x)


def x_first(x: float, y: float, eta: float) -> tuple[float, float]:
    x = x - eta * (20 * x - 30 * y)
    return x, y - eta * (80 * y - 30 * x)


def y_first(x: float, y: float, eta: float) -> tuple[float, float]:
    y = y - eta * (80 * y - 30 * x)
    return x - eta * (20 * x - 30 * y), y


def residual_by_autograd(W: Tensor, X: Tensor, Y: Tensor) -> Any:
    return autograd(lambda w: ((X @ w - Y) ** 2).sum() / 2, W)


def degrees(cosine: float) -> float:
    return math.degrees(math.acos(cosine))


def widest_by_search(kappa: float) -> float:
    """No formula: the widest angle over many points (s, 1 − s) of the ravine."""
    x = torch.linspace(0.001, 0.999, 999, dtype=torch.float64)
    x = torch.stack([x, 1 - x])
    slope = x * torch.tensor([[1.0], [kappa]])
    return degrees(torch.cosine_similarity(x, slope, dim=0).min().item())


RIGHT: dict[str, list[Any]] = {
    "prob-on-the-ridge": [math.pi / 2, 1.5707963, 1.57],
    "prob-wrong-arrow": [
        lambda k: degrees(2 * k**0.5 / (k + 1)),
        lambda k: math.degrees(math.asin((k - 1) / (k + 1))),
        lambda k: math.degrees(math.atan((k - 1) / (2 * math.sqrt(k)))),
        widest_by_search,
    ],
    "prob-matrix-residual": [lambda W, X, Y: X.T @ (X @ W - Y), residual_by_autograd],
    "prob-mixed": [(-1, 1), [-1.0, 1.0]],
    "prob-slope-along": [slope, slope_by_differences],
    "prob-steepest-step": [steepest_by_search],
    "prob-make-it-round": [eigen_round, cholesky_round, lambda H: torch.linalg.inv(root(H))],
    "prob-one-after-the-other": [step],
    "prob-loss-goes-up": [
        lambda v: 10 * (G + G.T) @ v,
        lambda v: autograd(lambda w: 10 * w @ G @ w, v),
    ],
    "prob-exact-line-search": [(19 / 21) ** 2, 0.8186, 0.82],
    "prob-edge-of-stability": [2, 2.001, 1.999],
}

WRONG: list[tuple[str, Any, str]] = [
    ("prob-on-the-ridge", -math.pi / 2, "could grow"),
    ("prob-on-the-ridge", 3 * math.pi / 2, "far side"),
    ("prob-on-the-ridge", 0, "x₀ ends"),
    ("prob-on-the-ridge", 2, "x₀ starts"),
    ("prob-on-the-ridge", 1, "neighbouring numbers"),
    ("prob-wrong-arrow", lambda k: math.acos(2 * k**0.5 / (k + 1)), "radians"),
    ("prob-wrong-arrow", lambda k: 2 * k**0.5 / (k + 1), "the cosine of"),
    ("prob-wrong-arrow", lambda k: math.degrees(math.asin(2 * k**0.5 / (k + 1))), "whose sine"),
    ("prob-wrong-arrow", lambda k: degrees((1 + k) / math.sqrt(2 * (1 + k * k))), "at .1, 1."),
    ("prob-wrong-arrow", lambda k: degrees(min(1, 2 / (k + 1))), "root is missing"),
    ("prob-wrong-arrow", lambda k: 90, "under 65"),
    ("prob-wrong-arrow", 64.8, "should be a function"),
    ("prob-matrix-residual", lambda W, X, Y: 2 * X.T @ (X @ W - Y), "twice too large"),
    ("prob-matrix-residual", lambda W, X, Y: X.T @ (Y - X @ W), "reversed"),
    ("prob-matrix-residual", lambda W, X, Y: (X @ W - Y).T @ X, "transpose"),
    ("prob-matrix-residual", lambda W, X, Y: X @ W - Y, "residual itself"),
    ("prob-matrix-residual", lambda W, X, Y: X.T @ (X @ W - Y) / 5, "mean over the rows"),
    ("prob-matrix-residual", lambda W, X, Y: X.T @ (X @ W - Y) / 15, "mean over all"),
    ("prob-matrix-residual", lambda W, X, Y: X.T @ X @ W, "part with Y"),
    ("prob-matrix-residual", lambda W, X, Y: X, "shape of what is varied"),
    ("prob-matrix-residual", lambda W, X, Y: W, "which entries"),
    ("prob-matrix-residual", lambda W, X, Y: (X.T @ (X @ W - Y)).float(), "float32"),
    ("prob-matrix-residual", lambda W, X, Y: X.T @ (X @ W - Y) * len(W) / len(W.T), "W is square"),
    ("prob-wrong-arrow", lambda k: torch.tensor([0.25, 0.5]), "should return one number"),
    ("prob-wrong-arrow", lambda k: (64.8, 0.4), "should return one number"),
    ("prob-make-it-round", rows_round, "columns of Q"),
    ("prob-make-it-round", lambda H: eigen_round(H) if H[0, 0] > 1e-3 else H, "6 × 6"),
    ("prob-make-it-round", lambda H: eigen_round(H[:2, :2]), "shape of H"),
    ("prob-slope-along", lambda f, x, v: slope(wave, x, v), "stopped"),
    ("prob-slope-along", lambda f, x, v: slope(f, x, v + 1e-6), "length of v"),
    (
        "prob-steepest-step",
        steepest(lambda g: g / (g.norm() + 1e-8)),
        "divided by its length",
    ),
    ("prob-steepest-step", steepest(lambda g: g / g.norm().clamp(min=1e-6)), "small g is"),
    ("prob-edge-of-stability", 2.0899, "in the middle between them"),
    ("prob-edge-of-stability", 1.84, "not settled"),
    ("prob-edge-of-stability", 2.175, "not settled"),
    ("prob-exact-line-search", 0.81, "give more digits"),
    ("prob-exact-line-search", 0.825, "off by 0.8%"),
    ("prob-matrix-residual", lambda W, X, Y: X @ (X @ W - Y), "stopped with RuntimeError"),
    ("prob-mixed", (1, -1), "exchanged"),
    ("prob-mixed", (0, 0), "on its own axis"),
    ("prob-mixed", (1, 1), "second is right"),
    ("prob-mixed", (-1, -1), "first is right"),
    ("prob-mixed", (2, 3), "for fixed t"),
    ("prob-mixed", 1, "a pair"),
    ("prob-mixed", (1, 2, 3), "a pair"),
    ("prob-slope-along", lambda f, x, v: autograd(f, x) @ v, "twice as long"),
    (
        "prob-slope-along",
        lambda f, x, v: torch.cosine_similarity(autograd(f, x), v, dim=0),
        "cosine of the angle",
    ),
    (
        "prob-slope-along",
        lambda f, x, v: autograd(f, x) @ v / autograd(f, x).norm(),
        "instead of that of v",
    ),
    ("prob-slope-along", lambda f, x, v: -slope(f, x, v), "reversed"),
    ("prob-slope-along", lambda f, x, v: autograd(f, x).norm(), "steepest direction"),
    ("prob-slope-along", lambda f, x, v: autograd(f, x) @ v / (v @ v), "square of the length"),
    ("prob-slope-along", lambda f, x, v: autograd(f, x) @ v / v.sum(), "no length"),
    ("prob-slope-along", lambda f, x, v: autograd(f, x) @ v / v.abs().sum(), "Euclidean"),
    ("prob-slope-along", lambda f, x, v: autograd(f, x) * v, "one number"),
    ("prob-slope-along", lambda f, x, v: 0.0, "dot product"),
    ("prob-steepest-step", steepest(lambda g: g), "the gradient itself"),
    ("prob-steepest-step", steepest(lambda g: -g / g.norm()), "goes down"),
    ("prob-steepest-step", steepest(lambda g: g * 0), "divided by its length"),
    ("prob-steepest-step", steepest(None, lambda g: g / g.abs().max()), "direction of g"),
    ("prob-steepest-step", steepest(None, lambda g: g.sign() / 3**0.5), "as large as 1"),
    (
        "prob-steepest-step",
        steepest(None, lambda g: steepest_by_search(g, "sum")),
        "answer for 'sum'",
    ),
    ("prob-steepest-step", steepest(None, lambda g: g * 0), "each entry by itself"),
    ("prob-steepest-step", steepest(None, None, lambda g: g / g.abs().sum()), "same length"),
    (
        "prob-steepest-step",
        steepest(None, None, lambda g: steepest_by_search(g, "sum").abs()),
        "mind the sign",
    ),
    (
        "prob-steepest-step",
        steepest(None, None, lambda g: torch.eye(3, dtype=g.dtype)[g.argmax()]),
        "largest in size",
    ),
    ("prob-steepest-step", steepest(None, None, lambda g: g * 0), "earn most"),
    ("prob-make-it-round", torch.linalg.inv, "which is SSᵀ"),
    ("prob-make-it-round", lambda H: torch.linalg.eigh(H)[1], "still the old ones"),
    ("prob-make-it-round", root, "from x to z"),
    (
        "prob-make-it-round",
        lambda H: torch.linalg.eigh(H)[1] / torch.linalg.eigh(H)[0],
        "roots are needed",
    ),
    ("prob-make-it-round", lambda H: torch.diag(H.diagonal() ** -0.5), "turn the axes"),
    (
        "prob-make-it-round",
        lambda H: torch.linalg.inv(torch.linalg.cholesky(H)),
        "transpose your S",
    ),
    ("prob-make-it-round", torch.linalg.cholesky, "factor L of"),
    ("prob-make-it-round", lambda H: torch.linalg.cholesky(H).T, "from x to z"),
    ("prob-make-it-round", lambda H: H, "Start from the eigenvectors"),
    ("prob-make-it-round", lambda H: H[0], "shape of H"),
    ("prob-one-after-the-other", x_first, "still uses the new x"),
    ("prob-one-after-the-other", y_first, "other way round"),
    ("prob-one-after-the-other", lambda x, y, eta: step(x, y, -eta), "uphill"),
    ("prob-one-after-the-other", lambda x, y, eta: (x, y), "both partial derivatives first"),
    ("prob-one-after-the-other", lambda x, y, eta: (x, y, eta), "return x and y, got more than 2"),
    (
        "prob-one-after-the-other",
        lambda x, y, eta: (x - eta * (20 * x - 30 / y), step(x, y, eta)[1]),
        "both partial derivatives first",
    ),
    ("prob-one-after-the-other", lambda x, y, eta: x, "return x and y, got 2.0"),
    ("prob-one-after-the-other", 1.0, "should be a function"),
    ("prob-loss-goes-up", lambda v: 20 * G @ v, "still 2Gv"),
    ("prob-loss-goes-up", lambda v: 20 * G.T @ v, "Gᵀ in place"),
    ("prob-loss-goes-up", lambda v: (G + G.T) @ v, "the 10 in front"),
    ("prob-loss-goes-up", lambda v: 5 * (G + G.T) @ v, "half too small"),
    ("prob-loss-goes-up", lambda v: 20 * (G + G.T) @ v, "twice too large"),
    ("prob-loss-goes-up", lambda v: -10 * (G + G.T) @ v, "reversed"),
    ("prob-loss-goes-up", lambda v: v, "multiply out"),
    ("prob-exact-line-search", 19 / 21, "the distance"),
    ("prob-exact-line-search", (21 / 19) ** 2, "upside down"),
    ("prob-exact-line-search", 1, "nothing falls"),
    ("prob-exact-line-search", 0, "does it"),
    ("prob-exact-line-search", 0.5, "start at"),
    ("prob-edge-of-stability", 1, "Measure it"),
    ("prob-edge-of-stability", 800, "multiply it by"),
    ("prob-edge-of-stability", 7, "Hessian there"),
    ("prob-edge-of-stability", 2.175, "not settled"),
]


def test_every_checker_is_tested() -> None:
    all_tested(RIGHT, WRONG, "gradients")


@pytest.mark.parametrize("label", RIGHT)
def test_right_answers_are_right(label: str) -> None:
    judged_right(label, RIGHT[label])


@pytest.mark.parametrize(("label", "answer", "named"), WRONG)
def test_wrong_answers_are_told_why(label: str, answer: Any, named: str) -> None:
    judged_wrong(label, answer, named)


@pytest.mark.parametrize("eta", [0.0025, 0.003])
def test_the_product_at_the_minimum_is_told_from_the_one_where_the_run_settles(eta: float) -> None:
    minimum = torch.ones(2, dtype=torch.float64)
    hessian: Any = torch.autograd.functional.hessian
    product = eta * torch.linalg.eigvalsh(hessian(rosenbrock, minimum))[-1].item()
    assert "at the minimum" in check("prob-edge-of-stability", product).sentence
