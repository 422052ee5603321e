"""A Jupyter notebook in the table of contents is run like any chapter."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest
from small_book import SmallBook

pytestmark = pytest.mark.book

RAN = 'print("paper", file=open("../../ran.txt", "a"))'


def notebook(code: str, *, saved: str = "an old output") -> str:
    """Return the text of a notebook that was saved with an output that no run gives."""
    old = [nbformat.v4.new_output("stream", text=saved)]
    cells = [
        nbformat.v4.new_markdown_cell("# Paper\n\nProse of the notebook."),
        nbformat.v4.new_code_cell(RAN),
        nbformat.v4.new_code_cell(code, outputs=old, execution_count=7),
    ]
    text: str = nbformat.writes(nbformat.v4.new_notebook(cells=cells))
    return text


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallBook:
    made = SmallBook.warm(tmp_path, monkeypatch)
    made.names = ["paper", "alone"]
    made.write_toc()
    made.write("book/paper.ipynb", notebook('print("sum", 20 + 22)'))
    return made


def test_it_runs_when_its_code_or_its_data_changed_and_not_otherwise(book: SmallBook) -> None:
    assert book.build("-n", "-W", "--keep-going").ran == ["alone", "paper"]
    assert "sum 42" in book.page("paper")
    assert "an old output" not in book.page("paper")
    assert (book.root / "_build/html/notebooks/book/paper.ipynb").exists()
    again = book.build()
    assert (again.ran, again.read) == ([], [])
    book.edit("book/paper.ipynb", "Prose", "Poetry")
    again = book.build()
    assert (again.ran, again.read) == ([], ["paper"])
    assert "Poetry of the notebook" in book.page("paper")
    book.write("book/paper.ipynb", notebook('print("sum", 20 + 22)', saved="another one"))
    assert book.build().ran == []
    code = "print('sum', sum(map(int, open('../data/numbers.csv').read().split())))"
    book.write("book/paper.ipynb", notebook(code))
    assert book.build().ran == ["paper"]
    assert "sum 6" in book.page("paper")
    book.write("data/numbers.csv", "10\n20\n")
    assert book.build().ran == ["paper"]
    assert "sum 30" in book.page("paper")


def test_an_error_names_cell_and_line(book: SmallBook) -> None:
    book.write("book/paper.ipynb", notebook("x = 0\n1 / x"))
    failed = book.build(ok=False)
    assert (
        failed.log.strip()
        .splitlines()[-1]
        .endswith(
            f"{book.root}/book/paper.ipynb: in cell 2, line 2: ZeroDivisionError: division by zero"
        )
    )


def test_a_file_that_is_no_notebook_is_named(book: SmallBook) -> None:
    book.write("book/paper.ipynb", '{"cells": [')
    failed = book.build(ok=False)
    assert f"{book.root}/book/paper.ipynb: this is no Jupyter notebook: " in failed.log
    assert "Traceback" not in failed.log
    book.write("book/paper.ipynb", json.dumps({"cells": [], "nbformat": 3}))
    assert "paper.ipynb: this is no Jupyter notebook: " in book.build(ok=False).log


def test_where_execution_is_off_it_shows_what_it_was_saved_with(book: SmallBook) -> None:
    text = json.loads(book.read("book/paper.ipynb"))
    text["metadata"]["mystnb"] = {"execution_mode": "off"}
    book.write("book/paper.ipynb", json.dumps(text))
    assert book.build().ran == ["alone"]
    assert "an old output" in book.page("paper")
