"""The checkers of book/losses/relu-network: right answers in several forms, wrong ones told why."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from judging import all_tested, judged_right, judged_wrong

# --- balanced units -----------------------------------------------------------------------------


def balanced(w: Tensor, b: Tensor, u: Tensor) -> Any:
    alpha = (u**2 / (w**2 + b**2)) ** 0.25
    return alpha * w, alpha * b, u / alpha


def balanced_in_a_loop(w: Tensor, b: Tensor, u: Tensor) -> Any:
    rows = []
    for wj, bj, uj in zip(w.tolist(), b.tolist(), u.tolist(), strict=True):
        alpha = math.sqrt(abs(uj) / math.hypot(wj, bj))
        rows.append((alpha * wj, alpha * bj, uj / alpha))
    return [list(column) for column in zip(*rows, strict=True)]


def balanced_by_numpy(w: Tensor, b: Tensor, u: Tensor) -> Any:
    return tuple(np.stack([part.numpy() for part in balanced(w, b, u)]))


def scaled_by(rule: Any) -> Any:
    def scaled(w: Tensor, b: Tensor, u: Tensor) -> Any:
        alpha = rule(w, b, u)
        return alpha * w, alpha * b, u / alpha

    return scaled


def balanced_without_sign(w: Tensor, b: Tensor, u: Tensor) -> Any:
    first, second, third = balanced(w, b, u)
    return first, second, third.abs()


# --- the backward pass --------------------------------------------------------------------------


def backward(change: str = "") -> Any:
    """Return the right backward pass, or one with a well-known mistake."""

    def gradients(X: Tensor, y: Tensor, *weights: Tensor) -> Any:
        W1, b1, W2, b2 = weights
        Z = X @ W1.T + b1
        A = Z.clamp(min=0)
        r = A @ W2.T + b2 - y
        gf = 2 * r / len(X)
        if change == "half":
            gf = r / len(X)
        if change == "sum":
            gf = 2 * r
        if change == "sign":
            gf = -gf
        gA = gf @ W2
        mask = {
            "no mask": torch.ones_like(Z),
            "inverse": 1.0 * (Z <= 0),
            "times A": A,
            "kink": 1.0 * (Z >= 0),
        }
        gZ = gA * mask.get(change, 1.0 * (Z > 0))
        gb1 = gZ.mean(0) if change == "mean" else gZ.sum(0)
        gW1 = X.T @ gZ if change == "transposed" else gZ.T @ X
        return gW1, gb1, gf.T @ A, gf.sum(0)

    return gradients


def backward_row_by_row(X: Tensor, y: Tensor, *weights: Tensor) -> Any:
    W1, b1, W2, b2 = weights
    rows = []
    for row, target in zip(X, y, strict=True):
        z = W1 @ row + b1
        a = torch.where(z > 0, z, torch.zeros_like(z))
        g = 2 * (W2 @ a + b2 - target) / len(X)
        gz = torch.where(z > 0, W2.T @ g, torch.zeros_like(z))
        rows.append((torch.outer(gz, row), gz, torch.outer(g, a), g))
    return [sum(parts, torch.zeros(())) for parts in zip(*rows, strict=True)]


def backward_in_lists(*given: Tensor) -> Any:
    return [part.tolist() for part in backward()(*given)]


def backward_by_autograd(X: Tensor, y: Tensor, *weights: Tensor) -> Any:
    leaves = [w.clone().requires_grad_() for w in weights]
    W1, b1, W2, b2 = leaves
    loss = ((torch.relu(X @ W1.T + b1) @ W2.T + b2 - y) ** 2).mean()
    return torch.autograd.grad(loss, leaves)


def backward_in_single(*given: Tensor) -> Any:
    return backward()(*(part.float() for part in given))


# --- a training step ----------------------------------------------------------------------------


def step_that_zeroes_last(network: Any, optimizer: Any, rows: Tensor, labels: Tensor) -> float:
    loss: Any = nn.CrossEntropyLoss()(network(rows), labels)
    loss.backward()
    optimizer.step()
    optimizer.zero_grad(set_to_none=False)
    return float(loss.item())


def step_by_log_softmax(network: Any, optimizer: Any, rows: Tensor, labels: Tensor) -> Any:
    network.zero_grad()
    logs = network(rows).log_softmax(1)
    loss: Any = -logs[torch.arange(len(labels)), labels].mean()
    loss.backward()
    optimizer.step()
    return np.float64(loss.item())


class Stepper:
    """Right, as an object that is called."""

    def __call__(self, network: Any, optimizer: Any, rows: Tensor, labels: Tensor) -> float:
        def closure() -> Any:
            optimizer.zero_grad()
            loss: Any = functional.cross_entropy(network(rows), labels)
            loss.backward()
            return loss

        return float(optimizer.step(closure).item())


def step(change: str = "") -> Any:
    """Return the right step, or one with a well-known mistake."""

    def training_step(network: Any, optimizer: Any, rows: Tensor, labels: Tensor) -> Any:
        if change != "no zero":
            optimizer.zero_grad()
        z = network(rows)
        z = z.softmax(1) if change == "softmax" else z.sigmoid() if change == "sigmoid" else z
        reduction = "sum" if change == "sum" else "mean"
        loss: Any = functional.cross_entropy(z, labels, reduction=reduction)
        if change == "squares":
            loss = functional.mse_loss(z, functional.one_hot(labels, 3).double())
        loss.backward()
        if change == "zero between":
            optimizer.zero_grad()
        if change != "no step":
            optimizer.step()
        if change == "after":
            return functional.cross_entropy(network(rows), labels).item()
        if change == "nothing":
            return None
        if change == "tensor":
            return loss
        return loss.detach() if change == "detached" else loss.item()

    return training_step


def step_first(network: Any, optimizer: Any, rows: Tensor, labels: Tensor) -> float:
    loss: Any = functional.cross_entropy(network(rows), labels)
    optimizer.step()
    loss.backward()
    return float(loss.item())


# --- networks by hand ---------------------------------------------------------------------------


def through(change: str = "") -> Any:
    def through_points(x: Tensor, y: Tensor) -> Any:
        if change != "unsorted":
            x, order = x.sort()
            y = y[order]
        s = y.diff() / x.diff()
        u = torch.diff(s, prepend=torch.zeros(1, dtype=s.dtype))
        if change == "slopes":
            u = s
        b = x[:-1] if change == "sign" else -x[1:] if change == "late" else -x[:-1]
        c = torch.zeros(()) if change == "no constant" else y[:1]
        return torch.ones_like(u), b, u, c

    return through_points


def through_in_floats(x: Tensor, y: Tensor) -> Any:
    points = sorted(zip(x.tolist(), y.tolist(), strict=True))
    w, b, u, before = [], [], [], 0.0
    for (p, q), (p2, q2) in pairwise(points):
        slope = (q2 - q) / (p2 - p)
        w.append(2.0)
        b.append(-2.0 * p)
        u.append((slope - before) / 2)
        before = slope
    return w, b, u, points[0][1]


def through_with_one_more(x: Tensor, y: Tensor) -> Any:
    w, b, u, c = through()(x, y)
    return (*(torch.cat([part, part[:1]]) for part in (w, b, u)), c)


class Mended(nn.Module):
    def __init__(self, H: int) -> None:
        super().__init__()
        self.hidden = nn.ModuleList([nn.Linear(1, H)])
        self.out = nn.Linear(H, 1)

    def forward(self, x: Tensor) -> Any:
        for layer in self.hidden:
            x = torch.relu(layer(x))
        return self.out(x)


class OfEight(Mended):
    """Whatever H is."""

    def __init__(self, H: int) -> None:
        super().__init__(8)


class Attributes(nn.Module):
    def __init__(self, H: int) -> None:
        super().__init__()
        self.out, self.first = nn.Linear(H, 1), nn.Linear(1, H)

    def forward(self, x: Tensor) -> Any:
        return self.out(self.first(x).clamp(min=0))


class InSequence(nn.Module):
    def __init__(self, H: int) -> None:
        super().__init__()
        self.net = nn.Sequential(nn.Linear(1, H), nn.ReLU(), nn.Linear(H, 1))

    def forward(self, x: Tensor) -> Any:
        return self.net(x)


class StillAList(Mended):
    def __init__(self, H: int) -> None:
        nn.Module.__init__(self)
        self.hidden = [nn.Linear(1, H)]  # type: ignore[assignment]
        self.out = nn.Linear(H, 1)


class StillRectified(Mended):
    def forward(self, x: Tensor) -> Any:
        return torch.relu(super().forward(x))


class Straight(Attributes):
    def forward(self, x: Tensor) -> Any:
        return self.out(self.first(x))


class NoBias(Attributes):
    def __init__(self, H: int) -> None:
        super().__init__(H)
        self.first = nn.Linear(1, H, bias=False)


class Squashed(Attributes):
    def forward(self, x: Tensor) -> Any:
        return self.out(torch.tanh(self.first(x)))


class Flat(Attributes):
    def forward(self, x: Tensor) -> Any:
        return super().forward(x)[:, 0]


RIGHT: dict[str, list[Any]] = {
    "prob-count-parameters": [101770, 101770.0, torch.tensor(101770), np.int64(101770)],
    "prob-dead-share": [0.125, Fraction(1, 8), torch.tensor(0.125), 0.12503],
    "prob-balanced": [balanced, balanced_in_a_loop, balanced_by_numpy],
    "prob-leaky-variance": [
        lambda d, slope: 2 / ((1 + slope**2) * d),
        lambda d, slope: nn.init.calculate_gain("leaky_relu", float(slope)) ** 2 / d,
        lambda d, slope: 1 / (d * (0.5 + 0.5 * slope * slope)),
    ],
    "prob-network-backward": [backward(), backward_row_by_row, backward_in_lists],
    "prob-training-step": [step(), step_that_zeroes_last, step_by_log_softmax, Stepper()],
    "prob-xor": [
        [[[1, 1], [1, 1]], [0, -1], [1, -2], 0],
        (torch.ones(2, 2), torch.tensor([0.0, -1]), torch.tensor([[1.0, -2]]), torch.zeros(1)),
        (np.array([[1, -1], [-1, 1]]), np.zeros(2), np.ones(2), 0.0),
        [[[-1, -1], [1, 1]], [1, -1], [-1, -1], 1],
    ],
    "prob-through-points": [through(), through_in_floats],
    "prob-unregistered": [Mended, Attributes, InSequence],
}

WRONG: list[tuple[str, Any, str]] = [
    ("prob-count-parameters", 101632, "has a bias"),
    ("prob-count-parameters", 100480, "first layer alone"),
    ("prob-count-parameters", 100609, "ten"),
    ("prob-count-parameters", 7, "dH weights"),
    ("prob-count-parameters", 784 * 128 + 784 + 128 * 10 + 128, "in place of the outputs"),
    ("prob-dead-share", 0.25, "active everywhere"),
    ("prob-dead-share", 0.75, "kinks inside"),
    ("prob-dead-share", "7/8", "not dead"),
    ("prob-dead-share", 0, "quotients"),
    ("prob-dead-share", 1 / 12, r"\(−3, 3\)"),
    ("prob-dead-share", 0.5, "draw the square"),
    ("prob-balanced", lambda w, b, u: (w, b, u), "nothing has changed"),
    ("prob-balanced", scaled_by(lambda w, b, u: (u / w).abs().sqrt()), "bias counts"),
    ("prob-balanced", scaled_by(lambda w, b, u: u.abs() / (w**2 + b**2).sqrt()), "root is missing"),
    (
        "prob-balanced",
        scaled_by(lambda w, b, u: ((w**2 + b**2).sqrt() / u.abs()).sqrt()),
        "upside down",
    ),
    ("prob-balanced", balanced_without_sign, "sign of u is lost"),
    ("prob-balanced", lambda w, b, u: (*balanced(w, b, u)[:2], u), "another function"),
    ("prob-balanced", lambda w, b, u: (w, b), "3|three|return w, b and u"),
    ("prob-balanced", lambda w, b, u: (w.sum(), b, u), "one entry for each unit"),
    ("prob-leaky-variance", lambda d, slope: 2 / d, "He's rule"),
    ("prob-leaky-variance", lambda d, slope: 2 / ((1 + slope) * d), "slope squared"),
    ("prob-leaky-variance", lambda d, slope: (2 / ((1 + slope**2) * d)) ** 0.5, "deviation"),
    ("prob-leaky-variance", lambda d, slope: 2 / ((1 + slope) ** 2 * d), "added"),
    ("prob-leaky-variance", lambda d, slope: 1 / ((1 + slope**2) * d), "factor 2 is"),
    ("prob-leaky-variance", lambda d, slope: 2 * (1 + slope**2) / d, "lets more through"),
    ("prob-unregistered", OfEight, "is H used"),
    ("prob-network-backward", backward("no mask"), "rule of ReLU is missing"),
    ("prob-network-backward", backward("inverse"), "wrong way round"),
    ("prob-network-backward", backward("times A"), "1 or 0"),
    ("prob-network-backward", backward("kink"), "but on a kink"),
    ("prob-network-backward", backward("half"), "half the mean"),
    ("prob-network-backward", backward("sum"), "gradient of the sum"),
    ("prob-network-backward", backward("sign"), "downhill"),
    ("prob-network-backward", backward("mean"), "b1: a bias is used in every row"),
    ("prob-network-backward", backward("transposed"), "W1 should have its shape.*transposed"),
    ("prob-network-backward", backward_by_autograd, "autograd"),
    ("prob-network-backward", backward_in_single, "six digits"),
    ("prob-network-backward", lambda *given: given[2:5], "four gradients"),
    ("prob-training-step", step("no zero"), "never zeroed"),
    ("prob-training-step", step("softmax"), "softmax is applied twice"),
    ("prob-training-step", step("sigmoid"), "sigmoid is applied"),
    ("prob-training-step", step("sum"), "sum over the rows"),
    ("prob-training-step", step("squares"), "minimises squares"),
    ("prob-training-step", step("zero between"), "do not move"),
    ("prob-training-step", step("no step"), "do not move"),
    ("prob-training-step", step_first, "backward\\(\\) first"),
    ("prob-training-step", step("after"), "after the step"),
    ("prob-training-step", step("nothing"), "Return the loss"),
    ("prob-training-step", step("tensor"), "keeps its graph alive"),
    ("prob-training-step", step("detached"), "returns a tensor: return"),
    ("prob-training-step", lambda network, optimizer: 0.0, "stopped with TypeError"),
    ("prob-xor", [[[1, 1], [1, 1]], [0, -1], [1, -1], 0], "this is the or"),
    ("prob-xor", [[[1, 1], [1, 1]], [0, -1], [-1, 2], 1], "opposite"),
    ("prob-xor", [[[1, 1], [1, 1]], [0, -1], [0, 1], 0], "this is the and"),
    ("prob-xor", [[[1, 1], [1, 1]], [0, -1], [1, 0], 0], "sum of the inputs"),
    ("prob-xor", [[[1, 2], [1, 2]], [0, -2], [1, -1], 0], "transposed"),
    ("prob-xor", [[1, 1], [0, -1], [1, -2], 0], "2 × 2"),
    ("prob-xor", [[1, 1], 0], r"\[W, b, u, c\]"),
    ("prob-through-points", through("unsorted"), "sort both"),
    ("prob-through-points", through("slopes"), "the slopes"),
    ("prob-through-points", through("sign"), "wrong sign"),
    ("prob-through-points", through("late"), "too far to the right"),
    ("prob-through-points", through("no constant"), "constant is missing"),
    ("prob-through-points", through_with_one_more, "should have 4 numbers"),
    ("prob-unregistered", StillAList, "plain list registers nothing"),
    ("prob-unregistered", StillRectified, "still rectified"),
    ("prob-unregistered", Straight, "straight line"),
    ("prob-unregistered", NoBias, "has 17 parameters"),
    ("prob-unregistered", Squashed, "rectified first layer"),
    ("prob-unregistered", Flat, "shape"),
    ("prob-unregistered", Mended(8), "the class itself"),
]


def test_every_checker_is_tested() -> None:
    all_tested(RIGHT, WRONG, "relu_network", "relu_network_code", "relu_network_by_hand")


@pytest.mark.parametrize("label", RIGHT)
def test_right_answers_are_right(label: str) -> None:
    judged_right(label, RIGHT[label])


@pytest.mark.parametrize(("label", "answer", "named"), WRONG)
def test_wrong_answers_are_told_why(label: str, answer: Any, named: str) -> None:
    judged_wrong(label, answer, named)
