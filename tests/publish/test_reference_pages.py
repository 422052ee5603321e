"""Pages that autodoc makes of docstrings: what is a link, what is told, what an edit changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from bs4 import BeautifulSoup

import builds

CONF = """\
import sys
sys.path.insert(0, {folder!r})
extensions = ["gdbook.publish"]
gdbook_parts = ["reference"]
project = "A reference"
nitpicky = True
"""
INDEX = """\
A book
======

.. automodule:: measured

How it is derived
-----------------

Words.
"""
MODULE = '''\
"""Functions of one number."""

from measured.inside import LIMIT, Power

__all__ = ["LIMIT", "Power", "double", "half"]


def double(x, by=print):
    """Return 2\\|x\\| for every x, as `half` does not, from `x` and `torch.abs`.

    Parameters
    ----------
    x : Tensor, shape (*runs, d)
        The number wᵢ.
    by : callable
        What is called.

    Notes
    -----
    Old 1900. Derived in *How it is derived*.
    """


def half(x):
    """Return x/2."""


def hidden(x):
    """Stay inside."""
'''.replace("\\|", "|")
INSIDE = '''\
"""What the package is made of."""

#: The largest number, and no larger.
LIMIT = object()


class Power:
    """A power.

    Attributes
    ----------
    base : float
        What is raised.
    """
'''


class Book:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.package = folder / "measured"
        self.package.mkdir()
        self.write("conf.py", CONF.format(folder=str(folder)))
        self.write("index.rst", INDEX)
        self.write("measured/__init__.py", MODULE)
        self.write("measured/inside.py", INSIDE)
        self.told = ""

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, "utf-8")

    def build(self) -> BeautifulSoup:
        done = builds.sphinx(self.folder, self.folder / "_build/html")
        assert done.returncode == 0, done.stderr
        self.told = done.stderr
        return BeautifulSoup((self.folder / "_build/html/index.html").read_text(), "html.parser")


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return Book(tmp_path)


def test_docstrings_become_a_page(book: Book) -> None:
    page = book.build()
    assert "WARNING" not in book.told
    heads = [str(head["id"]) for head in page.select("dt.sig")]
    assert heads == [f"measured.{name}" for name in ("LIMIT", "Power", "double", "half")]
    text = " ".join(page.text.split())
    assert "Return 2|x| for every x" in text
    assert "shape (*runs, d)" in text
    assert "The largest number, and no larger." in text
    # A default is written as in the source, and a value's own `repr` not at all.
    assert "by=print" in text
    assert "0x" not in text
    assert page.select_one("sub") is not None


def test_a_name_is_a_link_where_the_reference_has_it(book: Book) -> None:
    page = book.build()
    code = {span.text: span.find_parent("a") for span in page.select("code.xref")}
    assert code["half"] is not None
    assert code["half"]["href"] == "#measured.half"
    assert code["x"] is None
    assert code["torch.abs"] is None


def test_derived_in_is_a_link_to_the_section(book: Book) -> None:
    link = book.build().select_one("dd a.internal em")
    assert link is not None
    assert link.text == "How it is derived"
    target = link.find_parent("a")
    assert target is not None
    assert str(target["href"]).endswith("#how-it-is-derived")


def test_what_is_not_there_is_told(book: Book) -> None:
    text = MODULE.replace("*How it is derived*", "*How it was derived*")
    book.write("measured/__init__.py", text.replace("`torch.abs`", "`gdbook.nothing`"))
    book.write("measured/inside.py", INSIDE.replace("#: The", "# The"))
    book.build()
    assert "“Derived in *How it was derived*”: there is no chapter or section of" in book.told
    assert "py:obj reference target not found: gdbook.nothing" in book.told
    assert "measured.LIMIT has neither a docstring nor a comment" in book.told


def test_an_edit_of_any_file_of_the_package_changes_the_page(book: Book) -> None:
    book.build()
    book.write("measured/__init__.py", MODULE.replace("Return x/2.", "Return a half."))
    assert "Return a half." in book.build().text
    book.write("measured/inside.py", INSIDE.replace("largest", "greatest"))
    assert "The greatest number" in book.build().text


def test_names_of_code_are_not_in_the_index(book: Book) -> None:
    book.build()
    index = (book.folder / "_build/html/genindex.html").read_text("utf-8")
    assert "measured." not in index


def test_a_command_that_is_not_there_is_told(book: Book) -> None:
    book.write("index.rst", INDEX + "\n.. usage:: gdbook.cli dance\n")
    book.build()
    assert "gdbook.cli has no command 'dance'; it has serve, rerun," in book.told
