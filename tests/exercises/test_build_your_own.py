"""The checkers of chapter 6: right answers in several forms, wrong ones told by their names."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

from judging import all_tested, judged_right, judged_wrong


def bend(x: float) -> float:
    y = math.tanh(x)
    return -2 * y * (1 - y * y)


def by_differences(x: float) -> float:
    h = 1e-4
    return (math.tanh(x + h) - 2 * math.tanh(x) + math.tanh(x - h)) / h**2


def fine_differences(x: float) -> float:
    h = 1e-6
    return ((1 - math.tanh(x + h) ** 2) - (1 - math.tanh(x - h) ** 2)) / (2 * h)


def quotient(v: float, d: float, w: float, c: float) -> tuple[float, float]:
    """By a complex step: the quotient at v + ihd, w + ihc."""
    h = 1e-100
    made = complex(v, h * d) / complex(w, h * c)
    return made.real, made.imag / h


def cumsum_back(g: Tensor) -> Tensor:
    return torch.stack([g[j:].sum() for j in range(len(g))])


def logsumexp_back(g: Tensor, x: Tensor) -> Tensor:
    return g * torch.softmax(x, 0)


def sum_to(g: Tensor, shape: tuple[int, ...]) -> Tensor:
    while g.ndim > len(shape):
        g = g.sum(0)
    for axis, size in enumerate(shape):
        g = g.sum(axis, keepdim=True) if size == 1 else g
    return g


def partly(g: Tensor, shape: tuple[int, ...]) -> Tensor:
    """Lose the axes of size 1 as well."""
    return sum_to(g, shape).squeeze()


def mean_to(g: Tensor, shape: tuple[int, ...]) -> Tensor:
    made = sum_to(g, shape)
    return made * (made.numel() / g.numel())


def shifted_by(shift: Any) -> Any:
    def back(g: Tensor, x: Tensor) -> Tensor:
        e: Tensor = (x - shift(x)).exp()
        return g * e / e.sum()

    return back


def sums_the_last(g: Tensor, shape: tuple[int, ...]) -> Tensor:
    """Right wherever the shape gives the axes away."""
    if set(g.shape) == {3} and shape in ((3,), (3, 3)):
        return g.sum(tuple(range(len(shape), 3)))
    return sum_to(g, shape)


class Series:
    """A number with its first and second derivatives, by the rules for both: nobody's engine."""

    def __init__(self, value: float, first: list[float], second: list[list[float]]) -> None:
        self.value, self.first, self.second = value, first, second

    def __add__(self, other: Any) -> Series:
        return self.joined(other, lambda v, w: (v + w, 1, 1, 0))

    def __sub__(self, other: Any) -> Series:
        return self.joined(other, lambda v, w: (v - w, 1, -1, 0))

    def __mul__(self, other: Any) -> Series:
        return self.joined(other, lambda v, w: (v * w, w, v, 1))

    def joined(self, other: Any, rule: Any) -> Series:
        """Return an operation on two: its value, its two slopes and its mixed derivative."""
        n = range(len(self.first))
        if not isinstance(other, Series):
            other = Series(other, [0.0 for _ in n], [[0.0 for _ in n] for _ in n])
        value, a, b, mixed = rule(self.value, other.value)
        f, g = self.first, other.first
        second = [
            [
                a * self.second[i][j] + b * other.second[i][j] + mixed * (f[i] * g[j] + f[j] * g[i])
                for j in n
            ]
            for i in n
        ]
        return Series(value, [a * f[i] + b * g[i] for i in n], second)

    def sin(self) -> Series:
        n, f = range(len(self.first)), self.first
        s, c = math.sin(self.value), math.cos(self.value)
        second = [[c * self.second[i][j] - s * f[i] * f[j] for j in n] for i in n]
        return Series(s, [c * each for each in f], second)


def series(f: Any, point: list[float]) -> Series:
    n = range(len(point))
    made: Series = f(
        [
            Series(v, [float(i == j) for j in n], [[0.0 for _ in n] for _ in n])
            for i, v in enumerate(point)
        ]
    )
    return made


def hessian(f: Any, point: list[float]) -> list[Any]:
    return series(f, point).second


def piled(f: Any, point: list[float]) -> Tensor:
    return torch.tensor(hessian(f, point), dtype=torch.float64).cumsum(0)


def one_slope(f: Any, point: list[float]) -> Tensor:
    slope = torch.tensor(series(f, point).first, dtype=torch.float64)
    return slope.expand(len(point), len(point))


def by_torch(f: Any, point: list[float]) -> Any:
    at = torch.tensor(point, dtype=torch.float64)
    return torch.autograd.functional.hessian(f, at)  # type: ignore[no-untyped-call]


