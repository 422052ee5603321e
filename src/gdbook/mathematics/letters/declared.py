"""What a declared letter is, and how its values are drawn."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from gdbook.mathematics.kinds import Kind, Size
from gdbook.mathematics.values.environment import REAL, Environment

Sizes = Mapping[str, int]
Raw = tuple[Tensor, ...]
Outcomes = list[tuple[Tensor, Any]]
"""Of a random letter: how likely, and which value."""


@dataclass(frozen=True)
class Declared:
    """A declared letter.

    Attributes
    ----------
    kind : Kind
    draw : callable or None
        ``draw(sizes, count, rng)`` gives the random numbers of so many draws.
    build : callable or None
        ``build(numbers, sizes)`` turns them into values.
    by : callable or None
        Code that computes the letter from others instead, named by its parameters.
    rule : callable or None
        What computes the letter for all draws at once, from the letters in ``uses``.
    corners : tuple
        Values at which two sides often meet: numbers, or ``zero``, ``ones``, ``basis``, ``eye``.
    low, high : float
        Between which a number lies.
    first : int
        The index of the first entry.
    fixed : bool
        Whether a bare ∇ leaves it alone.
    whole : bool
        Whether it is a whole number.
    law : str
        Of a random variable: ``joint``, ``independent``, or ``listed`` by its outcomes.
    outcomes : callable or None
        Lists them, given the values of all letters that are not random.
    alias_of : str
        The letter of which this one is another name.
    step, term : callable or None
        Of a sequence: the next term from one, or a term from its index.
    """

    kind: Kind
    draw: Callable[[Sizes, int, torch.Generator], Raw] | None = None
    build: Callable[[Raw, Sizes], Any] | None = None
    by: Callable[..., Any] | None = None
    rule: Callable[[Environment], Any] | None = None
    uses: tuple[str, ...] = ()
    corners: tuple[Any, ...] = ()
    low: float = -math.inf
    high: float = math.inf
    first: int = 0
    fixed: bool = False
    whole: bool = False
    law: str = ""
    outcomes: Callable[[Environment], Outcomes] | None = None
    alias_of: str = ""
    member: Declared | None = None
    step: Callable[..., Any] | None = None
    term: Callable[..., Any] | None = None

    @property
    def needs(self) -> tuple[str, ...]:
        """The letters from which it is computed."""
        if self.by is not None:
            return tuple(inspect.signature(self.by).parameters)
        code = self.step or self.term
        return tuple(inspect.signature(code).parameters)[1:] if code else self.uses


def depends_on(declared: Mapping[str, Declared], name: str) -> frozenset[str]:
    """Return a name with all that its value is computed from, directly or not."""
    found: set[str] = set()
    open_ = [name]
    while open_:
        found.add(one := open_.pop())
        needs = declared[one].needs if one in declared else ()
        open_ += [n for n in needs if n not in found]
    return frozenset(found)


def size_of(size: Size, sizes: Sizes) -> int:
    """Return a size, by its name or as it is."""
    return sizes[size] if isinstance(size, str) else int(size or 0)


def normal(kind: Kind) -> Callable[[Sizes, int, torch.Generator], Raw]:
    """Draw standard normal numbers, now and then small or large ones."""

    def draw(sizes: Sizes, count: int, rng: torch.Generator) -> Raw:
        shape = [size_of(s, sizes) for s in kind.shape]
        return (torch.randn(count, *shape, generator=rng, dtype=REAL),)

    return draw
