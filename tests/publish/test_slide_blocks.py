"""A page with ``slides: blocks``: what is where in its deck, its notebook, and on itself."""

from __future__ import annotations

import pickle
import re
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup, Tag
from docutils import nodes

from deckbooks import build_small, small
from gdbook.publish.formats.slides.cutting import sentences
from gdbook.publish.formats.slides.grouping import group

pytestmark = pytest.mark.book


class Slide:
    """A slide of a deck: its heading, what is seen at once, what comes later, what is spoken."""

    def __init__(self, section: Tag) -> None:
        heading = section.find(["h1", "h2", "h3"])
        self.heading = heading.get_text(" ", strip=True) if isinstance(heading, Tag) else ""
        self.notes = " ".join(note.extract().get_text(" ") for note in section.select("aside"))
        later = [part.extract() for part in reversed(section.select(".fragment"))]
        self.later = [part.get_text(" ", strip=True) for part in reversed(later)]
        body = section.select_one(".body")
        assert body is not None
        self.now = body.get_text(" ", strip=True)
        self.pictures = sum(bool(part.select("svg, img")) for part in [body, *later])

    @property
    def seen(self) -> str:
        return " ".join([self.now, *self.later])


def stacks(path: Path) -> list[list[Slide]]:
    """Read a deck: its stacks from left to right, each from its first slide downwards."""
    soup = BeautifulSoup(path.read_text("utf-8"), "html.parser")
    outer = soup.select(".slides > section")
    return [[Slide(section) for section in stack.select(":scope > section")] for stack in outer]


@pytest.fixture(scope="module")
def site(deck_book: Path) -> Path:
    return deck_book / "_build" / "html"


@pytest.fixture(scope="module")
def deck(site: Path) -> list[list[Slide]]:
    return stacks(site / "slides" / "blocks.html")


def the(deck: list[list[Slide]], words: str) -> Slide:
    """Return the one slide on which some words are seen."""
    (found,) = [slide for stack in deck for slide in stack if words in slide.seen]
    return found


def test_headings_open_slides_the_core_to_the_right_and_the_rest_below(
    deck: list[list[Slide]],
) -> None:
    names = [[slide.heading for slide in stack] for stack in deck]
    firsts = [stack[0] for stack in names]
    assert firsts[0] == "By what it is"
    assert list(dict.fromkeys(firsts)) == ["By what it is", "The core", "What is asked", "Marked"]
    assert [stack for stack in names if len(stack) > 1] == [
        ["What is asked", "Below deeper", "Seen deeper"],
        ["Marked", "Marked"],
    ]


@pytest.mark.parametrize(
    "words",
    [
        "Spoken below the title",
        "Spoken first, with",
        "Spoken below.",
        "Spoken between",
        "Proofs are told",
        "A long entry",
        "noted",
    ],
)
def test_prose_is_spoken(deck: list[list[Slide]], words: str) -> None:
    slides = [slide for stack in deck for slide in stack]
    assert sum(words in slide.notes for slide in slides) == 1
    assert not any(words in slide.seen for slide in slides)


@pytest.mark.parametrize(
    "words",
    ["Goals", "checked", "hidden", "folded =", "Only words", "Nothing of this", "9 = 9", "8 = 8"],
)
def test_what_no_class_needs_is_left_out(site: Path, words: str) -> None:
    text = BeautifulSoup((site / "slides" / "blocks.html").read_text("utf-8"), "html.parser")
    assert words not in text.select_one(".slides").get_text(" ")  # type: ignore[union-attr]


def test_questions_are_shown_and_answers_come_later(deck: list[list[Slide]]) -> None:
    asked = the(deck, "Is the square of a sum")
    assert asked.now == "Is the square of a sum a sum of squares?"
    assert "2" in asked.later[0]
    code = the(deck, "total = sum")
    assert any("output 45" in part for part in code.later)
    assert not any("total = sum" in part and "output 45" in part for part in code.later)
    quick = the(deck, "By which number")
    assert "By which number" in quick.now
    assert quick.later[0].startswith("Answer")
    marked = the(deck, "Which number comes?")
    assert marked.now.startswith("Shown by its mark.")
    assert len(marked.later) == 1


def test_everything_else_is_shown(deck: list[list[Slide]]) -> None:
    for words in ("A slope is a number.", "A short entry", "Signs are lost.", "Only on slides."):
        the(deck, words)
    assert sum(slide.pictures for stack in deck for slide in stack) == 1


def test_a_sentence_that_leads_to_a_formula_stands_above_it(deck: list[list[Slide]]) -> None:
    slide = the(deck, "Here is a number by its name:")
    assert slide.now.startswith("Here is a number by its name:")
    assert slide.later[0].startswith("It is left as it was:")
    assert "y" in slide.later[0]


def test_what_was_seen_is_said_after_it_where_nothing_else_is_said(
    deck: list[list[Slide]],
) -> None:
    slide = the(deck, "What was seen is said after it.")
    assert slide.now.startswith("print")
    assert slide.later == ["all that 21", "What was seen is said after it."]
    assert " ".join(slide.notes.split()) == "The rest is spoken: it was one line."


def test_a_long_table_goes_on_under_the_same_headings(deck: list[list[Slide]]) -> None:
    pieces = [slide for stack in deck for slide in stack if "letter" in slide.now]
    assert len(pieces) == 2
    for slide in pieces:
        assert slide.heading == "What is asked"
    rows = " ".join(slide.now.replace("letter number", "") for slide in pieces)
    assert rows.split()[1::2][-1] == "twelve"
    assert len(rows.split()) == 24


