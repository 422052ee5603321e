"""Parts of the printed book that need no build: order, pictures, fonts, markup, errors."""

from __future__ import annotations

import json
import re
from io import BytesIO
from pathlib import Path
from shutil import copytree
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import typst
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from sphinx import addnodes
from sphinx.util.docutils import new_document

from gdbook.publish.core import npm
from gdbook.publish.formats.print import builder, compiling, fonts, images, theme
from gdbook.publish.formats.print.builder import slug
from gdbook.publish.formats.print.document_cache import Sheet, load
from gdbook.publish.formats.print.markup import quoted
from gdbook.publish.formats.print.order import order
from gdbook.publish.formats.print.translate.figures import what_moves
from gdbook.publish.formats.print.translate.writing import one_word

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def compiler(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Typst, for the values of expressions."""
    path = tmp_path_factory.mktemp("typst") / "empty.typ"
    path.touch()
    return typst.Compiler(str(path), ignore_system_fonts=True)


@given(
    texts=st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20), min_size=2)
)
@settings(max_examples=40, deadline=None)
def test_strings_are_the_same_strings_in_typst(compiler: Any, texts: list[str]) -> None:
    assert json.loads(compiler.eval(f"({', '.join(map(quoted, texts))})")) == texts


@given(st.lists(st.text('ab\\";# ', max_size=6), min_size=1, max_size=5))
@settings(max_examples=60, deadline=None)
def test_strings_that_touch_become_one(parts: list[str]) -> None:
    joined = one_word("".join(f"#{quoted(part)};" for part in parts))
    assert joined == f"#{quoted(''.join(parts))};"


@pytest.mark.parametrize(("number", "roman"), [(1, "I"), (4, "IV"), (9, "IX"), (14, "XIV")])
def test_parts_have_roman_numbers(tmp_path: Path, number: int, roman: str) -> None:
    copytree(builder.HERE / "design", tmp_path, dirs_exist_ok=True)
    (tmp_path / "code.tmTheme").write_bytes(theme.tm_theme())
    (tmp_path / "targets.json").write_text("{}")
    (tmp_path / "titles.json").write_text("[{}, {}]")
    part = f'#import "/book.typ": *\n#show: style.with(language: "en")\n#part([One], {number})'
    (tmp_path / "main.typ").write_text(part)
    made = typst.compile(tmp_path / "main.typ", root=tmp_path, ignore_system_fonts=True)
    assert f"PART {roman}\n" in "".join(p.extract_text() for p in PdfReader(BytesIO(made)).pages)


@pytest.mark.parametrize(
    ("title", "name"), [("Downhill", "downhill"), ("A small book!", "a-small-book"), ("…", "book")]
)
def test_a_title_as_the_name_of_a_file(title: str, name: str) -> None:
    assert slug(title) == name


class Environment(SimpleNamespace):
    """As much of Sphinx's environment as tells an order."""

    def get_doctree(self, docname: str) -> Any:
        return self.trees[docname]


def environment(parts: list[tuple[str, list[str]]], numbered: set[str]) -> Any:
    root = new_document("root")
    for caption, names in parts:
        root += addnodes.toctree("", caption=caption, includefiles=names)
    names = [name for _, listed in parts for name in listed]
    return Environment(
        trees={"root": root},
        found_docs={"root", *names},
        toctree_includes={"root": names},
        toc_secnumbers={name: {"": (1,)} for name in numbered},
    )


def test_unnumbered_parts_stand_in_front_and_behind() -> None:
    env = environment(
        [("Before", ["preface"]), ("One", ["a", "b"]), ("Two", ["c"]), ("Back", ["words", "left"])],
        {"a", "b", "c"},
    )
    made = order(env, "root", ["left"])
    assert [part.title for part in made.front] == ["Before"]
    assert [(part.title, part.number) for part in made.numbered] == [("One", 1), ("Two", 2)]
    assert [part.title for part in made.back] == ["Back"]
    assert made.docnames() == ["preface", "a", "b", "c", "words"]
    assert made.with_parts


def test_a_book_without_numbers_is_all_body() -> None:
    made = order(environment([("", ["a", "b"])], set()), "root", [])
    assert (made.front, made.back) == ([], [])
    assert made.docnames() == ["a", "b"]
    assert not made.with_parts


def test_the_cover_is_printed_in_light_colours() -> None:
    svg = (ROOT / "figures" / "cover.svg").read_text("utf-8")
    printed = images.for_print(svg)
    assert "prefers-color-scheme" in svg
    assert "@media" not in printed
    assert ".trace{fill:none;stroke:#b8430c" in printed
    assert len(list(ET.fromstring(printed).iter())) == len(list(ET.fromstring(svg).iter()))
    assert images.title(ROOT / "figures" / "cover.svg").startswith("A map of a loss")


def test_fonts_keep_every_character_and_have_names_of_their_own() -> None:
    folder, digest = fonts.fetch()
    assert fonts.fetch() == (folder, digest)
    found = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)]
    ).families()
    assert {"STIX Two Text", "STIX Two Text Greek", "Source Code Pro", "STIX Two Math"} <= set(
        found
    )
    package, file = fonts.FONTS["STIX Two Text normal"]
    source = npm.package(package) / "files" / f"{file}.woff2"
    (made,) = folder.glob(f"{file}-*.ttf")
    with TTFont(source) as before, TTFont(made) as after:
        assert before.getBestCmap() == after.getBestCmap()
        assert before["fvar"].axes[0].maxValue == after["fvar"].axes[0].maxValue


