"""Core and deeper, and the minutes that both take: on the page, deck, notebook and in print."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from pypdf import PdfReader
from small_book import CONFIG, HEAD, SmallBook

SETTINGS = CONFIG.replace(
    "sphinx:\n",
    "parse: {myst_enable_extensions: [attrs_block, colon_fence, dollarmath]}\nsphinx:\n",
).replace(
    "    project",
    "    nb_render_plugin: gdbook\n    also_build: [slides, notebooks, typst]\n    project",
)

TOC = """\
format: jb-book
root: book/index
parts:
  - numbered: true
    chapters: [{file: book/one}]
"""


def mark(kind: str) -> str:
    return f'+++ {{"slideshow": {{"slide_type": "{kind}"}}}}\n\n'


# In the core: 3 + 7 words about it (the box), 2 in a heading and 600 below it, 9 formulas, and 2
# lines of code: 612/200 + 9 · 40/60 + 2 · 7/60 = 9.3 minutes, which is about 10. Deeper: 1600
# words and 4 in headings: 8 more. The problem says 150.
ONE = f"""\
{mark("slide")}
(sec-one)=
# One

:::{{admonition}} Box
:class: objectives
{{minutes}}`core`; {{minutes}}`text`; {{minutes}}`problems`; {{minutes}}`all`.
:::

{mark("slide")}
## Plain core

{"word " * 599}$x$, see

{"$$ x = 1 $$" + chr(10) * 2}{(chr(10) * 2).join(["$$ x + 1 = 2 $$"] * 8)}

```{{code-cell}}
x = 1

print("printed words are no words of the page", x)
```

```{{code-cell}}
:tags: [hide-input]
y = 1
z = 2
w = 3
```

{mark("slide")}
(sec-more)=
{{.deeper}}
## More *words*

{"word " * 800}

### Inside it

{"word " * 800}

{mark("slide")}
A second slide of what is deeper; {{ref}}`sec-more` names it.

{mark("slide")}
## Core again

Words.

{mark("skip")}
## Problems

:::{{problem}} A cube
:label: prob-cube
:tier: derive
:difficulty: easy
:minutes: 150
:hint: None of these words is counted, since the problem says how long it takes.
Find it.
:::
"""


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> SmallBook:
    made = SmallBook(tmp_path_factory.mktemp("standard") / "book", {})
    made.write("_config.yml", SETTINGS)
    made.write("_toc.yml", TOC)
    made.write("book/one.md", HEAD + ONE)
    made.build("-n", "-W", "--keep-going")
    return made


def html(book: SmallBook, name: str) -> BeautifulSoup:
    return BeautifulSoup(book.read(f"_build/html/{name}.html"), "html.parser")


def title(heading: Tag) -> str:
    return " ".join(re.sub("[#¶]", " ", heading.get_text(" ")).split())


MARKED = ["More words deeper", "Inside it deeper"]


@pytest.mark.book
def test_the_page_and_its_contents_say_deeper_beside_the_headings(book: SmallBook) -> None:
    page = html(book, "book/one")
    headings = [re.sub(r"^[\d.]+ ", "", title(h)) for h in page.select("article h2, article h3")]
    assert [name for name in headings if "deeper" in name] == MARKED
    entries = [title(a) for a in page.select(".toc-tree a")]
    assert [re.sub(r"^[\d.]+ ", "", e) for e in entries if "deeper" in e] == MARKED


@pytest.mark.book
def test_the_mark_is_no_part_of_a_name(book: SmallBook) -> None:
    (reference,) = html(book, "book/one").select('article p a[href="#sec-more"]')
    assert reference.get_text() == "More words"
    index = book.read("_build/html/_static/search-index.js")
    assert '"More words"' in index


@pytest.mark.book
def test_in_the_deck_the_core_runs_to_the_right_and_the_deeper_hangs_below_it(
    book: SmallBook,
) -> None:
    deck = html(book, "slides/book/one")
    slides = deck.select_one(".slides")
    assert slides is not None
    columns = slides.find_all("section", recursive=False)
    shown = [
        [
            (title(h) if (h := s.find(["h1", "h2"])) else "…", "deeper" in (s.get("class") or ""))
            for s in column.find_all("section", recursive=False)
        ]
        for column in columns
    ]
    assert shown == [
        [("One", False)],
        [("Plain core", False), ("More words deeper", True), ("…", True)],
        [("Core again", False)],
    ]


@pytest.mark.book
def test_the_notebook_says_it_too(book: SmallBook) -> None:
    (path,) = (book.root / "_build/html").rglob("one.ipynb")
    text = "\n".join("".join(cell["source"]) for cell in json.loads(path.read_text())["cells"])
    heads = [line for line in text.splitlines() if line.startswith("##") and "deeper" in line]
    assert [re.sub(r"^#+ [\d.]* ?", "", head) for head in heads] == [
        "More *words* *(deeper)*",
        "Inside it *(deeper)*",
    ]


def printed(root: Path) -> str:
    (path, *_) = sorted((root / "_build/html").rglob("*.pdf"))
    return " ".join(" ".join(page.extract_text() for page in PdfReader(path).pages).split())


@pytest.mark.book
def test_print_says_it_in_the_contents_and_in_the_text(book: SmallBook) -> None:
    assert len(re.findall(r"More words deeper", printed(book.root))) >= 2


@pytest.mark.book
def test_minutes_are_the_same_everywhere(book: SmallBook) -> None:
    said = "10 minutes; 15 minutes; 2½ hours; 3 hours."
    assert said in html(book, "book/one").select_one("article").get_text()  # type: ignore[union-attr]
    assert said in html(book, "slides/book/one").get_text()
    assert said in printed(book.root)
    (path,) = (book.root / "_build/html").rglob("one.ipynb")
    assert said in "".join("".join(c["source"]) for c in json.loads(path.read_text())["cells"])


# Two pages with the same mistakes, of which one is held to the standard.
MISTAKES = """\
# {name}

