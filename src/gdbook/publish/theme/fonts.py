"""The book's fonts in the site, all cut to the characters of its pages: they are half of a page."""

from __future__ import annotations

import html
import io
import re
from functools import partial
from pathlib import Path
from typing import NamedTuple

from sphinx.application import Sphinx
from sphinx.util import logging

from gdbook.publish.core import files, npm, user_cache
from gdbook.publish.core.cache import fingerprints, memo
from gdbook.publish.core.versions import version
from gdbook.publish.math import font_subset

log = logging.getLogger(__name__)

FOLDER = "_static/fonts"
MATH = "math.woff2"


class Face(NamedTuple):
    """Where a font comes from, and the weights that pages use: one, or the ends of a range."""

    package: str
    file: str
    weights: float | tuple[float, float]

    @property
    def path(self) -> Path:
        """The whole font, which is variable."""
        folder = npm.package(f"@fontsource-variable/{self.package}") / "files"
        return folder / f"{self.package}-{self.file}.woff2"


#: Fonts of text, labels and code, by their file in the site. Of italics and of code there is one
#: weight; the browser makes the few bold ones of it.
TEXT = {
    "text.woff2": Face("stix-two-text", "latin-wght-normal", (400, 700)),
    "text-italic.woff2": Face("stix-two-text", "latin-wght-italic", 400),
    "text-greek.woff2": Face("stix-two-text", "greek-wght-normal", (400, 700)),
    "text-greek-italic.woff2": Face("stix-two-text", "greek-wght-italic", 400),
    "text-latin-ext.woff2": Face("stix-two-text", "latin-ext-wght-normal", (400, 700)),
    "label.woff2": Face("source-sans-3", "latin-wght-normal", (400, 650)),
    "label-greek.woff2": Face("source-sans-3", "greek-wght-normal", (400, 650)),
    "code.woff2": Face("source-code-pro", "latin-wght-normal", 400),
    "code-greek.woff2": Face("source-code-pro", "greek-wght-normal", 400),
}
#: Scripts with words that pages show; Greek is in them for the search, and the math font has it.
SPEAKING = ("play.mjs", "script-*.js", "slides/deck.js")
_UNSEEN = re.compile(r"<math\b.*?</math>|<[^>]*>", re.DOTALL)
_ASCII = set(map(chr, range(0x20, 0x7F)))
_FEATURES = ["kern", "liga", "calt", "ccmp", "locl", "mark", "mkmk", "tnum", "lnum"]


def shown(page: str) -> set[str]:
    """Return the characters of an HTML page outside of its formulas."""
    return set(html.unescape(_UNSEEN.sub("", page)))


def cut(face: Face, letters: set[str]) -> bytes:
    """Return a font with the glyphs of some letters, in the weights that pages use.

    Of nine fonts it takes 1.4 s, and most small books have the same letters.
    """
    tools = [version("fonttools"), version("brotli")]
    question = ["text font", "".join(sorted(letters)), face.weights, tools]
    return user_cache.kept(question, partial(_cut, face, letters), [Path(__file__), face.path])


def _cut(face: Face, letters: set[str]) -> bytes:
    from fontTools import subset
    from fontTools.ttLib import TTFont
    from fontTools.varLib import instancer

    font = TTFont(face.path, recalcTimestamp=False)  # same letters, same bytes
    options = subset.Options()
    options.layout_features = _FEATURES
    options.notdef_outline = True
    options.hinting = False
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 14]  # with the copyright and the licence
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes={ord(c) for c in letters} & font.getBestCmap().keys())
    cutter.subset(font)
    whole = io.BytesIO()  # read again, since the instancer looks for glyphs that are gone
    font.flavor = None
    font.save(whole)
    whole.seek(0)
    font = TTFont(whole, recalcTimestamp=False)
    instancer.instantiateVariableFont(font, {"wght": face.weights}, inplace=True)
    font.flavor = "woff2"
    made = io.BytesIO()
    font.save(made)
    return made.getvalue()


def cut_fonts(app: Sphinx) -> None:
    """Cut the fonts for all pages and decks of the site."""
    outdir = Path(app.outdir)
    kept = memo(app, "characters", _made_by)
    text, formulas = set(_ASCII), set[str]()
    for page in sorted(outdir.rglob("*.html")):
        name, stamp = page.relative_to(outdir).as_posix(), files.stamp(page)
        spelt, set_in = kept.answer(name, partial(_letters, page), at=stamp)
        text |= set(spelt)
        formulas |= set(set_in)
    for pattern in SPEAKING:
        for script in (outdir / "_static").glob(pattern):
            text |= {c for c in script.read_text("utf8") if not "\u0370" <= c <= "\u03ff"}
    for name, face in TEXT.items():
        files.write(outdir / FOLDER / name, cut(face, text))
    target = outdir / FOLDER / MATH
    if font_subset.cut(formulas, target):
        log.info("math font: %d KB", round(target.stat().st_size / 1024))


def _letters(page: Path) -> list[str]:
    text = page.read_text("utf8")
    return ["".join(sorted(letters)) for letters in (shown(text), font_subset.wanted(text))]


def _made_by() -> str:
    return fingerprints([Path(__file__), Path(font_subset.__file__)])


def write_fonts(app: Sphinx, exception: Exception | None) -> None:
    """Write the fonts when all that is drawn with them is known."""
    if exception is None and app.builder.format == "html":
        cut_fonts(app)