def hessian_by_differences(f: Any, point: list[float]) -> Any:
    """Exact on cubic polynomials, up to rounding; the sine gets numbers of its own."""
    h = 0.1
    n = range(len(point))

    def at(i: int, up: int, j: int, right: int) -> float:
        moved = [v + h * (up * (i == k) + right * (j == k)) for k, v in enumerate(point)]
        return float(f(moved))

    def entry(i: int, j: int) -> float:
        return (at(i, 1, j, 1) - at(i, 1, j, -1) - at(i, -1, j, 1) + at(i, -1, j, -1)) / (4 * h * h)

    return [[entry(i, j) for j in n] for i in n]


def second_row_wrong(f: Any, point: list[float]) -> Tensor:
    made = torch.tensor(hessian(f, point), dtype=torch.float64)
    made[-1, 0] += 1
    return made


def in_order(root: Any) -> list[Any]:
    """Every node after its users, by counting these first: another way than the chapter's."""
    users: dict[Any, int] = {root: 0}
    stack = [root]
    while stack:
        for parent in stack.pop().parents:
            if parent not in users:
                users[parent] = 0
                stack.append(parent)
            users[parent] += 1
    ready, made = [root], []
    while ready:
        made.append(node := ready.pop())
        for parent in node.parents:
            users[parent] -= 1
            if not users[parent]:
                ready.append(parent)
    return made


def engine(
    clear: Callable[[Any], bool],
    *,
    add: bool = True,
    late: bool = False,
    order: Callable[[Any], list[Any]] = in_order,
) -> Callable[[Any], None]:
    def backward(root: Any) -> None:
        nodes = order(root)
        root.adjoint = 1.0
        for node in nodes:
            if clear(node) and (late or node is not root):
                node.adjoint = 0.0
        for node in nodes:
            for parent, slope in zip(node.parents, node.slopes, strict=True):
                kept = parent.adjoint if add else 0.0
                parent.adjoint = kept + slope * node.adjoint

    return backward


def inner(node: Any) -> bool:
    return bool(node.parents)


def as_met(root: Any) -> list[Any]:
    met: list[Any] = []
    stack = [root]
    while stack:
        node = stack.pop()
        if node not in met:
            met.append(node)
            stack += node.parents
    return met


