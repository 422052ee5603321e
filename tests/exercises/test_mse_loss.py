"""The checkers of book/losses/mse-loss: right answers in several forms, wrong ones told why."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.autograd.function import once_differentiable
from torch.nn import functional

from gdbook import losses
from judging import all_tested, judged_right, judged_wrong

# --- Huber's loss, in the forms that readers write --------------------------------------------


def huber_by_clamp(prediction: Tensor, target: Tensor, delta: float) -> Any:
    """Return it by another formula: q = min(|r|, δ) gives q²/2 + δ(|r| − q)."""
    assert_shapes(prediction, target)
    size = (prediction - target).abs()
    inside = size.clamp(max=delta)
    return (inside**2 / 2 + delta * (size - inside)).mean()


def huber_of_roots(prediction: Tensor, target: Tensor, delta: float) -> Any:
    """Take the root of a square, which has no gradient at 0."""
    assert_shapes(prediction, target)
    size = ((prediction - target) ** 2).sqrt()
    inside = size.clamp(max=delta)
    return (inside**2 / 2 + delta * (size - inside)).mean()


def huber_in_a_loop(prediction: Tensor, target: Tensor, delta: float) -> Any:
    assert_shapes(prediction, target)
    total: Any = 0
    for p, t in zip(prediction, target, strict=True):
        r = abs(p - t)
        total = total + (r * r / 2 if r <= delta else delta * r - delta * delta / 2)
    return total / len(target)


def assert_shapes(prediction: Tensor, target: Tensor) -> None:
    if prediction.shape != target.shape:
        raise ValueError("the shapes differ")


class HuberModule(torch.nn.Module):
    def forward(self, prediction: Tensor, target: Tensor, delta: float) -> Any:
        assert_shapes(prediction, target)
        return functional.huber_loss(prediction, target, delta=delta)


def huber_that(change: Any) -> Any:
    """Return a loss that refuses shapes, as the right one does, and is otherwise another."""

    def loss(prediction: Tensor, target: Tensor, delta: float) -> Any:
        assert_shapes(prediction, target)
        return change(prediction, target, delta)

    return loss


def huber_detached(prediction: Tensor, target: Tensor, delta: float) -> Any:
    size = (prediction - target).abs()
    outside = delta * (size.detach() - delta / 2)
    return torch.where(size <= delta, size**2 / 2, outside).mean()


def huber_counting_axes(prediction: Tensor, target: Tensor, delta: float) -> Any:
    if prediction.ndim != target.ndim or prediction.numel() != target.numel():
        raise ValueError("the shapes differ")
    return functional.huber_loss(prediction, target, delta=delta)


def huber_asserting(prediction: Tensor, target: Tensor, delta: float) -> Any:
    assert prediction.shape == target.shape, "shapes"
    return functional.huber_loss(prediction, target, delta=delta)


# --- a loss that learns the noise ---------------------------------------------------------------


def noise_by_distribution(prediction: Tensor, target: Tensor, log_sigma: Tensor) -> Any:
    normal: Any = torch.distributions.Normal(prediction, log_sigma.exp())
    return -normal.log_prob(target).mean() - 0.5 * math.log(2 * math.pi)


def noise_by_torch(prediction: Tensor, target: Tensor, log_sigma: Tensor) -> Any:
    variance = torch.exp(log_sigma) ** 2
    return functional.gaussian_nll_loss(prediction, target, variance.expand_as(prediction))


def noise(half: float = 0.5, power: float = -2.0, rest: float = 1.0) -> Any:
    """Return the right loss with its constants exchanged."""

    def loss(prediction: Tensor, target: Tensor, s: Tensor) -> Any:
        return (half * (prediction - target) ** 2 * torch.exp(power * s)).mean() + rest * s

    return loss


# --- operations for log cosh ----------------------------------------------------------------------


class LogCosh(torch.autograd.Function):
    """Right; its value is the package's, its gradient is written by exponentials."""

    @staticmethod
    def forward(ctx: Any, p: Tensor, t: Tensor) -> Any:
        ctx.save_for_backward(p, t)
        return losses.log_cosh(p, t)

    @staticmethod
    def backward(ctx: Any, g: Any) -> Any:
        p, t = ctx.saved_tensors
        slope = 2 * torch.sigmoid(2 * (p - t)) - 1
        return g * slope / p.numel(), -g * slope / p.numel()