def test_code_is_coloured_as_on_the_pages() -> None:
    from gdbook.publish.theme.highlighting import Light

    said = ET.fromstring(theme.tm_theme())
    colours = {text.text for text in said.iter("string") if (text.text or "").startswith("#")}
    styles: Any = Light
    wanted = {f"#{style['color']}" for _, style in styles if style["color"]}
    assert colours <= wanted
    assert len(colours) > 5


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ('#image("/images/none.svg")', r"part/two\.md:7: print: file not found"),
        ("Words.\n\n#nosuchfunction()", r"part/two\.md:9: print: unknown variable: nosuch"),
        ('#image("/images/bad.svg")', r"part/two\.md:7: print: failed to parse SVG.*\(bad\.svg\)"),
        (
            '#mark("part/two#x")\n\n#mark("part/two#x") #link(label("part/two#x"))[x]',
            r"part/two\.md:7: print: label .*part/two#x.* occurs multiple times",
        ),
    ],
)
def test_an_error_names_file_and_line(tmp_path: Path, source: str, sentence: str) -> None:
    sheet = Sheet("part/two", main=source, path="part/two.md")
    for place, line in (("#import", 1), (source[:5], 7), ("#nosuch", 9)):
        if (begun := sheet.source().find(place)) >= 0:
            sheet.places.append([begun, line])
    sheet.save(tmp_path / "sheets")
    mark = "#let mark(name) = [#metadata(none)#label(name)]"
    for name, text in {
        "book.typ": mark,
        "images/bad.svg": "<svg",
        "main.typ": '#import "/sheets/part/two.typ": main\n#main(1)',
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    with pytest.raises(compiling.PrintError) as caught:
        compiling.compile_pdf(tmp_path, tmp_path, {"bad.svg": "part/two"})
    assert re.match(sentence, str(caught.value))


def test_a_sheet_comes_back_as_it_was_kept(tmp_path: Path) -> None:
    sheet = Sheet("part/one", main="#emph[x]", labels={"part/one": "part/one"}, key="k")
    sheet.save(tmp_path)
    assert load(tmp_path, "part/one") == sheet
    assert load(tmp_path, "part/two") is None
    (tmp_path / "part" / "one.json").write_text("{half", "utf-8")
    assert load(tmp_path, "part/one") is None


def test_the_signs_of_formulas_are_those_that_the_design_defines() -> None:
    from gdbook.publish.formats.print.mathematics import symbols

    design = Path(compiling.__file__).parent / "design" / "math.typ"
    defined = set(re.findall(r"#let (\w+)", design.read_text("utf-8")))
    written = {*symbols.BARS.values(), *symbols.CHARACTERS.values(), *symbols.SYMBOLS.values()}
    named = {word for word in written if re.fullmatch(r"[a-z]{2,}", word)}
    assert named - defined == {"quad", "wide", "thin", "med", "thick", "space"}


def test_print_says_what_moves_in_each_kind_of_figure() -> None:
    from gdbook.plots import Dial, animate, answering, playground, slider

    def line(page: Any, eta: Any) -> None:
        page.panels[0].limits((0, 1), (0, 1))
        page.panels[0].curve(lambda x: eta * x)

    def frame(ax: Any, k: int) -> None:
        ax.plot([0, k], [0, 1])

    said = {
        "3 steps": animate(frame, [1, 2, 3]).svg,
        "k from 1 to 3": slider(frame, [1, 2, 3], label="k").svg,
        "by sliders": answering(line, eta=Dial(0, 1, 0.5, "η")).svg,
        "methods, rates and starts to choose": playground("wave", full=True, sgd=0.5).svg,
    }
    assert {words: what_moves(svg[:20_000]) for words, svg in said.items()} == {
        words: words for words in said
    }
    assert what_moves('<svg width="3pt"/>') is None
