"""A notebook run from the built site alone, in an environment that has never seen the book."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
import zipfile
from email.parser import Parser
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import pytest
from bs4 import BeautifulSoup
from small_book import SmallBook

from builds import ROOT
from gdbook.publish.core import repository
from gdbook.publish.formats.notebooks import opening, package
from gdbook.publish.formats.notebooks.builder import cells_of_solutions
from sites import served

pytestmark = pytest.mark.book

CHAPTER = "book/calculus/descent-in-one-dimension"
EDITIONS = ("", "-without-solutions")

WITH_SOLUTION = """\
# Solved

```{code-cell}
a = 1
```

:::{problem} One
:label: prob-one-number
:tier: predict
:difficulty: easy
:minutes: 5
:answer: number
:hint: Count.
How many?
:::

:::{solution-start} prob-one-number
:::

It is one.

```{code-cell}
secret = a
```

```{code-cell}
:tags: [remove-cell]
hidden = secret
```

:::{solution-end}
:::

:::{problem} Two
:label: prob-in-words
:tier: derive
:difficulty: easy
:minutes: 5
:answer: words
:hint: Say it.
Why?
:::

```{code-cell}
after = a + 1
```
"""


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the Python of a fresh environment.

    So that nothing is downloaded, it sees the packages of this one through links; all but
    `gdbook`, which it has to install.
    """
    home = tmp_path_factory.mktemp("fresh")
    subprocess.run([sys.executable, "-m", "venv", str(home / "venv")], check=True)
    made = home / "venv" / "bin" / "python"
    # Python 3.11 puts an old one there, which would stand before this environment's.
    subprocess.run([made, "-m", "pip", "uninstall", "-q", "-y", "setuptools"], check=True)
    links = home / "links"
    links.mkdir()
    for entry in Path(sysconfig.get_path("purelib")).iterdir():
        if "gdbook" not in entry.name and not entry.name.startswith(("pip", "_distutils", "dist")):
            (links / entry.name).symlink_to(entry)
    ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
    site = subprocess.run([made, "-c", ask], capture_output=True, text=True, check=True)
    Path(site.stdout.strip(), "links.pth").write_text(f"{links}\n")
    return made


def fresh(python: Path, *words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the fresh environment's Python, in which nothing tells of this checkout."""
    plain = {
        k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "PYTEST", "JUPYTER"))
    }
    more = {"PIP_NO_INDEX": "1", "IPYTHONDIR": str(cwd / "ipython")}  # all it needs is there
    return subprocess.run(
        [str(python), *words],
        cwd=cwd,
        env=plain | more,
        capture_output=True,
        text=True,
        check=False,
    )


RUN = """\
import sys, nbformat
from nbclient import NotebookClient
from jupyter_client.kernelspec import KernelSpecManager
notebook = nbformat.read(sys.argv[1], 4)
client = NotebookClient(notebook, timeout=300, kernel_name="python3")
client.execute()
nbformat.write(notebook, sys.argv[1])
"""


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_notebook_runs_from_the_site_alone(
    whole_book: Path, python: Path, tmp_path: Path, edition: str
) -> None:
    site = whole_book / "_build" / "html"
    fresh(python, "-m", "pip", "uninstall", "--yes", "gdbook", cwd=tmp_path)
    missing = fresh(python, "-c", "import gdbook", cwd=tmp_path)
    assert "No module named 'gdbook'" in missing.stderr
    with served(site) as host:
        # The address is not known when the book of this repository is built. A book that knows
        # it has this cell.
        text = (site / f"notebooks/{CHAPTER}{edition}.ipynb").read_text("utf-8")
        notebook: Any = nbformat.reads(text, as_version=4)
        known: Any = SimpleNamespace(html_baseurl=host.address)
        code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
        notebook.cells[1].source = opening.install(known, "notebooks/x.ipynb", code)
        nbformat.write(notebook, tmp_path / "chapter.ipynb")
        done = fresh(python, "-c", RUN, "chapter.ipynb", cwd=tmp_path)
    assert done.returncode == 0, done.stderr[-3000:]
    where = fresh(python, "-c", "import gdbook; print(gdbook.__file__)", cwd=tmp_path)
    assert where.stdout.startswith(str(python.parents[1]))
    ran: Any = nbformat.read(tmp_path / "chapter.ipynb", as_version=4)
    before = [c.get("outputs") for c in notebook.cells if c.cell_type == "code"]
    after = [c.get("outputs") for c in ran.cells if c.cell_type == "code"]

    def printed(outputs: Any) -> str:
        return "".join(o.text for o in outputs or () if o.output_type == "stream")

    assert list(map(printed, after[1:])) == list(map(printed, before[1:]))
    assert sum(map(len, map(printed, after))) > 500


