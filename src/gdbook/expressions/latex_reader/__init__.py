r"""Displayed formulas, read into the language of checks: LaTeX to SymPy, without guessing.

General converters were tried first. On the book's notation they drop primes (f' becomes f),
take D(h) for a product, or give several readings; a guard must rather refuse. This reader
knows the notation of this book alone and says why it cannot read the rest.
"""

from __future__ import annotations

from gdbook.expressions.latex_reader.chains import Chain, Display, Side, normalise, read, symbols
from gdbook.expressions.latex_reader.relates import relates
from gdbook.latex import Unreadable
from gdbook.latex.notation import tokenise

__all__ = [
    "Chain",
    "Display",
    "Side",
    "Unreadable",
    "normalise",
    "read",
    "relates",
    "symbols",
    "tokenise",
]
