r"""LaTeX mathematics to Typst mathematics, for the printed book.

Published converters (tex2typst, pandoc) name symbols that the pinned Typst refuses, and
pass over what they don't know. This one writes the characters themselves, and raises
`UnknownMathError` for every command that is not in its tables.
"""

from __future__ import annotations

from gdbook.publish.formats.print.mathematics.converter import convert
from gdbook.publish.formats.print.mathematics.tokens import UnknownMathError

__all__ = ["UnknownMathError", "convert"]
