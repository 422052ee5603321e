"""Pages and decks from one build: what is written when, and what fails it."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

import builds
from deckbooks import build_small, small

pytestmark = pytest.mark.book

SLIDE = '+++ {"slideshow": {"slide_type": "slide"}}\n\n'
ONE = f"# One\n\n{SLIDE}## Words\n\nSome words.\n"
TWO = f"# Two\n\n{SLIDE}## More\n\nMore words.\n"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    folder = small(tmp_path / "book", {"one": ONE, "part/two": TWO})
    build(folder)
    return folder


def build(folder: Path, *options: str, code: int = 0) -> str:
    done = build_small(folder, *options)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def deck(folder: Path, name: str) -> Path:
    return folder / "_build" / "html" / "slides" / f"{name}.html"


def stamps(folder: Path) -> dict[str, int]:
    root = folder / "_build" / "html" / "slides"
    return {p.relative_to(root).as_posix(): p.stat().st_mtime_ns for p in root.rglob("*.html")}


def age(path: Path) -> None:
    os.utime(path, ns=(10**18, 10**18))


def test_one_run_reads_once_and_writes_both(tmp_path: Path) -> None:
    folder = small(tmp_path / "book", {"one": ONE, "part/two": TWO})
    log = build(folder)
    assert log.count(" added, ") == 1
    assert "3 added, 0 changed, 0 removed" in log
    assert re.search(r"slides: 2 written in \d+\.\d s", log)
    assert set(stamps(folder)) == {"one.html", "part/two.html"}
    assert (folder / "_build" / "html" / "one.html").exists()
    static = folder / "_build" / "html" / "_static"
    assert (static / "slides" / "reveal.js").stat().st_size > 50_000
    assert (static / "pygments.css").exists()


def test_a_build_without_changes_writes_nothing(book: Path) -> None:
    before = stamps(book)
    assert "slides:" not in build(book)
    assert stamps(book) == before


def test_only_the_deck_of_a_changed_chapter_is_written(book: Path) -> None:
    before = stamps(book)
    path = book / "one.md"
    path.write_text(path.read_text() + "\nOne more.\n")
    assert "slides: 1 written" in build(book)
    after = stamps(book)
    assert after["one.html"] > before["one.html"]
    assert after["part/two.html"] == before["part/two.html"]
    assert "One more." in deck(book, "one").read_text()


def test_a_number_that_changes_elsewhere_changes_in_the_deck(book: Path) -> None:
    assert "Chapter 2" in deck(book, "part/two").read_text()
    small(book, {"new": "# New\n", "one": ONE, "part/two": TWO})
    build(book)
    assert "Chapter 3" in deck(book, "part/two").read_text()


def test_the_deck_of_a_removed_chapter_goes(book: Path) -> None:
    (book / "part" / "two.md").unlink()
    small(book, {"one": ONE})
    build(book)
    assert set(stamps(book)) == {"one.html"}
    assert not deck(book, "part/two").parent.exists()


def test_a_chapter_that_loses_its_slides_loses_deck_and_button(book: Path) -> None:
    assert "deck-button" in (book / "_build" / "html" / "one.html").read_text()
    small(book, {"one": ONE.replace('"slide_type": "slide"', '"slide_type": "-"'), "part/two": TWO})
    build(book)
    assert set(stamps(book)) == {"part/two.html"}
    assert "deck-button" not in (book / "_build" / "html" / "one.html").read_text()


def test_pages_in_a_folder_called_slides_stay(tmp_path: Path) -> None:
    folder = small(tmp_path, {"one": ONE, "slides/how": "# How\n"})
    build(folder)
    build(folder)
    assert "How" in (folder / "_build" / "html" / "slides" / "how.html").read_text()


def test_a_build_that_was_killed_before_the_decks_is_mended(book: Path) -> None:
    whole = deck(book, "one").read_bytes()
    deck(book, "one").write_text("half")
    age(deck(book, "one"))
    deck(book, "part/two").unlink()
    assert "slides: 2 written" in build(book)
    assert deck(book, "one").read_bytes() == whole
    assert deck(book, "part/two").exists()


@pytest.mark.parametrize("options", [("-W",), ("-W", "--keep-going")])
def test_a_warning_while_writing_decks_fails_this_build_and_the_next(
    tmp_path: Path, options: tuple[str, ...]
) -> None:
    bad = '+++ {"slideshow": {"slide_type": "slide", "lines": "9"}}\n\n```\ncode\n```\n'
    folder = small(tmp_path, {"one": f"# One\n\n{bad}", "two": TWO})
    for _ in range(2):
        done = build_small(folder, *options)
        assert done.returncode != 0
        assert "one.md:8" in done.stderr
        assert "the code has lines 1 to 1" in done.stderr
    small(folder, {"one": ONE, "two": TWO})
    build(folder, *options)


def test_no_other_output_where_none_is_asked_for(tmp_path: Path) -> None:
    folder = small(tmp_path, {"one": ONE}, conf="also_build = []\n")
    build(folder)
    assert not (folder / "_build" / "html" / "slides").exists()


def test_the_decks_alone(tmp_path: Path) -> None:
    folder = small(tmp_path, {"one": ONE})
    site = folder / "_build" / "html"
    done = builds.run([sys.executable, "-m", "sphinx", "-b", "slides", folder, site])
    assert done.returncode == 0, done.stderr
    assert (folder / "_build" / "html" / "_static" / "pygments.css").exists()
    assert "Some words." in deck(folder, "one").read_text()


def test_jupyter_book_writes_both(deck_book: Path) -> None:
    site = deck_book / "_build" / "html"
    made = {p.stem for p in (site / "slides").iterdir()}
    assert made == {"descent", "foreign", "blocks"}
    shown = BeautifulSoup((site / "slides" / "descent.html").read_text(), "html.parser")
    # What other extensions number and resolve is right in the deck.
    text = " ".join(shown.get_text().split())
    for words in ("Theorem 1.1", "Problem 1.1 (The best rate)", "Fig. 1.1", "we stand at 0.035"):
        assert words in text, words
    page = (site / "descent.html").read_text()
    assert "seen on slides alone" not in page
    assert "Hands up" not in page
    links = {a.get_text(): str(a["href"]) for a in shown.select("section a.reference.internal")}
    assert links["Cauchy, 1847"].startswith("../plain.html#")
    assert links["A chapter without slides"] == "../plain.html#sec-plain"
    again = builds.jupyter_book(deck_book, "-n", "-W", "--keep-going")
    assert again.returncode == 0, again.stdout + again.stderr
    assert "0 added, 0 changed, 0 removed" in again.stdout
    assert "slides:" not in again.stdout
