"""Identities of numbers, given to SymPy: what was read is a text of Python's arithmetic."""

from __future__ import annotations

from gdbook.mathematics.proving.language import ExpressionError, read
from gdbook.mathematics.proving.proof import proved

__all__ = ["ExpressionError", "proved", "read"]
