"""What is known while one display is read: letters, indices, sizes."""

from __future__ import annotations

import keyword
from collections.abc import Callable
from dataclasses import dataclass, field

import torch
from torch import Tensor

from gdbook.mathematics.kinds import Size
from gdbook.mathematics.letters.declared import Declared, depends_on
from gdbook.mathematics.refusal import mistyped, two_readings
from gdbook.mathematics.tree import Expression
from gdbook.mathematics.values.environment import Environment

Ends = Callable[[Environment], tuple[Tensor, Tensor]]


@dataclass
class Index:
    """An index letter: what it counts is known once something is indexed by it.

    Attributes
    ----------
    name : str
    size, first
        How many things it counts, and from which number on.
    written : bool
        Whether its range is written out.
    as_number : bool
        Whether it also stands as a number.
    ends : callable or None
        The written range, first and last, which may differ between draws.
    endless : bool
        Whether it runs to infinity.
    among : Expression or None
        The set in which it runs: how often each index is in it.
    """

    name: str
    size: Size = None
    first: int = 0
    written: bool = False
    as_number: bool = False
    ends: Ends | None = None
    endless: bool = False
    among: Expression | None = None

    def counts(self, size: Size, first: int, what: str) -> None:
        """Note that something of that size is indexed by it."""
        if self.written or size is None:
            return
        if self.size is None:
            self.size, self.first = size, first
        elif (self.size, self.first) != (size, first):
            raise mistyped(
                f"the index {self.name} counts {self.size} things from {self.first}, and "
                f"{size} from {first} of {what}"
            )

    def range(self, env: Environment) -> tuple[Tensor, Tensor]:
        """Return its first and last values, for each draw."""
        if self.ends is not None:
            return self.ends(env)
        if self.size is None:
            raise two_readings(f"the index {self.name} runs over nothing known: over what?")
        first = torch.tensor([float(self.first)], dtype=torch.float64)
        return first, first + env.draws.size(self.size) - 1


@dataclass
class Context:
    """What is known while one display is read.

    Attributes
    ----------
    declared : dict of str to Declared
    sizes : set of str
        Names of sizes, which are numbers as well.
    bound : dict of str to Index
        Indices of the sums, products and extremes that are open.
    free : dict of str to Index
        Indices of which the chain that is read holds for all values.
    closed, ever_bound : set of str
        Letters bound by a sum that has ended, in this term or in this chain.
    used : set of str
        The declared names that were met.
    orders : list of Expression
        The O(…) of the side that is read.
    random : bool
        Whether an expectation is open.
    """

    declared: dict[str, Declared]
    sizes: set[str] = field(default_factory=set)
    bound: dict[str, Index] = field(default_factory=dict)
    free: dict[str, Index] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)
    ever_bound: set[str] = field(default_factory=set)
    used: set[str] = field(default_factory=set)
    orders: list[Expression] = field(default_factory=list)
    random: bool = False

    def depends(self, name: str) -> frozenset[str]:
        """Return a name with all that its value is computed from."""
        found = depends_on(self.declared, name)
        self.used |= found
        return found


def python_name(letter: str) -> str:
    """Return the name by which a letter is declared."""
    return f"{letter}_" if keyword.iskeyword(letter) else letter
