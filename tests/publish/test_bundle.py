"""Scripts joined from modules run as they did apart, and errors in them are told."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
from pathlib import Path

import pytest
from sphinx.errors import ExtensionError

from gdbook.publish.core import npm
from gdbook.publish.core.scripts import bundle
from gdbook.publish.figures import NEAR, SCRIPTS, assets


def run(script: str) -> str:
    done = subprocess.run(
        [str(npm.node()), "--eval", script], capture_output=True, text=True, check=True
    )
    return done.stdout


def test_modules_share_one_scope_each_once_and_in_order(tmp_path: Path) -> None:
    (tmp_path / "base.mjs").write_text(
        "// A note. @ts-check\n/** @type {number} */\nlet count = 0;\n"
        "export const add = () => (count += 1);\n"
    )
    (tmp_path / "left.mjs").write_text(
        'import { add } from "./base.mjs";\n\nexport function left() {\n  return add();\n}\n'
    )
    (tmp_path / "entry.mjs").write_text(
        'import { add } from "./base.mjs";\nimport { left } from "./left.mjs";\n'
        'const url = /** @type {string} */ ("http://x"); // not a comment\'s start\n'
        "console.log(JSON.stringify([left(), add(), url]));\n"
    )
    text = bundle(tmp_path / "entry.mjs")
    assert json.loads(run(text)) == [1, 2, "http://x"]
    assert "@ts" not in text
    assert "\n" not in text.strip()
    assert len(text) < 150


@pytest.mark.parametrize(
    "line",
    ['import { gone } from "./base.mjs";', 'import { add } from "./gone.mjs";', "const = 3;"],
)
def test_an_error_is_told_with_its_file_and_line(tmp_path: Path, line: str) -> None:
    (tmp_path / "base.mjs").write_text("export const add = 0;\n")
    (tmp_path / "entry.mjs").write_text(f"{line}\nconsole.log(gone ?? add);\n")
    with pytest.raises(
        ExtensionError, match=r"esbuild cannot read entry\.mjs:(?s:.*)entry\.mjs:1:"
    ):
        bundle(tmp_path / "entry.mjs")


def test_every_script_of_the_site_can_be_read(tmp_path: Path) -> None:
    made = assets()
    assert set(SCRIPTS.values()) < set(made)
    for name, text in made.items():
        if name.endswith(".mjs"):
            (tmp_path / "script.js").write_text(text)
            done = subprocess.run(
                [str(npm.node()), "--check", str(tmp_path / "script.js")],
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stderr
            assert re.search(r"^(import|export) ", text, re.MULTILINE) is None


def test_the_loader_names_each_script_s_very_text() -> None:
    made = assets()
    for name in SCRIPTS.values():
        found = re.search(rf'"{re.escape(name)}\?v=([0-9a-f]{{8}})"', made[NEAR])
        assert found is not None
        assert found[1] == hashlib.sha256(made[name].encode()).hexdigest()[:8]
