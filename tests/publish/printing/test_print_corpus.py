r"""Page and print accept the same language: each command that Temml knows is set, or refused.

The commands are read from Temml's own source when the test runs, each is tried in a few formulas,
and those that Temml accepts must either come out of Typst with the same signs in the same places,
or be refused by name.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from gdbook.latex import Unreadable
from gdbook.publish.core import npm
from gdbook.publish.formats.print.mathematics import convert
from gdbook.publish.math.temml import Typesetter, TypesettingError
from skeletons import mathml_of_typst, skeleton

HERE = Path(__file__).parent
#: Arguments that are not formulas, by Temml's types of arguments.
OF_TYPE = {"size": "{1em}", "color": "{red}", "raw": "{red}", "url": "{u}"}

#: Commands whose MathML differs by more than signs and places, and why.
APART = {
    r"\boxed": "Typst nests a formula", r"\not": "struck out by a line, not by a sign",
    r"\surd": "Temml sets an empty root", r"\ordinarycolon": "Temml reads the letter after it",
    r"\iff": "in a script Temml takes only its space", r"\implies": "as \\iff",
    r"\impliedby": "as \\iff", r"\dotsi": "as \\iff", r"\mod": "as \\iff", r"\pmod": "as \\iff",
    **dict.fromkeys(("align", "alignat", "alignat*", "align*"), "columns for numbers"),
    **dict.fromkeys(
        ("gather", "gather*", "gathered", "equation", "equation*", "multline", "multline*",
         "aligned", "alignedat", "split"), "in a formula, a nested box"),
}  # fmt: skip


def formulas() -> Iterator[tuple[str, str]]:
    """Yield commands, environments and characters, each with formulas that use them."""
    bundle = npm.package("temml") / "dist" / "temml.cjs"
    command = [str(npm.node()), str(HERE / "temml_lists.cjs"), str(bundle)]
    known = json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
    for name, count, types in known["functions"]:
        if count < 0:
            yield name, f"a {name} b"
            continue
        given = [OF_TYPE.get(kind, "{x}") for kind in [*types, *[""] * count][:count]]
        used = name + "".join(given) + " " * (not given)
        yield from ((name, form) for form in (f"a {used} b", f"x_{used}", rf"\hat{used}"))
    for name in known["symbols"]:
        yield from ((name, form) for form in (f"a {name} b", f"x_{name} y"))
    for name in known["macros"]:
        used = [f"a {name} b", f"x_{name} y", *(name + "{x}" * count for count in (1, 2, 3))]
        yield from ((name, form) for form in used)
    for name, count in known["environments"]:
        option = ("{2}" if "alignat" in name or name == "alignedat" else "{cc}") * bool(count)
        for cells in ("a & b \\\\ c & d", "a \\\\ c"):
            yield name, rf"\begin{{{name}}}{option} {cells} \end{{{name}}}"
            yield name, rf"x + \begin{{{name}}}{option} {cells} \end{{{name}}} = y"


@pytest.fixture(scope="module")
def temml() -> Iterator[Typesetter]:
    made = Typesetter()
    yield made
    made.close()


def test_what_temml_sets_print_sets_or_refuses_by_name(temml: Typesetter, tmp_path: Path) -> None:
    shown, unnamed = {}, []
    for name, tex in formulas():
        if "@" in name or name.startswith("\\\\"):
            continue  # for Temml's own use
        try:
            page = temml.mathml(tex, display=True)
        except TypesettingError:
            continue  # the page refuses it
        try:
            convert(tex, temml)
        except Unreadable as error:
            if name.strip("\\*") not in str(error):
                unnamed.append(f"{tex}: {error}")
        else:
            shown[tex] = name, page
    assert not unnamed
    assert len({name for name, _ in shown.values()}) > 2000
    made = mathml_of_typst(list(shown), temml, tmp_path)
    assert len(made) == len(shown)
    differing = [
        f"{tex}\n  print: {skeleton(ours)}\n  Temml: {skeleton(page)}"
        for (tex, (name, page)), ours in zip(shown.items(), made, strict=True)
        if name not in APART and skeleton(ours) != skeleton(page)
    ]
    assert not differing, "\n".join(differing)


@pytest.mark.parametrize(
    ("tex", "advice"),
    [
        (r"{\rm e}", r"\rm is not known; write \mathrm{…}"),
        (r"a \over b", r"\over is not known; write \frac{…}{…}"),
        (r"{n \choose k}", r"\choose is not known; write \binom{…}{…}"),
        (r"\color{red}{x}", r"\color is not known; write \boxed{…}"),
        (r"a = b \tag{7}", r"\tag is not known; write $$ … $$ (eq-…)"),
        (r"\begin{gathered} a &= b \end{gathered}", "& in gathered; write aligned"),
    ],
)
def test_what_is_refused_comes_with_what_to_write(temml: Typesetter, tex: str, advice: str) -> None:
    if r"\tag" not in tex:  # the page refuses its styles, too
        assert temml.mathml(tex, display=True)
    with pytest.raises(Unreadable) as caught:
        convert(tex, temml)
    assert str(caught.value).startswith(advice)


@pytest.mark.parametrize(
    ("tex", "typst"),
    [
        (r"x_\mathrm{A}", "x_(upright(A))"),
        (r"x_\mathrm{max}^\mathbf{w}", 'x_("max")^(upright(bold(w)))'),
        (r"\hat\mathbf{x}_i", "hat(upright(bold(x)))_(i)"),
        (r"e^\frac{a}{b}", "e^(frac(a, b))"),
        (r"⟦x⟧ ⊕ √", r"\⟦ x \⟧ ⊕ \√"),
        (r"\uppi \Pi \llbracket", r"upright(π) Π \⟦"),
    ],
)
def test_arguments_may_be_commands_and_signs_may_be_themselves(
    temml: Typesetter, tex: str, typst: str
) -> None:
    assert convert(tex, temml) == typst
