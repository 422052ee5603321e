"""A small book that has all that the editor asks for, and every way to fall short of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from small_book import SmallBook

pytestmark = pytest.mark.book
STRICT = ("-n", "-W", "--keep-going")

CONFIG = """\
title: A small book
author: The Downhill authors
only_build_toc_files: true
exclude_patterns: [_build, data]
execute: {execute_notebooks: "off"}
parse: {myst_enable_extensions: [amsmath, colon_fence, dollarmath]}
bibtex_bibfiles: [book/works.bib]
sphinx:
  extra_extensions: [gdbook.publish]
  config:
    project: A small book
    html_theme: furo
    html_theme_options: {}
    html_math_renderer: temml
    nb_ipywidgets_js: {}
    nb_render_plugin: gdbook
    numfig: true
    audit: chapters
    audit_notation: book/notation
"""

TOC = """\
format: jb-book
root: book/index
parts:
  - chapters: [{file: book/about}]
  - numbered: true
    chapters: [{file: book/descent}]
  - chapters: [{file: book/notation}, {file: book/words}]
"""

ABOUT = """\
---
given: {2.71828: the base of the exponential}
---

# About

A page of words, without a number but 2.71828.
"""

NOTATION = r"""# Notation

| symbol | meaning |
| --- | --- |
| $\eta$ | the learning rate, not $\zeta$ |
| $x^\star$ | the lowest point |
"""

WORDS = """\
# Words

:::{glossary}
descent
  Going down.

Learning rate
  How far a step goes.
:::

```{bibliography}
```
"""

WORKS = """\
@book{cauchy1847,
  author = {Cauchy, Augustin-Louis},
  title = {Compte rendu},
  publisher = {Bachelier},
  year = {1847},
}
"""

HEAD = """\
---
file_format: mystnb
kernelspec: {name: python3}
given: {1.618: the golden ratio}
---

# Descent

:::{admonition} In this chapter
:class: objectives
You will go down.
:::

## The story

By {term}`descent` and with a learning rate of 0.25 we come to 0.375, and {n}`end:.3f` is left.
The golden ratio is 1.618.

```{code-cell}
---
tags: [remove-cell]
---
from gdbook.checks import holds, say
from gdbook.mathematics import real
say(end=0.25**3)
```

```{code-cell}
x = 0.375
print("the beginning of a line", x)
```

```{code-cell}
---
tags: [hide-input]
alt: A line that goes down from left to right, and ends at {end:.3f}.
mystnb:
  figure:
    name: fig-line
    caption: Down to 0.25 goes the line.
---
import matplotlib.pyplot as plt
plt.plot([3, 2, 1])
plt.ylim(0, 4)
plt.xlim(0, 4)
plt.yticks([])
plt.xticks([])
plt.title("a")
plt.xlabel("b")
plt.ylabel("c")
plt.plot([3, 2, 1])
plt.plot([3, 2, 1])
plt.plot([3, 2, 1])
plt.plot([3, 2, 1]);
```

```{figure} line.svg
:name: fig-drawn
:alt: A line, drawn by hand, that goes down from the left to the right.
A line, drawn by hand.
```

$$
x^\\star - \\eta + \\eta = x^\\star
$$ (eq-step)

```{code-cell}
:tags: [check]
holds("eq-step", x_star=real(), eta=real())
```

:::{admonition} What to keep
:class: summary
Go down.
:::

"""

LINE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 2" width="20" height="20">'
    '<path d="M0 0L2 2"/></svg>'
)

PROBLEM = """\
:::{{problem}} Number {number}
:label: prob-{number}
:tier: {tier}
:difficulty: easy
:minutes: 10
:hint: Think of step {number}.
Go down step {number}.
:::

:::{{solution-start}} prob-{number}
:::
Solved, the one with number {number}.
:::{{solution-end}}
:::

"""

TIERS = ["predict", "predict", "derive", "derive", "implement", "implement", "debug", "investigate"]

READING = """\
## Further reading

