from __future__ import annotations

import fcntl
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import watchfiles
from playwright.sync_api import Browser, Route
from small_book import SmallBook, alive, clean_environment, until

from gdbook.publish.preview.server import BookFilter

PATIENCE = 120_000


@pytest.fixture
def book(tmp_path: Path) -> SmallBook:
    return SmallBook(tmp_path / "book")


@contextmanager
def serving(
    book: SmallBook, log: Path, scratch: Path | None = None, *, background: bool = False
) -> Iterator[subprocess.Popen[bytes]]:
    """A running `gdbook serve`, what it says, and perhaps its folder of temporary files.

    In the background of a shell that is no terminal's it ignores Ctrl-C, with all that it starts.
    """
    ignoring = ["sh", "-c", "trap '' INT; exec \"$@\"", "sh"] if background else []
    command = [sys.executable, "-m", "gdbook.cli", "serve", "--port", "0", str(book.root)]
    with log.open("w") as words:
        process = subprocess.Popen(
            [*ignoring, *command],
            env=clean_environment() | ({"TMPDIR": str(scratch)} if scratch else {}),
            stdout=words,
            stderr=subprocess.STDOUT,
        )
        try:
            yield process
        finally:
            process.terminate()
            process.wait(timeout=60)


@pytest.fixture
def served(book: SmallBook, tmp_path: Path) -> Iterator[str]:
    """Address of a running `gdbook serve`."""
    log = tmp_path / "serve.log"
    with serving(book, log) as process:
        for _ in range(1200):
            found = re.search(r"Serving (\S+)", log.read_text())
            if found or process.poll() is not None:
                break
            time.sleep(0.1)
        assert found, log.read_text()
        yield found[1]


@pytest.mark.book
@pytest.mark.browser
def test_saving_a_file_reloads_the_open_page(
    served: str, book: SmallBook, browser: Browser
) -> None:
    page = browser.new_page()
    page.goto(f"{served}book/helped.html")
    with page.expect_websocket():
        page.reload()
    page.wait_for_selector("text=Prose of the helped chapter")
    book.edit("book/helped.md", "Prose", "Poetry")
    page.wait_for_selector("text=Poetry of the helped chapter", timeout=PATIENCE)
    book.edit("book/kit/helper.py", "2 * x", "3 * x")
    page.wait_for_selector("text=scaled 63", timeout=PATIENCE)
    # A chapter that fails leaves the page; mended, it comes back.
    book.edit("book/kit/helper.py", "3 * x", "x / 0")
    book.edit("book/helped.md", "Poetry", "Drama")
    time.sleep(3)
    assert page.locator("text=Poetry of the helped chapter").count() == 1
    book.edit("book/kit/helper.py", "x / 0", "5 * x")
    page.wait_for_selector("text=scaled 105", timeout=PATIENCE)
    assert page.locator("text=Drama of the helped chapter").count() == 1
    page.close()
    served_page = urllib.request.urlopen(f"{served}book/helped.html").read().decode()
    assert "/-/reload" in served_page
    for path in (book.root / "_build" / "html").rglob("*.html"):
        assert "/-/reload" not in path.read_text("utf8"), path


@pytest.mark.book
def test_what_is_saved_during_the_first_build_is_noticed(book: SmallBook, tmp_path: Path) -> None:
    with serving(book, tmp_path / "serve.log"):
        page = book.root / "_build/html/book/helped.html"
        until(page.exists)  # read and written, while the build goes on
        book.edit("book/helped.md", "Prose", "Poetry")
        until(lambda: "Poetry of the helped" in page.read_text("utf8"))


@pytest.mark.book
@pytest.mark.parametrize(
    ("number", "background"),
    [
        (signal.SIGTERM, False),
        (signal.SIGTERM, True),
        (signal.SIGINT, False),
        (signal.SIGKILL, False),
    ],
)
def test_ended_while_it_builds_it_leaves_nothing_running(
    book: SmallBook, tmp_path: Path, number: signal.Signals, background: bool
) -> None:
    noted = tmp_path / "kernel.txt"
    cell = f"import os, pathlib, time; pathlib.Path({str(noted)!r}).write_text(str(os.getpid()))"
    book.edit("book/alone.md", "print(", f"{cell}; time.sleep(300)\nprint(")
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    lock = book.root / "_build/.gdbook/lock"

    def free() -> bool:
        with lock.open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            return True

    with serving(book, tmp_path / "serve.log", scratch, background=background) as process:
        until(noted.read_text)
        assert not free()
        process.send_signal(number)
        process.wait(timeout=30)
        until(lambda: not alive(int(noted.read_text())))
        until(free)
        until(lambda: not list(scratch.glob("gdbook-*")))


