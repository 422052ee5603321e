"""The math font: what is in it, and that it is cut once."""

from __future__ import annotations

from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from gdbook.publish.core import user_cache
from gdbook.publish.math import font_subset


@pytest.fixture(scope="module")
def font(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("fonts") / "math.woff2"
    assert font_subset.cut({*font_subset.LAYOUT, *font_subset.ASCII, "∑", "ℝ", "η", "𝜂"}, target)
    return target


def test_it_has_what_was_wanted_and_little_else(font: Path) -> None:
    whole = TTFont(font_subset.source()).getBestCmap()
    cmap = TTFont(font).getBestCmap()
    assert {*map(ord, font_subset.ASCII), 0x2211, 0x211D, 0x3B7, 0x1D702} <= set(cmap)
    assert set(cmap) <= set(whole)
    assert font.stat().st_size < 40_000


def test_it_can_stretch(font: Path) -> None:
    variants = TTFont(font)["MATH"].table.MathVariants
    cmap = TTFont(font).getBestCmap()
    tall = set(variants.VertGlyphCoverage.glyphs)
    assert {cmap[ord(c)] for c in "√()[]{}|"} <= tall
    assert cmap[0x23DF] in variants.HorizGlyphCoverage.glyphs  # the brace below


def test_all_sizes_of_the_root_are_equally_wide(font: Path) -> None:
    cut = TTFont(font)
    name = cut.getBestCmap()[0x221A]
    variants = cut["MATH"].table.MathVariants
    record = variants.VertGlyphConstruction[variants.VertGlyphCoverage.glyphs.index(name)]
    widths = {cut["hmtx"][size.VariantGlyph][0] for size in record.MathGlyphVariantRecord}
    assert len(record.MathGlyphVariantRecord) > 2
    assert max(widths) - min(widths) <= 1


def test_it_goes_by_a_name_of_its_own_and_keeps_its_licence(font: Path) -> None:
    names = TTFont(font)["name"]
    assert names.getDebugName(1) == "Downhill Math"
    assert "STIX Fonts Project Authors" in names.getDebugName(0)
    assert "OFL" in names.getDebugName(14)


def test_it_is_cut_again_only_for_other_letters(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "math.woff2"
    assert font_subset.cut("abc√", target)
    first = target.read_bytes()
    assert not font_subset.cut("abc√", target)
    assert font_subset.cut("abcd√", target)
    monkeypatch.setenv(user_cache.FOLDER, str(tmp_path / "empty"))
    assert font_subset.cut("abc√", target)
    assert target.read_bytes() == first  # the same letters, the same bytes


def test_letters_of_a_page_and_their_italics() -> None:
    page = "<p>é</p><math><mi>x</mi><mo>&lt;</mo><mi>η</mi></math>"
    assert font_subset.characters(page) == {"x", "<", "η", "𝑥", "𝜂"}


@pytest.mark.parametrize(
    ("letter", "slanted"), [("a", "𝑎"), ("h", "ℎ"), ("Z", "𝑍"), ("ω", "𝜔"), ("Γ", "𝛤"), ("+", "+")]
)
def test_italics(letter: str, slanted: str) -> None:
    assert font_subset.italic(letter) == slanted


def test_every_italic_is_in_the_font() -> None:
    cmap = TTFont(font_subset.source()).getBestCmap()
    letters = [chr(c) for first, last, _ in font_subset._ALPHABETS for c in range(first, last + 1)]
    assert [x for x in letters if x != "\u03a2" and ord(font_subset.italic(x)) not in cmap] == []


def test_signs_in_prose_come_from_the_math_font() -> None:
    assert "".join(font_subset.symbols("from a → b, é, 3 ≤ 4 “so”")) == "→≤"
