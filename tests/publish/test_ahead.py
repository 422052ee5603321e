"""Builds that are set up before they are wanted."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from small_book import SmallBook, clean_environment

from gdbook.publish import builder
from gdbook.publish.builder import Build

pytestmark = pytest.mark.book


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallBook:
    made = SmallBook.warm(tmp_path, monkeypatch)
    made.build()
    return made


def waiting(book: SmallBook) -> Build:
    """A build that is set up, or about to be."""
    book.ran_file.write_text("")
    return Build(book.root, ahead=True)


def path(book: SmallBook, name: str) -> str:
    return str(book.root / f"book/{name}.md")


def test_it_builds_what_was_saved_while_it_waited(book: SmallBook) -> None:
    build = waiting(book)
    time.sleep(1)
    book.edit("book/helped.md", "Prose", "Poetry")
    book.edit("book/alone.md", "6 * 7", "6 * 8")
    book.edit("book/kit/helper.py", "2 * x", "3 * x")
    build.go([path(book, "helped"), path(book, "alone")])
    built = build.end()
    assert built is not None
    assert built.ok, built.log
    assert "Poetry of the helped" in book.page("helped")
    assert "alone 48" in book.page("alone")
    assert "scaled 63" in book.page("helped")
    assert sorted(book.ran_file.read_text().split()) == ["alone", "helped"]
    # The site is the one that a build from nothing writes.
    site = book.site()
    shutil.rmtree(book.root / "_build")
    book.build()
    assert book.site() == site


def test_it_goes_on_at_once_when_the_word_came_before_it_was_ready(book: SmallBook) -> None:
    build = waiting(book)
    book.edit("book/helped.md", "Prose", "Poetry")
    build.go([path(book, "helped")])
    built = build.end()
    assert built is not None
    assert built.ok, built.log
    assert "Poetry of the helped" in book.page("helped")


def test_it_keeps_no_other_build_waiting_and_gives_way_to_it(book: SmallBook) -> None:
    build = waiting(book)
    time.sleep(1)
    book.edit("book/helped.md", "Prose", "Poetry")
    other = book.build()
    assert "waiting for it" not in other.log
    build.go([path(book, "helped")])
    assert build.end() is None
    assert book.build().read == []  # nothing was spoilt


@pytest.mark.parametrize(
    "changed", ["book/new.md", "_toc.yml", "_config.yml", "book/kit/helper.py", "data/numbers.csv"]
)
def test_it_is_in_vain_when_more_than_known_pages_changed(book: SmallBook, changed: str) -> None:
    build = waiting(book)
    build.go([str(book.root / changed)])
    assert build.end() is None


def test_it_is_in_vain_when_it_could_not_be_set_up(book: SmallBook) -> None:
    text = book.read("_config.yml")
    book.write("_config.yml", "title: [")
    build = waiting(book)
    time.sleep(2)  # it fails
    book.write("_config.yml", text)
    build.go([path(book, "helped")])
    assert build.end() is None


def test_it_is_in_vain_after_a_build_that_was_interrupted(book: SmallBook) -> None:
    book.edit("book/alone.md", "print(", "import time; time.sleep(30)\nprint(")
    running = Build(book.root)
    journal = book.root / "_build/.gdbook/journal.json"
    before = journal.read_bytes()
    book.edit("book/alone.md", "import time; time.sleep(30)\n", "")
    journal.write_bytes(before.replace(b'"finished": true', b'"finished": false'))
    os.kill(running.pid, signal.SIGKILL)
    running.finish()
    build = waiting(book)
    build.go([path(book, "helped")])
    assert build.end() is None


def test_nobody_wants_it_and_it_ends_without_a_trace(book: SmallBook) -> None:
    before = book.times()
    book.edit("book/helped.md", "Prose", "Poetry")
    build = waiting(book)
    time.sleep(1)
    build.forget()
    assert build.end() is None
    assert book.times() == before


def test_a_process_whose_code_was_edited_asks_for_another(book: SmallBook) -> None:
    asked = {"root": str(book.root), "changed": [builder.__file__]}
    done = subprocess.run(
        [sys.executable, "-m", "gdbook.publish.builder"],
        env=clean_environment(),
        input=json.dumps(asked) + "\n",
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (builder.AGAIN, ""), done.stderr


def test_the_building_process_sets_builds_up_and_takes_them_along(book: SmallBook) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "gdbook.publish.builder"],
        env=clean_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None

    def ask(*changed: str) -> dict[str, object]:
        assert process.stdin is not None
        assert process.stdout is not None
        request = {"root": str(book.root), "changed": [str(book.root / c) for c in changed]}
        process.stdin.write(json.dumps(request) + "\n")
        process.stdin.flush()
        answer: dict[str, object] = json.loads(process.stdout.readline())
        return answer

    def children() -> set[str]:
        task = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        return set(task.read_text().split()) if task.exists() else set()

    try:
        assert ask()["ok"]
        for number, word in enumerate(["Poetry", "Drama", "Essays"]):
            book.edit("book/helped.md", ["Prose", "Poetry", "Drama"][number], word)
            answer = ask("book/helped.md")
            assert answer["ok"], answer
            assert f"{word} of the helped" in book.page("helped")
        # A page more is more than what is waiting was set up for.
        book.chapter("more", "# One more\n\nA page of its own.\n")
        book.names.append("more")
        book.write_toc()
        answer = ask("book/more.md", "_toc.yml")
        assert answer["ok"], answer
        assert "A page of its own" in book.page("more")
        left = children()
        process.kill()
        process.wait()
        deadline = time.monotonic() + 20
        while any(Path(f"/proc/{pid}").exists() for pid in left):
            assert time.monotonic() < deadline, f"{left} outlive the process that wanted them"
            time.sleep(0.1)
    finally:
        process.kill()
        process.communicate()
