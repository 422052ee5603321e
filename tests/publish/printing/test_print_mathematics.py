r"""Formulas in print, held against Temml's: another converter, whose MathML must say the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdbook.latex import Unreadable
from gdbook.publish.formats.print.mathematics import convert, symbols
from gdbook.publish.math.html_renderer import displayed, unnumbered
from gdbook.publish.math.temml import Typesetter
from skeletons import mathml_of_typst, skeleton

ROOT = Path(__file__).parents[3]
HERE = Path(__file__).parent

# Commands whose looks Temml's MathML does not tell in characters.
APART = (r"\phantom", r"\boxed", r"\bmod", r"\pmod", r"\hline", r"\not", r"\big", r"\surd")


@pytest.fixture(scope="module")
def temml() -> Iterator[Typesetter]:
    made = Typesetter()
    yield made
    made.close()


def listed() -> list[str]:
    lines = (HERE / "formulas.txt").read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("# ")]


def of_the_book() -> list[str]:
    """Every formula in the chapters, code and literal text left out."""
    found: set[str] = set()
    for path in sorted((ROOT / "book").rglob("*.md")):
        text = re.sub(r"^(`{3,}).*?^\1", "", path.read_text("utf-8"), flags=re.DOTALL | re.M)
        text = re.sub(r"`[^`\n]*`", "", text)
        blocks = r"^\s*\$\$\s*\n(.*?)\n\s*\$\$"
        found |= {displayed(m[1]) for m in re.finditer(blocks, text, flags=re.DOTALL | re.M)}
        text = re.sub(blocks, "", text, flags=re.DOTALL | re.M)
        found |= {unnumbered(m[1]) for m in re.finditer(r"(?<![\\$])\$([^$]+?)\$", text)}
    return sorted(found)


def single_signs() -> list[str]:
    return [
        *(rf"\{name} x" for name in symbols.OPERATORS),
        *(rf"\{name}{{x}}" for name in symbols.ACCENTS),
        *(rf"\{name}{{Rx}}" for name in symbols.ALPHABETS),
        *(rf"\{name} a" for name in symbols.BARS),
        *(
            rf"\left{name if len(name) == 1 and name not in '{}' else chr(92) + name} a \right."
            for name in symbols.DELIMITERS
        ),
    ]


def differing(formulas: list[str], temml: Typesetter, folder: Path) -> list[str]:
    made = mathml_of_typst(formulas, temml, folder)
    assert len(made) == len(formulas)
    told = []
    for tex, ours in zip(formulas, made, strict=True):
        theirs = skeleton(temml.mathml(tex, display=True))
        if skeleton(ours) != theirs:
            told.append(f"{tex}\n  print: {skeleton(ours)}\n  Temml: {theirs}")
    return told


def test_every_formula_of_the_book(temml: Typesetter, tmp_path: Path) -> None:
    formulas = of_the_book()
    assert len(formulas) > 300
    assert not differing(formulas, temml, tmp_path)


def test_formulas_that_the_book_may_get(temml: Typesetter, tmp_path: Path) -> None:
    formulas = [tex for tex in listed() if not any(word in tex for word in APART)]
    assert len(formulas) > 140
    assert not differing(formulas, temml, tmp_path)


def test_every_sign_is_the_one_that_latex_means(temml: Typesetter, tmp_path: Path) -> None:
    signs = single_signs()
    assert len(signs) > 120
    assert not differing(signs, temml, tmp_path)


def test_all_that_is_converted_compiles(temml: Typesetter, tmp_path: Path) -> None:
    assert len(mathml_of_typst(listed(), temml, tmp_path)) == len(listed())


ATOMS = st.sampled_from(["x", "y", "2", "10", r"\alpha", r"\nabla", r"f(x)", r"\sin x", r"\infty"])


def _nested(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    two = st.tuples(inner, inner)
    return st.one_of(
        two.map(lambda t: rf"\frac{{{t[0]}}}{{{t[1]}}}"),
        two.map(lambda t: f"{t[0]} + {t[1]}"),
        two.map(lambda t: rf"{t[0]} \le {t[1]}"),
        two.map(lambda t: f"x_{{{t[0]}}}^{{{t[1]}}}"),
        two.map(lambda t: rf"\sum_{{{t[0]}}} {t[1]}"),
        inner.map(lambda t: rf"\sqrt{{{t}}}"),
        inner.map(lambda t: rf"\left({t}\right)"),
        inner.map(lambda t: rf"\left|{t}\right|"),
        inner.map(lambda t: rf"\hat{{{t}}}"),
        two.map(lambda t: rf"\begin{{pmatrix}} {t[0]} & 1 \\ {t[1]} & 0 \end{{pmatrix}}"),
        two.map(lambda t: rf"\begin{{cases}} {t[0]} & x \\ {t[1]} & \text{{else}} \end{{cases}}"),
    )  # fmt: skip


@given(formulas=st.lists(st.recursive(ATOMS, _nested, max_leaves=8), min_size=25, max_size=25))
@settings(max_examples=12, deadline=None)
def test_formulas_of_any_depth(
    temml: Typesetter, tmp_path_factory: pytest.TempPathFactory, formulas: list[str]
) -> None:
    assert not differing(formulas, temml, tmp_path_factory.mktemp("formulas"))


@pytest.mark.parametrize(
    ("tex", "typst"),
    [
        ("x^2", "x^(2)"),
        ("x_i^2", "x_(i)^(2)"),
        (r"\frac12", "frac(1, 2)"),
        ("f'(x)", r"f ′ \( x \)"),
        (r"\text{sin}' = f", r'"sin"′ \= f'),
        (r"\text{for } x", '"for "x'),
        (r"a \\ b", "a \\\nb"),
        (r"\text{a \& {b}~c $x$, `` ''}", '"a & b\u00a0c "x", “ ”"'),
        (r"\begin{gathered}[a] \\ b\end{gathered}", "\\[ a \\] \\\nb"),
        (r"\begin{aligned}[t] a &= b\end{aligned}", r"a & \= b"),
        ("", '""'),
        (  # a semicolon right after the box would end its code, and not the row
            r"\begin{array}{l} \begin{aligned} a &= b \\ &= c \end{aligned} \\ d \end{array}",
            "mat(delim: #none, align: #left, row-gap: #1em, #box(baseline: 50% - 0.25em, "
            "inset: (y: 0.3em), $display(a & \\= b \\\n & \\= c)$) ; d)",
        ),
    ],
)
def test_what_is_written(temml: Typesetter, tex: str, typst: str) -> None:
    assert convert(tex, temml) == typst


@pytest.mark.parametrize(
    ("tex", "sentence"),
    [
        (r"x + \unheard{y}", r"\\unheard is not known"),
        (r"\begin{tikzcd} a \end{tikzcd}", "the environment tikzcd is not known"),
        (r"\frac{a}", "it ends where an argument is missing"),
        (r"{a", "a brace is not closed"),
        ("a}", "a brace is closed that was not opened"),
        (r"\left( a", "it ends too early"),
        (r"\left x a \right.", "x is no bracket"),
        ("x_1_2", "two indices"),
        ("x^1^2", "two exponents"),
        (r"\text{a \unheard b}", r"\\unheard among words"),
        (r"a = b \tag{7}", r"\\tag is not known"),
        (r"\text{a $x}", "a formula among words is not closed"),
        (r"\text{caf\'e}", r"\\' among words"),
        (r"\hspace{wide}", "a space needs a length"),
        ("a & b", "& outside an environment"),
        (r"\begin{aligned} a", "it ends too early"),
        (r"\begin{pmatrix} a \end{bmatrix}", r"\\end\{bmatrix\} without its beginning"),
        ("a \\", "a backslash at the end"),
    ],
)
def test_what_is_not_known_is_said(temml: Typesetter, tex: str, sentence: str) -> None:
    with pytest.raises(Unreadable, match=sentence):
        convert(tex, temml)


def test_macros_of_the_book() -> None:
    macros = Typesetter({r"\R": r"\mathbb{R}", r"\norm": r"\lVert #1 \rVert"})
    assert convert(r"\norm{x} \in \R^n", macros) == "openbars x closebars ∈ bb(R)^(n)"
    with pytest.raises(Unreadable, match="expands without end"):
        convert(r"\a", Typesetter({r"\a": r"\a"}))
