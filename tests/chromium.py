"""The Chromium of the browser tests: the machine's own, or Playwright's where there is none."""

from __future__ import annotations

from playwright.sync_api import Browser, Error, Playwright

from gdbook.publish.formats.slides.fit import FLAGS, chromium_path
from lacking import lacking


def launch(playwright: Playwright) -> Browser:
    """Start Chromium, or skip with the reason; under CI a missing browser is an error."""
    try:
        return playwright.chromium.launch(executable_path=chromium_path(), args=list(FLAGS))
    except Error as error:
        lacking(f"no Chromium could be started: {str(error).splitlines()[0]}")
