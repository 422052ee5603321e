"""Random functions of random shapes, made of every operation that has a rule."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

Step = Callable[["Drawn"], Tensor | None]

#: Steps by the rule that they are about.
STEPS: dict[str, Step] = {}


@dataclass
class Drawn:
    """What is drawn while a composition runs; drawn again from the same seed, it is the same."""

    random: random.Random
    generator: torch.Generator
    pool: list[Tensor]
    modules: list[nn.Module]
    called: int = 0

    def any(self) -> Tensor:
        """Return one of the tensors at hand, recent ones more often."""
        return self.random.choice(self.pool[-3:] + self.pool)

    def shaped(self, least: int) -> Tensor | None:
        """Return one with at least so many axes."""
        fitting = [t for t in self.pool if t.ndim >= least]
        return self.random.choice(fitting) if fitting else None

    def constant(self, *shape: int) -> Tensor:
        """Return random numbers that no gradient flows to."""
        return torch.randn(shape, generator=self.generator, dtype=torch.float64)

    def dim(self, x: Tensor) -> int:
        """Return one of the axes, counted from either end."""
        return self.random.randrange(-x.ndim, x.ndim)

    def partner(self, x: Tensor) -> Tensor:
        """Return a tensor that broadcasts with x: another of the pool, or a constant."""
        fitting = [t for t in self.pool if _broadcasts(t, x)]
        if fitting and self.random.random() < 0.7:
            return self.random.choice(fitting)
        kept = [n if self.random.random() < 0.7 else 1 for n in x.shape]
        return self.constant(*kept[self.random.randrange(0, len(kept) + 1) :])


def _broadcasts(a: Tensor, b: Tensor) -> bool:
    try:
        shape = np.broadcast_shapes(a.shape, b.shape)
    except ValueError:
        return False
    return math.prod(shape) <= 60


def step(name: str) -> Callable[[Step], Step]:
    """Enter a step under the name of the rule that it is about."""

    def enter(function: Step) -> Step:
        STEPS[name] = function
        return function

    return enter


def unary(name: str, function: Callable[[Tensor], Tensor]) -> None:
    STEPS[name] = lambda d: function(d.any())


def positive(x: Tensor) -> Tensor:
    return x * x + 0.5


def inside(x: Tensor) -> Tensor:
    return torch.tanh(x) * 0.9


def composed(name: str, first: Callable[[Tensor], Tensor]) -> None:
    function: Callable[[Tensor], Tensor] = getattr(torch, name)
    unary(name, lambda x: function(first(x)))


for _name in ("sin", "cos", "tanh", "atan", "sigmoid", "abs", "relu", "neg", "square", "sign"):
    unary(_name, getattr(torch, _name))
for _name in ("sinh", "cosh", "exp", "expm1", "exp2", "tan", "asin", "acos"):
    composed(_name, inside)
for _name in ("log", "log2", "log10", "log1p", "sqrt", "rsqrt", "reciprocal"):
    composed(_name, positive)
for _name in ("softplus", "silu", "gelu", "leaky_relu", "logsigmoid"):
    unary(_name, getattr(F, _name))
unary("erf", torch.erf)
unary("floor", lambda x: torch.floor(x) + x)
unary("ceil", lambda x: torch.ceil(x) * x)
unary("round", lambda x: torch.round(x) - x)
unary("expit", torch.special.expit)
unary("clone", torch.clone)
unary("contiguous", lambda x: x.flip(0).T.contiguous() if x.ndim == 2 else x.contiguous())
unary("double", lambda x: x.float().double() if x.ndim > 9 else x.double() + x)


def binary(name: str, function: Callable[[Tensor, Tensor], Tensor]) -> None:
    def run(d: Drawn) -> Tensor:
        x = d.any()
        other = d.partner(x)
        return function(x, other) if d.random.random() < 0.5 else function(other, x)

    STEPS[name] = run


def same(a: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    shape = np.broadcast_shapes(a.shape, b.shape)
    return a.expand(shape), torch.broadcast_to(b, shape)


binary("add", lambda a, b: a + b)
binary("sub", lambda a, b: torch.sub(a, b, alpha=0.5))
binary("mul", lambda a, b: a * b)
binary("div", lambda a, b: a / positive(b))
binary("pow", lambda a, b: positive(a) ** torch.tanh(b))
binary("maximum", torch.maximum)
binary("minimum", torch.minimum)
binary("logaddexp", torch.logaddexp)
binary("where", lambda a, b: torch.where(a > b, a, b.sin()))
binary("masked_fill", lambda a, b: (a + b).masked_fill(a + b > 0.3, 0.7))
binary("mse_loss", lambda a, b: F.mse_loss(*same(a, b)))
binary("l1_loss", lambda a, b: F.l1_loss(*same(a, b), reduction="sum"))
binary("lerp", lambda a, b: torch.lerp(*same(a, b), 0.3))

unary("rsub", lambda x: 1.5 - x)
unary("rdiv", lambda x: 2 / positive(x))
unary("rpow", lambda x: 2 ** torch.tanh(x))
unary("clamp", lambda x: x.clamp(-0.5, 0.8))
unary("clip", lambda x: x.clip(min=-0.2))


def along(name: str, function: Callable[..., Any]) -> None:
    def run(d: Drawn) -> Tensor | None:
        x = d.shaped(1)
        return None if x is None else function(x, d.dim(x), d.random.random() < 0.5)

    STEPS[name] = run


along("sum", lambda x, dim, keep: x.sum(dim, keepdim=keep))
along("mean", lambda x, dim, keep: x.mean(axis=dim, keepdim=keep))
along("amax", lambda x, dim, keep: x.amax(dim, keep))
along("amin", torch.amin)
along("max", lambda x, dim, keep: x.max(dim, keepdim=keep).values)
along("min", lambda x, dim, keep: x.min() if keep else torch.min(x, dim)[0])
along("var", lambda x, dim, keep: x.var(dim, unbiased=False, keepdim=keep))
along("std", lambda x, dim, keep: (x + x.cos()).std() if x.numel() > 2 else x.sum())
along("norm", lambda x, dim, keep: torch.linalg.vector_norm(x + 1.3, dim=dim, keepdim=keep))
along("prod", lambda x, dim, keep: torch.tanh(x).prod(dim, keepdim=keep))
along("cumsum", lambda x, dim, keep: x.cumsum(dim))
along("sort", lambda x, dim, keep: x.sort(dim, descending=keep).values)
along("topk", lambda x, dim, keep: x.topk(min(2, x.shape[dim]), dim, largest=keep)[0])
along("cummax", lambda x, dim, keep: (torch.cummax if keep else torch.cummin)(x, dim).values)
along("logsumexp", lambda x, dim, keep: x.logsumexp(dim, keepdim=keep))
along("softmax", lambda x, dim, keep: torch.softmax(x, dim))
along("log_softmax", lambda x, dim, keep: F.log_softmax(x, dim=dim))

# Views, indexing, copies.

along("flip", lambda x, dim, keep: x.flip(dim))
along("roll", lambda x, dim, keep: x.roll(1, dim))
along("transpose", lambda x, dim, keep: x.transpose(0, dim))
along("unsqueeze", lambda x, dim, keep: x.unsqueeze(dim))
along("select", lambda x, dim, keep: x.select(dim, -1))
along("unbind", lambda x, dim, keep: sum(k * p for k, p in enumerate(x.unbind(dim), 1)))
along("chunk", lambda x, dim, keep: x.chunk(2, dim)[-1])
along("narrow", lambda x, dim, keep: x.narrow(dim, 0, max(1, x.shape[dim] - 1)))
along(
    "index_select",
    lambda x, dim, keep: x.index_select(dim, torch.tensor([0, -1 % x.shape[dim], 0])),
)
along("gather", lambda x, dim, keep: x.gather(dim, x.argsort(dim)))
along(
    "repeat_interleave",
    lambda x, dim, keep: x.repeat_interleave(2, dim) if x.numel() < 30 else x * 1,
)
along("cat", lambda x, dim, keep: torch.cat([x, x.sin(), x], dim) if x.numel() < 20 else x * 2)
along("stack", lambda x, dim, keep: torch.stack([x, x.cos()], dim) if x.ndim < 3 else x * 3)
unary("flatten", lambda x: x.flatten())
unary("reshape", lambda x: x.reshape(*([-1, x.shape[-1]] if x.ndim > 2 else [1, -1])))
unary("view", lambda x: x.contiguous().view(-1))
unary("squeeze", lambda x: x.squeeze())
unary("permute", lambda x: x.permute(list(reversed(range(x.ndim)))))
unary("expand", lambda x: x.expand(2, *x.shape) if x.numel() < 30 and x.ndim < 3 else x + 1)
unary("tile", lambda x: x.tile(2) if x.ndim > 0 and x.numel() < 30 else x + 2)


@step("getitem")
def _getitem(d: Drawn) -> Tensor | None:
    x = d.shaped(1)
    if x is None:
        return None
    n = x.shape[0]
    choices: list[Any] = [0, -1, slice(1, None), slice(None, None, 2), None, [0, n - 1, 0]]
    choices += [(Ellipsis, 0), (slice(None), None), (Ellipsis, slice(0, 2))]
    chosen = x[d.random.choice(choices)]
    return chosen if chosen.numel() else None


@step("masked_select")
def _mask(d: Drawn) -> Tensor | None:
    x = d.shaped(1)
    if x is None:
        return None
    chosen = x[x > -0.3]
    return chosen if chosen.numel() else None


@step("T")
def _transposed(d: Drawn) -> Tensor | None:
    x = d.shaped(2)
    return None if x is None else x.mT


@step("diagonal")
def _diagonal(d: Drawn) -> Tensor | None:
    x = d.shaped(2)
    return None if x is None else x.diagonal()


# Products.


@step("matmul")
def _matmul(d: Drawn) -> Tensor | None:
    x = d.shaped(1)
    if x is None:
        return None
    fitting = [t for t in d.pool if t.ndim in (1, 2) and t.shape[0] == x.shape[-1]]
    other = d.random.choice(fitting) if fitting else d.constant(x.shape[-1], 2)
    return x @ other


@step("inner")
def _inner(d: Drawn) -> Tensor | None:
    x = d.shaped(1)
    return None if x is None or x.numel() > 30 else torch.inner(x, x.sin())


@step("rmatmul")
def _rmatmul(d: Drawn) -> Tensor | None:
    x = d.shaped(2)
    return None if x is None else x.__rmatmul__(d.constant(2, x.shape[-2]))


@step("outer")
def _outer(d: Drawn) -> Tensor | None:
    x = d.shaped(1)
    return None if x is None else torch.outer(x.flatten()[:4], x.flatten()[:3].sin())


@step("einsum")
def _einsum(d: Drawn) -> Tensor | None:
    x = d.shaped(2)
    if x is None:
        return None
    x = x.flatten(0, -2)
    return torch.einsum("ij,kj->ik", x, x.tanh()) if x.shape[0] < 5 else torch.einsum("ij->j", x)


@step("trace")
def _trace(d: Drawn) -> Tensor | None:
    x = d.shaped(2)
    return None if x is None else torch.trace(x.flatten(0, -2))


@step("addmm")
def _addmm(d: Drawn) -> Tensor | None:
    x = d.shaped(2)
    if x is None:
        return None
    x = x.flatten(0, -2)
    return torch.addmm(d.constant(2), x, d.constant(x.shape[1], 2), alpha=0.5)


@step("cross_entropy")
def _cross_entropy(d: Drawn) -> Tensor | None:
    x = d.shaped(2)
    if x is None:
        return None
    x = x.flatten(0, -2)
    return F.cross_entropy(x, torch.arange(x.shape[0]) % x.shape[1])


@step("linear")
def _module(d: Drawn) -> Tensor | None:
    x = d.shaped(1)
    if x is None:
        return None
    bias, kind = d.random.random() < 0.7, d.random.choice([nn.Tanh, nn.ReLU, nn.Sigmoid])
    if d.called == len(d.modules):  # the first run makes the modules, later ones call them
        layer = nn.Linear(x.shape[-1], 3, bias=bias, dtype=torch.float64)
        d.modules.append(nn.Sequential(layer, kind()))
    d.called += 1
    made: Tensor = d.modules[d.called - 1](x)
    return made


class Composition:
    """A random function of random inputs, which returns one number.

    Every rule's step comes first in turn, so that a hundred seeds meet all of them.
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed
        draw = random.Random(seed)
        torch.manual_seed(seed)
        self.inputs = {
            name: torch.randn(
                [draw.choice((1, 2, 3, 4)) for _ in range(draw.choice((0, 1, 1, 2, 2, 3)))],
                dtype=torch.float64,
                requires_grad=True,
            )
            for name in "abc"[: draw.choice((1, 2, 2, 3))]
        }
        self.modules: list[nn.Module] = []
        self.steps: list[str] = []

    def __call__(self, **inputs: Tensor) -> Tensor:
        draw = random.Random(self.seed)
        generator = torch.Generator().manual_seed(self.seed)
        d = Drawn(draw, generator, list(inputs.values()), self.modules)
        self.steps = []
        names = sorted(STEPS)
        wanted = [names[self.seed % len(names)], *draw.choices(names, k=draw.randrange(2, 7))]
        for name in wanted:
            made = STEPS[name](d)
            if made is None:
                continue
            if made.detach().abs().max() > 20:
                made = torch.tanh(made)
            self.steps.append(name)
            d.pool.append(made)
        ends = [d.pool[-1].mean(), *(x.sum() for x in inputs.values())]
        return sum(ends[1:], ends[0] * 2)
