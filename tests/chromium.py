"""The Chromium of the browser tests: the machine's own, or Playwright's where there is none."""

from __future__ import annotations

import os
import shutil

import pytest
from playwright.sync_api import Browser, Error, Playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def chromium_path() -> str | None:
    """Return a Chromium of this machine, ``None`` where Playwright must bring its own."""
    named = os.environ.get("CHROMIUM")
    return named or next(filter(None, map(shutil.which, NAMES)), None)


def launch(playwright: Playwright) -> Browser:
    """Start Chromium, or skip with the reason; under CI a missing browser is an error."""
    try:
        return playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
    except Error as error:
        reason = f"no Chromium could be started: {str(error).splitlines()[0]}"
        if os.environ.get("CI"):
            raise RuntimeError(reason) from error
        pytest.skip(reason)
