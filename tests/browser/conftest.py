"""Fixtures: the sample book as built, served on this machine, seen by a real Chromium."""

from __future__ import annotations

import functools
import http.server
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pytest
import yaml
from playwright.sync_api import Browser, Page

from gdbook.publish import PARTS

ROOT = Path(__file__).parents[2]
SAMPLE = Path(__file__).parent / "book"
# Parts that hold chapters to rules which the sample, a show of forms, does not keep; and decks.
LEFT_OUT = {"also_build", "claims", "notebooks", "print", "slides"}


def sample_config(bibliography: str = "references.bib") -> dict[str, Any]:
    """Return the book's own configuration, pointed at a small book."""
    config: dict[str, Any] = yaml.safe_load((ROOT / "_config.yml").read_text())
    config["bibtex_bibfiles"] = [bibliography]
    config["exclude_patterns"] = ["_build"]
    settings = config["sphinx"]["config"]
    settings["gdbook_parts"] = [name for name in PARTS if name not in LEFT_OUT]
    settings["audit"] = "none"
    for name in [name for name in settings if name.startswith(("also_build", "print_"))]:
        del settings[name]
    return config


def build(source: Path, target: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Build a book with ``jupyter-book``, as a reader would.

    Parameters
    ----------
    source, target : Path
        The book's folder (with ``_config.yml`` and ``_toc.yml``) and that for ``_build``.
    options : str
        Further options of ``jupyter-book build``.
    """
    return subprocess.run(
        [
            str(Path(sys.executable).with_name("jupyter-book")),
            "build",
            *options,
            "--path-output",
            str(target),
            str(source),
        ],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "OMP_NUM_THREADS": "1"},
    )


@dataclass
class Site:
    """A folder of pages, served at an address of this machine."""

    folder: Path
    address: str

    def pages(self) -> list[str]:
        """Return the address of every page, in order; decks and the front door are none."""
        return [
            f"{self.address}/{page.relative_to(self.folder).as_posix()}"
            for page in sorted(self.folder.rglob("*.html"))
            if "<article" in page.read_text(encoding="utf-8")
        ]

    def file(self, url: str) -> Path:
        """Return the file behind an address of the site."""
        return self.folder / url.removeprefix(self.address).lstrip("/")

    def text(self, url: str) -> str:
        """Return the HTML of a page."""
        return self.file(url).read_text(encoding="utf-8")


@dataclass
class Watched:
    """A page, and what it should not have done."""

    page: Page
    outside: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def go(self, url: str) -> Page:
        """Load a page and wait until its fonts are there."""
        self.page.goto(url)
        self.page.evaluate("() => document.fonts.ready.then(() => true)")
        return self.page

    def unfold(self) -> None:
        """Open every box, and wait until the page has done what it does then."""
        self.page.evaluate("document.querySelectorAll('details').forEach((box) => box.open = true)")
        self.settle()

    def settle(self) -> None:
        """Wait until what was shown last is laid out, in its fonts, and measured.

        An observer of sizes is called in the frame that lays the page out, and what it asks for
        happens in the next one: frames are counted, since a slow machine's take longer.
        """
        self.page.evaluate(
            """async () => {
                document.body.getBoundingClientRect();  // asks for the fonts that it needs
                await document.fonts.ready;
                for (let n = 0; n < 4; n++) await new Promise(requestAnimationFrame);
            }"""
        )


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(scope="session")
def serve() -> Iterator[Any]:
    """Serve folders on 127.0.0.1, each at a port of its own."""
    servers: list[http.server.ThreadingHTTPServer] = []

    def start(folder: Path) -> Site:
        handler = functools.partial(_Quiet, directory=str(folder))
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return Site(folder, f"http://127.0.0.1:{server.server_port}")

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="session")
def sample_site(tmp_path_factory: pytest.TempPathFactory, serve: Any) -> Site:
    """The sample book, built with warnings as errors and served."""
    work = tmp_path_factory.mktemp("sample")
    source = work / "book"
    shutil.copytree(SAMPLE, source, ignore=shutil.ignore_patterns("_build"))
    shutil.copy(ROOT / "figures" / "cover.svg", source)
    (source / "_config.yml").write_text(yaml.safe_dump(sample_config()))
    done = build(source, work, "-n", "-W", "--keep-going")
    assert done.returncode == 0, done.stdout + done.stderr
    site: Site = serve(work / "_build" / "html")
    return site


@pytest.fixture(scope="session")
def book_site(whole_book: Path, serve: Any) -> Site:
    """The book itself, served."""
    site: Site = serve(whole_book / "_build" / "html")
    return site


@pytest.fixture(scope="session", params=["sample", "book"])
def any_site(request: pytest.FixtureRequest) -> Site:
    """Each of the two, for what must hold on every page."""
    site: Site = request.getfixturevalue(f"{request.param}_site")
    return site


@pytest.fixture
def watch(browser: Browser) -> Iterator[Any]:
    """Open pages that note every request to another host and every error of the console.

    ``watch(width=390, scheme="dark")`` takes further options of a Playwright context.
    """
    contexts = []

    def open_page(
        *,
        width: int = 1280,
        height: int = 900,
        scheme: Literal["light", "dark"] = "light",
        **more: Any,
    ) -> Watched:
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, **more
        )
        contexts.append(context)
        seen = Watched(context.new_page())
        page = seen.page
        local = ("http://127.0.0.1", "data:", "blob:", "about:")
        page.on(
            "request", lambda r: None if r.url.startswith(local) else seen.outside.append(r.url)
        )
        page.on("console", lambda m: seen.errors.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda e: seen.errors.append(str(e)))
        page.on(
            "response",
            lambda r: seen.errors.append(f"{r.status} {r.url}") if r.status >= 400 else None,
        )
        return seen

    yield open_page
    for context in contexts:
        context.close()
