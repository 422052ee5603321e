"""A claim that is wrong, unchecked or drifted stops the build, at every build."""

from pathlib import Path

import pytest
from books import SAMPLE, build, copy
from bs4 import BeautifulSoup
from docutils import nodes

import builds
from gdbook.publish.claims.pairing import Shown, items

pytestmark = pytest.mark.book
STRICT = ("-n", "-W", "--keep-going")


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = copy(SAMPLE, tmp_path_factory.mktemp("claims") / "book")
    well, said = build(folder, *STRICT)
    assert well, said
    return folder


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_checks_fold_and_leave_no_trace_in_the_page(book: Path) -> None:
    page = BeautifulSoup(
        (book / "_build/html/claims.html").read_text(encoding="utf-8"), "html.parser"
    )
    folds = page.select("details.hide")
    assert len(folds) == 6
    assert all("checked" in f.summary.get_text() for f in folds if f.summary)
    assert all("✓" in f.get_text() for f in folds)
    article = page.select_one("article") or page
    assert "'kind'" not in str(article)
    assert len(page.select("div.math")) == 8


def test_what_a_check_restates_must_be_shown_until_it_is_mended(book: Path) -> None:
    page = book / "claims.md"
    edit(page, "r} A\\,r =", "r} r\\,A =")
    well, said = build(book, *STRICT)
    assert not well
    shown = r"\sum_{\text{rows } r} r\,A = A \sum_{\text{rows } r} r"
    line = page.read_text("utf-8").splitlines().index(shown)
    assert f"claims.md:{line}: WARNING: eq-rows: the page shows" in said

    edit(book / "plain.md", "Nothing", "Still nothing")  # only this page is read again
    well, said = build(book, *STRICT)
    assert not well
    assert "eq-rows: the page shows" in said

    edit(page, "r} r\\,A =", "r} A\\,r =")
    well, said = build(book, *STRICT)
    assert well, said


def test_a_flipped_sign_stops_the_build(tmp_path: Path) -> None:
    folder = copy(SAMPLE, tmp_path / "book")
    edit(folder / "claims.md", "&= 2x + h ", "&= 2x - h ")
    done = builds.jupyter_book(folder, *STRICT)
    assert done.returncode != 0
    assert "eq-quotient, read as" in done.stdout + done.stderr


def test_a_formula_that_a_cell_wrote_is_no_claim() -> None:
    by_hand = nodes.math_block("a = a", "a = a")
    computed = nodes.math_block("b = b", "b = b", classes=["output", "text_latex"])
    page = nodes.section("", by_hand, computed)
    assert [item.latex for item in items(page) if isinstance(item, Shown)] == ["a = a"]  # type: ignore[arg-type]


BAD = r"""
$$ a = a $$

$$ x + x = 2x $$ (eq-unchecked)

$$ 2x = 2x $$ (sum)

```{code-cell} ipython3
:tags: [check]
print("nothing")
```

```{code-cell} ipython3
:tags: [check]
tensors(lambda x: x, lambda x: x, x=(), of="eq-typo", latex="x = x")
```
"""


def test_each_kind_of_mistake_has_its_sentence(tmp_path: Path) -> None:
    folder = copy(SAMPLE, tmp_path / "book")
    page = folder / "claims.md"
    text = page.read_text(encoding="utf-8")
    head, rest = text.split("# Claims\n")
    page.write_text(f"{head}# Claims\n{rest}{BAD}", encoding="utf-8")
    well, said = build(folder, *STRICT)
    assert not well
    for sentence in (
        "is labelled eq-… (a claim) or def-… (a definition); this one is without a label",
        "is labelled eq-… (a claim) or def-… (a definition); this one is labelled sum",
        "eq-unchecked has no check",
        "this cell is tagged check, but checks nothing",
        "a check of eq-typo, but there is no such equation in this document",
    ):
        assert said.partition("The build failed:")[0].count(sentence) == 1, (sentence, said)
