"""Scripts joined from modules: they run as they did apart, and what is not joined is refused."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
from pathlib import Path

import pytest

from gdbook.publish.core import npm
from gdbook.publish.figures import NEAR, SCRIPTS, assets
from gdbook.publish.figures.bundle import bundle


def run(script: str) -> str:
    done = subprocess.run(
        [str(npm.node()), "--eval", script], capture_output=True, text=True, check=True
    )
    return done.stdout


def test_modules_share_one_scope_each_once_and_in_order(tmp_path: Path) -> None:
    (tmp_path / "base.mjs").write_text(
        "// A note. @ts-check\n/** @type {number} */\nexport let count = 0;\n"
        "export const add = () => (count += 1);\n".replace("export let", "let")
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
    assert text.count("add = ") == 1
    assert "@t" not in text


@pytest.mark.parametrize(
    "line",
    [
        'import * as all from "./base.mjs";',
        'import base from "./base.mjs";',
        "export default 3;",
        "export { count };",
    ],
)
def test_other_forms_are_refused(tmp_path: Path, line: str) -> None:
    (tmp_path / "base.mjs").write_text("const count = 0;\n")
    (tmp_path / "entry.mjs").write_text(f"{line}\n")
    with pytest.raises(ValueError, match=r"entry\.mjs: this form is not joined: "):
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
