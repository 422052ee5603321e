"""What pre-commit runs: local programs alone, which find what they are for."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from commands import ROOT

CONFIG = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))
HOOKS: dict[str, dict[str, Any]] = {
    hook["id"]: hook for repo in CONFIG["repos"] for hook in repo["hooks"]
}
TOC = "format: jb-book\nroot: book/index\nchapters:\n  - file: book/one\n  - file: book/two\n"


def hook(name: str, *files: str, cwd: Path) -> tuple[int, str]:
    """Run a hook as pre-commit does, with the programs of this repository's `.ci`."""
    if not (cwd / ".ci").exists():
        (cwd / ".ci").symlink_to(ROOT / ".ci")
    words = [*shlex.split(HOOKS[name]["entry"]), *files]
    active = {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        words, cwd=cwd, env=os.environ | active, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def test_nothing_is_fetched() -> None:
    assert [repo["repo"] for repo in CONFIG["repos"]] == ["local"]
    assert all(h["language"] == "system" for h in HOOKS.values())
    assert not [h for h in HOOKS.values() if "additional_dependencies" in h]


@pytest.mark.parametrize(
    ("pages", "said"),
    [
        (["index", "one", "two"], []),
        (["index", "one"], ["_toc.yml names book/two, but there is no such page"]),
        (["index", "one", "two", "x/3"], ["book/x/3 is not in _toc.yml: enter it, or remove it"]),
    ],
)
def test_pages_and_contents_are_held_together(
    tmp_path: Path, pages: list[str], said: list[str]
) -> None:
    (tmp_path / "_toc.yml").write_text(TOC)
    for page in pages:
        path = tmp_path / "book" / f"{page}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("# A page\n")
    code, output = hook("contents", cwd=tmp_path)
    assert (code, output.split("\n")[:-1]) == (bool(said), said or [""])


def test_contents_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    (tmp_path / "_toc.yml").write_text("format: jb-book\nchapters: []\n")
    code, output = hook("contents", cwd=tmp_path)
    assert code == 1
    assert output.startswith("_toc.yml cannot be read: ")
    assert output.count("\n") == 1


def test_a_large_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "small.csv").write_bytes(b"1" * 500_000)
    (tmp_path / "large.csv").write_bytes(b"1" * 500_001)
    code, output = hook("large-files", "small.csv", "large.csv", "gone.csv", cwd=tmp_path)
    assert code == 1
    assert output.startswith("large.csv has 500,001 bytes, more than 500,000")
    assert output.count("\n") == 1
    assert hook("large-files", "small.csv", cwd=tmp_path)[0] == 0


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [("lint", "import os\n", 1), ("lint", '"""Fine."""\n', 0), ("format", "x = 'a'\n", 0)],
)
def test_python_is_linted_and_formatted(tmp_path: Path, name: str, text: str, code: int) -> None:
    (tmp_path / "a.py").write_text(text)
    assert hook(name, "a.py", cwd=tmp_path)[0] == code
    assert (tmp_path / "a.py").read_text() == text.replace("'", '"')


def test_the_repository_itself_passes() -> None:
    assert hook("contents", cwd=ROOT)[0] == 0
    folders = (".ci", "book", "data", "figures", "src", "tests")
    files = [
        path.relative_to(ROOT).as_posix()
        for folder in folders
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and not {"__pycache__", "node_modules"} & set(path.parts)
    ]
    assert len(files) > 100
    code, output = hook("large-files", *files, cwd=ROOT)
    assert code == 0, output