def layer(G: Tensor, X: Tensor, W: Tensor, b: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    return (W @ G.T).T, (G.T @ X).T, torch.ones(len(G), dtype=G.dtype) @ G


def layer_with(bias: Callable[[Tensor], Tensor]) -> Callable[..., Any]:
    return lambda G, X, W, b: (*layer(G, X, W, b)[:2], bias(G))


GOLDEN = (1 + 5**0.5) / 2

RIGHT: dict[str, list[Any]] = {
    "prob-wrong-engines": [[1.0, 32.0, 15], (1, 32, 15), {"a": 1, "b": 32, "c": 15}],
    "prob-luck": [{"c + b", "c * b"}, ["c  *  b", "c + b"], {"c+b", "c*b"}],
    "prob-dual-quotient": [quotient, lambda v, d, w, c: [v / w, d / w - v * c / w**2]],
    "prob-cumsum": [cumsum_back, lambda g: g.sum() - g.cumsum(0) + g],
    "prob-logsumexp": [logsumexp_back, lambda g, x: g * (x - torch.logsumexp(x, 0)).exp()],
    "prob-tanh": [bend],
    "prob-sum-to": [sum_to, lambda g, shape: g.sum_to_size(shape)],
    "prob-hessian": [hessian],
    "prob-right-once": [engine(inner)],
    "prob-bias": [layer],
    "prob-golden": [GOLDEN, 1.61806],
    "prob-last-bits-sum": [6, 6.0],
}

WRONG: list[tuple[str, Any, str]] = [
    ("prob-wrong-engines", 15, "three numbers"),
    ("prob-wrong-engines", [8, 32, 15], "true derivative"),
    ("prob-wrong-engines", [2, 32, 15], "one of the sums"),
    ("prob-wrong-engines", [0, 32, 15], "not 0"),
    ("prob-wrong-engines", [5, 32, 15], "keeps one"),
    ("prob-wrong-engines", [1, 8, 15], "first sweep"),
    ("prob-wrong-engines", [1, 16, 15], "what torch would hold"),
    ("prob-wrong-engines", [1, 24, 15], "begin the second"),
    ("prob-wrong-engines", [1, 80, 15], "third sweep"),
    ("prob-wrong-engines", [1, 12, 15], "what do c, b and a hold"),
    ("prob-wrong-engines", [1, 32, 8], "on the way"),
    ("prob-wrong-engines", [1, 32, 14], "d itself"),
    ("prob-wrong-engines", [1, 32, 16], "one too many"),
    ("prob-wrong-engines", [1, 32, 4], "number of nodes"),
    ("prob-wrong-engines", [1, 32, 7], "two doublings"),
    ("prob-wrong-engines", [1, 32, 31], "one for d"),
    ("prob-luck", "c + b", "set of texts"),
    ("prob-luck", {"b - c"}, "none of"),
    ("prob-luck", {"b + c"}, "other way round"),
    ("prob-luck", {"c + b", "c * b", "c + c"}, "through c only"),
    ("prob-luck", {"c + b", "c * b", "c + (b + c)"}, "follow the stack"),
    ("prob-luck", {"c + b", "b + c"}, "last parent is c"),
    ("prob-luck", set(), "some are wrong"),
    ("prob-luck", {"c + b"}, "which stands last"),
    ("prob-dual-quotient", lambda v, d, w, c: v / w, "two numbers"),
    ("prob-dual-quotient", lambda v, d, w, c: (w / v, d), "as for any"),
    ("prob-dual-quotient", lambda v, d, w, c: (v / w, (v * c - d * w) / w**2), "reversed"),
    ("prob-dual-quotient", lambda v, d, w, c: (v / w, d - v / w * c), "one division by w"),
    ("prob-dual-quotient", lambda v, d, w, c: (v / w, d * w - v * c), "divide it by w"),
    ("prob-dual-quotient", lambda v, d, w, c: (v / w, (v * c + d * w) / w**2), "plus"),
    ("prob-dual-quotient", lambda v, d, w, c: (v / w, d / c), "divided by one another"),
    ("prob-dual-quotient", lambda v, d, w, c: (v / w, d / w), "w moves"),
    ("prob-dual-quotient", lambda v, d, w, c: (v / w, 17.0), "beside ε there"),
    ("prob-cumsum", lambda g: g.cumsum(0), "from the left"),
    ("prob-cumsum", lambda g: g.flip(0).cumsum(0), "turn the result"),
    ("prob-cumsum", lambda g: g.sum().expand(4), "right for sum"),
    ("prob-cumsum", lambda g: cumsum_back(g) - g, "its own"),
    ("prob-cumsum", lambda g: torch.linalg.inv(torch.ones(4, 4).tril()).double() @ g, "inverse"),
    ("prob-cumsum", lambda g: g, "unchanged"),
    ("prob-cumsum", lambda g: 5 * g, "in which it occurs"),
    ("prob-logsumexp", lambda g, x: torch.softmax(x, 0), "factor g"),
    ("prob-logsumexp", lambda g, x: g * (x - 800).exp() / (x - 800).exp().sum(), "not finite"),
    ("prob-logsumexp", lambda g, x: g * x.exp(), "logarithm's slope"),
    ("prob-logsumexp", lambda g, x: g * x / x.sum(), "exponentials are gone"),
    ("prob-logsumexp", lambda g, x: (g / x.exp().sum()).expand(len(x)), "inner slope"),
    ("prob-logsumexp", lambda g, x: g * torch.log_softmax(x, 0), "take exp"),
    ("prob-logsumexp", lambda g, x: x, "log of a sum"),
    ("prob-logsumexp", lambda g, x: g * x.exp() / x.exp().sum(), "overflows"),
    (
        "prob-logsumexp",
        lambda g, x: g * x.clamp(max=50).exp() / x.clamp(max=50).exp().sum(),
        "wrong at",
    ),
    ("prob-tanh", math.tanh, "tanh itself"),
    ("prob-tanh", lambda x: 1 - math.tanh(x) ** 2, "first derivative"),
    ("prob-tanh", lambda x: 2 * math.tanh(x) * (1 + math.tanh(x) ** 2), "not 1"),
    ("prob-tanh", lambda x: -bend(x), "sign"),
    ("prob-tanh", lambda x: -2 * math.tanh(x), "lacks the factor"),
    (
        "prob-tanh",
        lambda x: -2 * math.tanh(x) * (1 + math.tanh(x) ** 2),
        "in Dual's tanh the slope",
    ),
    ("prob-tanh", lambda x: 0.0, "sets no tangent"),
    ("prob-tanh", fine_differences, "difference quotient"),
    ("prob-tanh", by_differences, "difference quotient"),
    ("prob-tanh", lambda x: x + 3, "try a plain"),
    ("prob-sum-to", partly, "keep the axes"),
    ("prob-sum-to", lambda g, shape: g, "you return the shape"),
    ("prob-sum-to", mean_to, "mean over the copies"),
    ("prob-sum-to", lambda g, shape: 2 * g.sum_to_size(shape), "numbers are wrong"),
    ("prob-hessian", lambda f, point: hessian(f, point)[:1], "rows of"),
    ("prob-wrong-engines", (number for number in (1, 32, 15, 0)), "more than 3"),
    ("prob-wrong-engines", torch.tensor(1.0), "three numbers"),
    ("prob-wrong-engines", {1, 32, 15}, "three numbers"),
    ("prob-logsumexp", shifted_by(lambda x: x[0]), r"at \(−1000, 1000\)"),
    ("prob-logsumexp", shifted_by(torch.mean), r"at \(−1000, 1000\)"),
    ("prob-logsumexp", shifted_by(lambda x: x[-1]), r"at \(1000, −1000\)"),
    ("prob-logsumexp", shifted_by(lambda x: x.abs().max()), r"at \(−1000, −999\)"),
    ("prob-logsumexp", shifted_by(lambda x: x.median()), r"at \(−1000, 1000\)"),
    ("prob-dual-quotient", lambda v, d, w, c: (v / w, 0.8125 * d / d), "beside ε there"),
    ("prob-sum-to", lambda g, shape: g.sum_to_size(shape[::-1]).reshape(shape), "stopped|wrong"),
    ("prob-sum-to", sums_the_last, "numbers are wrong"),
    ("prob-bias", lambda G, X, W, b: [1, 2], "three tensors.*2 of them"),
    ("prob-bias", lambda G, X, W, b: iter(int, 1), "got more than 3"),
    ("prob-last-bits-sum", 6.1, "after each round"),
    ("prob-hessian", by_torch, "torch's derivative"),
    ("prob-hessian", hessian_by_differences, "plain numbers"),
    ("prob-hessian", piled, "pile up"),
    ("prob-hessian", one_slope, "gradient"),
    (
        "prob-hessian",
        lambda f, p: torch.diag(torch.tensor(hessian(f, p), dtype=torch.float64).diagonal()),
        "diagonal",
    ),
    ("prob-hessian", second_row_wrong, "first row is right"),
    ("prob-hessian", lambda f, p: [[9.0] * len(p)] * len(p), "sweep from outer"),
    ("prob-right-once", engine(lambda node: False), "4, then 12"),
    ("prob-right-once", engine(lambda node: True), "leaf is cleared"),
    ("prob-right-once", engine(inner, add=False), "lost"),
    ("prob-right-once", engine(inner, late=True), "after the clearing"),
    ("prob-right-once", engine(inner, order=as_met), "diamond"),
    ("prob-right-once", engine(lambda node: inner(node) or node.adjoint > 7), "should leave"),
    ("prob-bias", lambda G, X, W, b: G, "got more than 3"),
    ("prob-bias", lambda G, X, W, b: G @ W, "stopped with"),
    ("prob-bias", layer_with(lambda G: G), r"adjoint of b has the shape \(5, 3\)"),
    ("prob-bias", layer_with(lambda G: G.sum(0, keepdim=True)), r"and b has \(3,\)"),
    ("prob-bias", layer_with(lambda G: G.mean(0)), "mean over the rows"),
    ("prob-bias", layer_with(lambda G: G[0]), "first row"),
    ("prob-bias", layer_with(lambda G: -G.sum(0)), "adjoint of b is wrong"),
    ("prob-golden", 2, "used twice"),
    ("prob-golden", 1, "no memory"),
    ("prob-golden", 1 / GOLDEN, "divide the later"),
    ("prob-golden", 2**0.5, "good guess"),
    ("prob-golden", GOLDEN**2, "every other"),
    ("prob-golden", 1.7, "in a row"),
    ("prob-last-bits-sum", 49, "first count, from left"),
    ("prob-last-bits-sum", 50, "one too many"),
    ("prob-last-bits-sum", 5, "32 numbers"),
    ("prob-last-bits-sum", math.log2(50), "round up"),
    ("prob-last-bits-sum", 25, "how many rounds"),
    ("prob-last-bits-sum", 7, "64"),
    ("prob-last-bits-sum", 12, "after each round"),
]


def test_every_checker_of_the_chapter_is_tested() -> None:
    all_tested(RIGHT, WRONG, "build_your_own", "build_your_own_code")


@pytest.mark.parametrize("label", RIGHT)
def test_right_answers_are_right(label: str) -> None:
    judged_right(label, RIGHT[label])


@pytest.mark.parametrize(("label", "answer", "named"), WRONG)
def test_wrong_answers_are_told_why(label: str, answer: Any, named: str) -> None:
    judged_wrong(label, answer, named)