class WithSetup(torch.autograd.Function):
    """Right, in torch's newer form, with the saving in `setup_context`."""

    @staticmethod
    def forward(p: Tensor, t: Tensor) -> Any:
        return losses.log_cosh(p, t)

    @staticmethod
    def setup_context(ctx: Any, inputs: Any, output: Any) -> None:
        ctx.save_for_backward(*inputs)

    @staticmethod
    def backward(ctx: Any, g: Any) -> Any:
        p, t = ctx.saved_tensors
        slope = g * torch.tanh(p - t) / p.numel()
        return slope, -slope


class Overflows(LogCosh):
    @staticmethod
    def forward(ctx: Any, p: Tensor, t: Tensor) -> Any:
        ctx.save_for_backward(p, t)
        return torch.cosh(p - t).log().mean()


class Summed(LogCosh):
    @staticmethod
    def forward(ctx: Any, p: Tensor, t: Tensor) -> Any:
        ctx.save_for_backward(p, t)
        return losses.log_cosh(p, t, reduction="sum")


class TooHigh(LogCosh):
    @staticmethod
    def forward(ctx: Any, p: Tensor, t: Tensor) -> Any:
        ctx.save_for_backward(p, t)
        size = (p - t).abs()
        return (size + torch.log1p(torch.exp(-2 * size))).mean()


class SumsGradient(LogCosh):
    @staticmethod
    def backward(ctx: Any, g: Any) -> Any:
        p, t = ctx.saved_tensors
        return g * torch.tanh(p - t), -g * torch.tanh(p - t)


class SquareGradient(LogCosh):
    @staticmethod
    def backward(ctx: Any, g: Any) -> Any:
        p, t = ctx.saved_tensors
        return g * (p - t) / p.numel(), -g * (p - t) / p.numel()


class TurnedRound(LogCosh):
    @staticmethod
    def backward(ctx: Any, g: Any) -> Any:
        p, t = ctx.saved_tensors
        slope = g * torch.tanh(p - t) / p.numel()
        return -slope, slope


class SameSign(LogCosh):
    @staticmethod
    def backward(ctx: Any, g: Any) -> Any:
        p, t = ctx.saved_tensors
        slope = g * torch.tanh(p - t) / p.numel()
        return slope, slope


class NoTarget(LogCosh):
    @staticmethod
    def backward(ctx: Any, g: Any) -> Any:
        p, t = ctx.saved_tensors
        return g * torch.tanh(p - t) / p.numel(), None


class DividesByRows(LogCosh):
    @staticmethod
    def backward(ctx: Any, g: Any) -> Any:
        p, t = ctx.saved_tensors
        slope = g * torch.tanh(p - t) / len(p)
        return slope, -slope


class DetachesTarget(LogCosh):
    """Right in all but the mixed second derivative."""

    @staticmethod
    def backward(ctx: Any, g: Any) -> Any:
        p, t = ctx.saved_tensors
        slope = g * torch.tanh(p - t.detach()) / p.numel()
        return slope, -slope


class SinhOverCosh(LogCosh):
    @staticmethod
    def backward(ctx: Any, g: Any) -> Any:
        p, t = ctx.saved_tensors
        slope = g * torch.sinh(p - t) / torch.cosh(p - t) / p.numel()
        return slope, -slope


class ByExponentials(LogCosh):
    """Right; its own tanh, in the form that does not overflow."""

    @staticmethod
    def backward(ctx: Any, g: Any) -> Any:
        p, t = ctx.saved_tensors
        q = torch.exp(-2 * (p - t).abs())
        slope = g * torch.sign(p - t) * (1 - q) / (1 + q) / p.numel()
        return slope, -slope


class NoAdjoint(LogCosh):
    @staticmethod
    def backward(ctx: Any, g: Any) -> Any:
        p, t = ctx.saved_tensors
        slope = torch.tanh(p - t) / p.numel()
        return slope, -slope


class SavesSlope(LogCosh):
    @staticmethod
    def forward(ctx: Any, p: Tensor, t: Tensor) -> Any:
        ctx.save_for_backward(torch.tanh(p - t))
        return losses.log_cosh(p, t)

    @staticmethod
    def backward(ctx: Any, g: Any) -> Any:
        (slope,) = ctx.saved_tensors
        return g * slope / slope.numel(), -g * slope / slope.numel()


class Once(LogCosh):
    @staticmethod
    @once_differentiable
    def backward(ctx: Any, g: Any) -> Any:
        p, t = ctx.saved_tensors
        slope = g * torch.tanh(p - t) / p.numel()
        return slope, -slope


