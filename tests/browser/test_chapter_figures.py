"""The chapters' own live figures in Chromium: what each says is Python's at random positions."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from chapter_figures import live_figures_of
from live_figures import answers, ready, set_dials, write_page

from builds import ROOT

pytestmark = pytest.mark.browser

CHAPTERS = sorted(
    path.relative_to(ROOT).with_suffix("").as_posix()
    for path in (ROOT / "book").glob("*/*.md")
    if "answering(" in path.read_text("utf-8")
)


def test_each_part_has_live_figures() -> None:
    assert len(CHAPTERS) >= 10


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_value_is_python_s(chapter: str, tmp_path: Path, watch: Any) -> None:
    figures = live_figures_of(ROOT / f"{chapter}.md")
    assert figures
    write_page(tmp_path, figures)
    page = ready(watch().go(f"file://{tmp_path}/index.html"))
    for name, figure in figures.items():
        assert answers(page, name) == figure.evaluate()
        chance = random.Random(name)
        dials = page.locator(f"#{name} input").count()
        for _ in range(4):
            moved = set_dials(page, name, {i: chance.random() for i in range(dials)})
            assert answers(page, name) == figure.evaluate(**moved), moved
