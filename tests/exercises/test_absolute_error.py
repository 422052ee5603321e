"""The checkers of book/losses/absolute-error: right answers in several forms, wrong ones too."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from scipy.optimize import linprog
from torch import Tensor
from torch.nn import functional

from gdbook.models import least_absolute_deviations, lstsq_solution
from judging import all_tested, judged_right, judged_wrong

# --- slopes of lines through the origin -----------------------------------------------------------


def slope_of_all(x: Tensor, y: Tensor) -> Any:
    slopes = y / x
    return min(slopes.tolist(), key=lambda s: (s * x - y).abs().sum().item())


def slope_in_numpy(x: Tensor, y: Tensor) -> Any:
    slopes, weights = (y / x).numpy(), x.abs().numpy()
    order = np.argsort(slopes)
    return slopes[order][np.searchsorted(weights[order].cumsum(), weights.sum() / 2)]


def slope_by_program(x: Tensor, y: Tensor) -> Any:
    return least_absolute_deviations(x[:, None], y).coefficients


# --- optimizers that slow down --------------------------------------------------------------------


class Shrinking:
    """Right; `rate` and `count` are what its relatives change."""

    def __init__(self, params: Any, lr: float) -> None:
        self.params, self.lr, self.k = list(params), lr, 0

    def rate(self) -> float:
        return float(self.lr / (self.k + 1) ** 0.5)

    @torch.no_grad()
    def step(self) -> None:
        for p in self.params:
            if p.grad is not None:
                p.sub_(self.rate() * p.grad)
        self.k += 1


class ByData(Shrinking):
    def step(self) -> None:
        self.k += 1
        for p in self.params:
            if p.grad is not None:
                p.data = p.data - self.lr * self.k**-0.5 * p.grad


class ByTorch(torch.optim.SGD):
    def __init__(self, params: Any, lr: float) -> None:
        super().__init__(params, lr=lr)
        self.base, self.k = lr, 0

    def step(self, closure: Any = None) -> Any:
        self.param_groups[0]["lr"] = self.base / (1 + self.k) ** 0.5
        self.k += 1
        return super().step(closure)


def shrinking(rate: Any) -> Any:
    class Changed(Shrinking):
        def rate(self) -> float:
            return float(rate(self.lr, self.k))

    return Changed


class Compounding(Shrinking):
    def rate(self) -> float:
        made = self.lr
        for j in range(self.k + 1):
            made /= (j + 1) ** 0.5
        return float(made)


class CountsParameters(Shrinking):
    @torch.no_grad()
    def step(self) -> None:
        for p in self.params:
            if p.grad is not None:
                p.sub_(self.rate() * p.grad)
                self.k += 1


class CountsFullSteps(Shrinking):
    def step(self) -> None:
        k = self.k
        super().step()
        if any(p.grad is None for p in self.params):
            self.k = k


class NeedsGradients(Shrinking):
    @torch.no_grad()
    def step(self) -> None:
        for p in self.params:
            p.sub_(self.rate() * p.grad)
        self.k += 1


class KeepsGenerator(Shrinking):
    def __init__(self, params: Any, lr: float) -> None:
        super().__init__([], lr)
        self.params = params


# --- Huber's steps --------------------------------------------------------------------------------


def huber_where(w: Tensor, X: Tensor, y: Tensor, eta: float, delta: float) -> Any:
    r = X @ w - y
    pull = torch.where(r.abs() <= delta, r, delta * torch.sign(r))
    return w - eta * (pull[:, None] * X).mean(0)


def huber_in_loops(w: Tensor, X: Tensor, y: Tensor, eta: float, delta: float) -> Any:
    made = w.tolist()
    for row, target in zip(X.tolist(), y.tolist(), strict=True):
        r = sum(a * b for a, b in zip(row, w.tolist(), strict=True)) - target
        for j, entry in enumerate(row):
            made[j] -= eta * max(-delta, min(delta, r)) * entry / len(y)
    return made


def huber_in_place(w: Tensor, X: Tensor, y: Tensor, eta: float, delta: float) -> Any:
    w -= eta * X.T @ (X @ w - y).clip(-delta, delta) / len(X)
    return w


def huber_by_autograd(w: Tensor, X: Tensor, y: Tensor, eta: float, delta: float) -> Any:
    v = w.clone().requires_grad_()
    (g,) = torch.autograd.grad(functional.huber_loss(X @ v, y, delta=delta), v)
    return w - eta * g


def huber_pulling(pull: Any, scale: float = 1.0) -> Any:
    def step(w: Tensor, X: Tensor, y: Tensor, eta: float, delta: float) -> Any:
        return w - scale * eta * X.T @ pull(X @ w - y, delta) / len(y)

    return step


def clipped(r: Tensor, delta: float) -> Tensor:
    return r.clamp(-delta, delta)


def huber_clipping_entries(w: Tensor, X: Tensor, y: Tensor, eta: float, delta: float) -> Any:
    return w - eta * (X.T @ (X @ w - y) / len(y)).clamp(-delta, delta)


# --- exact fits -----------------------------------------------------------------------------------


def fit_by_parts(X: Tensor, y: Tensor) -> Any:
    """Return the fit in the chapter's form, as a NumPy array."""
    rows, columns = X.shape
    A = np.hstack([X.numpy(), np.eye(rows), -np.eye(rows)])
    bounds = [(None, None)] * columns + [(0, None)] * (2 * rows)
    cost = [0] * columns + [1] * (2 * rows)
    return linprog(cost, A_eq=A, b_eq=y.numpy(), bounds=bounds).x[:columns]