def test_without_an_address_it_says_where_the_package_is(
    whole_book: Path, python: Path, tmp_path: Path
) -> None:
    site = whole_book / "_build" / "html"
    notebook: Any = nbformat.read(site / f"notebooks/{CHAPTER}.ipynb", as_version=4)
    notebook.cells = notebook.cells[:2]
    nbformat.write(notebook, tmp_path / "start.ipynb")
    fresh(python, "-m", "pip", "uninstall", "--yes", "gdbook", cwd=tmp_path)
    alone = fresh(python, "-c", RUN, "start.ipynb", cwd=tmp_path)
    assert alone.returncode == 1
    assert f"Its file {package.wheel_name()} is linked from the page" in alone.stderr
    wheel = (site / package.uri()).read_bytes()
    (tmp_path / package.wheel_name()).write_bytes(wheel)
    beside = fresh(python, "-c", RUN, "start.ipynb", cwd=tmp_path)
    assert beside.returncode == 0, beside.stderr[-2000:]
    assert fresh(python, "-c", "import gdbook", cwd=tmp_path).returncode == 0


def test_the_wheel_asks_for_what_readers_import_and_is_the_same_each_time(
    whole_book: Path, tmp_path: Path
) -> None:
    wheel = whole_book / "_build" / "html" / package.uri()
    with zipfile.ZipFile(wheel) as packed:
        (name,) = (n for n in packed.namelist() if n.endswith(".dist-info/METADATA"))
        asked = Parser().parsestr(packed.read(name).decode()).get_all("Requires-Dist") or []
        held = {n for n in packed.namelist() if n.startswith("gdbook/")}
    needed = {re.split(r"[<>=!~ ]", line)[0] for line in asked if "extra ==" not in line}
    assert needed == {"torch", "numpy", "matplotlib", "contourpy", "sympy", "scipy", "ipython"}
    listed = {p.relative_to(ROOT / "src").as_posix() for p in (ROOT / "src/gdbook").rglob("*.py")}
    assert {n for n in held if n.endswith(".py")} == listed
    before = os.umask(0o077)
    try:
        package.build(tmp_path)
    finally:
        os.umask(before)
    assert (tmp_path / wheel.name).read_bytes() == wheel.read_bytes()
    assert not (ROOT / "build").exists()


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_problem_has_a_place_for_the_answer(whole_book: Path, edition: str) -> None:
    for path in sorted((whole_book / "_build/html/notebooks").rglob("*.ipynb")):
        if path.stem.endswith("-without-solutions") != bool(edition):
            continue
        made: Any = nbformat.read(path, as_version=4)
        heads = [i for i, c in enumerate(made.cells) if re.search(r"^### Problem ", c.source, re.M)]
        for index in heads:
            cell = made.cells[index + 1]
            assert cell.metadata.tags == ["answer"], path
            call = re.search(r'To check it: `(check\("[\w-]+", \w+\))`', made.cells[index].source)
            assert cell.cell_type == ("code" if call else "markdown")
            if call:
                assert cell.source.endswith(f"\n# {call[1]}")
        assert not heads or len(heads) >= 8


def test_an_edition_has_no_solutions(whole_book: Path) -> None:
    folder = whole_book / "_build/html/notebooks"
    pairs = [(p, p.with_name(f"{p.stem}{EDITIONS[1]}.ipynb")) for p in folder.rglob("*.ipynb")]
    pairs = [(full, without) for full, without in pairs if without.is_file()]
    assert len(pairs) >= 10
    for full, without in pairs:
        text = "\n".join(c.source for c in nbformat.read(without, as_version=4).cells)
        assert len(re.findall(r"^#### Solution", full.read_text("utf-8").replace('"', "\n"), re.M))
        assert "#### Solution" not in text