Begin with Cauchy {cite:p}`cauchy1847`.
"""


def chapter() -> str:
    slides = "".join(
        f'+++ {{"slideshow": {{"slide_type": "slide"}}}}\n\nSlide {n} says this.\n\n'
        for n in range(20)
    )
    problems = "".join(PROBLEM.format(number=n, tier=tier) for n, tier in enumerate(TIERS))
    skip = '+++ {"slideshow": {"slide_type": "skip"}}\n\n'
    return f"{HEAD}{slides}{skip}## Problems\n\n{problems}{skip}{READING}"


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallBook:
    made = SmallBook.warm(tmp_path, monkeypatch)
    for name, text in {
        "_config.yml": CONFIG,
        "_toc.yml": TOC,
        "book/about.md": ABOUT,
        "book/notation.md": NOTATION,
        "book/words.md": WORDS,
        "book/works.bib": WORKS,
        "book/line.svg": LINE,
        "book/descent.md": chapter(),
    }.items():
        made.write(name, text)
    return made


def told(log: str) -> dict[tuple[str, int], list[str]]:
    """What was found, by file and line; a failed build may repeat it at its end."""
    log = log.partition("The build failed:")[0]
    found: dict[tuple[str, int], list[str]] = {}
    for path, line, text in re.findall(
        r"^(\S+?):(\d+): (?:WARNING|ERROR): (.*)$", log, re.MULTILINE
    ):
        found.setdefault((Path(path).name, int(line)), []).append(text)
    return found


STEP = "$$\nx^\\star - \\eta + "
FREE = "$$\nx^\\star = \\hat x\n$$\n"
BARE = "\\begin{align}\n\\eta &= 2\n\\end{align}\n"
MINE = "```{math}\n:label: mine\n\\eta < 2\n```\n"
UNCHECKED = "$$\n\\eta = \\eta\n$$ (eq-free)\n"

# What is written instead of what, the words in whose line it is told, and a piece of the sentence.
IN_THE_CHAPTER = [
    ("come to 0.375", "come to 0.376", "0.376", "0.376 is neither computed nor an input"),
    ("The golden", "The $1.5x$ golden", "$1.5x$", "1.5 is neither computed nor an input"),
    ("is 1.618.", "is 1.61.", "given:", "given is 1.618, which this page does not state"),
    ("is 1.61.", "is 1.61.", "is 1.61.", "1.61 is neither computed"),
    ("Down to 0.25", "Down to 0.26", "caption: Down", "0.26 is neither computed"),
    ("ends at {end", "ends at 0.5, or {end", "alt: A line", "0.5 is neither computed"),
    ("Solved, the one with number 3", "Solved: 0.7", "Solved: 0.7", "0.7 is neither computed"),
    ("Think of step 4", "Think of 0.8", "Think of 0.8", "0.8 is neither computed"),
    ("You will go", "You will (Section 2.3) go", "You will", "the number 2.3 is typed by hand"),
    ('"the beginning of a line"', f'"{"a" * 67}"', "aaaa", "a line of code of 79 columns"),
    ('print("', 'x = [\n' + "x,\n" * 9 + ']\nprint("', "x = 0.375", "a cell of 13 lines"),
    ("## The story", "## The story\n\n![](line.svg)", "![](line", "this figure has no alt text"),
    ("## The story", "## The story", "![](line", "this figure has no caption"),
    ("## The story", "## The story", "![](line", "this figure has no name"),
    (":alt: A line, drawn by hand, that goes", ":alt: Down.\n", "Down.", "shorter than a sentence"),
    (STEP, f"{FREE}\n{STEP}", FREE, "this one is without a label"),
    (STEP, STEP, FREE, "the symbol \\hat x is displayed here and not listed in book/notation"),
    (STEP, f"{BARE}\n{STEP}", BARE, "this one is an environment, which has no label"),
    (STEP, f"{MINE}\n{STEP}", MINE, "this one is labelled mine"),
    (STEP, f"{UNCHECKED}\n{STEP}", UNCHECKED, "eq-free has no check"),
    (":::{solution-start} prob-5", ":::{solution-start} prob-50", "{solution-start} prob-50",
     "a solution of prob-50, but there is no such problem"),
    (":label: prob-5\n", ":label: prob-5\n", "{problem} Number 5", "prob-5 has no solution"),
    ("Solved, the one with number 6.\n", "", "{solution-start} prob-6", "is empty"),
    (":tier: debug", ":tier: predict", "## Problems", "at least 1 of tier debug"),
    ("By {term}`descent`", "By {term}`flying`", "By {term}", "“flying” is in no glossary"),
    ("{cite:p}`cauchy1847`", "{cite:p}`cauchy1848`", "Begin with", "cauchy1848 is in no biblio"),
]  # fmt: skip


def spoil(book: SmallBook, edits: list[tuple[str, str, str, str]]) -> set[tuple[int, str]]:
    """Write all the mistakes into the chapter; return where each is to be told."""
    text = book.read("book/descent.md")
    for old, new, _, _ in edits:
        assert old in text, old
        text = text.replace(old, new, 1)
    book.write("book/descent.md", text)
    return {
        (1 + text.count("\n", 0, text.index(needle)), sentence) for _, _, needle, sentence in edits
    }


def test_a_book_that_lacks_nothing_is_built_in_silence(book: SmallBook) -> None:
    assert told(book.build(*STRICT).log) == {}
    deck = book.read("_build/html/slides/book/descent.html")
    assert 20 <= deck.count("data-cell=") <= 40


def found_at(book: SmallBook, log: str) -> dict[tuple[str, int], list[str]]:
    """What was found, less what Sphinx itself has to say of words and works."""
    others = ("term not in glossary", "could not find bibtex key", "No figure", "Unlabelled")
    return {
        place: kept
        for place, texts in told(log).items()
        if (kept := [text for text in texts if not text.startswith(others)])
    }


def unmatched(
    found: dict[tuple[str, int], list[str]], file: str, expected: set[tuple[int, str]]
) -> tuple[list[tuple[int, str]], list[tuple[str, int, str]]]:
    """Return what was expected and not found, and what was found and not expected."""
    texts = [(name, line, text) for (name, line), told in found.items() for text in told]
    missing = []
    for line, sentence in sorted(expected):
        match = [t for t in texts if t[:2] == (file, line) and sentence in t[2]]
        missing += [] if match else [(line, sentence)]
        texts = [t for t in texts if t not in match[:1]]
    return missing, texts


def test_each_mistake_is_told_at_its_line_until_it_is_mended(book: SmallBook) -> None:
    good = book.read("book/descent.md")
    expected = spoil(book, IN_THE_CHAPTER)
    first = found_at(book, book.build(*STRICT, ok=False).log)
    missing, others = unmatched(first, "descent.md", expected)
    assert missing == []
    (uncited,) = others
    assert uncited[:2] == ("works.bib", 1)
    assert uncited[2].startswith("no page cites cauchy1847")

    book.edit("book/about.md", "words", "many words")
    again = book.build()  # without -W, so that the chapter is not read again
    assert again.read == ["about"]
    assert found_at(book, again.log) == first
    assert found_at(book, book.build(*STRICT, ok=False).log) == first

    book.write("book/descent.md", good)
    assert told(book.build(*STRICT).log) == {}


BARE_CHAPTER = """\
---
file_format: mystnb
kernelspec: {name: python3}
---

