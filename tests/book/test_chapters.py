"""What every chapter must have, looked at in the book as it is built."""

from __future__ import annotations

import doctest
import io
import re
import tokenize
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from books import ROOT, doctrees
from docutils import nodes
from myst_nb.core.read import read_myst_markdown_notebook
from sphinx_exercise.nodes import solution_node

CHAPTERS = sorted(
    path for path in (ROOT / "book").rglob("*.md") if path.parent.name not in ("book", "reference")
)
NAMES = [str(path.relative_to(ROOT).with_suffix("")) for path in CHAPTERS]


@pytest.fixture(scope="session")
def trees(whole_book: Path) -> dict[str, Any]:
    return doctrees(whole_book)


def cells(path: Path) -> list[Any]:
    notebook = read_myst_markdown_notebook(path.read_text("utf-8"), add_source_map=True)
    assert notebook is not None
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


@pytest.mark.parametrize("path", CHAPTERS, ids=NAMES)
def test_cells_are_short_enough_to_be_read(path: Path) -> None:
    for cell in cells(path):
        lines = cell.source.splitlines()
        tags = set(cell.metadata.get("tags", []))
        assert max(map(len, lines)) <= 78, max(lines, key=len)
        folded = {"hide-input", "check", "remove-cell"} & tags
        assert folded or len(lines) <= 12, cell.source


@pytest.mark.parametrize("path", CHAPTERS, ids=NAMES)
def test_prose_states_no_decimal_that_no_cell_knows(path: Path) -> None:
    text = path.read_text("utf-8")
    known = {
        float(token.string)
        for cell in cells(path)
        for token in tokenize.generate_tokens(io.StringIO(cell.source).readline)
        if token.type == tokenize.NUMBER and re.fullmatch(r"[\d.]+(e-?\d+)?", token.string)
    }
    prose = re.sub(r"```\{code-cell\}.*?\n```|^---\n.*?\n---\n|`[^`]*`|^:.*$", "", text,
                   flags=re.DOTALL | re.MULTILINE)  # fmt: skip
    decimals = {float(found) for found in re.findall(r"(?<![\w.])\d+\.\d+(?![\w.]*\d)", prose)}
    assert decimals <= known


@pytest.mark.book
@pytest.mark.parametrize("name", NAMES)
def test_figures_have_numbers_captions_and_words_for_those_who_do_not_see(
    name: str, trees: dict[str, Any]
) -> None:
    images = list(trees[name].findall(nodes.image))
    assert images
    for image in images:
        alt = image.get("alt", "")
        assert len(alt.split()) >= 8, image["uri"]
        assert "{" not in alt
        figure: Any = image.parent
        while not isinstance(figure, nodes.figure):
            figure = figure.parent
            assert figure is not None, alt
        assert figure["names"][0].startswith("fig-")
        assert any(isinstance(child, nodes.caption) for child in figure)


@pytest.mark.book
@pytest.mark.parametrize("name", NAMES)
def test_a_chapter_has_its_boxes_and_enough_problems_each_with_a_solution(
    name: str, trees: dict[str, Any]
) -> None:
    tree = trees[name]
    classes = Counter(c for box in tree.findall(nodes.admonition) for c in box["classes"])
    assert classes["objectives"] == 1
    assert classes["summary"] == 1
    assert classes["watch-out"] >= 2
    problems = [n for n in tree.findall(nodes.Element) if "problem" in n.get("classes", ())]
    solved = [n["target_label"] for n in tree.findall(solution_node)]
    assert [p["label"] for p in problems] == solved
    assert len(problems) >= 8
    tiers = Counter(p["facts"]["tier"] for p in problems)
    assert tiers["derive"] >= 2
    assert tiers["implement"] >= 2
    assert tiers["debug"] >= 1
    assert tiers["investigate"] >= 1


@pytest.mark.book
@pytest.mark.parametrize("name", NAMES)
def test_no_slide_has_more_words_than_can_be_taken_in(name: str, trees: dict[str, Any]) -> None:
    """A deck has twenty to forty slides; the browser's tests see that nothing sticks out."""
    kinds = [cell["kind"] for cell in trees[name]["slide_cells"]]
    assert 20 <= sum(kind in ("slide", "subslide") for kind in kinds) <= 40
    assert kinds.count("notes") >= 10


def test_what_the_readme_shows_is_what_happens() -> None:
    failed, tried = doctest.testfile(str(ROOT / "README.md"), module_relative=False)
    assert tried > 0
    assert failed == 0
