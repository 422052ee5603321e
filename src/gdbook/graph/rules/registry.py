"""The table of rules, by the name that torch gives an operation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

#: A rule has the signature of torch's function and returns an `Operation`, or a list of
#: them, one for each tensor of the result and None where one is no function to differentiate.
Rule = Callable[..., Any]

F = TypeVar("F", bound=Rule)

RULES: dict[str, Rule] = {}


def rule(*names: str) -> Callable[[F], F]:
    """Enter a function as the rule of some operations."""

    def enter(function: F) -> F:
        for name in names:
            RULES[name] = function
        return function

    return enter
