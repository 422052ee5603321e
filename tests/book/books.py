"""Books built as an author builds them, and what Sphinx read of them."""

from __future__ import annotations

import os
import pickle
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
SAMPLE = Path(__file__).parent / "sample"


def build(source: Path, *options: str, output: Path | None = None) -> tuple[int, str]:
    """Build a book with the command line; return exit status and all that was said."""
    command = [str(Path(sys.executable).with_name("jupyter-book")), "build", *options]
    if output is not None:
        command += ["--path-output", str(output)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "NO_COLOR": "1"}
    done = subprocess.run(  # the command is made here
        [*command, str(source)], capture_output=True, text=True, check=False, env=environment
    )
    return done.returncode, re.sub(r"\x1b\[[0-9;]*m", "", done.stdout + done.stderr)


def copy(source: Path, target: Path) -> Path:
    """Copy a book's sources, not what was built from them."""
    return Path(shutil.copytree(source, target, ignore=shutil.ignore_patterns("_build")))


def doctrees(built: Path) -> dict[str, Any]:
    """Return what Sphinx read, by document."""
    folder = built / "_build" / ".doctrees"
    return {
        str(p.relative_to(folder).with_suffix("")): pickle.loads(p.read_bytes())
        for p in sorted(folder.rglob("*.doctree"))
    }
