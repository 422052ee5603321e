"""Slides: what goes where, and what every output shows of it."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString
from docutils import nodes
from hypothesis import given, settings
from hypothesis import strategies as st
from pygments import highlight
from pygments.formatters.html import HtmlFormatter
from pygments.lexers.python import PythonLexer

import builds
from deckbooks import build_small, small
from gdbook.publish.formats.slides.captions import shorten
from gdbook.publish.formats.slides.grouping import Grouped, group, has_deck
from gdbook.publish.formats.slides.lines import parse, step_through
from gdbook.publish.myst.cell_breaks import above_code

KINDS = {"s": "slide", "u": "subslide", "f": "fragment", "n": "notes", "k": "skip", "-": "-"}
DIGITS = "0123456789abcdef"

# Each line: slide types, and the slides that nbconvert 7.17.2 made of them, with [ ] for
# sections, { } for fragments, ( ) for notes and a digit for each cell. All sequences of up
# to three cells, and 258 random longer ones.
RECORDED = [
    (line + " ").split(" ")[:2]
    for line in (Path(__file__).parent / "nbconvert_slides.txt").read_text().splitlines()
]


def brackets(deck: list[Grouped]) -> str:
    """Write slides as the recorded ones are written."""
    text = ""
    for number, slide in enumerate(deck):
        if slide.opens_stack:
            text += ("]" if number else "") + "["
        text += "["
        last: int | None = None
        for place in slide.places:
            if place.fragment != last:
                text += "{" if last is None else "}{"
                last = place.fragment
            digit = DIGITS[place.cell]
            text += f"({digit})" if place.notes else digit
        text += "]" if last is None else "}]"
    return text + "]" if deck else ""


def with_early_notes(recorded: str) -> str:
    """Move notes from before the first slide onto it: the one thing that we do otherwise."""
    early = re.match(r"(\(.\))*", recorded)
    assert early is not None
    rest = recorded[early.end() :]
    return f"[[{early[0]}{rest[2:]}" if rest else rest


@pytest.mark.parametrize(("kinds", "recorded"), RECORDED)
def test_cells_are_grouped_as_nbconvert_does(kinds: str, recorded: str) -> None:
    deck = group([KINDS[letter] for letter in kinds])
    # nbconvert refuses a notebook that shows nothing; here it has no slides.
    assert brackets(deck) == with_early_notes(recorded)


def test_the_recorded_slides_cover_every_edge() -> None:
    recorded = dict(RECORDED)
    assert len(recorded) > 500
    assert recorded["s-"] == "[[01]]"  # - continues
    assert recorded["sk-"] == "[[02]]"  # also after skip
    assert recorded["sf-"] == "[[0{12}]]"  # and stays in the fragment
    assert recorded["sn-"] == "[[0(1)2]]"  # but is no note
    assert recorded["u"] == recorded["f"] == recorded["-"] == "[[0]]"  # the first shown is a slide
    assert recorded["ku"] == "[[1]]"
    assert recorded["ns"] == "(0)[[1]]"


def test_a_deck_needs_a_cell_that_says_so() -> None:
    assert not has_deck(["-", "skip", "notes", "-"])
    assert all(has_deck(["-", kind]) for kind in ("slide", "subslide", "fragment"))


# ------------------------------------------------------------------ code, line by line


def test_steps_are_read() -> None:
    assert parse("1-2|4,6|all|", 6) == [[1, 2], [4, 6], [1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6]]


@pytest.mark.parametrize(
    ("spec", "sentence"),
    [
        ("2-", "lines must read like '1-2|4,6|all', got '2-' in '2-'"),
        ("x|1", "lines must read like '1-2|4,6|all', got 'x' in 'x|1'"),
        ("7", "lines '7': the code has lines 1 to 6"),
        ("3-2", "lines '3-2': the code has lines 1 to 6"),
        ("0", "lines '0': the code has lines 1 to 6"),
    ],
)
def test_what_is_wrong_with_steps_is_said(spec: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=re.escape(sentence)):
        parse(spec, 6)


@settings(deadline=None)
@given(st.text(alphabet="ab1 \"'#\n()=<&:", min_size=1, max_size=80))
def test_stepping_changes_no_character_and_numbers_every_line(code: str) -> None:
    block = highlight(code, PythonLexer(stripnl=False), HtmlFormatter())
    plain = BeautifulSoup(block, "html.parser").get_text()
    stepped = BeautifulSoup(step_through(block, [[1], [2]]), "html.parser")
    assert stepped.get_text().rstrip("\n") == plain.rstrip("\n")
    rows = stepped.select(".row")
    assert [row["data-row"] for row in rows] == [str(n) for n in range(1, len(rows) + 1)]
    shown = plain.strip("\n").split("\n")
    assert [row.get_text() for row in rows if row.get_text()] == [line for line in shown if line]


def test_a_multi_line_string_keeps_its_colour_on_each_line() -> None:
    block = highlight('x = """one\ntwo"""\n', PythonLexer(), HtmlFormatter())
    rows = BeautifulSoup(step_through(block, [[1], [2]]), "html.parser").select(".row")
    assert [bool(row.select("[class^=s]")) for row in rows] == [True, True]


# ------------------------------------------------------------------ types above code cells


def test_a_break_above_a_code_cell_is_the_cells() -> None:
    source = '# A\n\n+++ {"slideshow": {"slide_type": "slide"}}\n\n```{code-cell}\n1\n```\n'
    assert above_code(source, [1, 6]) == {1: {"slideshow": {"slide_type": "slide"}}}


def test_a_break_above_words_is_left_to_the_reader() -> None:
    source = '+++ {"slideshow": {"slide_type": "slide"}}\nWords\n\n```{code-cell}\n1\n```\n'
    assert above_code(source, [2, 5]) == {}


# ------------------------------------------------------------------ small books


def break_(kind: str, **more: object) -> str:
    import json

    return f"+++ {json.dumps({'slideshow': {'slide_type': kind}, **more})}\n\n"


def soup(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text("utf-8"), "html.parser")


def structure(deck: BeautifulSoup) -> str:
    """Write a deck as the recorded ones are written; a cell is told by its digit and a dot."""

    def walk(tag: Tag) -> str:
        text = ""
        for child in tag.children:
            if isinstance(child, NavigableString):
                text += "".join(re.findall(r"cell(\w)", child))
            elif isinstance(child, Tag):
                classes = child.get_attribute_list("class")
                inner = walk(child)
                if child.name == "section":
                    inner = f"[{inner}]"
                elif "fragment" in classes:
                    inner = f"{{{inner}}}"
                elif "notes" in classes:
                    inner = f"({inner})"
                text += inner
        return text

    slides = deck.select_one(".slides")
    assert slides is not None
    return walk(slides)


def built(folder: Path, *options: str) -> Path:
    done = build_small(folder, *options)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "_build" / "html"


@pytest.fixture(scope="module")
def sequences(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Recorded sequences, each as a chapter and as a notebook, of words and of code."""
    folder = tmp_path_factory.mktemp("sequences")
    chapters = {}
    for number, (kinds, _) in enumerate(RECORDED[-40:]):
        words, code = "", ""
        book = nbformat.v4.new_notebook(
            metadata={"kernelspec": {"name": "python3", "display_name": "P"}}
        )
        for index, letter in enumerate(kinds):
            kind, text = KINDS[letter], f"cell{DIGITS[index]}"
            words += break_(kind) + text + "\n\n"
            if index % 2:
                code += break_(kind) + text + "\n\n"
            else:
                code += f'```{{code-cell}}\n:slideshow: {{"slide_type": "{kind}"}}\n{text}\n```\n\n'
            meta = {"slideshow": {"slide_type": kind}}
            if index % 2:
                book.cells.append(nbformat.v4.new_code_cell(text, metadata=meta))
            else:
                book.cells.append(nbformat.v4.new_markdown_cell(text, metadata=meta))
            book.cells[-1].pop("id")
        chapters[f"words{number}"], chapters[f"code{number}"] = words, code
        book.nbformat_minor = 4
        chapters[f"book{number}"] = ""
        (folder / f"book{number}.ipynb").write_text(nbformat.writes(book))
    small(folder, chapters)
    for path in folder.glob("book*.md"):
        path.unlink()
    return built(folder)


