"""Which symbols of a formula a notation page must list."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pages import page

from gdbook.publish.audit.book import notation
from gdbook.publish.audit.page_summary import Summary
from gdbook.publish.audit.symbols import symbols

LETTERS = ["x", "f", r"\omega", r"\varphi", r"\Lambda"]


@pytest.mark.parametrize(
    ("latex", "found"),
    [
        (r"x = y + 2", set()),
        (r"\alpha x + \beta_1", {r"\alpha", r"\beta"}),
        (r"\omega^2 \cdot \omega", {r"\omega"}),
        (r"h^\star = x^{\star}_0 + h_1^*", {r"h^\star", r"x^\star"}),
        (r"\hat{y}_i + \widehat y + \bar\omega", {r"\hat y", r"\bar\omega"}),
        (r"\overline{a + b}", set()),
        (r"\mathcal{O}(h) + \mathbf x", {r"\mathcal O", r"\mathbf x"}),
        (r"\sin \eta\, \text{for $\alpha$} \operatorname{beta}", {r"\eta"}),
        (r"\pi + \nabla f \partial \sum_k \infty \in \mathbb{R}", set()),
        (r"\begin{aligned} x &= \mu \end{aligned}", {r"\mu"}),
        (r"\epsilon + \varepsilon", {r"\epsilon", r"\varepsilon"}),
        (r"\etax \thetas", set()),
        (r"a \bmod n", set()),  # no \bm of od
        (r"\hat{\bar x} + \hat\bar y", {r"\bar x", r"\bar y"}),
        (r"\alpha_\mathbf{w}^2 + \beta_{\gamma}", {r"\alpha", r"\mathbf w", r"\beta", r"\gamma"}),
        (r"f_\theta^\star", {r"f^\star", r"\theta"}),
        (r"\text{the {\alpha} of it}", set()),
    ],
)
def test_greek_and_decorated_letters_are_symbols(latex: str, found: set[str]) -> None:
    assert symbols(latex) == found


@settings(deadline=None)
@given(st.lists(st.sampled_from(LETTERS), min_size=1, max_size=4), st.integers(0, 9))
def test_however_a_decoration_is_written_it_is_one_symbol(letters: list[str], index: int) -> None:
    for accent in ("hat", "bar", "tilde"):
        braced = " + ".join(rf"\{accent}{{{letter}}}_{index}" for letter in letters)
        bare = " + ".join(rf"\{accent} {letter} ^{{{index}}}" for letter in letters)
        assert symbols(braced) == symbols(bare)
        assert len(symbols(braced)) == len(set(letters))
    starred = " ".join(rf"{letter}^\star" for letter in letters)
    assert symbols(starred) == symbols(" ".join(rf"{letter}_{{{index}}}^*" for letter in letters))
    assert symbols(starred) == symbols(" ".join(rf"{letter}^{{*}}_{index}" for letter in letters))


@settings(deadline=None)
@given(st.text(alphabet=r"\{}^_*ahxt $&", max_size=40))
def test_any_formula_can_be_searched(latex: str) -> None:
    assert symbols(latex + r" . \eta .") == symbols(latex) | {r"\eta"}


def test_a_chapter_displays_what_the_notation_page_lists() -> None:
    listing = "| symbol | meaning |\n| --- | --- |\n| $\\eta$, $\\mu$ | not $\\nu$ |\n"
    facts = {
        "notation": Summary.of(page(listing)),
        "one": Summary.of(page("$$\n\\eta = 1\n$$\n\n$$\n\\hat x + \\nu\n$$\n")),
        "two": Summary.of(page("Only $\\mu$ and $\\xi$.\n\n$$ \\tau $$\n")),
    }
    found = [(place, f.line, f.text) for place, f in notation(facts, {"one"}, "notation")]
    for symbol, one in zip((r"\hat x", r"\nu"), sorted(found), strict=True):
        assert one[:2] == ("one", 5)
        assert f"the symbol {symbol} is displayed here and not listed in notation" in one[2]
    del facts["two"]
    ((place, finding),) = notation(facts, set(), "notation")
    assert (place, finding.line) == ("notation", 3)
    assert finding.text.startswith(r"no other page writes \mu")
    ((place, finding),) = notation(facts, set(), "nowhere")
    assert "names nowhere, which is no page" in finding.text
    assert list(notation(facts, {"one"}, "")) == []
