"""Sites as a browser meets them: folders served on this machine, and pages that are watched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property, partial
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, Literal

import yaml
from bs4 import BeautifulSoup
from playwright.sync_api import Browser, BrowserContext, JSHandle, Page

from builds import ROOT
from gdbook.publish import PARTS

#: Milliseconds that code in a page may take: a loaded machine starts WebAssembly slowly.
SLOW = 60_000
# Parts that hold chapters to rules which the samples, shows of forms, do not keep; and decks.
LEFT_OUT = {"also_build", "claims", "notebooks", "print", "slides"}


def sample_config(bibliography: str = "references.bib") -> str:
    """Return the book's own configuration, pointed at a small book."""
    config: dict[str, Any] = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))
    config["bibtex_bibfiles"] = [bibliography]
    config["exclude_patterns"] = ["_build"]
    settings = config["sphinx"]["config"]
    assert set(PARTS) >= LEFT_OUT
    settings["gdbook_parts"] = [name for name in PARTS if name not in LEFT_OUT]
    settings["audit"] = "none"
    for name in [name for name in settings if name.startswith(("also_build", "print_"))]:
        del settings[name]
    return yaml.safe_dump(config)


@dataclass
class Site:
    """A folder of pages, served at an address of this machine."""

    folder: Path
    address: str
    _soups: dict[str, BeautifulSoup] = field(default_factory=dict)
    _ids: dict[str, set[str]] = field(default_factory=dict)

    @cached_property
    def names(self) -> list[str]:
        """Name of every page, in order; decks and the front door are none."""
        return [
            page.relative_to(self.folder).with_suffix("").as_posix()
            for page in sorted(self.folder.rglob("*.html"))
            if "<article" in page.read_text(encoding="utf-8")
        ]

    def url(self, name: str) -> str:
        """Return the address of a page, or of a deck."""
        return f"{self.address}/{name}.html"

    def file(self, url: str) -> Path:
        """Return the file behind an address of the site."""
        return self.folder / url.removeprefix(self.address).lstrip("/")

    def text(self, name: str) -> str:
        """Return the HTML of a page."""
        return (self.folder / f"{name}.html").read_text(encoding="utf-8")

    def soup(self, name: str) -> BeautifulSoup:
        """Return a page as it was parsed once: to be looked at and left as it is."""
        if name not in self._soups:
            self._soups[name] = BeautifulSoup(self.text(name), "html.parser")
        return self._soups[name]

    def ids(self, name: str) -> set[str]:
        """Return the places of a page that a link can lead to."""
        if name not in self._ids:
            reader = _Ids()
            reader.feed(self.text(name))
            self._ids[name] = reader.found
        return self._ids[name]


class _Ids(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.update(value for name, value in attrs if name == "id" and value)


class _Inline(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        if tag == "style" or (tag == "script" and "src" not in names):
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            scheme = (value or "").strip().partition(":")[0].lower()
            if name == "style" or name.startswith("on") or scheme in ("javascript", "data"):
                self.found.append(f'<{tag} {name}="{value}">')


def inline(html: str) -> list[str]:
    """Return what a page has inline that a strict Content-Security-Policy stops."""
    reader = _Inline()
    reader.feed(html)
    return reader.found


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

    def quiet(self) -> Iterator[Page]:
        """Yield the page to a test; it must ask nothing of another host, and log no error."""
        yield self.page
        assert self.outside == []
        assert self.errors == []

    def unfold(self) -> None:
        """Open every box, bring all sections near, and wait until the page has done its part."""
        self.page.evaluate(
            """() => {
                const near = new CSSStyleSheet();
                near.replaceSync("section.far { content-visibility: visible !important }");
                document.adoptedStyleSheets.push(near);
                document.querySelectorAll("details").forEach((box) => { box.open = true; });
            }"""
        )
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


_wait = Page.wait_for_function
_FUNCTION = re.compile(r"\s*(?:async\s+)?(?:function\b|(?:\([^()]*\)|[\w$]+)\s*=>)")


def _wait_for_function(page: Page, expression: str, **more: Any) -> JSHandle:
    """Wait for an expression, too, where the policy forbids a page to evaluate text.

    Playwright hands functions to the page compiled, and expressions as text.
    """
    known = _FUNCTION.match(expression)
    return _wait(page, expression if known else f"() => ({expression})", **more)


Page.wait_for_function = _wait_for_function  # type: ignore[method-assign, assignment]


class Watch:
    """Opens pages that note every request to another host and every error of the console.

    ``watch(width=390, scheme="dark")`` takes further options of a Playwright context.
    """

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.contexts: list[BrowserContext] = []

    def __call__(
        self,
        *,
        width: int = 1280,
        height: int = 900,
        scheme: Literal["light", "dark"] = "light",
        **more: Any,
    ) -> Watched:
        context = self.browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, **more
        )
        self.contexts.append(context)
        seen = Watched(context.new_page())
        page = seen.page
        local = ("http://127.0.0.1", "file://", "data:", "blob:", "about:")
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

    def close(self) -> None:
        """Close what was opened."""
        for context in self.contexts:
            context.close()


#: What the hosts of the tests allow a page: nothing inline, nothing from elsewhere.
POLICY = "default-src 'self'"
#: What they allow a worker, which has a policy of its own: WebAssembly, too.
OF_A_WORKER = f"{POLICY}; script-src 'self' 'wasm-unsafe-eval'"
#: Where they have the site: not at their root.
SHELF = "/on/a/shelf"


class _Strict(SimpleHTTPRequestHandler):
    """A host as strict as one can be that hosts static files."""

    def end_headers(self) -> None:
        worker = self.path.partition("?")[0].endswith("/worker.mjs")
        self.send_header("Content-Security-Policy", OF_A_WORKER if worker else POLICY)
        super().end_headers()

    def translate_path(self, path: str) -> str:
        below = path.removeprefix(SHELF)
        return super().translate_path(below if below != path else "/nothing here")

    def copyfile(self, source: Any, outputfile: Any) -> None:
        with suppress(ConnectionError):  # the page was left before all had come
            super().copyfile(source, outputfile)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@contextmanager
def served(folder: Path) -> Iterator[Site]:
    """Serve a folder on 127.0.0.1, at a port of its own, below a path and under a strict policy.

    A browser writes an error to the console for all that the policy stops, which `Watch` notes.
    """
    handler = partial(_Strict, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield Site(folder, f"http://127.0.0.1:{server.server_port}{SHELF}")
        finally:
            server.shutdown()
