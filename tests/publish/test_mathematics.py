"""Formulas: LaTeX as Temml gets it, MathML as it comes back, numbers as Sphinx gives them."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

from gdbook.latex import breaks_lines, tokenise
from gdbook.publish import theme
from gdbook.publish.math import html_renderer
from gdbook.publish.math.mathml import closed, mended
from gdbook.publish.math.temml import Typesetter, TypesettingError
from gdbook.publish.math.unstyled import CLASSES, unstyle


@pytest.fixture(scope="module")
def typesetter() -> Iterator[Typesetter]:
    made = Typesetter({"\\R": "\\mathbb{R}"})
    yield made
    made.close()


@pytest.mark.parametrize(
    ("tex", "breaks"),
    [
        (r"a \\ b", True),
        (r"\begin{matrix} a \\ b \end{matrix}", False),
        (r"\begin{matrix} a \\ b \end{matrix} \\ c", True),
        (r"\substack{i \\ j}", False),
        (r"\{ a \\ b \}", True),
        (r"a \, b", False),
    ],
)
def test_line_breaks_are_seen_outside_environments_only(tex: str, breaks: bool) -> None:
    assert breaks_lines(tokenise(tex)) is breaks


@given(st.lists(st.sampled_from(["a", "+", r"\alpha"]), min_size=1), st.integers(0, 3))
def test_nesting_hides_a_line_break(words: list[str], depth: int) -> None:
    inner = r"a \\ b"
    for _ in range(depth):
        inner = rf"\begin{{pmatrix}} {inner} \end{{pmatrix}}"
    tex = " ".join([*words, inner])
    assert breaks_lines(tokenise(tex)) is (depth == 0)


def test_sphinx_owns_the_numbers() -> None:
    tex = r"\begin{align}\label{x} a &= b \\ c &= d \nonumber \end{align}"
    assert (
        html_renderer.displayed(tex, nowrap=True)
        == r"\begin{align*} a &= b \\ c &= d  \end{align*}"
    )
    assert html_renderer.displayed(r"\begin{equation}a\end{equation}", nowrap=True) == "a"


def test_formulas_between_empty_lines_stand_below_each_other() -> None:
    assert (
        html_renderer.displayed("a = 1\n\nb = 2") == r"\begin{gathered}a = 1 \\ b = 2\end{gathered}"
    )
    assert html_renderer.displayed("a &= 1\n\nb &= 2").startswith(r"\begin{aligned}")
    assert html_renderer.displayed(r"a \& b") == r"a \& b"


def test_mathml_says_what_the_latex_says(typesetter: Typesetter) -> None:
    root = ET.fromstring(typesetter.mathml(r"\frac{a}{\sqrt{b}}", display=True))
    assert root.tag == "math"
    fraction = next(root.iter("mfrac"))
    assert fraction[0].text == "a"
    assert fraction[1].tag == "msqrt"
    assert "".join(fraction[1].itertext()) == "b"


def test_macros_of_the_book(typesetter: Typesetter) -> None:
    assert "ℝ" in typesetter.mathml(r"x \in \R^n", display=False)


def test_a_formula_is_set_once(typesetter: Typesetter, monkeypatch: pytest.MonkeyPatch) -> None:
    first = typesetter.mathml("once + 1", display=False)
    monkeypatch.setattr(typesetter, "_ask", lambda question: pytest.fail("asked again"))
    assert typesetter.mathml("once + 1", display=False) == first


def test_after_close_another_process_starts() -> None:
    typesetter = Typesetter()
    before = typesetter.mathml("a", display=False)
    typesetter.close()
    assert typesetter.mathml("a + 0", display=False) != before
    typesetter.close()


@pytest.mark.parametrize("tex", [r"\frac{a}", r"\left( a", r"\nosuchcommand x", "a & b", "{"])
def test_bad_latex_is_an_error_of_one_line(typesetter: Typesetter, tex: str) -> None:
    with pytest.raises(TypesettingError) as caught:
        typesetter.mathml(tex, display=False)
    said = str(caught.value)
    assert said
    assert "\n" not in said
    assert "ParseError" not in said


def test_scripts_have_no_space_around_operators() -> None:
    script = "<mrow><mi>k</mi><mo>+</mo><mn>1</mn></mrow>"
    loose = f"<math><mi>a</mi><mo>+</mo><msub><mi>x</mi>{script}</msub></math>"
    root = ET.fromstring(mended(loose))
    outside, inside = root.iter("mo")
    assert outside.attrib == {}
    assert inside.attrib == {"lspace": "0em", "rspace": "0em"}


ARRAY = r"\begin{array}{c|r} a & b \\ \hline c & d \end{array}"


@pytest.mark.parametrize(
    "tex",
    [
        r"\begin{aligned} a &= b & c &= d \end{aligned}",
        r"\begin{cases} a & b \\ c & d \end{cases}",
        r"\begin{pmatrix} a & b \end{pmatrix}",
        r"\begin{smallmatrix} a & b \end{smallmatrix}",
        r"a \! b \negmedspace c \negthickspace d",
        r"\bar{x} + \hat{y} + \underbrace{z}_n",
        r"x^{y^{\frac{a}{b}}} + \boldsymbol{+} + \color{red}{a} + \boxed{c}",
        ARRAY,
    ],
)
@pytest.mark.parametrize("display", [True, False])
def test_no_formula_has_a_style(typesetter: Typesetter, tex: str, display: bool) -> None:
    assert " style=" not in typesetter.mathml(tex, display=display)


def test_a_style_that_only_an_attribute_could_say_is_refused(typesetter: Typesetter) -> None:
    with pytest.raises(TypesettingError, match="“transform: scaleX"):
        typesetter.mathml(r"\reflectbox{a}", display=False)


def test_what_styles_say_is_kept() -> None:
    style = "padding-left:0em;padding-right:5.9776pt;border-right:0.06em solid;"
    root = ET.fromstring(f'<mtd class="tml-right" style="{style}"/>')
    unstyle(root)
    assert root.attrib == {"class": "tml-right pad-l-0 pad-r-array line-r"}


def test_every_class_says_its_declaration_in_the_style_sheet() -> None:
    sheet = (Path(theme.__file__).parent / "styles" / "60-math.css").read_text("utf-8")
    for (name, value), kind in CLASSES.items():
        rules = " ".join(re.findall(rf"\.{kind} \{{([^}}]*)\}}", sheet))
        assert f" {name}: {value};".replace(" 0.", " .").replace("-0.", "-.") in rules, kind


def test_no_operator_stands_alone_between_two_places_to_break(typesetter: Typesetter) -> None:
    root = ET.fromstring(typesetter.mathml(r"u_1, \ldots, u_k", display=False))
    assert ["".join(part.itertext()) for part in root] == ["u1,…,", "uk"]


def test_the_stop_after_a_formula_stays_with_its_last_part(typesetter: Typesetter) -> None:
    whole = closed(typesetter.mathml("a = b + c", display=False), ".")
    assert whole is not None
    assert "".join(ET.fromstring(whole)[-1].itertext()).endswith("c.")
    assert closed(typesetter.mathml("a", display=False), ".") is None


def test_mending_keeps_every_character(typesetter: Typesetter) -> None:
    mathml = typesetter.mathml(r"\mathrm{d}x < \text{a \& b}", display=False)
    assert "".join(ET.fromstring(mathml).itertext()).replace("\xa0", " ") == "dx<a & b"


# ---------------------------------------------------------------- in Sphinx

PAGE = r"""# Page

