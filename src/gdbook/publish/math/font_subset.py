"""The math font of a site: the glyphs its formulas use, with what stretches them.

STIX Two Math (SIL Open Font License) has more than five thousand glyphs and 400 KB;
a book needs a few hundred of them. The OpenType MATH table stays, and with it every
size of the fences and radicals that are kept.
"""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterable
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import GlyphCoordinates

from gdbook.publish.core import files, npm, user_cache
from gdbook.publish.core.versions import version

# What a layout engine draws though no formula spells it: radicals, fences, accents,
# braces, and the signs that ASCII stands for (- is drawn as −, ' as ′).
LAYOUT = (
    "√()[]{}|‖∥⟨⟩⌊⌋⌈⌉/−′″‴∗⋅×÷±∓…⋯⋮⋱→←⏞⏟⏜⏝⎴⎵"
    "¯ˉ^ˆˇ~˜˙¨\u20d7\u0302\u0303\u0304\u0305\u0307\u0308\u00a0"
)
ASCII = "".join(map(chr, range(0x20, 0x7F)))

_MATH = re.compile(r"<math\b.*?</math>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_SYMBOL = re.compile("[\u2070-\u2bff]")
# First and last letter of an alphabet, and where its mathematical italics begin.
_ALPHABETS = (
    (0x41, 0x5A, 0x1D434),
    (0x61, 0x7A, 0x1D44E),
    (0x391, 0x3A9, 0x1D6E2),
    (0x3B1, 0x3C9, 0x1D6FC),
)
_IRREGULAR = {
    "h": "ℎ",
    "∂": "𝜕",
    "ϵ": "𝜖",
    "ϑ": "𝜗",
    "ϰ": "𝜘",
    "ϕ": "𝜙",
    "ϱ": "𝜚",
    "ϖ": "𝜛",
    "∇": "𝛻",
}


def source() -> Path:
    """Return the file of the whole math font: as WOFF, unpacked in a third of WOFF2's time."""
    folder = npm.package("@fontsource/stix-two-math") / "files"
    return folder / "stix-two-math-latin-400-normal.woff"


def italic(character: str) -> str:
    """Return the mathematical italic of a letter, which a lone ``<mi>`` is drawn with."""
    if character in _IRREGULAR:
        return _IRREGULAR[character]
    code = ord(character)
    for first, last, start in _ALPHABETS:
        if first <= code <= last:
            return chr(start + code - first)
    return character


def characters(page: str) -> set[str]:
    """Return the characters that the formulas of an HTML page may be drawn with."""
    spelt = set(html.unescape(_TAG.sub("", " ".join(_MATH.findall(page))))) - {" "}
    return spelt | {italic(c) for c in spelt}


def symbols(text: str) -> list[str]:
    """Return the signs of a text that no text font has: arrows, operators, shapes."""
    return _SYMBOL.findall(text)


def wanted(page: str) -> set[str]:
    """Return every character for which an HTML page may need the math font."""
    always = {*ASCII, *LAYOUT} | {italic(c) for c in ASCII}
    return always | characters(page) | set(symbols(html.unescape(page)))


def cut(letters: Iterable[str], target: Path) -> bool:
    """Write the math font with the glyphs for ``letters``, unless it is there already.

    Parameters
    ----------
    letters : iterable of str
        Characters; those that the font lacks are left out.
    target : Path
        A ``.woff2`` file.

    Returns
    -------
    bool
        Whether it was written.
    """
    spelt = "".join(sorted(set(letters)))
    question = ["math font", spelt, version("fonttools"), version("brotli")]
    return files.write(
        target, user_cache.kept(question, lambda: _cut(spelt), [Path(__file__), source()])
    )


def _cut(letters: str) -> bytes:
    """Return the font with the glyphs of some letters, mended."""
    font = TTFont(source(), recalcTimestamp=False)  # same letters, same bytes
    codes = {ord(c) for c in letters} & font.getBestCmap().keys()
    options = subset.Options()
    options.flavor = "woff2"
    options.notdef_outline = True
    options.hinting = False
    options.bidi_closure = False
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 14]  # with the copyright and the licence
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=codes)
    cutter.subset(font)
    _mend_prime(font)
    _mend_radicals(font)
    _name(font)
    made = io.BytesIO()
    subset.save_font(font, made, options)
    return made.getvalue()


def _reshape(font: TTFont, name: str, *, across: float, up: float, drop: int, left: int) -> None:
    """Scale a glyph, lower it, and move it ``left``."""
    glyf = font["glyf"]
    glyph = glyf[name]
    glyph.coordinates = GlyphCoordinates(
        [(round(x * across) - left, round(y * up) - drop) for x, y in glyph.coordinates]
    )
    glyph.recalcBounds(glyf)
    advance = font["hmtx"][name][0]
    font["hmtx"][name] = (round(advance * across) - 2 * left, glyph.xMin)


def _mend_prime(font: TTFont) -> None:
    # As published for the web the font lacks the feature `ssty`, by which a prime in a
    # superscript is drawn large and low; without it f′ looks like f with a speck of dust.
    name = font.getBestCmap().get(0x2032)
    if name is not None:
        _reshape(font, name, across=1.35, up=1.35, drop=430, left=72)


def _mend_radicals(font: TTFont) -> None:
    # Chromium makes a root as wide as if its sign were the widest of all sizes, and so
    # leaves a gap behind √2. With all sizes equally wide the gap is gone.
    name = font.getBestCmap().get(0x221A)
    if name is None:
        return
    width = font["hmtx"][name][0]
    variants = font["MATH"].table.MathVariants
    construction = variants.VertGlyphConstruction[variants.VertGlyphCoverage.glyphs.index(name)]
    sizes = {record.VariantGlyph for record in construction.MathGlyphVariantRecord}
    if construction.GlyphAssembly is not None:
        sizes |= {part.glyph for part in construction.GlyphAssembly.PartRecords}
    for size in sorted(sizes - {name}):
        across = width / font["hmtx"][size][0]
        _reshape(font, size, across=across, up=1, drop=0, left=0)


def _name(font: TTFont) -> None:
    # What was changed should not go by the original's name.
    for record in list(font["name"].names):
        if record.nameID in {1, 4, 6, 16}:
            name = "DownhillMath" if record.nameID == 6 else "Downhill Math"
            font["name"].setName(
                name, record.nameID, record.platformID, record.platEncID, record.langID
            )
