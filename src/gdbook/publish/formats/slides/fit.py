"""Does every slide fit? A real browser shows each one and measures it.

::

    python -m gdbook.publish.formats.slides.fit _build/html

tells, for each slide that doesn't, the chapter, the cell that begins it, the line of
the source, and how many pixels are outside. Needs Playwright and a Chromium.
"""

from __future__ import annotations

import argparse
import functools
import http.server
import os
import shutil
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

WIDTH, HEIGHT = 1280, 720

#: Notebooks have no lines; MyST-NB counts their cells in ten thousands.
NOTEBOOK_LINE = 10_000

#: Where a Chromium is looked for; Playwright brings its own where there is none. The one without
#: a window of its own draws the same pages and opens them three times as fast.
BROWSERS = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
)
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--font-render-hinting=none",  # letters as wide as in a window, not fitted to pixels
)

MEASURE = Path(__file__).with_name("fit.js").read_text("utf-8")


@dataclass(frozen=True)
class Misfit:
    """A slide that shows more than there is room for.

    Attributes
    ----------
    chapter : str
        The chapter's name, as in the table of contents.
    cell : int
        Number of the cell that begins the slide, from 1.
    line : int
        The cell's line in the source; for a notebook 10 000 times the cell's number.
    heading : str
        The slide's heading, empty where it has none.
    across, down : int
        Pixels outside the slide's margins.
    """

    chapter: str
    cell: int
    line: int
    heading: str
    across: int
    down: int

    def __str__(self) -> str:
        where = f"cell {self.cell}"
        if 0 < self.line < NOTEBOOK_LINE:
            where += f", line {self.line}"
        if self.heading:
            where += f" (“{self.heading}”)"
        too = [
            f"{pixels} px too {dimension}"
            for pixels, dimension in ((self.down, "high"), (self.across, "wide"))
            if pixels > 0
        ]
        return f"{self.chapter}: {where}: the slide is {' and '.join(too)}"


def measure(page: Page, url: str, chapter: str) -> list[Misfit]:
    """Measure every slide of one deck.

    Parameters
    ----------
    page : playwright.sync_api.Page
        A page of 1280 × 720.
    url : str
        The deck's address.
    chapter : str
        The chapter's name, for the result.

    Returns
    -------
    list of Misfit
        All slides, in order; those that fit have no pixels outside.
    """
    page.goto(url)
    page.wait_for_selector("html[data-deck=ready]")
    page.evaluate("() => document.fonts.ready.then(() => true)")
    found: list[dict[str, Any]] = page.evaluate(MEASURE)
    return [Misfit(chapter, **one) for one in found]


def misfits(site: Path, browser: Browser) -> Iterator[Misfit]:
    """Yield every slide of a site that doesn't fit.

    Parameters
    ----------
    site : Path
        The built book, ``_build/html``.
    browser : playwright.sync_api.Browser
        A Chromium.

    Raises
    ------
    FileNotFoundError
        If the site has no decks.
    """
    folder = site / "slides"
    paths = sorted(folder.rglob("*.html"))
    if not paths:
        raise FileNotFoundError(f"no decks in {folder}: build the book first")
    page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, reduced_motion="reduce")
    try:
        with served(site) as address:
            for path in paths:
                name = path.relative_to(folder).as_posix()
                for slide in measure(page, f"{address}/slides/{name}", name.removesuffix(".html")):
                    if slide.across > 0 or slide.down > 0:
                        yield slide
    finally:
        page.close()


def chromium_path() -> str | None:
    """Return a Chromium of this machine, or the one that the variable ``CHROMIUM`` names."""
    named = os.environ.get("CHROMIUM")
    return named or next(filter(None, map(shutil.which, BROWSERS)), None)


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on this machine and give its address."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


def main(arguments: Sequence[str] | None = None) -> int:
    """Check a site from the command line; 1 where a slide doesn't fit."""
    parser = argparse.ArgumentParser(
        prog="python -m gdbook.publish.formats.slides.fit", description=__doc__
    )
    parser.add_argument("site", type=Path, help="the built book, _build/html")
    site: Path = parser.parse_args(arguments).site
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=list(FLAGS))
        try:
            found = list(misfits(site, browser))
        except FileNotFoundError as error:
            print(error, file=sys.stderr)
            return 2
        finally:
            browser.close()
    for slide in found:
        print(slide)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