:::{{admonition}} Box
:class: objectives
{{minutes}}`core` and {{minutes}}`all`.
:::

```{{code-cell}}
:tags: [hide-input]
import math
root = math.sqrt
```

```{{code-cell}}
print(root(4))
```

In a later chapter this is proved. In {{numref}}`sec-{other}`, a later chapter, it is not.

$$ \\eta + \\beta $$ (def-{name})

As {{eq}}`eq-inside-{name}` says; see {{ref}}`prob-{name}`.

:::{{problem}} A cube
:label: prob-{name}
:tier: derive
:difficulty: easy
:minutes: 10
:hint: Expand.
Find it.
:::

:::{{solution-start}} prob-{name}
:::

$$ x = x $$ (eq-inside-{name})

Here {{eq}}`eq-inside-{name}` may be named.

```{{code-cell}}
:tags: [check]
from gdbook.checks import holds
from gdbook.mathematics import real
holds("eq-inside-{name}", x=real())
```

```{{code-cell}}
inside = 1
print(inside)
```

:::{{solution-end}}
:::

```{{code-cell}}
print(inside)
```
"""


@pytest.mark.book
def test_pages_held_to_the_standard_are_told_and_others_are_not(tmp_path: Path) -> None:
    made = SmallBook(tmp_path / "book", {})
    settings = SETTINGS.replace("also_build: [slides, notebooks, typst]", "also_build: []")
    settings += "    numfig: true\n    audit: pages\n    audit_notation: book/notation\n"
    made.write("_config.yml", settings + "    audit_standard: [book/held, book/nowhere]\n")
    made.write(
        "_toc.yml",
        TOC.replace(
            "{file: book/one}", "{file: book/held}, {file: book/free}, {file: book/notation}"
        ),
    )
    rows = "| $\\beta$ | {numref}`sec-held` |\n| $\\eta$ | {numref}`sec-free` |\n"
    made.write("book/notation.md", "# Notation\n\n| symbol | met in |\n| --- | --- |\n" + rows)
    for name, other in (("held", "free"), ("free", "held")):
        text = HEAD + f"(sec-{name})=\n" + MISTAKES.format(name=name, other=other)
        made.write(f"book/{name}.md", text)
    lines = made.read("book/held.md").splitlines()
    log = made.build("-n", "-W", "--keep-going", ok=False).log
    told = {*re.findall(r"(\w+)\.md:(\d+): WARNING: (.*)", log)}  # a failed build repeats them
    (free,) = (text for page, _, text in told if page != "held")
    assert free.startswith("audit_standard names book/nowhere, which is no page")
    found = [(number, text) for page, number, text in told if page == "held"]
    said = [
        (lines[int(number) - 1], text) for number, text in sorted(found, key=lambda f: int(f[0]))
    ]
    expected = [
        ("print(root(4))", r"root is used in a cell that is shown.*which is folded\)"),
        ("In a later chapter", "“later chapter” promises"),
        ("$$ \\eta + \\beta $$", r"book/notation lists the symbol \\eta, but not for this chapter"),
        ("As {eq}", "eq-inside-held stands in the solution of prob-held"),
        (":::{problem} A cube", "prob-held .*:answer:"),
        ("print(inside)", "inside is used .*is in the solution of prob-held"),
    ]
    for (line, text), (begins, pattern) in zip(said, expected, strict=True):
        assert line.startswith(begins)
        assert re.match(pattern, text)


@pytest.mark.book
def test_a_mark_or_a_duration_that_means_nothing_is_told_at_its_line(
    tmp_path: Path,
) -> None:
    made = SmallBook(tmp_path / "book", {})
    made.write(
        "_config.yml", SETTINGS.replace("also_build: [slides, notebooks, typst]", "also_build: []")
    )
    made.write("_toc.yml", TOC)
    made.write(
        "book/one.md",
        HEAD
        + "# One\n\n{.deeper}\nWords.\n\nIn {minutes}`half`.\n"
        + "\n{.deeper}\n(sec-two)=\n## Two\n\nMore.\n",
    )
    log = made.build("-n", "-W", "--keep-going", ok=False).log
    first = HEAD.count("\n")
    assert f"one.md:{first + 3}: WARNING: only a section can be deeper" in log
    assert f"one.md:{first + 8}: WARNING: MyST drops a mark above a label" in log
    assert re.search(
        r"one\.md:\d+: ERROR: {minutes} is for core, text, problems or all, got 'half'", log
    )
