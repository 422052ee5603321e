"""Every wrong formula that one change makes is noticed: in the sample, and in every chapter."""

from pathlib import Path
from typing import Any

import matplotlib as mpl
import pytest
from books import ROOT, SAMPLE, build, copy, doctrees
from mutation import LATEX, PYTHON, Chapter, mutations, of_display, regions

from gdbook.publish.claims.comparison import drift

SAMPLES = ("claims",)
CHAPTERS = tuple(
    str(p.relative_to(ROOT).with_suffix(""))
    for p in sorted((ROOT / "book").rglob("*.md"))
    if "(eq-" in p.read_text(encoding="utf-8") or ":label: eq-" in p.read_text(encoding="utf-8")
)


@pytest.fixture(scope="session")
def read(tmp_path_factory: pytest.TempPathFactory, whole_book: Path) -> dict[str, Any]:
    """The doctrees of the sample and of the book."""
    sample = copy(SAMPLE, tmp_path_factory.mktemp("sample") / "book")
    status, said = build(sample)
    assert status == 0, said
    return doctrees(sample) | doctrees(whole_book)


@pytest.fixture(scope="session", params=[*SAMPLES, *CHAPTERS])
def chapter(request: pytest.FixtureRequest, read: dict[str, Any]) -> Chapter:
    made = Chapter(read[request.param])
    assert made.claims
    return made


@pytest.mark.book
def test_a_change_on_the_page_is_noticed(chapter: Chapter) -> None:
    made = told = 0
    for claim in chapter.claims.values():
        changed = list(of_display(claim))
        unnoticed = [m for m in changed if not drift(m.text, claim.records)]
        assert unnoticed == [], claim.label
        told += len(changed)
        made += len(list(mutations(claim.latex, LATEX, "2")))
    # Few change nothing; a blind comparison would take many for the same.
    assert told > 0.95 * made


@pytest.mark.book
@pytest.mark.filterwarnings("ignore")  # mutants divide by zero, and worse
def test_a_change_in_a_check_is_noticed(
    chapter: Chapter, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(mpl, "rcParams", mpl.rcParams.copy())
    monkeypatch.chdir(tmp_path)
    mpl.use("agg")
    assert list(chapter.survivors_of_checks()) == []


def test_signs_factors_numbers_and_primes_are_changed() -> None:
    made = {m.text for m in mutations(r"2x \le f'(x) + \sin h^2", LATEX, "2")}
    assert made >= {
        r"3x \le f'(x) + \sin h^2",
        r"4x \le f'(x) + \sin h^2",
        r"22x \le f'(x) + \sin h^2",
        r"2 \le f'(x) + \sin h^2",
        r"2x \ge f'(x) + \sin h^2",
        r"2x \le f''(x) + \sin h^2",
        r"2x \le f(x) + \sin h^2",
        r"2x \le f'(x) - \sin h^2",
        r"2x \le f'(x) + \cos h^2",
        r"2x \le f'(x) + \sin h^3",
        r"-2x \le f'(x) + \sin h^2",
    }
    assert {m.text for m in mutations("2*x", PYTHON, "2*")} >= {"3*x", "2*2*x", "-2*x"}


def test_only_formulas_are_changed_in_a_cell() -> None:
    cell = (
        'a = "x + 1"\nidentity("x", f"{a} - 1", of="eq-a", x=(0, 1), f="x**2")\n'
        'rate("h", "0", order=2, at={"x": 1}, steps=(1, 2), f="sin(x)", D="h: h")\n'
        "bound(lambda x: x, abs, tight=0.5)\n"
    )
    found = [cell[r.start : r.end] for r in regions(cell)]
    assert sorted(found) == sorted(["x + 1", "x", "{a} - 1", "x**2", "h", "0", "2", "h: h", "x"])