def test_code_of_a_solution_goes_with_it_and_other_code_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = SmallBook.warm(tmp_path, monkeypatch, {"solved": WITH_SOLUTION})
    book.edit(
        "_config.yml",
        "  config:\n",
        "  config:\n    myst_enable_extensions: [colon_fence, dollarmath]\n"
        "    html_baseurl: https://example.org/book/\n    notebooks_package: true\n"
        "    numfig: true\n    numfig_format: {exercise: Problem %s}\n",
    )
    book.edit("_config.yml", "    html_theme_options: {}\n", "")
    book.edit("_config.yml", "extra_extensions: [", "extra_extensions: [sphinx_exercise, ")
    book.edit(
        "_config.yml",
        "only_build",
        "repository: {url: https://github.com/some/one.git, path_to_book: here, branch: trunk}\n"
        "only_build",
    )
    book.build()
    full, without = (
        nbformat.read(book.root / f"_build/html/notebooks/book/solved{e}.ipynb", as_version=4)
        for e in EDITIONS
    )
    code = [c.source for c in without.cells if c.cell_type == "code"]
    assert "secret = a" in [c.source for c in full.cells]
    assert "a = 1" in code
    assert "after = a + 1" in code
    assert not any("secret" in text for text in code)
    assert code[0].count("https://example.org/book/packages/gdbook-") == 1
    links = {
        a.get_text(): str(a["href"])
        for a in BeautifulSoup(book.page("solved"), "html.parser").select("a")
    }
    assert (
        links["Source of this page"] == "https://github.com/some/one/blob/trunk/here/book/solved.md"
    )
    assert links["Suggest a correction"].startswith(
        "https://github.com/some/one/issues/new?title=Correction%3A+Solved&body=In+here%2Fbook%2F"
    )
    assert links["Colab"] == (
        "https://colab.research.google.com/github/some/one/blob/notebooks/"
        "notebooks/book/solved.ipynb"
    )


def test_without_a_repository_no_page_names_one(whole_book: Path) -> None:
    for page in (whole_book / "_build/html/book").rglob("*.html"):
        text = page.read_text("utf-8")
        assert ">Suggest a correction</a>" not in text
        assert "colab.research.google.com/github" not in text
        assert "executablebooks/jupyter-book/blob" not in text


def test_addresses_in_a_repository_elsewhere() -> None:
    elsewhere = repository.Repository("https://git.example.org/book", "main", "")
    assert elsewhere.source("a.md") == "https://git.example.org/book"
    assert elsewhere.correction("A", "a.md") == ""
    assert elsewhere.colab("notebooks", "a.ipynb") == ""


def test_cells_of_two_solutions_in_one_file() -> None:
    def markdown(text: str) -> Any:
        return nbformat.v4.new_markdown_cell(text)

    code = nbformat.v4.new_code_cell("1")
    gates = (":::{solution-start} a\n:::", "::::{solution-end}\n::::\n\n```{solution-start} b\n```")
    cells = [
        code,
        markdown(gates[0]),
        code,
        markdown(gates[1]),
        code,
        markdown(":::{solution-end}"),
    ]
    made = nbformat.from_dict({"cells": [*cells, code]})
    assert list(cells_of_solutions(made)) == [2, 4]


@pytest.mark.parametrize("code", ["a = 1", "from gdbook.penguins import load"])
@pytest.mark.parametrize("there", [(), ("gdbook",), ("gdbook", "palmerpenguins")])
def test_what_is_missing_is_installed_whatever_came_before(
    code: str, there: tuple[str, ...]
) -> None:
    config: Any = SimpleNamespace(html_baseurl="https://example.org", project="Downhill")
    made = opening.install(config, "notebooks/one.ipynb", code)
    asked = re.search(r"^if (.*):$", made, re.MULTILINE)
    assert asked is not None
    known = {"find_spec": lambda name: name if name in there else None}
    needed = {"gdbook"} | ({"palmerpenguins"} if "penguins" in code else set())
    assert eval(asked[1], known) == (not needed <= set(there))
    assert ("gdbook[penguins] @" in made) == ("penguins" in code)
