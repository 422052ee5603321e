"""A chapter entered in `_toc.yml`: one line more, and all else as the author wrote it."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from gdbook.publish.authoring.contents import (
    TocError,
    parts,
    with_chapter,
    with_part,
    with_standard,
)

ROOT = Path(__file__).parents[2]

BLOCK = """\
# The order of the book.
format: jb-book
root: book/index
defaults: {numbered: true}

parts:
  - caption: "Before: you start"   # not numbered
    numbered: false
    chapters: [{file: book/preface}]
  # Two chapters so far.
  - caption: Descent
    chapters:
      - file: 'book/descent/line'
        sections:
          - file: book/descent/deeper   # a section
      # - file: book/descent/draft

  - caption: Reference
    numbered: false
    chapters:
    - file: book/reference/words"""


def test_the_parts_are_read_with_their_folders() -> None:
    found = [(one.caption, one.numbered, one.folders) for one in parts(BLOCK)]
    assert found == [
        ("Before: you start", False, ["book"]),
        ("Descent", True, ["book/descent"]),
        ("Reference", False, ["book/reference"]),
    ]


@pytest.mark.parametrize(
    ("part", "line", "after"),
    [
        (1, "      - file: book/a/b", "          - file: book/descent/deeper   # a section"),
        (2, "    - file: book/a/b", "    - file: book/reference/words"),
    ],
)
def test_one_line_is_added_below_the_last_chapter(part: int, line: str, after: str) -> None:
    lines = with_chapter(BLOCK, parts(BLOCK)[part], "book/a/b").splitlines()
    at = lines.index(line)
    assert lines[at - 1] == after
    assert [*lines[:at], *lines[at + 1 :]] == BLOCK.splitlines()


def test_a_list_on_one_line_stays_on_one_line() -> None:
    made = with_chapter(BLOCK, parts(BLOCK)[0], "book/a/b")
    assert "chapters: [{file: book/preface}, {file: book/a/b}]\n" in made
    assert made.replace(", {file: book/a/b}", "") == BLOCK


@pytest.mark.parametrize("caption", ["Optimizers", 'Losses: "mean" and #other', "Yes", "1846"])
def test_a_new_part_stands_after_the_last_with_numbers(caption: str) -> None:
    made = with_part(BLOCK, caption, "book/new/first")
    old, new = yaml.safe_load(BLOCK), yaml.safe_load(made)
    assert new["parts"].pop(2) == {"caption": caption, "chapters": [{"file": "book/new/first"}]}
    assert new == old
    assert [line for line in made.splitlines() if line not in BLOCK.splitlines()][1:] == [
        "      - file: book/new/first"
    ]


def test_a_new_part_is_numbered_where_parts_are_not_by_default() -> None:
    text = BLOCK.replace("defaults: {numbered: true}\n", "").replace(
        "caption: Descent", "caption: Descent\n    numbered: true"
    )
    made = yaml.safe_load(with_part(text, "New", "book/new/first"))
    assert made["parts"][2]["numbered"] is True


@given(st.integers(0, 3), st.sampled_from(["\n", "\r\n"]), st.booleans(), st.integers(1, 4))
def test_indentation_and_line_ends_are_the_files_own(
    inner: int, newline: str, ended: bool, count: int
) -> None:
    rows = ["parts:", "- caption: A", "  numbered: true", "  chapters:"]
    rows += [f"  {' ' * inner}- file: book/a/{n}  # {n}" for n in range(count)]
    text = newline.join(rows) + newline * ended
    made = with_chapter(text, parts(text)[0], "book/a/b")
    added = f"  {' ' * inner}- file: book/a/b{newline}"
    assert made == (text if ended else text + newline) + added


@pytest.mark.parametrize(
    "last",
    [
        "- file: book/a/a\n    title: >\n      Folded\n      words\n",
        "- file: book/a/a\n    title: |\n      Kept\n\n",
        "- file: book/a/a\n    title: 'Two\n      lines'\n",
        "- title:\n    file: book/a/a\n",
        "- file: book/a/a\n    title:\n",
        "- {file: book/a/a,\n     title: Two}\n",
        "- file: book/a/a\n    sections: [\n      {file: book/a/c}]\n",
    ],
)
@pytest.mark.parametrize(
    "rest", ["", "  # A remark.\n- caption: B\n  chapters: []\n", "\n\n# End\n"]
)
def test_however_the_last_chapter_is_written(last: str, rest: str) -> None:
    text = "parts:\n- caption: A\n  chapters:\n  " + last + rest
    made = with_chapter(text, parts(text)[0], "book/a/b")
    old, new = yaml.safe_load(text), yaml.safe_load(made)
    assert new["parts"][0]["chapters"].pop() == {"file": "book/a/b"}
    assert new == old
    assert made.replace("  - file: book/a/b\n", "") == text


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("format: jb-book\nroot: a\nchapters: [{file: b}]\n", "has no parts"),
        ("parts: [\n", "_toc.yml:2 is not YAML"),
        ("- a\n", "_toc.yml has no keys"),
        ("", "_toc.yml has no keys"),
        ("parts: [{caption: A, chapters: [{file: book/a/b}]}]\n", "stand on one line"),
    ],
)
def test_what_cannot_be_entered_is_told(text: str, sentence: str) -> None:
    with pytest.raises(TocError, match=sentence):
        with_part(text, "New", "book/new/first")


def test_the_books_own_contents_take_a_chapter_in_each_part() -> None:
    text = (ROOT / "_toc.yml").read_text("utf-8")
    old = yaml.safe_load(text)
    for n, part in enumerate(parts(text)):
        new = yaml.safe_load(with_chapter(text, part, "book/x/y"))
        assert new["parts"][n]["chapters"].pop() == {"file": "book/x/y"}
        assert new == old


@pytest.mark.parametrize(
    ("listed", "then"),
    [
        ("    audit_standard:  # held\n      - a/b  # first\n    other: 1\n",
         "    audit_standard:  # held\n      - a/b  # first\n      - book/x/y\n    other: 1\n"),
        ("    audit_standard:\n    - a/b", "    audit_standard:\n    - a/b\n    - book/x/y\n"),
        ("    audit_standard: [a/b]\n", "    audit_standard: [a/b, book/x/y]\n"),
    ],
)  # fmt: skip
def test_a_page_is_entered_in_the_standard(listed: str, then: str) -> None:
    head = "title: A book\nsphinx:\n  config:\n"
    assert with_standard(head + listed, "book/x/y") == head + then


@pytest.mark.parametrize(
    "text",
    ["title: A\n", "sphinx: {config: {}}\n", "sphinx:\n  config:\n    audit_standard: []\n"],
)
def test_a_book_without_a_standard_gets_none(text: str) -> None:
    assert with_standard(text, "book/x/y") is None


def test_a_configuration_that_is_not_yaml_is_told() -> None:
    with pytest.raises(TocError, match=r"^_config.yml:2 is not YAML"):
        with_standard("a: [\nb: {", "book/x/y")
