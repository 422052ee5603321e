"""Every wrong formula that one change makes is noticed: in the sample, and in every chapter."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path

import matplotlib as mpl
import pytest
from books import SAMPLE, build, copy, doctree
from mutation import Chapter, Mutation, mutations, regions
from slips import labels_of, slips, with_slip

from contents import CLAIMS, claims, source
from gdbook.publish.execute.displays import displays
from shared import Shared

SAMPLES = {"claims": claims((SAMPLE / "claims.md").read_text("utf-8"))}
PAGES = SAMPLES | CLAIMS
EQUIVALENT: dict[str, dict[str, str]] = {
    label: {what: why for why, made in reasons.items() for what in made}
    for label, reasons in tomllib.loads(
        (Path(__file__).parent / "equivalent_slips.toml").read_text("utf-8")
    ).items()
}
"""Slips that leave a display as true as it was, by its label, each with the proof."""
PAIRS = [(page, label) for page, labels in PAGES.items() for label in labels]


@pytest.fixture(scope="session")
def chapter_of(shared: Shared, request: pytest.FixtureRequest) -> Callable[[str], Chapter]:
    """Chapters by name, from what Sphinx read of the sample and of the book."""

    def make(folder: Path) -> str | None:
        well, said = build(copy(SAMPLE, folder / "book"))
        return None if well else said

    @cache
    def read(page: str) -> Chapter:
        built = shared("claims", make) / "book" if page in SAMPLES else None
        return Chapter(doctree(built or request.getfixturevalue("whole_book"), page))

    return read


@pytest.fixture(scope="session")
def survivors(
    chapter_of: Callable[[str], Chapter], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], dict[str, list[Mutation]]]:
    """What can be changed in the checks of a chapter without being noticed, by claim."""

    @cache
    def of(page: str) -> dict[str, list[Mutation]]:
        chapter = chapter_of(page)
        found: dict[str, list[Mutation]] = {}
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(mpl, "rcParams", mpl.rcParams.copy())
            patch.chdir(tmp_path_factory.mktemp("mutants"))
            mpl.use("agg")
            for cell, mutation in chapter.survivors_of_checks():
                label, _, what = mutation.what.partition(": ")
                if label in chapter.claims:  # a slip in the display itself
                    if what not in EQUIVALENT.get(label, {}):
                        found.setdefault(label, []).append(mutation)
                    continue
                for name in chapter.claims_of(cell) or [f"no claim, at line {cell.line}"]:
                    found.setdefault(name, []).append(mutation)
        return found

    return of


@pytest.mark.book
@pytest.mark.parametrize("page", PAGES)
def test_the_claims_are_those_of_the_source(
    chapter_of: Callable[[str], Chapter], page: str
) -> None:
    assert list(chapter_of(page).claims) == PAGES[page]


def test_every_equivalent_slip_is_one_that_is_made() -> None:
    displayed = {label: tex for page in CLAIMS for label, tex in displays(source(page))}
    for label, reasons in EQUIVALENT.items():
        assert set(reasons) <= {slip.what for slip in slips(displayed[label])}, label


@pytest.mark.book
@pytest.mark.filterwarnings("ignore")  # mutants divide by zero, and worse
@pytest.mark.parametrize(("page", "label"), PAIRS)
def test_a_change_in_a_check_is_noticed(
    survivors: Callable[[str], dict[str, list[Mutation]]], page: str, label: str
) -> None:
    assert survivors(page).get(label, []) == []


@pytest.mark.book
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("page", PAGES)
def test_a_change_in_a_check_of_no_claim_is_noticed(
    survivors: Callable[[str], dict[str, list[Mutation]]], page: str
) -> None:
    assert {label for label in survivors(page) if label.startswith("no claim")} == set()


def test_signs_factors_and_numbers_are_changed() -> None:
    made = {m.text for m in mutations("2*x - sin(y)")}
    assert made >= {
        "3*x - sin(y)", "4*x - sin(y)", "2*2*x - sin(y)", "2*x + sin(y)", "2*x - cos(y)",
        "-2*x - sin(y)", "2*x - sin(2*y)",
    }  # fmt: skip


def test_only_formulas_are_changed_in_a_cell() -> None:
    cell = (
        "a = 3\n"
        'holds("eq-a", r"x = y", x=real(0, 1), y=lambda x: 2 * x, z=vector("n", by=abs))\n'
        'tensors(lambda x: x + 1, side, x=("n", 2), tolerance=0.5, of="eq-b", latex=r"x")\n'
    )
    found = [cell[start:end] for start, end in regions(cell)]
    assert sorted(found) == sorted(["3", "2 * x", "x + 1"])
    alone = "def side(x):\n    y = x\n    return y + 1\n\n\ntensors(side, side, x=())\n"
    assert [alone[start:end] for start, end in regions(alone)] == ["return y + 1"]


def test_slips_of_a_display() -> None:
    made = {" ".join(s.latex.split()): s.what for s in slips(r"A^\top x - 2 y \le z_i + 1")}
    assert {
        r"A x - 2 y \le z_i + 1", r"A^\top x + 2 y \le z_i + 1", r"A^\top x - 2 y < z_i + 1",
        r"A^\top x - 2 y \le z_i", r"A^\top x - 3 y \le z_i + 1", r"A^\top x - 4 y \le z_i + 1",
        r"A^\top 2 x - 2 y \le z_i + 1", r"A^\top x - 2 y \le z_ A + 1",
        r"-A^\top x - 2 y \le z_i + 1",
    } <= made.keys()  # fmt: skip
    remark = r" \quad \text{since } y"
    assert [s.what for s in slips(f"x = 1{remark}")] == [s.what for s in slips("x = 1")]


def test_a_slip_is_put_where_its_check_is_alone() -> None:
    cell = (
        'holds("eq-a", r"x = 1", x=real())\n'
        'holds(\n    "eq-b",\n    r"é "\n    r"= 2",\n    x=real(),\n)\n'
    )
    assert labels_of(cell) == ["eq-a", "eq-b"]
    mended = with_slip(cell, "eq-b", "x < 2")
    assert mended == "None\nholds(\n    \"eq-b\",\n    'x < 2',\n    x=real(),\n)\n"
