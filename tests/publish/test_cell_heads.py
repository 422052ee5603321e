"""The options of a cell that cannot be read are told at their line, with the file."""

from __future__ import annotations

from pathlib import Path

import pytest
from myst_parser.config.main import MdParserConfig
from small_book import SmallBook

from gdbook.publish.execute.notebook import NotebookError, read_notebook

HEAD = "---\nfile_format: mystnb\nkernelspec:\n  name: python3\n---\n# Page\n\n"
OPTIONS = "```{code-cell}\n---\nalt: >\n  One line,\nand another.\ntags: [x]\n---\n1\n```\n"
NO_JSON = '+++ {"slideshow": \n\nWords.\n'
NO_NAMES = "+++ [1]\n\nWords.\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEAD + OPTIONS, ":8: the options of this cell are not YAML; lines of a text that goes on"),
        (HEAD + "Words.\n\n" + OPTIONS, ":10: the options of this cell are not YAML"),
        (HEAD + "Words.\n\n" + NO_JSON, ":10: what stands after +++ is no JSON of names and value"),
        (HEAD + NO_NAMES, ":8: what stands after +++ is no JSON of names and values: is not a di"),
    ],
)
def test_it_is_told_with_file_and_line(text: str, said: str) -> None:
    with pytest.raises(NotebookError) as caught:
        read_notebook(Path("book/page.md"), text, MdParserConfig())
    assert str(caught.value).startswith(f"book/page.md{said}")
    assert "\n" not in str(caught.value)


@pytest.mark.book
def test_a_build_ends_in_it_and_the_site_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = SmallBook.warm(tmp_path, monkeypatch)
    book.build()
    before = book.page("alone")
    good = book.read("book/alone.md")
    book.write("book/alone.md", good + "\n" + OPTIONS)
    log = book.build(ok=False).log
    line = len(good.splitlines()) + 2
    assert log.strip().splitlines()[-1].startswith(f"{book.root}/book/alone.md:{line}: the options")
    assert "Traceback" not in log
    assert "traceback" not in log
    assert book.page("alone") == before
    book.write("book/alone.md", good)
    book.build()
