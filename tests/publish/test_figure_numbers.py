"""Numbers are those that Sphinx gives, from outlines that are kept, and change when things move."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sphinx.environment import BuildEnvironment
from sphinx.environment.collectors.toctree import TocTreeCollector
from sphinx_book import SphinxBook, doctrees_read

from gdbook.publish.core import upstream
from gdbook.publish.site import figure_numbers

FIGURE = "```{{figure}} x.png\n:name: {name}\nA.\n```\n\n"
TABLE = "```{{table}} A table.\n:name: {name}\n| a |\n| - |\n| b |\n```\n\n"
CODE = "```{{code-block}} python\n:caption: Code.\n:name: {name}\nx\n```\n\n"
THEOREM = ":::{{prf:theorem}} Name\n:label: {name}\n" + FIGURE + ":::\n\n"


def made(form: str, name: str) -> str:
    """Return something that has a number; what stands inside of it has a name of its own."""
    return form.replace("{name}", name, 1).replace("{name}", f"{name}-in").format()


PAGES = {
    "index": (
        "# Index\n\n"
        + made(FIGURE, "before")
        + "## Part\n\n```{toctree}\n:numbered: 2\n\none\ntwo\nhttps://example.org\nself\n```\n\n"
        + made(FIGURE, "after")
    ),
    "one": (
        "# One\n\n"
        + made(FIGURE, "one-a")
        + "```{figure} x.png\nNo name.\n```\n\n| no |\n| - |\n| caption |\n\n"
        + "## First\n\n"
        + made(THEOREM, "one-b")
        + "### Deep\n\n#### Deeper\n\n"
        + made(CODE, "one-c")
        + "## Second\n\n"
        + made(TABLE, "one-d")
        + made(FIGURE, "one-e")
        + "```{toctree}\nbelow\n```\n\n"
        + made(FIGURE, "one-f")
    ),
    "below": "# Below\n\n" + made(FIGURE, "below-a"),
    "two": "# Two\n\n" + made(TABLE, "two-a") + "> " + made(FIGURE, "two-b").replace("\n", "\n> "),
    "alone": "---\norphan: true\n---\n# Alone\n\n" + made(FIGURE, "alone-a"),
}


@pytest.fixture(autouse=True)
def ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """Builds of this process replace the function: it is put back when a test ends."""
    monkeypatch.setattr(
        TocTreeCollector, "assign_figure_numbers", upstream.original(figure_numbers.ASSIGN)
    )


def small_book(folder: Path, **settings: Any) -> SphinxBook:
    """Return the pages with theorems, unless the settings say otherwise."""
    theorems = ["myst_parser", "sphinx_proof", "gdbook.publish"]
    settings = {"extensions": theorems, "myst_enable_extensions": ["colon_fence"], **settings}
    return SphinxBook(folder, PAGES, ["site"], **settings)


def sphinx_s(env: BuildEnvironment) -> dict[str, Any]:
    """Return the numbers that Sphinx gives, from the doctrees."""
    ours = env.toc_fignumbers
    upstream.original(figure_numbers.ASSIGN)(TocTreeCollector(), env)
    theirs, env.toc_fignumbers = env.toc_fignumbers, ours
    return theirs


@pytest.mark.parametrize("depth", [0, 1, 2, 3])
def test_numbers_are_sphinx_s(tmp_path: Path, depth: int) -> None:
    env = small_book(tmp_path, numfig_secnum_depth=depth).build()
    assert env.toc_fignumbers == sphinx_s(env)
    counted = {kind for kinds in env.toc_fignumbers.values() for kind in kinds}
    assert counted == {"figure", "table", "code-block", "theorem"}
    assert sum(len(ids) for kinds in env.toc_fignumbers.values() for ids in kinds.values()) == 13
    assert "alone" not in env.toc_fignumbers


def test_no_numbers_unless_asked(tmp_path: Path) -> None:
    # The extension of theorems would ask for them.
    env = small_book(tmp_path, numfig=False, extensions=["myst_parser", "gdbook.publish"]).build()
    assert env.toc_fignumbers == sphinx_s(env) == {}


def test_an_edit_of_prose_reads_no_other_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = small_book(tmp_path)
    before = book.build().toc_fignumbers
    read = doctrees_read(monkeypatch)
    book.write("one", PAGES["one"].replace("# One\n", "# One\n\nA sentence.\n"))
    env = book.build()
    assert set(read) == {"index"}  # where the table of contents is
    assert env.toc_fignumbers == before


@pytest.mark.parametrize(
    "text",
    [
        PAGES["one"] + made(TABLE, "new"),
        PAGES["one"].replace(made(TABLE, "one-d"), ""),
        PAGES["one"].replace("### Deep", "## Deep"),
        PAGES["one"].replace("below\n", ""),
    ],
    ids=["added", "removed", "another section", "out of the contents"],
)
def test_what_moves_changes_the_numbers_after_it(tmp_path: Path, text: str) -> None:
    book = small_book(tmp_path, numfig_secnum_depth=2)
    before = book.build().toc_fignumbers
    book.write("one", text)
    env = book.build()
    assert env.toc_fignumbers == sphinx_s(env) != before


def test_a_book_without_outlines_is_counted_by_sphinx(tmp_path: Path) -> None:
    env = small_book(tmp_path).build()
    numbers = env.toc_fignumbers
    figure_numbers.OUTLINES.of(env).clear()
    figure_numbers.assign(TocTreeCollector(), env)
    assert env.toc_fignumbers == numbers
