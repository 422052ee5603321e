"""The book's fonts in the site: text, labels and code from npm, the math font cut to fit."""

from __future__ import annotations

from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util import logging

from gdbook.publish.core import files, npm
from gdbook.publish.core.cache import fingerprints, memo
from gdbook.publish.math import font_subset

log = logging.getLogger(__name__)

FOLDER = "_static/fonts"
MATH = "math.woff2"

# File in the site: (npm package, file in it). Each is a variable font.
TEXT = {
    "text.woff2": ("stix-two-text", "latin-wght-normal"),
    "text-italic.woff2": ("stix-two-text", "latin-wght-italic"),
    "text-greek.woff2": ("stix-two-text", "greek-wght-normal"),
    "text-greek-italic.woff2": ("stix-two-text", "greek-wght-italic"),
    "text-latin-ext.woff2": ("stix-two-text", "latin-ext-wght-normal"),
    "label.woff2": ("source-sans-3", "latin-wght-normal"),
    "label-greek.woff2": ("source-sans-3", "greek-wght-normal"),
    "code.woff2": ("source-code-pro", "latin-wght-normal"),
    "code-greek.woff2": ("source-code-pro", "greek-wght-normal"),
}


def write_text_fonts(outdir: Path) -> None:
    """Copy the fonts of text, labels and code into the site."""
    for name, (package, file) in TEXT.items():
        fonts = npm.package(f"@fontsource-variable/{package}") / "files"
        files.write(outdir / FOLDER / name, (fonts / f"{package}-{file}.woff2").read_bytes())


def cut_math_font(app: Sphinx) -> None:
    """Cut the math font for all pages and decks of the site."""
    outdir = Path(app.outdir)
    target = outdir / FOLDER / MATH
    kept = memo(app, "characters", lambda: fingerprints([Path(font_subset.__file__)]))

    def wanted(page: Path) -> str:
        found: str = kept.answer(
            page.relative_to(outdir).as_posix(),
            lambda: "".join(sorted(font_subset.wanted(page.read_text("utf8")))),
            at=files.stamp(page),
        )
        return found

    if font_subset.cut({c for page in outdir.rglob("*.html") for c in wanted(page)}, target):
        log.info("math font: %d KB", round(target.stat().st_size / 1024))


def copy_fonts(app: Sphinx) -> None:
    """Write the fonts of the text; those of the formulas wait until all of them are known."""
    if app.builder.format == "html":
        write_text_fonts(Path(app.outdir))


def write_math_font(app: Sphinx, exception: Exception | None) -> None:
    """Write the font of the formulas."""
    if exception is None and app.builder.format == "html":
        cut_math_font(app)
