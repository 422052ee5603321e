"""The browser's scripts: their types, as the comments in them say, checked by TypeScript."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from gdbook.publish.core import npm
from gdbook.publish.core.places import PUBLISH

TOOLS = Path(__file__).parents[1] / "npm"
OPTIONS = ["--noEmit", "--allowJs", "--checkJs", "--strict", "--target", "es2022"]
OPTIONS += ["--lib", "es2022,dom,dom.iterable", "--module", "es2022"]
OPTIONS += ["--moduleResolution", "bundler"]
CHECKED = [
    path
    for path in sorted(PUBLISH.rglob("*js"))
    if path.is_file() and "// @ts-check" in path.read_text("utf-8")
]


def tsc(path: Path) -> subprocess.CompletedProcess[str]:
    compiler = npm.package("typescript", TOOLS) / "lib" / "tsc.js"
    command = [str(npm.node()), str(compiler), *OPTIONS, str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("path", CHECKED, ids=lambda path: path.name)
def test_types_are_right(path: Path) -> None:
    done = tsc(path)
    assert done.returncode == 0, done.stdout


def test_a_wrong_type_is_seen(tmp_path: Path) -> None:
    (tmp_path / "wrong.mjs").write_text("/** @type {number} */\nlet x = 1;\nx = 'one';\n")
    done = tsc(tmp_path / "wrong.mjs")
    assert done.returncode != 0
    assert "wrong.mjs(3,1): error" in done.stdout


def test_new_scripts_are_checked() -> None:
    assert {"live.mjs", "answers.mjs"} <= {path.name for path in CHECKED}
