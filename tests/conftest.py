"""What several folders of tests share: the book itself, built once."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def whole_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The book as a new reader builds it, warnings as errors; the folder that holds ``_build``."""
    target = tmp_path_factory.mktemp("whole")
    command = [str(Path(sys.executable).with_name("jupyter-book")), "build", "-n", "-W"]
    done = subprocess.run(
        [*command, "--keep-going", "--path-output", str(target), str(ROOT)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "NO_COLOR": "1"},
    )
    said = re.sub(r"\x1b\[[0-9;]*m", "", done.stdout + done.stderr)
    assert done.returncode == 0, said
    return target
