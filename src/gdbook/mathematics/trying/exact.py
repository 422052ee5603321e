"""Identities of numbers that algebra proves: what was read is given to SymPy."""

from __future__ import annotations

from itertools import pairwise

from gdbook.mathematics.kinds import NUMBER
from gdbook.mathematics.letters.declared import Declared
from gdbook.mathematics.reading import Chain

_LONGEST = 160


def proved(chain: Chain, declared: dict[str, Declared]) -> bool:
    """Whether SymPy sees that all sides of a chain are equal, whatever their letters.

    Parameters
    ----------
    chain : Chain
        Each of its sides was read as a text of `gdbook.expressions`, where it has none but
        numbers and functions of numbers in it.
    declared : dict of str to Declared
        Letters that are computed have no meaning for SymPy.
    """
    if set(chain.relations) != {"="} or any(chain.orders):
        return False
    names = frozenset[str]().union(*(s.free for s in chain.sides))
    letters = [declared[n] for n in names if n in declared]
    if chain.free or len(letters) < len(names) or any(not _plain(d) for d in letters):
        return False
    if any(s.kind != NUMBER or len(s.text) > _LONGEST for s in chain.sides):
        return False
    from gdbook import expressions as ex  # SymPy is slow to import, and most displays don't need it

    try:
        sides = [ex.read(s.text) for s in chain.sides]
    except ValueError:
        return False
    return all(ex.proved(a, b) for a, b in pairwise(sides))


def _plain(d: Declared) -> bool:
    """Whether a letter is a number, or any smooth function of numbers."""
    if d.draw is None or d.law:
        return False
    return d.kind == NUMBER or (
        d.kind.what == "function" and {*d.kind.args, d.kind.result} == {NUMBER}
    )
