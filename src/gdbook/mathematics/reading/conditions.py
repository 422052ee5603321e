"""Conditions: what is true or not of each draw."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from gdbook.latex import Token
from gdbook.mathematics.kinds import NUMBER
from gdbook.mathematics.reading.cursor import cut, show
from gdbook.mathematics.refusal import notation
from gdbook.mathematics.tree import Expression, need_number
from gdbook.mathematics.values.environment import Environment, number

Test = Callable[[Tensor, Tensor], Tensor]

TESTS: dict[str, Test] = {
    "=": lambda a, b: (a - b).abs() < 1e-12,
    "≤": torch.le,
    "<": torch.lt,
    "≥": torch.ge,
    ">": torch.gt,
    "≠": lambda a, b: (a - b).abs() >= 1e-12,
}


def comparison(whole: Callable[[list[Token]], Expression], tokens: list[Token]) -> Expression:
    """Read a < b ≤ c as something that is true of a draw or not.

    Parameters
    ----------
    whole : callable
        Reads one side.
    tokens : list of Token

    Returns
    -------
    Expression
        Its literal is 1 where it is true of nearly all draws (≠).
    """
    relations = [t.text for t in tokens if t.kind == "relation"]
    parts = cut(tokens, "relation")
    if not relations or any(x not in TESTS for x in relations) or len(parts) <= len(relations):
        raise notation(f"the condition {show(tokens)}: declare it")
    sides = [need_number(whole(p), "a condition on") for p in parts]

    def value(env: Environment) -> Tensor:
        values = [number(s.value(env)).detach() for s in sides]
        met = torch.ones(1, dtype=torch.bool)
        for a, relation, b in zip(values, relations, values[1:], strict=False):
            met = met & TESTS[relation](a, b)
        return met

    free = frozenset[str]().union(*(s.free for s in sides))
    text = " ".join(
        [sides[0].text, *(f"{x} {s.text}" for x, s in zip(relations, sides[1:], strict=True))]
    )
    return Expression(NUMBER, value, free, text, 1.0 if relations == ["≠"] else None)
