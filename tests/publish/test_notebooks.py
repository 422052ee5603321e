"""Notebooks as a reader gets them: read by nbformat, run by plain Jupyter, set by nbconvert."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbclient import NotebookClient
from small_book import SmallBook

pytestmark = pytest.mark.book

CHAPTER = "book/calculus/limits-and-derivatives"

WORDS = """\
(sec-words)=
# Words

Seven * eight, a_b and $x_1$; see {numref}`sec-words`, {eq}`square` and [elsewhere](alone.md).

+++ {"slideshow": {"slide_type": "slide"}, "tags": ["slides-only"]}

For the screen.

+++ {"slideshow": {"slide_type": "fragment"}}

:::{admonition} Watch out
:class: watch-out
1. one
2. two

   and a half
:::

$$ x^2 = x \\cdot x $$ (square)

| a | b |
| --- | --- |
| $\\|x\\|$ | `c` |

```{code-cell}
:tags: [hide-input]
import matplotlib.pyplot as plt
plt.plot([1, 2, 4]);
```

```{code-cell}
print("seven", 7)
```
"""


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallBook:
    return SmallBook.warm(tmp_path, monkeypatch)


def notebook(path: Path) -> Any:
    made = nbformat.read(path, as_version=4)
    nbformat.validate(made)
    return made


def words(made: Any) -> str:
    return "\n\n".join(c.source for c in made.cells if c.cell_type == "markdown")


@pytest.fixture(scope="module")
def published(whole_book: Path) -> Any:
    return notebook(whole_book / f"_build/html/notebooks/{CHAPTER}.ipynb")


def test_plain_jupyter_runs_it_and_sees_the_same(published: Any, tmp_path: Path) -> None:
    stored = [cell.get("outputs") for cell in published.cells]
    client = NotebookClient(
        published.copy(), kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
    )
    again = client.execute()

    def printed(outputs: Any) -> str:
        return "".join(o.text for o in outputs or () if o.output_type == "stream")

    ran = 0
    for before, cell in zip(stored, again.cells, strict=True):
        assert printed(before) == printed(cell.get("outputs")), cell.source
        ran += cell.cell_type == "code"
    assert ran > 40


def test_no_myst_is_left(published: Any) -> None:
    text = re.sub(r"`[^`]*`", "", words(published))
    assert not re.search(r"\{[a-z:]+\}`|^:::|^```\{|\(eq-|^\(sec-", text, re.MULTILINE)
    assert "system_message" not in text
    assert "_node" not in text.casefold()


def test_numbers_are_those_of_the_page(published: Any, whole_book: Path) -> None:
    page = BeautifulSoup((whole_book / f"_build/html/{CHAPTER}.html").read_text(), "html.parser")
    text = words(published)
    shown = [n.get_text().strip("()# ") for n in page.select("span.eqno")]
    assert re.findall(r"\\tag\{([\d.]+)\}", text) == shown
    figures = [n.get_text().strip() for n in page.select("figcaption .caption-number")]
    assert re.findall(r"^\*\*(Fig\. [\d.]+)\*\*", text, re.MULTILINE) == figures
    problems = re.findall(r"^### (Problem [\d.]+)", text, re.MULTILINE)
    assert problems == [f"Problem 1.{n}" for n in range(1, len(problems) + 1)]
    assert len(problems) >= 8
    sections = [n.get_text().strip() for n in page.select("article h2 .section-number")]
    assert re.findall(r"^## ([\d.]+) ", text, re.MULTILINE) == sections


def test_the_page_offers_it(whole_book: Path) -> None:
    folder = whole_book / "_build/html/book/calculus"
    page = BeautifulSoup((folder / "limits-and-derivatives.html").read_text(), "html.parser")
    both = page.select(".chapter-tools a[download]")
    assert [link.get_text() for link in both] == ["Notebook", "without solutions"]
    for link in both:
        assert (folder / str(link["href"])).resolve().is_file()
    (how,) = (a for a in page.select(".chapter-tools a") if a.get_text() == "Run it")
    page_of_it = whole_book / "_build/html/book/run-it-yourself.html"
    assert (folder / str(how["href"])).resolve() == page_of_it.resolve()


def test_what_becomes_of_each_form(book: SmallBook) -> None:
    book.edit(
        "_config.yml",
        "  config:\n",
        "  config:\n    nb_render_plugin: gdbook\n"
        "    myst_enable_extensions: [colon_fence, dollarmath]\n",
    )
    book.chapter("words", WORDS)
    book.names.append("words")
    book.write_toc()
    book.command()
    made = notebook(book.root / "_build/html/notebooks/book/words.ipynb")
    text = words(made)
    assert "Seven \\* eight, a\\_b and $x_1$; see " in text
    assert "For the screen" not in text
    assert "> **Watch out**\n>\n> 1. one\n> 2. two\n>\n>    and a half" in text
    assert re.search(r"\$\$\nx\^2 = x \\cdot x \\tag\{[\d.]+\}\n\$\$", text)
    assert "| $\\vert x\\vert $ | `c` |" in text
    shown = {c.source.split("\n")[-1]: c for c in made.cells if c.cell_type == "code"}
    assert shown["plt.plot([1, 2, 4]);"].metadata.jupyter.source_hidden
    assert "jupyter" not in shown['print("seven", 7)'].metadata
    assert shown['print("seven", 7)'].outputs[0].text == "seven 7\n"
    kinds = [c.metadata.get("slideshow", {}).get("slide_type") for c in made.cells]
    assert "fragment" in kinds


def test_it_follows_its_chapter_and_goes_with_it(book: SmallBook) -> None:
    book.build()
    path = book.root / "_build/html/notebooks/book/alone.ipynb"
    before = path.read_text()
    book.edit("book/alone.md", "# Alone", "# Alone, once more")
    assert book.build().ran == []
    assert path.read_text() == before.replace("Alone", "Alone, once more")
    book.names.remove("alone")
    (book.root / "book/alone.md").unlink()
    book.write_toc()
    book.build()
    assert not path.exists()
    assert (path.parent / "data.ipynb").exists()
