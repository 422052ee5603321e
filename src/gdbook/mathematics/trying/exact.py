"""Identities of numbers that algebra proves: what was read is given to SymPy."""

from __future__ import annotations

from itertools import pairwise

from gdbook.mathematics.kinds import NUMBER
from gdbook.mathematics.letters.declared import Declared
from gdbook.mathematics.reading import Chain

_LONGEST = 160
_TAKEN = {"e", "i", "pi"}
"""Letters that are numbers where nobody declares them."""


def proved(chain: Chain, declared: dict[str, Declared]) -> bool:
    """Whether SymPy sees that all sides of a chain are equal, whatever their letters.

    Parameters
    ----------
    chain : Chain
        Each of its sides was read as a text of `gdbook.mathematics.proving`, where it has none
        but numbers and functions of numbers in it.
    declared : dict of str to Declared
        Letters that are computed have no meaning for SymPy.
    """
    if set(chain.relations) != {"="} or any(chain.orders):
        return False
    names = frozenset[str]().union(*(s.free for s in chain.sides))
    letters = [declared[n] for n in names if n in declared]
    if chain.free or len(letters) < len(names) or any(not _plain(d) for d in letters):
        return False
    if any(s.kind != NUMBER or len(s.text) > _LONGEST for s in chain.sides) or names & _TAKEN:
        return False
    # SymPy is slow to import, and most displays don't need it.
    from gdbook.mathematics import proving

    try:
        sides = [proving.read(s.text) for s in chain.sides]
    except proving.ExpressionError:
        return False
    return all(proving.proved(a, b) for a, b in pairwise(sides))


def _plain(d: Declared) -> bool:
    """Whether a letter is a number, or any smooth function of numbers."""
    if d.draw is None or d.law:
        return False
    return d.kind == NUMBER or (
        d.kind.what == "function" and {*d.kind.args, d.kind.result} == {NUMBER}
    )
