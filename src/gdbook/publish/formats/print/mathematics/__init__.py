r"""LaTeX mathematics to Typst mathematics, for the printed book.

Published converters (tex2typst, pandoc) name symbols that the pinned Typst refuses, and
pass over what they don't know. This one writes the characters themselves, and raises
`gdbook.latex.Unreadable` for every command that neither its tables nor the
page's typesetter know.
"""

from __future__ import annotations

from pathlib import Path

from gdbook.publish.core.cache import fingerprints
from gdbook.publish.core.places import LATEX
from gdbook.publish.formats.print.mathematics.converter import convert
from gdbook.publish.math import temml

__all__ = ["convert", "made_by"]


def made_by(macros: dict[str, str]) -> str:
    """Return the fingerprint of what decides how a formula is printed, and whether it can be."""
    code = [path for folder in (Path(__file__).parent, LATEX) for path in folder.glob("*.py")]
    return fingerprints(sorted(code), temml.made_by(macros))
