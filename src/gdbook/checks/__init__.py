"""Checks of displayed formulas: each claim of a chapter is executed.

``holds`` needs nothing but the formula that the page displays, over letters that
`gdbook.mathematics` declares. The others state the formula once more, and the build holds the
page against it:
``identity``, ``derivative``, ``limit``, ``rate``, ``bound``, ``near``, ``minimiser``,
``numeric`` and ``tensors`` pass with one line that says what was checked and how, or fail with one
sentence that says where the two sides differ. Formulas are texts in the language of
`gdbook.expressions`: Python's arithmetic with ``f'(x)``, ``lim(sin(x)/x, x, 0)``,
``sum(i**2, i, 1, n)`` and ``O(h**2)``.

Two options are common to all:

of : str, optional
    The label of the equation, where the check doesn't follow it directly.
latex : str, optional
    The displayed formula again, where it is written in a way that the builder cannot read.
"""

from __future__ import annotations

from gdbook.checks.bounds import bound, minimiser
from gdbook.checks.displayed import holds
from gdbook.checks.entrywise import tensors
from gdbook.checks.equalities import derivative, identity, near, numeric
from gdbook.checks.limits import limit, rate
from gdbook.reporting import CheckFailed, say

__all__ = [
    "CheckFailed",
    "bound",
    "derivative",
    "holds",
    "identity",
    "limit",
    "minimiser",
    "near",
    "numeric",
    "rate",
    "say",
    "tensors",
]
