"""The rules for figures and for code, on pages of words."""

from __future__ import annotations

from itertools import pairwise, permutations

import pytest
from docutils import nodes
from hypothesis import given, settings
from hypothesis import strategies as st
from pages import page

from gdbook.publish.audit.chapter import chapter
from gdbook.publish.audit.code import code
from gdbook.publish.audit.inline import inline
from gdbook.publish.audit.page import Source
from gdbook.publish.audit.pictures import pictures
from gdbook.publish.myst.cells import FOLDED

FIGURE = """\
```{{figure}} curve.svg
:name: {name}
:alt: {alt}
{caption}
```
"""
SENTENCE = "The curve falls steeply, turns and rises again."


@settings(deadline=None, max_examples=30)
@given(st.lists(st.integers(0, 90), min_size=1, max_size=16), st.sampled_from([*FOLDED, "other"]))
def test_code_has_78_columns_and_twelve_lines(widths: list[int], tag: str) -> None:
    lines = [f"{n:02}".ljust(width, "x")[:width] or "#" for n, width in enumerate(widths)]
    wide = [f"{width} columns" for width in widths if width > 78]
    found = [f.text for f in code(page("Words.", ["\n".join(lines)], tags=[tag]))]
    told = [text.split(",")[0] for text in found if "columns" in text]
    assert told == [f"a line of code of {width}" for width in wide]
    long = [text for text in found if text.startswith("a cell of")]
    assert len(long) == (len(widths) > 12 and tag == "other")


def test_code_that_does_not_run_has_78_columns_too() -> None:
    text = f"Words.\n\n```python\nshort = 1\n{'x' * 79}\n{'y' * 78}\n```\n"
    (found,) = code(page(text))
    assert (found.line, found.text.split(",")[0]) == (5, "a line of code of 79 columns")


@pytest.mark.parametrize(
    ("name", "alt", "caption", "sentences"),
    [
        ("fig-curve", SENTENCE, "A curve.", []),
        ("curve", SENTENCE, "A curve.", ["has no name"]),
        ("fig-curve", SENTENCE, "", ["has no caption"]),
        ("fig-curve", "A curve.", "A curve.", ["“A curve.” is shorter than a sentence"]),
        ("fig-curve", "curve.svg", "A curve.", ["has no alt text"]),
        ("fig-curve", "", "A curve.", ["has no alt text"]),
    ],
)
def test_a_figure_says_what_it_shows(
    name: str, alt: str, caption: str, sentences: list[str]
) -> None:
    found = list(pictures(page(FIGURE.format(name=name, alt=alt, caption=caption))))
    assert len(found) == len(sentences)
    for one, sentence in zip(found, sentences, strict=True):
        assert sentence in one.text


def test_what_only_slides_show_needs_no_name_but_an_alt_text() -> None:
    made = page(f"![{SENTENCE}](curve.svg)\n\n![](curve.svg)")
    assert len(list(pictures(made))) == 5
    box = nodes.container("", *made.doctree.children, slides_only=True)
    made.doctree.children = []
    made.doctree.append(box)
    assert ["alt text" in found.text for found in pictures(made)] == [True]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("<div class='a' data-style='b'>x</div>", 0),
        ('<p style="color: red">x</p>', 1),
        ("<style>p { color: red }</style>", 1),
        ('<a href="x" onclick="go()">x</a>', 1),
        ("<script>go()</script>", 1),
        ('<script defer src="here.js"></script>', 0),
        ("```{image} a.png\n:width: 50%\n```", 1),
        ("```{image} a.svg\n:width: 50%\n```", 0),
        ("```{image} a.png\n```", 0),
    ],
)
def test_nothing_is_styled_or_run_inline(text: str, found: int) -> None:
    told = [one.text for one in inline(page(f"Words.\n\n{text}\n"))]
    assert len(told) == found
    assert all("Content-Security-Policy" in one for one in told)


PARTS = {
    "objectives": ":::{admonition} In this chapter\n:class: objectives\nGo.\n:::\n",
    "summary": ":::{admonition} To keep\n:class: summary\nGone.\n:::\n",
    "problems": "## Problems\n\nOne.\n",
    "further reading": "## Further reading\n\nTwo.\n",
}


@pytest.mark.parametrize("parts", list(permutations(PARTS)))
def test_the_parts_of_a_chapter_have_an_order(parts: tuple[str, ...]) -> None:
    made = page("# A chapter\n\n" + "\n".join(PARTS[part] for part in parts))
    found = [f.text.partition(":")[0] for f in chapter(made) if "in this order" in f.text]
    wrong = [(b, a) for a, b in pairwise(PARTS) if parts.index(a) > parts.index(b)]
    assert found == [f"{late} before {early}" for late, early in wrong]
    assert bool(found) == (parts != tuple(PARTS))


@given(st.lists(st.sampled_from(["0.5 and 1", "10.5", "words", "", "3 × 10⁻⁹"]), max_size=9))
def test_a_line_is_the_next_that_has_the_words(lines: list[str]) -> None:
    source = Source("\n".join(lines))
    for near in range(1, len(lines) + 1):
        where = [n for n, text in enumerate(lines, 1) if text == "0.5 and 1"]
        expected = min((n for n in where if n >= near), default=max(where, default=near))
        if where or "10.5" not in lines:
            assert source.line("0.5", near) == expected
        assert source.line(["nowhere", "0.5 and"], near) == expected
