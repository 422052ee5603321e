"""Characters that none of the book's fonts has, told at their line when a page is read.

A browser may fall back on a font of the reader's; print has none to fall back on, and Typst ends
without a PDF. So pages, slides and print are held to the same fonts.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from gdbook.publish.core import findings, npm, user_cache
from gdbook.publish.core.ancestors import line_of
from gdbook.publish.core.findings import Finding
from gdbook.publish.math import font_subset
from gdbook.publish.math.html_renderer import formula, typesetter
from gdbook.publish.math.temml import TypesettingError

_FAMILIES = ("stix-two-text", "source-sans-3", "source-code-pro")
_PARTS = ("latin", "greek", "latin-ext")
_ANSI = re.compile(r"\x1b\[[0-9;]*m")
#: What is not drawn: spaces and line ends, and marks for joining and direction.
_UNDRAWN = ("Zs", "Zl", "Zp", "Cf")
_UNREAD = (nodes.raw, nodes.comment, nodes.system_message, nodes.substitution_definition)


def fonts() -> list[Path]:
    """Return the files of the book's fonts."""
    made = [font_subset.source()]
    for family in _FAMILIES:
        folder = npm.package(f"@fontsource-variable/{family}") / "files"
        made += [folder / f"{family}-{part}-wght-normal.woff2" for part in _PARTS]
    return made


def characters() -> str:
    """Return the characters that at least one of the fonts has."""
    from fontTools.ttLib import TTFont

    codes: set[int] = set()
    for path in fonts():
        with TTFont(path, lazy=True) as font:
            codes |= font.getBestCmap().keys()
    return "".join(map(chr, sorted(codes)))


@cache
def known_characters() -> frozenset[str]:
    """Return `characters`, which takes 0.04 s, once for all books."""
    made_by = [Path(__file__), *fonts()]
    kept = user_cache.kept("characters", lambda: characters().encode(), made_by)
    return frozenset(kept.decode())


def find(app: Sphinx, doctree: nodes.document) -> None:
    """Look for characters without a glyph in a document, its code, outputs and formulas."""
    known = known_characters() | {*"\n\t\r"}
    found = []
    for node in doctree.findall(nodes.Text):
        around = node.parent
        if isinstance(around, _UNREAD):
            continue
        is_math = isinstance(around, nodes.math | nodes.math_block)
        text = _ANSI.sub("", _drawn(app, around) if is_math else node.astext())
        found += [
            Finding(line_of(around), _sentence(character, text))
            for character in sorted(set(text) - known)
            if unicodedata.category(character) not in _UNDRAWN
        ]
    findings.record(app.env, "glyphs", found)


def _drawn(app: Sphinx, node: Any) -> str:
    """Return the characters of a formula as the page shows it, none if it is not set."""
    if app.config.html_math_renderer != "temml":
        return ""
    asked = formula(node)
    try:
        page = typesetter(app).mathml(asked.tex, display=asked.display)
    except TypesettingError:  # which `math` tells
        return ""
    return "".join(sorted(font_subset.characters(page)))


def _sentence(character: str, text: str) -> str:
    name = unicodedata.name(character, "a control character").lower()
    place = text.find(character)
    around = " ".join(text[max(0, place - 20) : place + 20].split())
    code = f"U+{ord(character):04X}"
    return f"no font of the book has the character {code}, {name}, in: {around}"
