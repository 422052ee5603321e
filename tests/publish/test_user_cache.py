"""What is kept for all books of a user: made once, whoever asks, and never wrong."""

from __future__ import annotations

import os
import time
from pathlib import Path

import platformdirs
import pytest
from jinja2 import DictLoader, Environment
from small_book import SmallBook, tree

from gdbook.publish.core import user_cache
from gdbook.publish.site.html_setup import Compiled


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache."""
    monkeypatch.setenv(user_cache.FOLDER, str(tmp_path / "cache"))
    (tmp_path / "cache").mkdir()
    return tmp_path / "cache" / "gdbook"


@pytest.fixture
def tool(tmp_path: Path) -> Path:
    path = tmp_path / "tool"
    path.write_text("first")
    return path


class Work:
    """Makes something, and counts how often."""

    def __init__(self, made: bytes = b"made\nof two lines") -> None:
        self.made, self.times = made, 0

    def __call__(self) -> bytes:
        self.times += 1
        return self.made


def test_work_is_done_once_for_a_question_and_what_it_rests_on(folder: Path, tool: Path) -> None:
    work = Work()
    for _ in range(3):
        assert user_cache.kept(["a", 1], work, [tool]) == work.made
    assert work.times == 1
    user_cache.kept(["a", 2], work, [tool])
    assert work.times == 2
    tool.write_text("second")
    user_cache.kept(["a", 1], work, [tool])
    assert work.times == 3
    assert len(list(folder.iterdir())) == 3  # and nothing half-written


@pytest.mark.parametrize("damage", [b"", b"\n", b"no mark", b"\xff\n"])
def test_what_was_damaged_is_made_again(folder: Path, tool: Path, damage: bytes) -> None:
    work = Work()
    user_cache.kept("a", work, [tool])
    [path] = folder.iterdir()
    for content in (damage, path.read_bytes()[:-1]):
        path.write_bytes(content)
        assert user_cache.kept("a", work, [tool]) == work.made
    assert work.times == 3
    user_cache.kept("a", work, [tool])
    assert work.times == 3


def test_what_fails_is_not_kept(folder: Path) -> None:
    def fail() -> bytes:
        raise ValueError("no such letter")

    with pytest.raises(ValueError, match="no such letter"):
        user_cache.kept("a", fail, [])
    assert user_cache.kept("a", Work(b"now"), []) == b"now"
    assert len(list(folder.iterdir())) == 1


def test_without_a_place_work_is_done_each_time(folder: Path) -> None:
    folder.write_text("a file is no folder")
    work = Work()
    assert [user_cache.kept("a", work, []) for _ in range(2)] == [work.made] * 2
    assert work.times == 2


def test_what_no_build_has_used_for_a_month_goes(folder: Path) -> None:
    used, unused = Work(b"used"), Work(b"unused")
    for work in (used, unused):
        user_cache.kept(work.made.decode(), work, [])
    others = folder.with_name("of-another-program")
    others.touch()
    for path in (others, *folder.iterdir()):
        os.utime(path, (time.time() - 31 * 24 * 3600,) * 2)
    user_cache.kept("used", used, [])
    user_cache._remove_old.cache_clear()  # as in another build
    user_cache.kept("new", Work(b"new"), [])
    left = {path.read_bytes().partition(b"\n")[2] for path in folder.iterdir()}
    assert left == {b"used", b"new"}
    assert used.times == 1
    assert others.exists()


def test_templates_are_kept_where_there_is_a_place(folder: Path) -> None:
    compiled = Compiled(str(folder))
    texts = {"page": "{{ 1 + 1 }}"}
    for _ in range(2):
        engine = Environment(loader=DictLoader(texts), bytecode_cache=compiled)
        assert engine.get_template("page").render() == "2"
    [path] = folder.iterdir()
    path.unlink()
    folder.rmdir()
    folder.write_text("a file is no folder")
    engine = Environment(loader=DictLoader(texts), bytecode_cache=compiled)
    assert engine.get_template("page").render() == "2"


def test_it_lies_where_the_system_keeps_caches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(user_cache.FOLDER)
    assert user_cache.folder() == platformdirs.user_cache_path() / "gdbook"


@pytest.mark.book
def test_a_second_book_starts_no_tool_and_has_the_same_files(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = {"plain": "# Plain\n\nWords of a book, and $x^2$.\n"}
    first = SmallBook.warm(tmp_path / "first", monkeypatch, plain)
    first.build()
    kept = tree(folder)
    assert kept

    def never(*_: object, **__: object) -> None:
        raise AssertionError("a tool was started")

    for tool in ("core.scripts._esbuild", "theme.bundles._purged", "theme.fonts._cut"):
        monkeypatch.setattr(f"gdbook.publish.{tool}", never)
    second = SmallBook.warm(tmp_path / "second", monkeypatch, plain)
    second.build()
    assert second.site() == first.site()
    assert tree(folder) == kept