def test_the_page_knows_nothing_of_it(site: Path) -> None:
    page = BeautifulSoup((site / "blocks.html").read_text("utf-8"), "html.parser")
    text = " ".join(page.get_text(" ").split())
    assert "Is the square of a sum a sum of squares?" in text
    assert "with a 2 in it. Is the square" in re.sub(r"\s+", " ", text)
    assert "Only on slides" not in text
    assert len(page.select("article table")) == 1


def test_its_sections_are_places_in_the_deck(site: Path) -> None:
    page = BeautifulSoup((site / "blocks.html").read_text("utf-8"), "html.parser")
    shown = BeautifulSoup((site / "slides" / "blocks.html").read_text("utf-8"), "html.parser")
    for section in page.select("article section[id]"):
        if section.find(["h1", "h2", "h3"], recursive=False):
            place = shown.find(id=section["id"])
            assert isinstance(place, Tag), section["id"]
            assert place.find_parent("section")
    ids = [tag["id"] for tag in shown.select("[id]")]
    assert len(set(ids)) == len(ids)


def test_its_notebook_is_the_same_deck_to_nbconvert(site: Path, deck: list[list[Slide]]) -> None:
    made = nbformat.read(site / "notebooks" / "blocks.ipynb", as_version=4)
    kinds = [cell.metadata.get("slideshow", {}).get("slide_type", "-") for cell in made.cells]
    texts = [
        [made.cells[place.cell].source for place in slide.places if not place.notes]
        for slide in group(kinds)
    ]
    # A table is one cell, and a cell for slides only is in no notebook.
    slides = [slide for stack in deck for slide in stack]
    assert len(texts) == len(slides) - 2
    for words in ("total = sum", "A slope is", "Signs are lost", "x = 1", "7 = 7"):
        where = [number for number, cells in enumerate(texts) if words in "\n".join(cells)]
        assert len(where) == 1, words
    spoken = [cell.source for cell, kind in zip(made.cells, kinds, strict=True) if kind == "notes"]
    assert any(text.endswith("with $a^2$ in it.") for text in spoken)
    assert any(text == "Spoken below. Here is a number by its name:" for text in spoken)
    led = [cell for cell in made.cells if "y = 1" in cell.source]
    assert [cell.source.split()[0] for cell in led] == ["It"]
    assert led[0].metadata["slideshow"]["slide_type"] == "fragment"
    assert any(text.startswith("Proof") or "Proofs are told" in text for text in spoken)
    left_out = [cell.source for cell, kind in zip(made.cells, kinds, strict=True) if kind == "skip"]
    assert any("checked" in text for text in left_out)
    assert any("hidden = 1" in text for text in left_out)
    assert any("Nothing of this" in text for text in left_out)


def test_what_is_wrong_is_told_at_its_line(tmp_path: Path) -> None:
    wall = "\n\n".join("Words " * 40 for _ in range(4))
    page = f"# One\n\n## Two\n\n:::{{prf:theorem}} Long\n:label: thm-long\n{wall}\n:::\n"
    folder = small(
        tmp_path,
        {"one": page, "two": "# Two\n\nWords.\n"},
        'extensions.append("sphinx_proof")\n',
    )
    for name, value in (("one", "blocks"), ("two", "cells")):
        path = folder / f"{name}.md"
        path.write_text(path.read_text().replace("---\n", f"---\nslides: {value}\n", 1))
    for _ in range(2):
        done = build_small(folder, "-W", "--keep-going")
        assert done.returncode == 1
        assert re.search(r"one\.md:1\d: WARNING: from here on the slide is too high", done.stderr)
        assert "two.md:1: WARNING: the front matter of a page with cells may say" in done.stderr


def test_nothing_is_moved_on_the_page_that_is_read(deck_book: Path) -> None:
    path = deck_book / "_build" / ".doctrees" / "blocks.doctree"
    document = pickle.loads(path.read_bytes())
    for node in document.findall(nodes.Element):
        assert all(child.parent is node for child in node.children), node.tagname


def paragraph(markdown: str) -> nodes.paragraph:
    """Make a paragraph; ``$…$`` is a formula."""
    made = nodes.paragraph()
    for i, text in enumerate(markdown.split("$")):
        # The parser makes a text of each line, and one of each end of a line.
        lines = [] if i % 2 else re.split(r"(\n)", text)
        made += [nodes.math("", text)] if i % 2 else [nodes.Text(line) for line in lines if line]
    return made


@pytest.mark.parametrize(
    "text",
    [
        "One. | Is it two?",
        "Is it two?",
        "At 0.1 it is. | Where is $x$, and where $y$?",
        "In $x.y$ there is. | What?",
        "Is it? | Or what?",
        "It ends\nhere. | Is it\nso?",
        "He said “no.” | Why?",
        "At $x$. | $y$ is next. | So is\n$z$.",
    ],
)
def test_a_paragraph_is_divided_into_its_sentences(text: str) -> None:
    asked = paragraph(text.replace(" | ", " "))
    expected = [one.replace("$", "") for one in text.split(" | ")]
    assert ["".join(node.astext() for node in one) for one in sentences(asked)] == expected
    # What is written binds the stop to its formula, and has as many sentences.
    for index, node in reversed(list(enumerate(asked.children))):
        after = asked.children[index + 1 : index + 2]
        if isinstance(node, nodes.math) and after and after[0].astext()[0] in ".,?":
            stop, rest = after[0].astext()[0], after[0].astext()[1:]
            bound = nodes.inline("", "", node, nodes.Text(stop), classes=["formula-end"])
            asked.children[index : index + 2] = [bound, nodes.Text(rest)] if rest else [bound]
    assert ["".join(node.astext() for node in one) for one in sentences(asked)] == expected
