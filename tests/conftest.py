"""What several folders of tests share: the book itself, built once, and one Chromium."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, sync_playwright

from chromium import launch

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


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests: Playwright can be started once in a process."""
    with sync_playwright() as playwright:
        chromium = launch(playwright)
        yield chromium
        with suppress(Error):
            chromium.close()