def fit_by_package(X: Tensor, y: Tensor) -> Any:
    return least_absolute_deviations(X, y).coefficients.tolist()


def fit_by_inequalities(bounds: Any, shared: bool = False) -> Any:
    def fit(X: Tensor, y: Tensor) -> Any:
        rows, columns = X.shape
        more = np.ones((rows, 1)) if shared else np.eye(rows)
        A = np.block([[X.numpy(), -more], [-X.numpy(), -more]])
        b = np.concatenate([y.numpy(), -y.numpy()])
        cost = [0] * columns + [1] * more.shape[1]
        return linprog(cost, A_ub=A, b_ub=b, bounds=bounds).x[:columns]

    return fit


# --- fits by descent ------------------------------------------------------------------------------


def descending(rate: Any, keep: bool, steps: int = 4000) -> Any:
    def fit(X: Tensor, y: Tensor) -> Any:
        w = torch.zeros(X.shape[1], dtype=X.dtype)
        lowest: Any = torch.inf
        kept = w
        for k in range(steps):
            r = X @ w - y
            if r.abs().mean() < lowest:
                lowest, kept = r.abs().mean(), w
            w = w - rate(k) * torch.sign(r) @ X / len(y)
        return kept if keep else w

    return fit


def geometric_fit(X: Tensor, y: Tensor) -> Any:
    w = torch.zeros(X.shape[1], dtype=X.dtype, requires_grad=True)
    sgd = torch.optim.SGD([w], lr=1.0)
    schedule = torch.optim.lr_scheduler.ExponentialLR(sgd, 0.995)
    for _ in range(2000):
        sgd.zero_grad()
        loss: Any = functional.l1_loss(X @ w, y)
        loss.backward()
        sgd.step()
        schedule.step()
    return w.detach()


RIGHT: dict[str, list[Any]] = {
    "prob-two-cycle": [[-0.05, 0.25], torch.tensor([-0.05, 0.25]), (-1 / 20, 1 / 4)],
    "prob-all-up": [2, 2.0, torch.tensor(2.0)],
    "prob-huber-constant": [1.5, 3 / 2, torch.tensor(1.5)],
    "prob-constant-floor": [
        lambda eta, N: eta / (2 * N**2),
        lambda eta, N: torch.tensor(eta / 2).double() / N / N,
        lambda eta, N: 0.5 * eta * (1 / N) ** 2,
    ],
    "prob-best-slope": [slope_of_all, slope_in_numpy, slope_by_program],
    "prob-geometric": [0.7266, 0.726605, torch.tensor(0.7266)],
    "prob-shrinking-sgd": [Shrinking, ByData, ByTorch],
    "prob-huber-step": [huber_where, huber_in_loops, huber_in_place],
    "prob-exact-fit": [fit_by_parts, fit_by_package, fit_by_inequalities((None, None))],
    "prob-never-stops": [
        geometric_fit,
        descending(lambda k: 0.5 / (k + 1) ** 0.5, keep=True),
        descending(lambda k: 0.5 * 0.997**k, keep=False),
    ],
}

