"""Letters with an index, random letters, other names, and what else may declare a letter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor

from gdbook.mathematics.kinds import NUMBER, Kind, Size
from gdbook.mathematics.letters.declared import Declared, Raw, Sizes, size_of
from gdbook.mathematics.refusal import Refused
from gdbook.mathematics.values.environment import REAL


def family(n: Size, member: Declared, *, first: int = 0, by: Any = None) -> Declared:
    """Declare things of one kind with an index, such as vectors q_i; ``by`` computes all."""
    kind = Kind("family", (n,), result=member.kind)
    if by is not None:
        return Declared(kind, by=by, first=first, member=member)

    def draw(sizes: Sizes, count: int, rng: torch.Generator) -> Raw:
        assert member.draw is not None
        many = [member.draw(sizes, count, rng)[0] for _ in range(size_of(n, sizes))]
        return (torch.stack(many, 1),)

    def build(raw: Raw, sizes: Sizes) -> Tensor:
        assert member.build is not None
        many = [member.build((x,), sizes) for x in raw[0].unbind(1)]
        return torch.stack(many, 1)

    return Declared(kind, draw, build, first=first, member=member)


def sequence(
    member: Declared,
    step: Callable[..., Any] | None = None,
    *,
    term: Callable[..., Any] | None = None,
    first: int = 0,
    zero: bool = False,
) -> Declared:
    """Declare iterates x_0, x_1, …: by a step, by their terms, or by a definition of the page.

    Parameters
    ----------
    member : Declared
        What a term is; the first one is drawn so.
    step : callable, optional
        The next term from one, and from other letters, by name.
    term : callable, optional
        A term from its index, and from other letters.
    first : int
        The index of the first term.
    zero : bool
        Whether the first term is 0.
    """
    kind = Kind("family", (None,), result=member.kind)
    if term is not None:
        return Declared(kind, member=member, term=term, first=first)
    build = member.build
    if zero and build is not None:
        drawn = build
        build = lambda raw, sizes: torch.zeros_like(drawn(raw, sizes))  # noqa: E731
    return Declared(kind, member.draw, build, member=member, step=step, first=first)


def random(member: Declared, *, independent: bool = False) -> Declared:
    """Declare a random variable, of which E and Var are taken: any with finitely many values.

    What holds for every law holds for these, and expectations are exact.
    """
    law = "independent" if independent else "joint"
    return replace(member, law=law, corners=())


@dataclass(frozen=True)
class Alias:
    """Another letter for a declared one: a_{ij} for the entries of A."""

    name: str

    def resolve(self, declared: Mapping[str, Declared]) -> Declared:
        """Return what the letter is declared as."""
        if self.name not in declared:
            raise Refused("declaration", f"alias({self.name!r}), which is not declared")
        of, name = declared[self.name], self.name
        rule = lambda env: env[name]  # noqa: E731
        return Declared(of.kind, rule=rule, uses=(name,), first=of.first, alias_of=name)


def alias(name: str) -> Alias:
    """Declare another letter for the same thing: x_{ij} are the entries of X."""
    return Alias(name)


def as_declared(name: str, value: Any) -> Declared:
    """Return a declaration; plain numbers and code are declarations too."""
    if isinstance(value, Declared):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        if value == 0:
            raise Refused("declaration", f"{name} = 0 would hide its sign: choose another sample")
        made = torch.tensor([float(value)], dtype=REAL)
        return Declared(NUMBER, rule=lambda env: made, whole=isinstance(value, int))
    if callable(value):
        return Declared(NUMBER, by=value)
    raise Refused("declaration", f"{name} = {value!r} declares nothing")
