"""Checks of displayed formulas: each claim of a chapter is executed.

``holds`` needs nothing but the formula that the page displays, over letters that
`gdbook.mathematics` declares. What it can't read, such as words under a sum, is stated once more
by ``tensors``. Both pass with one line that says what was tried, or fail with one sentence that
says where the two sides differ.
"""

from __future__ import annotations

from gdbook.checks.displayed import holds
from gdbook.checks.entrywise import tensors
from gdbook.reporting import CheckFailed, say

__all__ = ["CheckFailed", "holds", "say", "tensors"]