By {eq}`eq-one` and {eq}`eq-two`, $x$.

$$ a = 1 $$ (eq-one)

```{math}
:label: eq-two
b &= 1 \\
  &= 2
```

\begin{align}
c &= 3
\end{align}
"""


def build(source: Path, renderer: str, *, fresh: bool = True) -> tuple[BeautifulSoup, str]:
    """Build one page in this process; return it, and what was warned of."""
    warnings = io.StringIO()
    with docutils_namespace():
        app = Sphinx(
            source,
            None,
            source / renderer,
            source / renderer / ".doctrees",
            "html",
            {
                "extensions": ["myst_parser", "gdbook.publish"],
                "gdbook_parts": ["math"],
                # Else Sphinx adds it to a default that all builds of this process share.
                "source_suffix": {".md": "markdown"},
                "myst_enable_extensions": ["dollarmath", "amsmath"],
                "html_math_renderer": renderer,
                "root_doc": "index",
                "exclude_patterns": ["temml", "mathjax"],
            },
            status=None,
            warning=warnings,
            freshenv=fresh,
        )
        app.build()
    page = (source / renderer / "index.html").read_text()
    return BeautifulSoup(page, "html.parser"), warnings.getvalue()


def numbers(page: BeautifulSoup) -> list[str]:
    return [re.sub(r"[^\d.]", "", number.get_text()) for number in page.select(".eqno")]


def references(page: BeautifulSoup) -> list[tuple[str, str]]:
    return [(str(a["href"]), a.get_text()) for a in page.select("p a.reference.internal")]


@pytest.mark.book
def test_numbers_and_references_are_those_of_sphinx(tmp_path: Path) -> None:
    (tmp_path / "index.md").write_text(PAGE)
    ours, warned = build(tmp_path, "temml")
    theirs, _ = build(tmp_path, "mathjax")
    assert warned == ""
    assert numbers(ours) == numbers(theirs)
    assert numbers(ours)[:2] == ["1", "2"]
    assert references(ours) == references(theirs)
    assert [a["href"] for a in ours.select("p a.reference.internal")] == [
        "#equation-eq-one",
        "#equation-eq-two",
    ]
    for href, _ in references(ours):
        assert ours.find(id=href.removeprefix("#")) is not None
    assert len(ours.find_all("math")) == 4
    assert not [s for s in ours.find_all("script") if "mathjax" in str(s).lower()]


@pytest.mark.book
def test_a_full_stop_stays_with_its_formula(tmp_path: Path) -> None:
    (tmp_path / "index.md").write_text("# Page\n\nTake $x$. And $y$ or ($z$), too.\n")
    page, _ = build(tmp_path, "temml")
    assert [kept.get_text() for kept in page.select(".formula-end")] == ["x.", "z),"]
    paragraph = page.select_one("p:has(math)")
    assert paragraph is not None
    assert paragraph.get_text() == "Take x. And y or (z), too."


@pytest.mark.book
def test_an_error_names_file_and_line_at_every_build(tmp_path: Path) -> None:
    page = tmp_path / "index.md"
    page.write_text("# Page\n\nGood $a$.\n\nBad $\\frac{1}$.\n")
    shown, first = build(tmp_path, "temml")
    _, second = build(tmp_path, "temml", fresh=False)
    for warned in (first, second):
        assert f"{page}:5: WARNING: mathematics:" in warned
        assert warned.count("WARNING") == 1
        assert r"\frac{1}" in warned
    assert shown.select_one("code.math-error") is not None
    page.write_text("# Page\n\nGood $a$.\n")
    assert build(tmp_path, "temml", fresh=False)[1] == ""


@pytest.mark.book
def test_a_number_of_ones_own_is_told_what_gives_one(tmp_path: Path) -> None:
    (tmp_path / "index.md").write_text("# Page\n\n$$\na = b \\tag{7}\n$$\n")
    _, warned = build(tmp_path, "temml")
    assert warned.count("WARNING") == 1
    assert ":3: WARNING: mathematics: instead of \\tag, give the formula a label, " in warned
    assert "$$ … $$ (eq-name), in: a = b \\tag{7}" in warned
    (tmp_path / "index.md").write_text("# Page\n\n$$\na = b\n$$ (eq-name)\n\n{eq}`eq-name`\n")
    assert build(tmp_path, "temml")[1] == ""