@pytest.mark.book
@pytest.mark.parametrize("number", range(40))
@pytest.mark.parametrize("way", ["words", "code", "book"])
def test_decks_are_as_nbconvert_makes_them(sequences: Path, way: str, number: int) -> None:
    kinds, recorded = RECORDED[-40:][number]
    path = sequences / "slides" / f"{way}{number}.html"
    if has_deck([KINDS[letter] for letter in kinds]) and recorded:
        assert structure(soup(path)) == with_early_notes(recorded)
    else:
        assert not path.exists()


CHAPTER = (
    "(sec-one)=\n# One\n\nFirst words.\n\n"
    + break_("slide")
    + "## Shown\n\n$$ a = b $$ (eq-shown)\n\nSee {eq}`eq-shown`, {eq}`eq-hidden`, {eq}`eq-far` and"
    + " [this](#sec-hidden).[^one]\n\n[^one]: A footnote.\n\n"
    + break_("slide", tags=["slides-only"])
    + "## Only *here*\n\nsecretword\n\n### Shown\n\n"
    + break_("skip")
    + "(sec-hidden)=\n## Hidden\n\n$$ c = d $$ (eq-hidden)\n\n"
    + "```{code-cell}\n:tags: [slides-only]\nsecretcode\n```\n\n"
    + break_("slide")
    + "## Last\n\nThe footnote again.[^one]\n\n```{tip}\n:class: dropdown\nFolded.\n```\n\n"
    + "```{code-cell}\n:tags: [check]\nchecked\n```\n\n"
    + "```{code-cell}\n:tags: [hide-input]\nhiddencode\n```\n\n"
    + "```{code-cell}\n:tags: [slides-only]\nsecretcall\n```\n"
)
PLAIN = (
    "# Two\n\n## Shown\n\n$$ e = f $$ (eq-far)\n\n"
    + break_("skip")
    + "Skipped.\n\n"
    + break_("notes")
    + "Noted.\n"
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site") / "book"
    return built(small(folder, {"one": CHAPTER, "deep/two": PLAIN}), "-n", "-W", "--keep-going")


@pytest.mark.book
def test_a_chapter_without_slides_has_no_deck_and_no_button(site: Path) -> None:
    assert [p.name for p in (site / "slides").rglob("*.html")] == ["one.html"]
    assert not soup(site / "deep" / "two.html").select(".deck-button")
    assert soup(site / "one.html").select(".deck-button a[href='slides/one.html']")


@pytest.mark.book
def test_cells_for_slides_only_are_nowhere_else(site: Path) -> None:
    deck, page = soup(site / "slides" / "one.html"), soup(site / "one.html")
    for word in ("secretword", "secretcall"):
        assert word in deck.get_text()
        assert word not in page.get_text()
        assert word not in (site / "searchindex.js").read_text()
    # Neither in its contents, and the page's own headings keep their ids.
    assert "Only here" not in page.get_text()
    assert [section["id"] for section in page.select("section[id]")] == [
        "one",
        "shown",
        "hidden",
        "last",
    ]
    assert [h.get_text() for h in deck.select("section > h2")] == ["Shown", "Only here", "Last"]


@pytest.mark.book
def test_references_lead_into_the_deck_or_to_the_page(site: Path) -> None:
    deck = soup(site / "slides" / "one.html")
    slide = deck.find("h2", string="Shown").find_parent("section")  # type: ignore[union-attr]
    assert isinstance(slide, Tag)
    links = {a.get_text(): a["href"] for a in slide.select("a.reference.internal")}
    assert links["(1.1)"] == "#equation-eq-shown"
    assert links["(1.2)"] == "../one.html#equation-eq-hidden"
    assert links["(2.1)"] == "../deep/two.html#equation-eq-far"
    assert links["this"] == "../one.html#sec-hidden"


@pytest.mark.book
def test_every_link_of_a_deck_finds_its_target(site: Path) -> None:
    path = site / "slides" / "one.html"
    for a in soup(path).select("a[href]"):
        file, _, anchor = str(a["href"]).partition("#")
        target = (path.parent / file).resolve() if file else path
        assert target.is_file(), a
        assert not anchor or soup(target).find(id=anchor), a


@pytest.mark.book
def test_every_section_of_the_page_is_a_place_in_the_deck_and_back(site: Path) -> None:
    deck, page = soup(site / "slides" / "one.html"), soup(site / "one.html")
    for section in page.select("section[id]"):
        place = deck.find(id=section["id"])
        assert isinstance(place, Tag)
        assert place.find_parent("section"), section["id"]
    assert len({tag["id"] for tag in deck.select("[id]")}) == len(deck.select("[id]"))
    backs = [slide["data-page"] for slide in deck.select("section[data-cell]")]
    assert backs == ["one", "shown", "shown", "last"]
    # A section that is skipped is found on the slide before it.
    hidden = deck.find(id="hidden")
    assert isinstance(hidden, Tag)
    assert hidden.find_parent("section")["data-cell"] == "3"  # type: ignore[index]


@pytest.mark.book
def test_slides_say_which_cell_and_line_they_are_from(site: Path) -> None:
    source = (site.parents[1] / "one.md").read_text().splitlines()
    for slide in soup(site / "slides" / "one.html").select("section[data-cell]"):
        heading = slide.find(["h1", "h2"])
        assert isinstance(heading, Tag)
        near = source[int(str(slide["data-line"])) - 1 :][:4]
        assert any(line.replace("*", "").endswith(f"# {heading.get_text()}") for line in near)


@pytest.mark.book
def test_a_footnote_stands_on_each_slide_that_refers_to_it(site: Path) -> None:
    slides = soup(site / "slides" / "one.html").select("section[data-cell]")
    assert [len(slide.select(".footnotes")) for slide in slides] == [0, 1, 0, 1]


@pytest.mark.book
def test_what_the_page_folds_is_folded_or_left_out(site: Path) -> None:
    deck = soup(site / "slides" / "one.html")
    assert [s.get_text().strip() for s in deck.select("details > summary")] == ["Tip"]
    assert "hiddencode" not in deck.get_text()
    assert "checked" not in deck.get_text()
    assert "checked" in soup(site / "one.html").get_text()


@pytest.mark.book
def test_nothing_on_a_deck_is_from_another_host(site: Path) -> None:
    for tag in soup(site / "slides" / "one.html").select("[src], link[href]"):
        address = str(tag.get("src") or tag["href"])
        assert re.match(r"\.\./_static/|data:,$", address), address
        if address.startswith(".."):
            assert (site / "slides" / address.partition("?")[0]).is_file(), address


@pytest.mark.book
def test_two_builds_write_the_same_bytes(site: Path, tmp_path: Path) -> None:
    folder = small(tmp_path / "book", {"one": CHAPTER, "deep/two": PLAIN})
    again = tmp_path / "html"
    command = [sys.executable, "-m", "sphinx", "-b", "html", folder, again]
    done = builds.run(command, env=builds.environment(PYTHONHASHSEED="2"))
    assert done.returncode == 0, done.stdout + done.stderr
    path = Path("slides", "one.html")
    assert (again / path).read_bytes() == (site / path).read_bytes()


@pytest.mark.book
def test_findings_are_told_at_every_build(tmp_path: Path) -> None:
    folder = small(
        tmp_path,
        {
            "one": "# One\n\n"
            + break_("slied")
            + "A typo.\n\n"
            + break_("slide", tags=["slides-only"])
            + "$$ a $$ (eq-a)\n",
        },
    )
    for _ in range(2):
        done = build_small(folder, "-W", "--keep-going")
        assert done.returncode == 1
        assert "one.md:8: WARNING: unknown slide type 'slied', expected one of slide" in done.stderr
        assert "one.md:12: WARNING: a cell for slides only holds something" in done.stderr


def caption(markdown: str) -> nodes.figure:
    """Make a figure with a caption; ``$…$`` is a formula, with the stop after it bound to it."""
    made = nodes.caption()
    for i, part in enumerate(markdown.split("$")):
        if i % 2:
            made.append(nodes.math("", part))
        elif i and part.startswith("."):
            formula = made.children.pop()
            made.append(nodes.inline("", "", formula, nodes.Text(".")))
            made.append(nodes.Text(part[1:]))
        elif part:
            made.append(nodes.Text(part))
    return nodes.figure("", nodes.image(), made)


def test_the_stop_in_a_reference_ends_no_caption() -> None:
    figure = caption("The edge of ")
    made = figure.children[1]
    assert isinstance(made, nodes.caption)
    made += [nodes.reference("", "Fig. 2.5"), nodes.Text(" at 0.1. More.")]
    shorten(figure)
    assert figure.children[1].astext() == "The edge of Fig. 2.5 at 0.1."


@pytest.mark.parametrize(
    ("whole", "shown"),
    [
        ("One sentence.", None),
        ("One sentence, without a stop", None),
        ("First. Second.", "First."),
        ("Is it? It is.", "Is it?"),
        ("With 0.6 in it. Then more.", "With 0.6 in it."),
        ("At $x = 1$. Then $y$.", "At x = 1."),
        ("At $x = 1$.", None),
        ("The slope at $1$ of $f$ is $2$. More.", "The slope at 1 of f is 2."),
    ],
)
def test_a_slide_shows_a_caption_s_first_sentence(whole: str, shown: str | None) -> None:
    figure = caption(whole)
    said = shorten(figure)
    everything = whole.replace("$", "")
    assert figure.children[1].astext() == (shown or everything)
    assert (said.astext() if said else None) == (everything if shown else None)
