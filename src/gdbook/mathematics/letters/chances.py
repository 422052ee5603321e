"""Random letters whose outcomes are listed: samples of indices, random orders, a coin."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import torch
from torch import Tensor

from gdbook.mathematics.kinds import NUMBER, Kind, Size, function_of, vector_of
from gdbook.mathematics.letters.declared import Declared, Outcomes
from gdbook.mathematics.refusal import Refused
from gdbook.mathematics.values.environment import REAL, Environment, number


def sample(n: Size, size: str | int, *, repeated: bool = False) -> Declared:
    r"""Declare I, a random choice of indices, for \sum_{i \in I}.

    Parameters
    ----------
    n : str or int
        How many there are to choose from.
    size : str or int
        How many are chosen: a number, or the letter that is it.
    repeated : bool
        Whether they are drawn with replacement. Otherwise all sets of that size are equally
        likely.

    Raises
    ------
    Refused
        When it is drawn, if there are not so many to choose from.
    """

    def outcomes(env: Environment) -> Outcomes:
        count = env.draws.size(n or 0)
        chosen = number(env[size] if isinstance(size, str) else size)
        most = int(chosen.max())
        if int(chosen.min()) < 1 or (most > count and not repeated):
            raise Refused("declaration", f"a sample of {size} from {count}: so many there are not")
        each = range((most if repeated else 1) + 1)
        made: Outcomes = []
        for times in itertools.product(each, repeat=count):
            if not 0 < sum(times) <= most:
                continue
            weight = (chosen == sum(times)).to(REAL) * _share(times, repeated=repeated)
            if bool(weight.any()):
                made.append((weight, torch.tensor([times], dtype=REAL)))
        return made

    uses = tuple(name for name in (n, size) if isinstance(name, str))
    return Declared(Kind("set", (n,)), uses=uses, law="listed", outcomes=outcomes)


def _share(times: tuple[int, ...], *, repeated: bool) -> float:
    """Return how likely each index comes so often, among samples of that size."""
    count, size = len(times), sum(times)
    if not repeated:
        return 1 / math.comb(count, size)
    orders = math.factorial(size) / math.prod(math.factorial(t) for t in times)
    return float(orders / count**size)


def permutation(n: Size, *, first: int = 0, to: int = 1) -> Declared:
    """Declare a random order π(j), in which all orders of n things are equally likely.

    Parameters
    ----------
    n : str or int
    first, to : int
        The first place, and the index of the first thing.
    """

    def outcomes(env: Environment) -> Outcomes:
        orders = list(itertools.permutations(range(env.draws.size(n or 0))))
        weight = torch.tensor([1 / len(orders)], dtype=REAL)
        return [(weight, _places(order, first, to)) for order in orders]

    kind = function_of((NUMBER,), NUMBER)
    uses = (n,) if isinstance(n, str) else ()
    return Declared(kind, uses=uses, law="listed", outcomes=outcomes)


def _places(order: tuple[int, ...], first: int, to: int) -> Callable[[Tensor], Tensor]:
    things = torch.tensor(order, dtype=REAL) + to

    def thing(place: Tensor) -> Tensor:
        at = place.round().long() - first
        if int(at.min()) < 0 or int(at.max()) >= len(order):
            raise Refused("index", f"an order of {len(order)} has no place {int(place.max())}")
        return things[at]

    return thing


def coin(n: Size = None, *, first: int = 0) -> Declared:
    """Declare a random number that is 1 or −1, equally often, or n independent ones.

    Parameters
    ----------
    n : str or int, optional
        How many entries the random vector has; without it, it is a number.
    first : int
        The index of the first entry.
    """
    if n is None:
        half = torch.tensor([0.5], dtype=REAL)
        sides = [torch.tensor([x], dtype=REAL) for x in (1.0, -1.0)]
        return Declared(NUMBER, law="listed", outcomes=lambda _: [(half, x) for x in sides])

    def outcomes(env: Environment) -> Outcomes:
        thrown = list(itertools.product((1.0, -1.0), repeat=env.draws.size(n)))
        weight = torch.tensor([1 / len(thrown)], dtype=REAL)
        return [(weight, torch.tensor([signs], dtype=REAL)) for signs in thrown]

    uses = (n,) if isinstance(n, str) else ()
    return Declared(vector_of(n), uses=uses, law="listed", outcomes=outcomes, first=first)
