"""The browser's scripts: their types, as the comments in them say, checked by TypeScript."""

from __future__ import annotations

import subprocess
from pathlib import Path

from gdbook.publish.core import npm
from gdbook.publish.core.places import PUBLISH

TOOLS = Path(__file__).parents[1] / "npm"
OPTIONS = ["--noEmit", "--allowJs", "--checkJs", "--strict", "--target", "es2022"]
OPTIONS += ["--lib", "es2022,dom,dom.iterable", "--module", "es2022"]
# Each file alone, also one that imports nothing: a name of another's is unknown.
OPTIONS += ["--moduleResolution", "bundler", "--moduleDetection", "force"]
CHECKED = [
    path
    for path in sorted(PUBLISH.rglob("*js"))
    if path.is_file() and "// @ts-check" in path.read_text("utf-8")
]


def tsc(*paths: Path) -> subprocess.CompletedProcess[str]:
    compiler = npm.package("typescript", TOOLS) / "lib" / "tsc.js"
    command = [str(npm.node()), str(compiler), *OPTIONS, *map(str, paths)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_types_are_right() -> None:
    done = tsc(*CHECKED)
    assert done.returncode == 0, done.stdout


def test_a_wrong_type_is_seen(tmp_path: Path) -> None:
    sources = {
        "right.mjs": "let y = 1;\ny += 1;\n",
        "wrong.mjs": "/** @type {number} */\nlet x = 1;\nx = 'one';\n",
        "of_another.mjs": "\n\ny = 1\n",
    }
    for name, source in sources.items():
        (tmp_path / name).write_text(source)
    done = tsc(*(tmp_path / name for name in sources))
    assert done.returncode != 0
    assert "wrong.mjs(3,1): error" in done.stdout
    assert "of_another.mjs(3,1): error" in done.stdout
    assert "right.mjs" not in done.stdout


def test_new_scripts_are_checked() -> None:
    assert {"live.mjs", "answers.mjs"} <= {path.name for path in CHECKED}