WRONG: list[tuple[str, Any, str]] = [
    ("prob-two-cycle", [0.25, -0.05], "other order"),
    ("prob-two-cycle", [-0.65, 0.25], "±1/3"),
    ("prob-two-cycle", [0, 0], "doesn't shrink"),
    ("prob-two-cycle", [0.25, 0.55], "leads down"),
    ("prob-two-cycle", [0.1, 0.2], "then the next"),
    ("prob-two-cycle", 0.25, "two numbers"),
    ("prob-all-up", 40, "over twenty"),
    ("prob-all-up", 5, "eight points that moved"),
    ("prob-all-up", 0, "become longer"),
    ("prob-all-up", 0.25, "one point's part"),
    ("prob-all-up", 3, "certificate"),
    ("prob-huber-constant", 3, "mean"),
    ("prob-huber-constant", 1, "median"),
    ("prob-huber-constant", 0.5, "leaves the far one out"),
    ("prob-huber-constant", -0.5, "pulls the constant up"),
    ("prob-huber-constant", 2, "clips residuals"),
    ("prob-constant-floor", lambda eta, N: eta / N**2, "at its worst"),
    ("prob-constant-floor", lambda eta, N: eta / (2 * N), "1/N²"),
    ("prob-constant-floor", lambda eta, N: eta / 2, "±1"),
    ("prob-constant-floor", lambda eta, N: eta / N, "distance"),
    ("prob-constant-floor", lambda eta, N: eta**2 / (2 * N**2), "enters once"),
    ("prob-constant-floor", 0.02, "a function"),
    ("prob-best-slope", lambda x, y: (y / x).median(), "plain median"),
    ("prob-best-slope", lambda x, y: (x @ y) / (x @ x), "least squares"),
    ("prob-best-slope", lambda x, y: (y / x).mean(), "no median"),
    ("prob-best-slope", lambda x, y: y / x, "one number"),
    ("prob-best-slope", lambda x, y: slope_of_all(x, y) + 1e-3, "near"),
    ("prob-best-slope", lambda x, y: 17.0, "smaller sum"),
    ("prob-geometric", 3.931201, "the start"),
    ("prob-geometric", 0.0304135, "height"),
    ("prob-geometric", 10, "sum of the rates"),
    ("prob-geometric", 0, "arrives"),
    ("prob-geometric", 0.73, "more digits"),
    ("prob-shrinking-sgd", shrinking(lambda lr, k: lr), "same in every step"),
    ("prob-shrinking-sgd", shrinking(lambda lr, k: lr / (k + 1)), "root is missing"),
    ("prob-shrinking-sgd", shrinking(lambda lr, k: lr / (k + 2) ** 0.5), "lr/√2"),
    ("prob-shrinking-sgd", shrinking(lambda lr, k: lr / max(k, 1) ** 0.5), "too late"),
    ("prob-shrinking-sgd", shrinking(lambda lr, k: -lr / (k + 1) ** 0.5), "uphill"),
    ("prob-shrinking-sgd", shrinking(lambda lr, k: (lr / (k + 1)) ** 0.5), "of lr"),
    ("prob-shrinking-sgd", shrinking(lambda lr, k: lr / k**0.5), "ZeroDivisionError"),
    ("prob-shrinking-sgd", Compounding, "divide lr"),
    ("prob-shrinking-sgd", CountsParameters, "Count once"),
    ("prob-shrinking-sgd", CountsFullSteps, "count all the same"),
    ("prob-shrinking-sgd", NeedsGradients, "may be None"),
    ("prob-shrinking-sgd", KeepsGenerator, "generator"),
    ("prob-huber-step", huber_pulling(lambda r, d: clipped(r, d) / d), "SmoothL1Loss"),
    ("prob-huber-step", huber_pulling(clipped, 12), "of the sum"),
    ("prob-huber-step", huber_pulling(clipped, 4), "number of columns"),
    ("prob-huber-step", huber_pulling(lambda r, d: r), "not clipped"),
    ("prob-huber-step", huber_pulling(clipped, -1), "uphill"),
    (
        "prob-huber-step",
        huber_pulling(lambda r, d: torch.where(r.abs() <= d, 2 * r, d * r.sign())),
        "the ½",
    ),
    (
        "prob-huber-step",
        huber_pulling(lambda r, d: torch.where(r.abs() <= d, r, r.sign())),
        "strength 1",
    ),
    ("prob-huber-step", huber_pulling(lambda r, d: r.clamp(max=d)), "large negative"),
    ("prob-huber-step", huber_pulling(clipped, scale=2.0), "twice as long"),
    ("prob-huber-step", huber_clipping_entries, "entries are clipped"),
    ("prob-huber-step", huber_by_autograd, "autograd"),
    ("prob-huber-step", lambda w, X, y, eta, delta: w[:, None], "shape of w"),
    ("prob-exact-fit", fit_by_inequalities((0, None)), "None, None"),
    ("prob-exact-fit", lstsq_solution, "least squares"),
    ("prob-exact-fit", fit_by_inequalities((None, None), shared=True), "its own"),
    ("prob-exact-fit", lambda X, y: torch.ones(X.shape[1]), "above the best"),
    ("prob-exact-fit", lambda X, y: torch.zeros(7), "numbers"),
    ("prob-never-stops", descending(lambda k: 0.5, keep=False), "stays on its floor"),
    ("prob-never-stops", descending(lambda k: 0.02, keep=False), "stays on its floor"),
    ("prob-never-stops", descending(lambda k: 0.02, keep=True), "stays on its floor"),
    ("prob-never-stops", descending(lambda k: 0.01, keep=True), "stays on its floor"),
    ("prob-all-up", 0.4, "share of the points"),
    ("prob-never-stops", lstsq_solution, "least squares"),
    ("prob-never-stops", descending(lambda k: 0.5 / (k + 1) ** 2, keep=True), "too short"),
    ("prob-never-stops", lambda X, y: torch.zeros(3), "too short"),
    ("prob-never-stops", lambda X, y: torch.zeros(2), "three numbers"),
]


def test_every_checker_is_tested() -> None:
    all_tested(RIGHT, WRONG, "absolute_error", "absolute_error_code")


@pytest.mark.parametrize("label", RIGHT)
def test_right_answers_are_right(label: str) -> None:
    judged_right(label, RIGHT[label])


@pytest.mark.parametrize(("label", "answer", "named"), WRONG)
def test_wrong_answers_are_told_why(label: str, answer: Any, named: str) -> None:
    judged_wrong(label, answer, named)
