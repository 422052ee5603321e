"""A formula as a tree: what each part is, depends on, and is worth for all draws at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from gdbook.mathematics.kinds import NUMBER, Kind
from gdbook.mathematics.refusal import mistyped
from gdbook.mathematics.values.environment import Environment

Rule = Callable[[Environment], Any]


@dataclass(frozen=True, eq=False)
class Expression:
    """A part of a formula.

    Attributes
    ----------
    kind : Kind
        What it is.
    value : callable
        Its value in an environment. The first axis of a tensor counts draws; it may be one
        where the value is the same for all.
    free : frozenset of str
        The names that it depends on.
    text : str
        How it was read.
    literal : float or None
        The number that it is, if it is written as one.
    terms : tuple of object
        Marks of the terms of all sums in it, each of which can be scaled to see if a bound
        needs it.
    """

    kind: Kind
    value: Rule
    free: frozenset[str]
    text: str
    literal: float | None = None
    terms: tuple[object, ...] = ()


def literal(x: float) -> Expression:
    """Return a number."""
    made = torch.tensor([float(x)], dtype=torch.float64)
    return Expression(NUMBER, lambda env: made, frozenset(), f"{x:g}", float(x))


def is_number(e: Expression) -> bool:
    """Whether an expression is a number."""
    return e.kind == NUMBER


def need_number(e: Expression, what: str) -> Expression:
    """Return an expression that must be a number."""
    if not is_number(e):
        raise mistyped(f"{what} {e.text}, which is a {e.kind} and no number")
    return e


def joined(kind: Kind, text: str, parts: list[Expression], rule: Callable[..., Any]) -> Expression:
    """Return the expression whose value is computed from the values of its parts."""
    free = frozenset[str]().union(*(p.free for p in parts))
    terms = tuple(t for p in parts for t in p.terms)
    values = [p.value for p in parts]
    return Expression(kind, lambda env: rule(*(v(env) for v in values)), free, text, None, terms)


def aligned(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Give a number and an array the same number of axes, behind the draws."""
    while x.ndim < y.ndim:
        x = x.unsqueeze(-1)
    while y.ndim < x.ndim:
        y = y.unsqueeze(-1)
    return x, y