# Bare

```{code-cell}
import matplotlib.pyplot as plt
plt.plot([3, 2, 1]);
```

+++ {"slideshow": {"slide_type": "slide"}}

One slide, with `{n}`.

+++ {"slideshow": {"slide_type": "notes"}}

:::{exercise}
Do something.
:::

## Further reading

Read on. $\\eta$ and $x^\\star$ are letters.
"""

LACKING = {
    (6, "a chapter without objectives: say at the beginning what the reader will be able to do"),
    (6, "a chapter without summary: say before the problems what to keep"),
    (6, "a chapter without problems: add a section Problems"),
    (6, "a chapter's deck has 20 to 40 slides, this one has 2: show more of its cells"),
    (6, "a chapter has at least 8 problems, this one has 0: add 8"),
    (6, "a chapter has at least 2 of tier derive, this one has 0: add 2"),
    (6, "a chapter has at least 2 of tier implement, this one has 0: add 2"),
    (6, "a chapter has at least 1 of tier debug, this one has 0: add 1"),
    (6, "a chapter has at least 1 of tier investigate, this one has 0: add 1"),
    (23, "further reading cites nothing"),
}
BY_PAGE = {
    (9, "this figure has no alt text: say in a sentence what it shows, alt: … on the cell"),
    (9, "this figure has no caption"),
    (9, "this figure has no name"),
    (19, "an exercise without tier, difficulty, minutes and hint"),
}


def test_a_chapter_is_told_what_it_lacks_and_other_pages_are_not(book: SmallBook) -> None:
    book.write("book/descent.md", BARE_CHAPTER)
    book.edit("book/notation.md", "| $\\eta$", "| $\\theta$, $\\eta$")
    book.edit("book/words.md", "\n:::\n", "\n\nsaddle\n  Up and down.\n:::\n")
    elsewhere = [
        ("notation.md", 5, "no other page writes \\theta"),
        ("words.md", 4, "the glossary explains “descent”, and no page says it"),
        ("words.md", 10, "the glossary explains “saddle”, and no page says it"),
        ("works.bib", 1, "no page cites cauchy1847"),
    ]
    missing, others = unmatched(told(book.build().log), "descent.md", LACKING | BY_PAGE)
    assert missing == []
    deck = book.read("_build/html/slides/book/descent.html")
    assert deck.count("data-cell=") == 2  # as the editor says
    assert [other[:2] for other in sorted(others)] == [place[:2] for place in elsewhere]
    for (_, _, text), (_, _, sentence) in zip(sorted(others), elsewhere, strict=True):
        assert text.startswith(sentence)

    book.edit("book/about.md", "# About", "```{index} saddle; escape from a\n```\n\n# About")
    assert not any("saddle" in text for texts in told(book.build().log).values() for text in texts)
    book.edit("book/about.md", "```{index} saddle; escape from a\n```\n\n# About", "# About")

    # A page without a number is no chapter, and no book need have chapters.
    book.edit("_toc.yml", "  - numbered: true\n    chapters", "  - chapters")
    missing, others = unmatched(told(book.build().log), "descent.md", BY_PAGE)
    assert missing == []
    assert [other[0] for other in sorted(others)] == ["notation.md", *["words.md"] * 2, "works.bib"]
    book.edit("_config.yml", "audit: chapters", "audit: pages")
    missing, others = unmatched(told(book.build().log), "descent.md", BY_PAGE)
    assert missing == []
    assert [other[0] for other in sorted(others)] == [*["words.md"] * 2, "works.bib"]
    book.edit("_config.yml", "audit: pages", "audit: none")
    assert told(book.build(*STRICT).log) == {}


def test_a_book_that_does_not_ask_is_told_what_is_wrong_and_not_what_is_missing(
    book: SmallBook,
) -> None:
    book.edit("_config.yml", "    audit: chapters\n    audit_notation: book/notation\n", "")
    spoil(book, IN_THE_CHAPTER)
    assert found_at(book, book.build().log) == {}
    restated = 'tensors(lambda x: x, lambda x: x, x=(), of="eq-step", latex="x = x")'
    checked = 'holds("eq-step", x_star=real(), eta=real())'
    book.edit("book/descent.md", checked, f"from gdbook.checks import tensors\n{restated}")
    ((place, texts),) = found_at(book, book.build().log).items()
    assert place[0] == "descent.md"
    assert texts[0].startswith("eq-step: the page shows")


def test_a_word_that_loses_its_entry_is_told_where_it_is_used(book: SmallBook) -> None:
    book.build(*STRICT)
    book.edit("book/words.md", "descent\n  Going down.\n\n", "")
    done = book.build()
    assert done.read == ["words"]
    assert any("“descent” is in no glossary" in text for text in told(done.log)["descent.md", 16])
    book.edit("book/words.md", "Learning rate", "descent\n  Going down.\n\nLearning rate")
    assert told(book.build(*STRICT).log) == {}


def test_a_problem_without_its_facts_fails_every_build(book: SmallBook) -> None:
    text = book.read("book/descent.md")
    head, *problems = text.split(":::{problem}")
    options = ("tier", "difficulty", "minutes")
    for number, option in enumerate(options):
        problems[number] = re.sub(rf":{option}: .*\n", "", problems[number])
    book.write("book/descent.md", ":::{problem}".join([head, *problems]))
    for page in ("about", "notation"):
        log = book.build(*STRICT, ok=False).log
        assert [option for option in options if f"a problem needs :{option}:" in log] == [*options]
        book.edit(f"book/{page}.md", "\n\n", "\n\nMore words.\n\n")
    book.write("book/descent.md", text)
    assert told(book.build(*STRICT).log) == {}