@pytest.mark.book
@pytest.mark.browser
def test_a_page_written_between_its_loading_and_its_listening_reloads(
    served: str, book: SmallBook, browser: Browser
) -> None:
    page = browser.new_page()
    file = book.root / "_build/html/book/helped.html"

    def write_first(route: Route) -> None:  # the page has come, and asks for the script
        if "Prose of" in file.read_text():
            file.write_text(file.read_text().replace("Prose of", "Poetry of"))
        route.continue_()

    page.route("**/-/reload.js", write_first)
    page.goto(f"{served}book/helped.html")
    page.wait_for_selector("text=Poetry of the helped chapter", timeout=PATIENCE)


@pytest.mark.book
@pytest.mark.browser
def test_an_open_deck_reloads_when_it_is_written(
    served: str, book: SmallBook, browser: Browser
) -> None:
    plugin = "    nb_render_plugin: gdbook\n"  # keeps slide types
    book.write("_config.yml", book.read("_config.yml") + plugin)
    cell = ':alt: "a number"'
    book.edit("book/helped.md", cell, f'{cell}\n:slideshow: {{"slide_type": "slide"}}')
    written = book.root / "_build/html/slides/book/helped.html"
    for _ in range(1200):
        if written.exists():
            break
        time.sleep(0.1)
    page, other = browser.new_page(), browser.new_page()
    for one, address in ((page, "slides/book/helped.html"), (other, "book/alone.html")):
        with one.expect_websocket():
            one.goto(f"{served}{address}")
    page.wait_for_selector("text=scaled 42", state="attached")
    other.evaluate("window.kept = true")
    book.edit("book/kit/helper.py", "2 * x", "7 * x")
    page.wait_for_selector("text=scaled 147", state="attached", timeout=PATIENCE)
    assert other.evaluate("window.kept"), "a page that was not written does not reload"
    page.close()
    other.close()


@pytest.mark.book
def test_a_file_is_sent_again_only_if_it_changed(served: str, book: SmallBook) -> None:
    def ask(address: str, tag: str | None = None) -> tuple[int, str, str]:
        request = urllib.request.Request(served + address)
        if tag is not None:
            request.add_header("If-None-Match", tag)
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.status, answer.headers["Etag"], answer.headers["Cache-Control"]
        except urllib.error.HTTPError as error:
            return error.code, error.headers["Etag"], error.headers["Cache-Control"]

    site = book.root / "_build" / "html"
    (site / "a.svg").write_text("<svg/>")
    status, tag, caching = ask("a.svg")
    assert (status, caching) == (200, "no-cache")
    assert ask("a.svg", tag) == (304, tag, "no-cache")
    (site / "a.svg").write_text("<svg></svg>")
    status, other, _ = ask("a.svg", tag)
    assert status == 200
    assert other != tag
    # An address with a checksum always stands for the same bytes.
    assert "max-age" in ask("a.svg?v=1234abcd")[2]


def refused(*words: str) -> str:
    """What `gdbook serve` says when it cannot serve: in a process of its own, without a loop."""
    command = [sys.executable, "-m", "gdbook.cli", "serve", *words]
    done = subprocess.run(
        command, env=clean_environment(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    return done.stderr


def test_where_there_is_no_book_it_says_so(tmp_path: Path) -> None:
    assert "there is no _config.yml in" in refused(str(tmp_path))


def test_a_port_in_use_is_told(book: SmallBook) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert "is taken, maybe by another preview" in refused(
            "--port", str(taken.getsockname()[1]), str(book.root)
        )


@pytest.mark.parametrize(
    ("name", "matters"),
    [
        ("book/a.md", True),
        ("_toc.yml", True),
        ("src/gdbook/plots.py", True),
        ("_build/html/index.html", False),
        ("book/__pycache__/a.pyc", False),
        ("book/.a.md.swp", False),
        (".git/index", False),
    ],
)
def test_what_the_watcher_notices(tmp_path: Path, name: str, matters: bool) -> None:
    notice = BookFilter(tmp_path)
    assert notice(watchfiles.Change.modified, str(tmp_path / name)) == matters
