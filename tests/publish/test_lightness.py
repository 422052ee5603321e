"""What makes pages light: bundles, estimated heights, cut fonts, drawings in files of their own."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from docutils import nodes
from fontTools.ttLib import TTFont
from sphinx.errors import ExtensionError

from gdbook.publish.core import scripts, user_cache
from gdbook.publish.theme import bundles, far, folding, fonts, tidying


def test_a_style_sheet_is_shorter_and_says_the_same() -> None:
    css = "@media print { .a > b { color : light-dark(#ffffff, #000000) } }\n/* gone */\n"
    assert scripts.minified(css, "css") == "@media print{.a>b{color:light-dark(#ffffff,#000000)}}\n"


def test_what_esbuild_cannot_read_is_told() -> None:
    with pytest.raises(ExtensionError, match="esbuild cannot read a js file"):
        scripts.minified("let = ;", "js")


def test_rules_for_what_no_page_has_are_left_out() -> None:
    css = (
        ".kept{color:red}.gone{color:red}.kept .gone{color:red}#there,#nowhere{color:red}"
        "p[data-x=one]{color:red}video{color:red}body:not(.gone){color:red}.gd-mark{color:red}"
        "@media print{.gone{color:red}.kept{color:red}}@font-face{font-family:x}"
    )
    made = bundles.purged(css, ["kept", "there", "p"])
    assert made == (
        ".kept{color:red}#there{color:red}"
        "p[data-x=one]{color:red}body:not(.gone){color:red}.gd-mark{color:red}"
        "@media print{.kept{color:red}}@font-face{font-family:x}"
    )


def test_scripts_keep_their_names_to_themselves() -> None:
    first, second = "const a = 1; window.first = a;", '"use strict"; const a = 2;'
    joined = bundles._alone(first) + bundles._alone(second)
    assert "window.first" in scripts.minified(joined, "js")  # two constants of one name do no harm


def test_addresses_in_a_joined_sheet_lead_where_they_led(tmp_path: Path) -> None:
    css = 'a{b:url(x.svg)}c{d:url("../e.woff2")}f{g:url(data:image/svg+xml,%3Csvg/%3E)}h{i:url(#j)}'
    made = bundles._rebased(css, "styles/theme.css", tmp_path)
    assert 'url("styles/x.svg")' in made
    assert 'url("e.woff2")' in made
    assert "url(#j)" in made
    (picture,) = re.findall(r'url\("(icons/[^"]*)"\)', made)
    assert (tmp_path / picture).read_text() == "<svg/>"


def test_code_that_looks_plain_has_no_tags() -> None:
    body = '<pre><span class="n">x</span> <span class="o">=</span> <span class="mi">1</span></pre>'
    assert tidying.tidied(body) == '<pre>x = <span class="mi">1</span></pre>'


def test_heights_grow_with_what_is_in_a_section() -> None:
    text = nodes.paragraph("", "word " * 200)
    code = nodes.literal_block("", "\n".join(["line"] * 20))
    figure = nodes.raw("", '<div><img src="a.svg" alt="" width="500" height="300"></div>')
    hidden = folding.folded("", nodes.paragraph("", "word " * 2000))
    for node, wide, narrow in (
        (text, (400, 700), (600, 1000)),
        (code, (400, 550), (400, 550)),
        (figure, (300, 400), (200, 300)),
        (hidden, (30, 80), (30, 80)),
    ):
        for window, (low, high) in ((far.WIDE, wide), (far.NARROW, narrow)):
            assert low < far.height(node, window) < high
    both = nodes.section("", text, code)
    assert far.height(both, far.WIDE) == far.height(text, far.WIDE) + far.height(code, far.WIDE)


def test_each_step_of_heights_has_its_rule() -> None:
    rules = far.sheet()
    for pixels in (1, 200, 201, 3_000, 1_000_000):
        number = far.step(pixels)
        found = re.search(rf"\.far-w{number}\{{--far:(\d+)px\}}", rules)
        assert found is not None
        assert f".far-n{number}{{--far:{found[1]}px}}" in rules
        least = far.LEAST * far.RATIO ** (far.STEPS - 1)
        assert int(found[1]) >= min(pixels, round(least)) - 1


@pytest.mark.parametrize("name", ["text.woff2", "code.woff2", "label-greek.woff2"])
def test_a_cut_font_draws_its_letters_as_the_whole_one(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    face = fonts.TEXT[name]
    letters = {"η", "λ"} if "greek" in name else {"a", "Q", "é", "1"}
    with TTFont(face.path) as whole, TTFont(io.BytesIO(fonts.cut(face, letters))) as cut:
        assert set(cut.getBestCmap()) == {ord(letter) for letter in letters}
        for code, glyph in cut.getBestCmap().items():
            assert (code, cut["hmtx"][glyph][0] > 0) == (code, True)
        assert ("fvar" in cut) == isinstance(face.weights, tuple)
        assert cut["head"].unitsPerEm == whole["head"].unitsPerEm
        for metric in ("ascent", "descent", "lineGap"):
            assert getattr(cut["hhea"], metric) == getattr(whole["hhea"], metric)
    once = fonts.cut(face, letters)
    monkeypatch.setenv(user_cache.FOLDER, str(tmp_path))  # where nothing is kept yet
    assert fonts.cut(face, letters) == once


def test_characters_of_formulas_do_not_count_for_the_text() -> None:
    page = "<p>a &amp; b<math><mi>ξ</mi></math></p><script>x</script>"
    assert fonts.shown(page) >= {"a", "b", "&"}
    assert "ξ" not in fonts.shown(page)
    assert BeautifulSoup(page, "html.parser").math is not None
