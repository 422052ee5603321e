"""The formula that a page displays is what its check gets, in the kernel and in the notebook."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from small_book import SmallBook

from gdbook.publish.execute.displays import displays, literal, write_in, written

LATEX = r"\begin{aligned} A x &= b \\ x &= A^{-1} b \end{aligned}"


@given(st.text(alphabet=r'ab\{}^_ "\'&=+', min_size=1).filter(lambda t: t.split()))
def test_any_formula_can_be_written_as_python(latex: str) -> None:
    text = literal(latex, "    ")
    assert " ".join(ast.literal_eval(f"(\n{text}\n)").split()) == " ".join(latex.split())


@given(st.lists(st.text(alphabet="ab\\", min_size=1, max_size=20), min_size=1, max_size=60))
def test_no_line_is_wider_than_a_cell(words: list[str]) -> None:
    lines = literal(" ".join(words), "        ").splitlines()
    assert max(len(line) for line in lines) <= 78


def test_displays_are_found_wherever_they_stand() -> None:
    words = (
        "$$ a = b $$ (eq-one)\n\n:::{admonition} Note\n$$\nc\n= d\n$$ (def-two)\n:::\n\n"
        "```{math}\n:label: eq-three\n:nowrap:\ne = f\n```\n\n> $$ g = h $$ (eq-four)\n\n"
        "$$ i = j $$\n\nand `$$ k $$ (eq-no)`\n"
    )
    assert dict(displays(words)) == {
        "eq-one": "a = b",
        "def-two": "c\n= d",
        "eq-three": "e = f",
        "eq-four": "g = h",
    }


def arguments(source: str) -> tuple[list[object], dict[str, str]]:
    (call,) = [n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Call)][:1]
    return [ast.literal_eval(a) for a in call.args], {
        k.arg or "": ast.unparse(k.value) for k in call.keywords
    }


def test_a_call_gets_its_formula_and_its_definitions() -> None:
    shown = {"eq-x": LATEX, "def-a": 'q = "1"', "def-b": "r = 2"}
    source = 'é = 1\nif é:\n    holds("eq-x", x=real(\n        0, 1), using="def-a def-b")\n'
    made = written(source, shown)
    given, keywords = arguments(made.partition("é:\n")[2].replace("    holds", "holds", 1))
    assert given == ["eq-x", LATEX]
    assert keywords["x"] == "real(0, 1)"
    assert ast.literal_eval(keywords["using"]) == {"def-a": 'q = "1"', "def-b": "r = 2"}
    assert written(made, shown) == made, "it is there already"


@pytest.mark.parametrize(
    "source",
    ['holds("eq-other", x=1)', "holds(label)", "holds(", "upholds('eq-x')", "holds()", "x = 1"],
)
def test_what_is_no_such_call_stays(source: str) -> None:
    assert written(source, {"eq-x": "a = b"}) == source


def test_only_check_cells_of_a_notebook_change() -> None:
    cells = [
        nbformat.v4.new_markdown_cell("$$ a = a $$ (eq-x)"),
        nbformat.v4.new_code_cell('holds("eq-x", a=real())'),
        nbformat.v4.new_code_cell("print('eq-x')"),
    ]
    notebook = nbformat.v4.new_notebook(cells=cells)
    write_in(notebook)
    assert "a = a" in notebook.cells[1].source
    assert notebook.cells[2].source == "print('eq-x')"


PAGE = r"""# Claims

Prose of the page.

$$
q = x + x
$$ (def-q)

$$
\begin{aligned}
q\,(A + B) &= 2x\,A + 2x\,B
\end{aligned}
$$ (eq-sum)

```{code-cell}
:tags: [check]
from gdbook.checks import holds
from gdbook.mathematics import matrix, real
holds("eq-sum", x=real(), A=matrix("m", "n"), B=matrix("m", "n"), using="def-q")
```
"""


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallBook:
    chapters = {"shown": PAGE, "other": "# Other\n\nWords.\n"}
    made = SmallBook.warm(tmp_path, monkeypatch, chapters)
    settings = "    nb_render_plugin: gdbook\n    nb_execution_raise_on_error: true\n"
    made.edit("_config.yml", "    nb_ipywidgets_js", f"{settings}    nb_ipywidgets_js")
    return made


STRICT = ("-n", "-W", "--keep-going")


@pytest.mark.book
def test_a_displayed_claim_is_checked_and_rechecked(book: SmallBook) -> None:
    first = book.build(*STRICT)
    assert first.ran == ["other", "shown"]
    page = BeautifulSoup(book.page("shown"), "html.parser")
    badges = [d.get_text() for d in page.select("details.hide")]
    assert any("✓" in b and "random matrices, 1 × 1 to " in b for b in badges)

    book.edit("book/shown.md", "Prose of the", "Other words of the")
    assert book.build(*STRICT).ran == []

    book.edit("book/shown.md", r"2x\,A + 2x\,B", r"2x\,B + 2x\,A")
    assert book.build(*STRICT).ran == ["shown"]

    book.edit("book/shown.md", "q = x + x", "q = 2 x")
    assert book.build(*STRICT).ran == ["shown"]

    site = book.site()
    book.edit("book/shown.md", r"2x\,B +", r"2x\,B -")
    failed = book.build(*STRICT, ok=False)
    assert "eq-sum, read as" in failed.log
    assert book.site() == site, "the site stays as it was"


@pytest.mark.book
def test_the_notebook_runs_alone(book: SmallBook, tmp_path: Path) -> None:
    book.build(*STRICT)
    path = book.root / "_build/html/notebooks/book/shown.ipynb"
    cells = json.loads(path.read_text("utf8"))["cells"]
    code = "".join(next(c for c in cells if "holds" in "".join(c["source"]))["source"])
    assert r"2x\,A + 2x\,B" in code
    program = tmp_path / "alone.py"
    program.write_text(code, "utf8")
    done = subprocess.run(
        [sys.executable, program], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "✓" in done.stdout


@pytest.mark.book
def test_a_label_that_is_not_displayed_stops_the_build(book: SmallBook) -> None:
    book.edit("book/shown.md", 'holds("eq-sum"', 'holds("eq-sun"')
    failed = book.build(*STRICT, ok=False)
    assert 'holds("eq-sun"): no equation of this page has that label' in failed.log