# --- averages -----------------------------------------------------------------------------------


def squares_of(f: Any, x: Tensor, y: Tensor, size: int) -> list[Tensor]:
    pairs = zip(torch.split(x, size), torch.split(y, size), strict=True)
    return [(f(a) - b).square() for a, b in pairs]


@torch.no_grad()
def whole_rmse(f: Any, x: Tensor, y: Tensor, batch_size: int) -> Any:
    return torch.cat(squares_of(f, x, y, batch_size)).mean().sqrt()


def rmse_with_graphs(f: Any, x: Tensor, y: Tensor, batch_size: int) -> Any:
    return torch.cat(squares_of(f, x, y, batch_size)).mean().sqrt()


@torch.no_grad()
def rmse_at_once(f: Any, x: Tensor, y: Tensor, batch_size: int) -> Any:
    return (f(x) - y).square().mean().sqrt()


def detached_rmse(f: Any, x: Tensor, y: Tensor, batch_size: int) -> Any:
    total = torch.zeros((), dtype=x.dtype)
    for k in range(0, len(x), batch_size):
        r = f(x[k : k + batch_size]).detach() - y[k : k + batch_size]
        total += r @ r
    return torch.sqrt(total / len(x))


def float_rmse(f: Any, x: Tensor, y: Tensor, batch_size: int) -> float:
    pairs = zip(torch.split(x, batch_size), torch.split(y, batch_size), strict=True)
    return math.sqrt(sum((f(a) - b).square().sum().item() for a, b in pairs) / len(y))


def late_rmse(f: Any, x: Tensor, y: Tensor, batch_size: int) -> float:
    """Return a plain number, but keep the graphs of all batches until then."""
    return math.sqrt(sum(s.sum().item() for s in squares_of(f, x, y, batch_size)) / len(y))


def rmse_that(change: Any) -> Any:
    return lambda f, x, y, size: change(squares_of(f, x, y, size), len(y))


RIGHT: dict[str, list[Any]] = {
    "prob-third-step": [8 / 9, torch.tensor(8 / 9), 0.8889],
    "prob-two-batches": [[2, 5**0.5], torch.tensor([2.0, 5.0**0.5]), (2.0, 2.24)],
    "prob-centimetres": [1, 1.0, torch.tensor(1.0)],
    "prob-line-gradient": [
        lambda X, w, y: 2 * X.T @ (X @ w - y) / len(y),
        lambda X, w, y: -2 * ((y - X @ w)[:, None] * X).mean(0),
        lambda X, w, y: [
            2 * sum(X[i, j] * (X[i] @ w - y[i]) for i in range(len(y))) / len(y)
            for j in range(len(w))
        ],
    ],
    "prob-same-run": [
        lambda c, eta, decay: (eta / 2 / c, decay * c * 2),
        lambda c, eta, decay: torch.tensor([eta / (2 * c), 2 * c * decay]),
        lambda c, eta, decay: [0.5 / c * eta, c / 0.5 * decay],
    ],
    "prob-huber-loss": [huber_by_clamp, huber_in_a_loop, HuberModule()],
    "prob-learned-noise": [noise(), noise_by_distribution, noise_by_torch],
    "prob-log-cosh-function": [LogCosh, WithSetup, ByExponentials],
    "prob-batch-rmse": [whole_rmse, float_rmse, detached_rmse],
    "prob-rmse-descent": [0.43205, -0.432049379894, torch.tensor(0.2 * (14 / 3) ** 0.5)],
}

