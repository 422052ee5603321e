"""Functions as values: drawn ones, which are any smooth or convex function, and code."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor

from gdbook.mathematics.kinds import Kind
from gdbook.mathematics.values.environment import REAL

_TERMS = 4


class Function:
    """A function for each draw, given by numbers.

    Parameters
    ----------
    numbers : tuple of Tensor
        What differs between draws: the first axis counts them.
    rule : callable
        ``rule(numbers, *arguments)``, of one draw or of all of them at once.
    """

    def __init__(self, numbers: tuple[Any, ...], rule: Callable[..., Tensor]) -> None:
        self.numbers, self.rule = numbers, rule

    def __call__(self, *arguments: Tensor) -> Tensor:
        """Return the values at points."""
        return self.rule(self.numbers, *arguments)


def _flat(kinds: tuple[Kind, ...], xs: tuple[Tensor, ...]) -> Tensor:
    """Return arguments as one vector a draw."""
    parts = []
    for kind, x in zip(kinds, xs, strict=True):
        flat = x.unsqueeze(-1) if kind.what == "number" else x
        parts.append(flat.flatten(-2) if kind.what == "matrix" else flat)
    longest = max((p.shape[:-1] for p in parts), key=lambda s: (len(s), s))
    return torch.cat([p.expand(*longest, p.shape[-1]) for p in parts], -1)


def _inputs(kind: Kind, sizes: Mapping[str, int]) -> int:
    return sum(math.prod(_size(s, sizes) for s in k.shape) for k in kind.args)


def _size(size: Any, sizes: Mapping[str, int]) -> int:
    return sizes[size] if isinstance(size, str) else int(size)


def draw_smooth(
    kind: Kind, sizes: Mapping[str, int], count: int, rng: torch.Generator
) -> tuple[Tensor, ...]:
    """Draw the numbers of smooth functions: frequencies, phases, amplitudes and a constant."""
    inputs = _inputs(kind, sizes)
    outputs = math.prod(_size(s, sizes) for s in kind.of.shape)

    def normal(*shape: int) -> Tensor:
        return torch.randn(count, *shape, generator=rng, dtype=REAL)

    w = 0.8 * normal(_TERMS, inputs) / math.sqrt(inputs) + 0.3 * normal(_TERMS, inputs).sign()
    return w, normal(_TERMS), normal(outputs, _TERMS), normal(outputs)


def smooth(kind: Kind, sizes: Mapping[str, int], numbers: tuple[Tensor, ...]) -> Function:
    """Return any smooth function: three waves and an exponential along random directions."""
    shape = tuple(_size(s, sizes) for s in kind.of.shape)

    def rule(given: tuple[Tensor, ...], *xs: Tensor) -> Tensor:
        x = _flat(kind.args, xs)
        w, b, c, d = (t.to(x.dtype) for t in given)
        z = (w @ x.unsqueeze(-1)).squeeze(-1) + b
        waves = torch.cat([torch.sin(z[..., :3]), torch.exp(0.5 * z[..., 3:])], -1)
        y = (c @ waves.unsqueeze(-1)).squeeze(-1) + d
        return y.reshape((*y.shape[:-1], *shape))

    return Function(numbers, rule)


def draw_convex(
    kind: Kind, sizes: Mapping[str, int], count: int, rng: torch.Generator
) -> tuple[Tensor, ...]:
    """Draw the numbers of strongly convex functions with a known minimum."""
    inputs = _inputs(kind, sizes)

    def normal(*shape: int) -> Tensor:
        return torch.randn(count, *shape, generator=rng, dtype=REAL)

    return normal(_TERMS, inputs), normal(_TERMS), normal(_TERMS), normal(3), normal(inputs)


def convex(kind: Kind, sizes: Mapping[str, int], numbers: tuple[Tensor, ...]) -> Function:
    """Return strongly convex functions, with a Lipschitz gradient and a known minimum.

    A third of them are bare parabolas, for which most bounds are sharp; some are nearly flat.
    """
    w, b, c, some, centre = numbers
    bent = (some[..., :1] > -0.4).to(REAL)
    mu = (0.1 + some[..., 1:2].abs()) * torch.where(some[..., :1] > 0.8, 0.05, 1.0)
    low = 2 * some[..., 2:] + some[..., 2:].sign()
    numbers = (w, b, bent * c.exp(), mu, centre, low)

    def rule(given: tuple[Tensor, ...], *xs: Tensor) -> Tensor:
        w, b, c, mu, centre, low = given
        x = _flat(kind.args, xs) - centre
        z = (w @ x.unsqueeze(-1)).squeeze(-1)
        # log cosh(z + b) less its tangent at z = 0, where it is least then.
        # Written without abs, whose second derivative lets torch import its compiler.
        y = z + b
        bent, rest = torch.logaddexp(y, -y), torch.logaddexp(b, -b)
        total = (c * (bent - rest - torch.tanh(b) * z)).sum(-1)
        return total + mu[..., 0] / 2 * (x * x).sum(-1) + low[..., 0]

    return Function(numbers, rule)


def centre_of(f: Function) -> Tensor:
    """Return where a drawn convex function is least, as a vector."""
    centre: Tensor = f.numbers[4]
    return centre


def minimum_of(f: Function) -> Tensor:
    """Return the least value of a drawn convex function."""
    low: Tensor = f.numbers[5]
    return low[..., 0]


def strong_convexity_of(f: Function) -> Tensor:
    """Return μ, below which no curvature of a drawn convex function falls."""
    mu: Tensor = f.numbers[3]
    return mu[..., 0]


def smoothness_of(f: Function) -> Tensor:
    """Return L, which no curvature of a drawn convex function exceeds."""
    w, _, c, mu, _, _ = f.numbers
    bend = (w.transpose(-1, -2) * c.unsqueeze(-2)) @ w
    top: Tensor = torch.linalg.eigvalsh(bend)[..., -1] + mu[..., 0]
    return top
