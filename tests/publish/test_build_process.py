"""The process that builds again and again for the live preview."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from small_book import SmallBook, clean_environment

from gdbook.publish.preview import build_process

pytestmark = pytest.mark.book

COMMAND = [sys.executable, "-m", "gdbook.publish.preview.build_process"]


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallBook:
    return SmallBook.warm(tmp_path, monkeypatch)


def test_a_process_whose_code_was_edited_asks_for_another(book: SmallBook) -> None:
    asked = {"root": str(book.root), "changed": [build_process.__file__]}
    done = subprocess.run(
        COMMAND,
        env=clean_environment(),
        input=json.dumps(asked) + "\n",
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (build_process.AGAIN, ""), done.stderr


def test_it_builds_what_was_saved_and_its_children_end_with_it(book: SmallBook) -> None:
    process = subprocess.Popen(
        COMMAND,
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

    try:
        assert ask()["ok"]
        book.edit("book/helped.md", "Prose", "Poetry")
        answer = ask("book/helped.md")
        assert answer["ok"], answer
        assert "Poetry of the helped" in book.page("helped")
        book.chapter("more", "# One more\n\nA page of its own.\n")
        book.names.append("more")
        book.write_toc()
        answer = ask("book/more.md", "_toc.yml")
        assert answer["ok"], answer
        assert "A page of its own" in book.page("more")
        task = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        left = set(task.read_text().split()) if task.exists() else set()
        process.kill()
        process.wait(timeout=60)
        deadline = time.monotonic() + 20
        while any(Path(f"/proc/{pid}").exists() for pid in left):
            assert time.monotonic() < deadline, f"{left} outlive the process that wanted them"
            time.sleep(0.1)
    finally:
        process.kill()
        process.communicate()