WRONG: list[tuple[str, Any, str]] = [
    ("prob-third-step", 2, "first steps"),
    ("prob-third-step", 4 / 3, "second steps"),
    ("prob-third-step", 16 / 27, "fourth"),
    ("prob-third-step", 4 / 9, "errors"),
    ("prob-third-step", 9 / 8, "upside down"),
    ("prob-third-step", 0.1, "three points"),
    ("prob-two-batches", [5**0.5, 2], "other order"),
    ("prob-two-batches", [2, 5], "take its root"),
    ("prob-two-batches", [2, 2], "average to 5"),
    ("prob-two-batches", [5**0.5, 5**0.5], "mean of the roots"),
    ("prob-two-batches", [5, 5**0.5], "not of the squares"),
    ("prob-two-batches", [2, 2.2], "more digits"),
    ("prob-two-batches", 2, "two numbers"),
    ("prob-centimetres", 1e-4, "in front of the loss"),
    ("prob-centimetres", 0.01, "longer gradient"),
    ("prob-centimetres", 100, "upside down"),
    ("prob-centimetres", 10_000, "factor of the loss"),
    ("prob-centimetres", 7, "100 times the old"),
    ("prob-line-gradient", lambda X, w, y: X.T @ (X @ w - y) / len(y), "half the mean"),
    ("prob-line-gradient", lambda X, w, y: 2 * X.T @ (X @ w - y), "of the sum"),
    ("prob-line-gradient", lambda X, w, y: X.T @ (X @ w - y), "half the sum"),
    ("prob-line-gradient", lambda X, w, y: 2 / 6 * X.T @ (y - X @ w), "downhill"),
    ("prob-line-gradient", lambda X, w, y: 2 / 3 * X.T @ (X @ w - y), "over the rows"),
    ("prob-line-gradient", lambda X, w, y: X.T @ (X @ w - y)[:, None], "shape of w"),
    (
        "prob-line-gradient",
        lambda X, w, y: 2 / len(y) * (X.T @ (X @ w[:, None] - y)).mean(1),
        "meets every target",
    ),
    (
        "prob-line-gradient",
        lambda X, w, y: torch.func.grad(lambda v: (X @ v - y).square().mean())(w),
        "autograd",
    ),
    ("prob-same-run", lambda c, eta, decay: (eta / (2 * c), decay), "must grow"),
    ("prob-same-run", lambda c, eta, decay: (eta / (2 * c), decay / (2 * c)), "multiplied"),
    ("prob-same-run", lambda c, eta, decay: (eta / c, c * decay), "has ½"),
    ("prob-same-run", lambda c, eta, decay: (2 * c * eta, decay / (2 * c)), "upside down"),
    ("prob-same-run", lambda c, eta, decay: (2 * c * decay, eta / (2 * c)), "other order"),
    ("prob-same-run", lambda c, eta, decay: eta / (2 * c), "two numbers"),
    ("prob-huber-loss", lambda p, t, d: functional.huber_loss(p, t, delta=d), "16 differences"),
    ("prob-huber-loss", huber_of_roots, "nan|NaN|not a number"),
    ("prob-huber-loss", huber_counting_axes, r"\(1, 4\)"),
    ("prob-huber-loss", lambda p, t, d: functional.smooth_l1_loss(p, t, beta=d), "smooth L1"),
    (
        "prob-huber-loss",
        lambda p, t, d: functional.huber_loss(p, t, delta=d, reduction="sum"),
        "is a mean",
    ),
    (
        "prob-huber-loss",
        huber_that(
            lambda p, t, d: torch.where(
                (p - t).abs() <= d, (p - t) ** 2, d * ((p - t).abs() - d / 2)
            ).mean()
        ),
        "the ½",
    ),
    (
        "prob-huber-loss",
        huber_that(
            lambda p, t, d: torch.where(
                (p - t).abs() <= d, (p - t) ** 2 / 2, d * (p - t).abs()
            ).mean()
        ),
        "begin too high",
    ),
    (
        "prob-huber-loss",
        huber_that(
            lambda p, t, d: torch.where(
                (p - t).abs() <= d, (p - t) ** 2 / 2, (p - t).abs() - d / 2
            ).mean()
        ),
        "slope 1",
    ),
    (
        "prob-huber-loss",
        huber_that(
            lambda p, t, d: torch.where(
                (p - t).abs() > d, (p - t) ** 2 / 2, d * ((p - t).abs() - d / 2)
            ).mean()
        ),
        "changed places",
    ),
    (
        "prob-huber-loss",
        huber_that(
            lambda p, t, d: torch.where(
                p - t <= d, (p - t) ** 2 / 2, d * ((p - t).abs() - d / 2)
            ).mean()
        ),
        "sign",
    ),
    ("prob-huber-loss", huber_that(huber_detached), "detached"),
    ("prob-huber-loss", huber_asserting, "ValueError"),
    ("prob-huber-loss", huber_that(lambda p, t, d: huber_by_clamp(p, t, d).item()), "no path"),
    (
        "prob-huber-loss",
        huber_that(lambda p, t, d: functional.huber_loss(p, t, delta=d, reduction="none")),
        "take the mean",
    ),
    (
        "prob-huber-loss",
        huber_that(lambda p, t, d: huber_by_clamp(p.float(), t.float(), d)),
        "float32",
    ),
    ("prob-learned-noise", noise(power=-1.0, rest=0.5), "variance"),
    ("prob-learned-noise", noise(power=-1.0), "divides by σ"),
    ("prob-learned-noise", noise(half=1.0), "½"),
    ("prob-learned-noise", noise(rest=0.0), "without limit"),
    (
        "prob-learned-noise",
        lambda p, t, s: (0.5 * (p - t) ** 2 / s**2 + s.abs().log()).mean(),
        "σ itself",
    ),
    ("prob-learned-noise", lambda p, t, s: 7 * noise()(p, t, s), "sum over the rows"),
    (
        "prob-learned-noise",
        lambda p, t, s: (0.5 * (p - t) ** 2 * torch.exp(-2 * s)).sum() + s,
        "once for each row",
    ),
    (
        "prob-learned-noise",
        lambda p, t, s: noise()(p, t, s) + 0.5 * math.log(2 * math.pi),
        "log 2π",
    ),
    ("prob-learned-noise", lambda p, t, s: -noise()(p, t, s), "with its sign"),
    ("prob-learned-noise", lambda p, t, s: noise()(p, t, s.detach()), "log_sigma"),
    ("prob-log-cosh-function", LogCosh.apply, "class itself"),
    ("prob-log-cosh-function", losses.log_cosh, "class itself"),
    ("prob-log-cosh-function", Overflows, "overflows"),
    ("prob-log-cosh-function", Summed, "is a mean"),
    ("prob-log-cosh-function", TooHigh, "log 2"),
    ("prob-log-cosh-function", SumsGradient, "of the sum"),
    ("prob-log-cosh-function", SquareGradient, "tanh"),
    ("prob-log-cosh-function", DividesByRows, r"len\(\) counts the rows"),
    ("prob-log-cosh-function", DetachesTarget, "involves the target"),
    ("prob-log-cosh-function", SinhOverCosh, r"±1000 the gradient is \[nan, nan\]"),
    ("prob-log-cosh-function", TurnedRound, "wrong sign"),
    ("prob-log-cosh-function", SameSign, "target's gradient"),
    ("prob-log-cosh-function", NoTarget, "no gradient for the target"),
    ("prob-log-cosh-function", NoAdjoint, "adjoint"),
    ("prob-log-cosh-function", SavesSlope, "second derivative is lost"),
    ("prob-log-cosh-function", Once, "second derivative is lost"),
    ("prob-batch-rmse", rmse_that(lambda s, n: sum(p.mean() ** 0.5 for p in s) / len(s)), "|r|"),
    (
        "prob-batch-rmse",
        rmse_that(lambda s, n: (sum(p.mean() for p in s) / len(s)) ** 0.5),
        "last batch",
    ),
    ("prob-batch-rmse", rmse_that(lambda s, n: sum(p.sum() for p in s) / n), "root is missing"),
    ("prob-batch-rmse", rmse_that(lambda s, n: sum(p.sum() for p in s) ** 0.5), "not divided"),
    (
        "prob-batch-rmse",
        rmse_that(lambda s, n: (sum(p.sum() for p in s) / len(s)) ** 0.5),
        "number of batches",
    ),
    (
        "prob-batch-rmse",
        rmse_that(lambda s, n: sum(len(p) * p.mean() ** 0.5 for p in s) / n),
        "weighted by its rows",
    ),
    ("prob-batch-rmse", rmse_with_graphs, "no_grad"),
    ("prob-batch-rmse", late_rmse, "no_grad"),
    ("prob-batch-rmse", rmse_at_once, "11 rows at once, where batches of 1"),
    ("prob-rmse-descent", 0.0, "does not converge"),
    ("prob-rmse-descent", (14 / 3) ** 0.5, "η times"),
    ("prob-rmse-descent", 0.2 * 14 / 3, "root is missing"),
    ("prob-rmse-descent", 0.2 * 14**0.5, "sum of x²"),
    ("prob-rmse-descent", 0.4, "absolute error"),
    ("prob-rmse-descent", 0.1, "last two points"),
]


def test_every_checker_is_tested() -> None:
    all_tested(RIGHT, WRONG, "mse_loss", "mse_loss_code")


@pytest.mark.parametrize("label", RIGHT)
def test_right_answers_are_right(label: str) -> None:
    judged_right(label, RIGHT[label])


@pytest.mark.parametrize(("label", "answer", "named"), WRONG)
def test_wrong_answers_are_told_why(label: str, answer: Any, named: str) -> None:
    judged_wrong(label, answer, named)
