"""Small books in print: every kind of node, what is left out, what fails, what is kept."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from pypdf import PdfReader

import builds
from deckbooks import build_small, small
from printed import OUR_FONTS, fonts, links, outline, read, tags, texts, words

pytestmark = pytest.mark.book

CONF = """
extensions += ["sphinx_proof", "sphinx_exercise", "sphinx.ext.todo"]
gdbook_parts += ["claims", "site", "print"]
myst_enable_extensions += ["deflist", "fieldlist"]
also_build = ["typst"]
author = "Somebody"
language = "en"
numfig_secnum_depth = 1
math_eqref_format = "({number})"
numfig_format = {"exercise": "Problem %s"}
exercise_style = "solution_follow_exercise"
gdbook_macros = {"\\\\R": "\\\\mathbb{R}"}
"""

FIRST = r"""
(sec-first)=
# First & foremost

Words with *stress*, **force**, `code("x")` and "quotes"; a # sign, a \$ sign, [a web
link](https://example.org/a?b=c#d), a footnote[^note] and once more[^note].
See {numref}`fig-square`,
{eq}`def-one`, {numref}`sec-deeper`, {ref}`prob-sum`, {doc}`second` and {term}`slope`.

[^note]: The note's own words.

```{index} gradient, slope; of a line
```

$$ x^2 \in \R $$ (def-one)

:::{figure} square.svg
:name: fig-square
:alt: A plain square
The caption, with $x_1$.
:::

| left | right |
| --- | ---: |
| `a` | $b$ |

1. one
2. two
   - below

Term
: Its meaning.

> A quotation.

:::{admonition} Watch out: mind the gap
:class: watch-out
A warning.
:::

:::{note}
A note.
:::

:::{prf:theorem} Named
:label: thm-named
Every claim holds.
:::

:::{prf:proof}
It does.
:::

## Problems

:::{problem} Add up
:label: prob-sum
:tier: derive
:difficulty: easy
:minutes: 5
:hint: Count on your fingers.
What is $1 + 1$?
:::

:::{solution-start} prob-sum
:::
Two, by {eq}`eq-two`.

$$ 1 + 1 = 2 $$ (def-two)

:::{solution-end}
:::

+++ {"slideshow": {"slide_type": "slide"}, "tags": ["slides-only"]}

Seen on slides alone.
""".replace("eq-two", "def-two")

SECOND = r"""
# Second

```{glossary}
slope
  How steep it is. See {prf:ref}`thm-named`.
```

(sec-deeper)=
## Deeper

```{code-cell} ipython3
print("never run here, αβγ → ∞")
```

```python
for k in range(3):
    print(k)
```

```{code-block} python
:caption: A listing

x = 1
```

```{py:function} walk(x, rate=0.1)
Goes one *step* down.
```

```{raw} typst
#strong[Written for print.]
```

```{raw} html
Written for pages.
```
"""

SQUARE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="100pt" height="50pt" viewBox="0 0 100 50">'
    '<rect width="90" height="40" fill="#3c63be"/></svg>'
)


def make(folder: Path, first: str = FIRST, conf: str = "") -> Path:
    small(folder, {"first": first, "second": SECOND}, conf=CONF + conf)
    (folder / "square.svg").write_text(SQUARE, "utf-8")
    return folder


def build(folder: Path, *options: str, code: int = 0, env: dict[str, str] | None = None) -> str:
    done = build_small(folder, *options)
    assert done.returncode == code, done.stdout + done.stderr
    return re.sub(r"\x1b\[[0-9;]*m", "", done.stdout + done.stderr)


def pdf(folder: Path, name: str = "small") -> Path:
    return folder / "_build" / "html" / f"{name}.pdf"


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = make(tmp_path_factory.mktemp("printed") / "book")
    build(folder, "-n", "-W", "--keep-going")
    return folder


@pytest.fixture(scope="module")
def whole(book: Path) -> PdfReader:
    return read(pdf(book))


def test_it_says_what_it_is(whole: PdfReader) -> None:
    assert whole.metadata is not None
    assert (whole.metadata.title, whole.metadata.author) == ("Small", "Somebody")
    root = whole.trailer["/Root"]
    assert root["/Lang"] == "en"  # type: ignore[index]
    assert root["/MarkInfo"]["/Marked"]  # type: ignore[index]
    assert "pdfuaid:part" in str(root["/Metadata"].get_data())  # type: ignore[index]
    assert whole.metadata.creation_date is None


def test_the_bookmarks_are_the_contents(whole: PdfReader) -> None:
    told = [(depth, title) for depth, title, _ in outline(whole)]
    assert told == [
        (0, "1 First & foremost"),
        (1, "1.1 Problems"),
        (0, "2 Second"),
        (1, "2.1 Deeper"),
        (0, "Solutions"),
        (1, "1 First & foremost"),
        (0, "Index"),
    ]


def test_every_font_is_ours_and_inside(whole: PdfReader) -> None:
    found = fonts(whole)
    assert found
    assert all(found.values())
    assert all(OUR_FONTS.search(name) for name in found), found


@pytest.mark.parametrize(
    "sentence",
    [
        "Words with stress, force, code(\"x\") and “quotes”; a # sign, a $ sign, a web link,",
        "See Fig. 1.1, (1.1), Section 2.1, Problem 1.1, Second and slope.",
        "The note’s own words.",
        "Fig. 1.1 The caption, with",
        "left right a 𝑏",
        "1. one 2. two • below",
        "Term Its meaning.",
        "Watch out: mind the gap A warning.",
        "Note A note.",
        "Theorem 1.1 Named Every claim holds.",
        "Proof It does.",
        "Problem 1.1 Add up derive · easy · 5 minutes What is 1 + 1?",
        "Hint Count on your fingers.",
        "Solution on page",
        "Solution 1.1 Add up Problem on page",
        "Two, by (1.2).",
        "slope How steep it is. See Theorem 1.1.",
        'print("never run here, αβγ → ∞")',
        "for k in range(3):",
        "A listing x = 1",
        "walk(x, rate=0.1) Goes one step down.",
        "Written for print.",
    ],
)  # fmt: skip
def test_the_words_are_there(whole: PdfReader, sentence: str) -> None:
    assert sentence in words(whole).replace("\u00a0", " ")


def test_what_is_not_for_print_is_not_there(whole: PdfReader) -> None:
    said = words(whole)
    for words_for_others in (
        "slides alone",
        "??",
        "def-one",
        "prob-sum",
        "Small •",
        "Written for pages",
    ):
        assert words_for_others not in said


def test_links_lead_to_what_they_name(whole: PdfReader) -> None:
    within, outside = links(whole)
    assert "https://example.org/a?b=c#d" in outside
    pages = texts(whole)
    first = next(n for n, text in enumerate(pages) if "Words with" in text)
    reached = {to for start, to, _ in within if start in (first, first + 1)}
    for sentence in ("How steep it is", "Deeper", "The caption", "Two, by"):
        assert any(sentence in pages[to] for to in reached), sentence
    heights = whole.pages[0].mediabox.height
    assert all(0 < height < heights for _, _, height in within)


def test_pictures_and_formulas_have_words_for_those_who_do_not_see_them(whole: PdfReader) -> None:
    found = tags(whole)
    kinds = [kind for kind, _ in found]
    assert ("Figure", "A plain square") in found
    assert ("Formula", r"x^2 \in \R") in found
    for kind in ("H1", "H2", "P", "L", "LI", "Table", "TH", "TD", "Link", "Note", "Code"):
        assert kind in kinds or (kind == "Note" and "FENote" in kinds), kind


def test_an_edition_without_solutions(book: Path) -> None:
    whole = read(pdf(book, "small-without-solutions"))
    said = words(whole)
    assert "What is 1 + 1?" in said
    assert "Two, by" not in said
    assert "Solution" not in said.replace("Without solutions", "")
    assert "Solutions" not in [title for _, title, _ in outline(whole)]


def test_a_build_without_changes_leaves_it(book: Path) -> None:
    before = pdf(book).stat().st_mtime_ns
    assert "typst:" not in build(book, "-n", "-W", "--keep-going")
    assert pdf(book).stat().st_mtime_ns == before


def test_the_same_book_alone_and_as_a_handout(book: Path) -> None:
    trees, target = book / "_build" / ".doctrees", book / "_build" / "typst"
    done = builds.run([sys.executable, "-m", "sphinx", "-b", "typst", "-d", trees, book, target])
    assert done.returncode == 0, done.stderr
    assert (target / "small.pdf").read_bytes() == pdf(book).read_bytes()

    handout = ["-d", str(trees), "-D", "print_chapter=first"]
    done = builds.sphinx(book, target, *handout, builder="typst")
    assert done.returncode == 0, done.stderr
    sheet = read(target / "first.pdf")
    assert sheet.metadata is not None
    assert sheet.metadata.title == "First & foremost"
    said = words(sheet).replace("\u00a0", " ")
    assert "Theorem 1.1 Named" in said
    assert "How steep it is" not in said
    assert "Two, by (1.2)." in said
    assert [title for _, title, _ in outline(sheet)][:2] == ["1 First & foremost", "1.1 Problems"]
    assert "Two, by" not in words(read(target / "first-without-solutions.pdf"))

    handout = ["-d", str(trees), "-D", "print_chapter=third"]
    done = builds.sphinx(book, target, *handout, builder="typst")
    assert done.returncode != 0
    assert "no chapter 'third' to print, expected one of first, second" in done.stderr


def test_each_chapter_is_a_pdf_of_its_own_where_wanted(tmp_path: Path) -> None:
    folder = make(tmp_path, conf="print_handouts = True\n")
    build(folder, "-n", "-W", "--keep-going")
    folded = folder / "_build" / "html" / "print"
    both = ["first-without-solutions.pdf", "first.pdf", "second.pdf"]  # `second` has no problem
    assert sorted(path.name for path in folded.iterdir()) == both
    assert "Two, by (1.2)." in words(read(folded / "first.pdf")).replace("\u00a0", " ")
    assert "Two, by" not in words(read(folded / "first-without-solutions.pdf"))
    assert "How steep it is" not in words(read(folded / "first.pdf"))

    def tools(name: str) -> list[str]:
        made = (folder / "_build" / "html" / name).read_text("utf-8")
        page = BeautifulSoup(made, "html.parser")
        return [str(a["href"]) for a in page.find_all("a") if ".pdf" in str(a.get("href"))]

    assert tools("first.html") == ["print/first.pdf", "print/first-without-solutions.pdf"]
    assert tools("second.html") == ["print/second.pdf"]

    before = {path.name: path.stat().st_mtime_ns for path in folded.iterdir()}
    path = folder / "second.md"
    path.write_text(path.read_text("utf-8") + "\nOne more sentence.\n", "utf-8")
    os.utime(path, ns=(2 * 10**18, 2 * 10**18))
    build(folder)
    after = {path.name: path.stat().st_mtime_ns for path in folded.iterdir()}
    assert [name for name in both if after[name] != before[name]] == ["second.pdf"]
    assert "One more sentence." in words(read(folded / "second.pdf"))

    conf = folder / "conf.py"
    conf.write_text(conf.read_text("utf-8").replace("print_handouts = True", ""), "utf-8")
    path.write_text(path.read_text("utf-8") + "\nAnd one.\n", "utf-8")
    build(folder)
    assert list(folded.iterdir()) == []
    assert tools("second.html") == ["small.pdf#nameddest=second"]


def test_only_what_changed_is_written_and_a_removed_chapter_goes(tmp_path: Path) -> None:
    folder = make(tmp_path)
    build(folder)
    bytes_before = pdf(folder).read_bytes()
    path = folder / "second.md"
    path.write_text(path.read_text("utf-8") + "\nOne more sentence.\n", "utf-8")
    os.utime(path, ns=(2 * 10**18, 2 * 10**18))
    assert "typst: 1 written" in build(folder)
    assert pdf(folder).read_bytes() != bytes_before
    assert "One more sentence." in words(read(pdf(folder)))

    plain = "# First\n\nNo problems, no references.\n"
    small(folder, {"first": plain}, conf=CONF)
    path.unlink()
    build(folder)
    said = words(read(pdf(folder)))
    assert "How steep" not in said
    assert "No problems" in said
    assert not pdf(folder, "small-without-solutions").exists()


def test_a_formula_that_is_not_known_is_an_error_until_it_is_mended(tmp_path: Path) -> None:
    bad = "# First\n\nSome words.\n\n$$ x \\mathchoice{y}{y}{y}{y} $$\n"
    folder = make(tmp_path, first=bad, conf='suppress_warnings = ["gdbook.math"]\n')
    for _ in range(2):
        said = build(folder, "-W", "--keep-going", code=1)
        assert re.search(r"first\.md:\d+: WARNING: print: \\mathchoice is not known, in: x", said)
    (folder / "first.md").write_text("# First\n\n$$ x $$\n", "utf-8")
    build(folder, "-W", "--keep-going")


def test_an_error_of_typst_names_the_document_and_the_book_stays(tmp_path: Path) -> None:
    folder = make(tmp_path)
    build(folder)
    before = pdf(folder).read_bytes()
    (folder / "square.svg").write_text("<svg", "utf-8")
    path = folder / "second.md"
    path.write_text(path.read_text("utf-8") + "\nMore.\n", "utf-8")
    os.utime(path, ns=(2 * 10**18, 2 * 10**18))
    done = build_small(folder)
    assert done.returncode != 0
    assert re.search(r"first\.md:\d+: print: failed to parse SVG", done.stderr)
    assert pdf(folder).read_bytes() == before
    (folder / "square.svg").write_text(SQUARE, "utf-8")
    build(folder)
    assert "More." in words(read(pdf(folder)))


HEADINGS = r"""
# First {index}`gradient`

## Of $x^2$, {index}`slope` and [words]{#words}

See [words](#words).

## With a note[^note]

[^note]: The note's own words.

```{raw} typst
#nosuchfunction()
```
"""


def test_headings_hold_places_but_no_footnotes(tmp_path: Path) -> None:
    folder = make(tmp_path / "refused", first=HEADINGS)
    line = 1 + (folder / "first.md").read_text("utf-8").splitlines().index("## With a note[^note]")
    done = build_small(folder)
    assert "a footnote in a heading, which the contents repeat" in done.stderr
    assert f"first.md:{line}: WARNING: print: a footnote" in re.sub("\x1b[^m]*m", "", done.stderr)
    assert done.returncode != 0
    last = [text for text in done.stderr.splitlines() if text][-1]
    assert re.fullmatch(r"first\.md:\d+: print: unknown variable: nosuchfunction", last)
    text = HEADINGS.split("## With", maxsplit=1)[0]
    folder = small(tmp_path / "set", {"first": text}, conf=CONF)
    build(folder, "-W", "--keep-going")
    made = read(pdf(folder))
    within, _ = links(made)
    assert words(made).count("gradient, 1") == 1
    page = next(n for n, page in enumerate(made.pages) if "See words." in page.extract_text())
    assert any(start == to == page for start, to, _ in within)


def test_a_live_preview_leaves_print_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = make(tmp_path)
    monkeypatch.setenv("GDBOOK_PREVIEW", "1")
    build(folder)
    assert not pdf(folder).exists()
    page = (folder / "_build" / "html" / "second.html").read_bytes()
    monkeypatch.delenv("GDBOOK_PREVIEW")
    build(folder)
    assert pdf(folder).exists()
    assert (folder / "_build" / "html" / "second.html").read_bytes() == page


def test_pages_link_to_the_book_at_their_chapter(book: Path, whole: PdfReader) -> None:
    page = (book / "_build" / "html" / "second.html").read_text("utf-8")
    assert 'href="small.pdf#nameddest=second"' in page
    place = whole.named_destinations["second"]
    at = whole.get_destination_page_number(place)
    assert at is not None
    assert "Deeper" in texts(whole)[at]


def test_a_work_stands_once_on_its_page_and_once_in_print(tmp_path: Path) -> None:
    folder = small(
        tmp_path / "book",
        {"works": "# Works\n\n{cite:p}`one`\n\n```{bibliography}\n```\n"},
        conf=CONF + 'extensions += ["sphinxcontrib.bibtex"]\nbibtex_bibfiles = ["works.bib"]\n',
    )
    work = "@book{one, author={Some Body}, title={Plainness}, publisher={House}, year={1901}}"
    (folder / "works.bib").write_text(work)
    log = build(folder)
    # Print begins first: Typst works in a thread while the pages are written.
    assert (folder / "_build/.gdbook/print/sheets/works.typ").stat().st_mtime_ns < (
        folder / "_build/html/works.html"
    ).stat().st_mtime_ns
    assert re.search(r"typst: \d written", log)
    page = BeautifulSoup((folder / "_build/html/works.html").read_text(), "html.parser")
    [entry] = page.select(".citation")
    assert entry.get_text().count("Plainness") == 1
    assert words(PdfReader(pdf(folder))).count("Plainness") == 1
