"""The live preview: save a file, and the browser shows the page anew.

watchfiles notices the change, a forked process builds (`build_process.py`), Tornado serves the
site and tells the open pages to reload. The script that listens is added to pages as
they are served; the site's files never hold it.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import socket
import subprocess
import sys
import time
import webbrowser
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any, ClassVar

import tornado.web
import tornado.websocket
import watchfiles
from tornado.httpserver import HTTPServer

from gdbook.publish.core.ending import FAILED
from gdbook.publish.core.places import PACKAGE
from gdbook.publish.formats.also_build import PREVIEW
from gdbook.publish.formats.slides.builder import SlidesBuilder
from gdbook.publish.preview.build_process import AGAIN

SCRIPT = """\
(function () {
  const state = document.currentScript.dataset.state;
  const asked = new URLSearchParams({ page: decodeURI(location.pathname), state });
  (function connect(again) {
    const socket = new WebSocket(`ws://${location.host}/-/reload?${asked}`);
    socket.onopen = () => again && location.reload();
    socket.onmessage = () => location.reload();
    socket.onclose = () => setTimeout(() => connect(true), 500);
  })(false);
})();
"""
_ANSI = re.compile(r"\x1b\[[0-9;]*m")


class BookFilter(watchfiles.DefaultFilter):
    """Notices what can change a page, not what a build or an editor leaves behind.

    Parameters
    ----------
    root : Path
        The book; its `_build` is ignored.
    """

    ignore_dirs = (*watchfiles.DefaultFilter.ignore_dirs, "_build", ".ruff_cache", ".part")

    def __init__(self, root: Path) -> None:
        super().__init__()
        self.root = root

    def __call__(self, change: watchfiles.Change, path: str) -> bool:
        """Return whether a change matters."""
        return super().__call__(change, path) and not Path(path).is_dir()


class Builder:
    """The process that builds, started anew when the code that it imported was edited."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.process: subprocess.Popen[str] | None = None

    def build(self, changed: list[str], pages_are_written: Callable[[], object]) -> dict[str, Any]:
        """Build once and return what `builder.Built` holds.

        Parameters
        ----------
        changed : list of str
            The files that were saved since the last build.
        pages_are_written : callable
            Called when the pages can be looked at, before decks and notebooks are made.
        """
        if self.process is None or self.process.poll() is not None:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "gdbook.publish.preview.build_process"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                encoding="utf8",
                env={**os.environ, PREVIEW: "1"},
            )
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        request = {"root": str(self.root), "changed": changed}
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        for line in self.process.stdout:
            answer: dict[str, Any] = json.loads(line)
            if "pages" not in answer:
                return answer
            pages_are_written()
        if self.process.wait() == AGAIN:
            return self.build(changed, pages_are_written)
        return {"ok": False, "seconds": 0.0, "log": "the building process ended"}

    def stop(self) -> None:
        """End the process, and with it whatever it is building."""
        if self.process is not None:
            assert self.process.stdin is not None
            self.process.stdin.close()
            try:
                self.process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            self.process = None


class Reload(tornado.websocket.WebSocketHandler):
    """The open pages."""

    open_pages: ClassVar[set[Reload]] = set()
    is_deck = False
    file = Path()
    sent = ""

    def initialize(self, site: Path) -> None:
        """Know where the pages' files lie."""
        self.site = site

    def open(self, *_: str, **__: str) -> None:
        """Remember a page; let it reload if its file was written since it was sent."""
        page = self.get_query_argument("page", "")
        self.is_deck = page.startswith(f"/{SlidesBuilder.folder}/")
        self.sent = self.get_query_argument("state", "")
        file = self.site / page.lstrip("/")
        self.file = (file / "index.html" if page.endswith("/") else file).resolve()
        self.open_pages.add(self)
        self.compare()

    def compare(self) -> None:
        """Let the page reload if its file is another than the one that was sent."""
        inside = self.file.is_relative_to(self.site) and self.file.is_file()
        if inside and state(self.file) != self.sent:
            self.write_message("reload")

    def on_close(self) -> None:
        """Forget a page."""
        self.open_pages.discard(self)

    def on_message(self, message: str | bytes) -> None:
        """Pages have nothing to say."""

    @classmethod
    def tell(cls, *, decks: bool) -> None:
        """Let the open decks reload that were written anew, or the other pages."""
        for page in list(cls.open_pages):
            if page.is_deck == decks:
                page.compare()


class Script(tornado.web.RequestHandler):
    """The script that listens."""

    def get(self) -> None:
        """Send it."""
        self.set_header("Content-Type", "text/javascript")
        self.write(SCRIPT)


def state(file: Path) -> str:
    """Return what tells a file from its earlier selves."""
    stat = file.stat()
    return f"{stat.st_mtime_ns}-{stat.st_size}"


class Pages(tornado.web.StaticFileHandler):
    """The site's files, with the script added to pages."""

    def set_extra_headers(self, path: str) -> None:
        """Let the browser ask each time whether a file is still the same.

        It may keep those whose address tells their content by a checksum, `?v=…`: Tornado
        has told it so.
        """
        if "v" not in self.request.arguments:
            self.set_header("Cache-Control", "no-cache")

    def compute_etag(self) -> str | None:
        """Return what tells a file from its earlier selves; Tornado's own is kept for ever."""
        return f'"{state(Path(self.absolute_path or ""))}"'

    @classmethod
    def get_content(
        cls, abspath: str, start: int | None = None, end: int | None = None
    ) -> Generator[bytes, None, None]:
        """Give a file's bytes, a page's with the script."""
        # The state first: of a page that is written in between, the older one is told.
        added = cls._added(abspath)
        yield (Path(abspath).read_bytes() + added)[start:end]

    def get_content_size(self) -> int:
        """Return the length of what `get_content` gives."""
        return super().get_content_size() + len(self._added(self.absolute_path or ""))

    @staticmethod
    def _added(path: str) -> bytes:
        if not path.endswith(".html"):
            return b""
        return f'\n<script src="/-/reload.js" data-state="{state(Path(path))}"></script>\n'.encode()


def application(site: Path) -> tornado.web.Application:
    """Return the server's application.

    Parameters
    ----------
    site : Path
        The folder of the built pages.
    """
    return tornado.web.Application(
        [
            (r"/-/reload", Reload, {"site": site.resolve()}),
            (r"/-/reload\.js", Script),
            (r"/(.*)", Pages, {"path": str(site), "default_filename": "index.html"}),
        ]
    )


async def preview(root: Path, *, host: str, port: int, browser: bool) -> None:
    """Build, serve, watch, and build again, until cancelled.

    Parameters
    ----------
    root : Path
        The folder of `_config.yml`.
    host, port : str, int
        Where to serve; port 0 takes a free one.
    browser : bool
        Whether to open the first page.

    Raises
    ------
    FileNotFoundError
        If there is no book in the folder.
    """
    root = root.resolve()
    if not (root / "_config.yml").is_file():
        raise FileNotFoundError(f"{root} holds no book: there is no _config.yml in it")
    listening = socket.create_server((host, port))
    listening.setblocking(False)
    builder = Builder(root)
    folders = {root} if PACKAGE.is_relative_to(root) else {root, PACKAGE}
    watching = watchfiles.awatch(*folders, watch_filter=BookFilter(root), step=20)
    # What is saved from now on is noticed, also while the first build reads.
    saved = asyncio.ensure_future(anext(watching))
    try:
        await _build(builder, [])
        server = HTTPServer(application(root / "_build" / "html"))
        server.add_socket(listening)
        address = f"http://{host}:{listening.getsockname()[1]}/"
        print(f"Serving {address}  (Ctrl-C ends it)", flush=True)
        if browser:
            webbrowser.open(address)
        while True:
            paths = sorted({path for _, path in await saved})
            saved = asyncio.ensure_future(anext(watching))
            if await _build(builder, paths):
                Reload.tell(decks=True)
    finally:
        builder.stop()
        saved.cancel()
        listening.close()


async def _build(builder: Builder, changed: list[str]) -> bool:
    names = [path.removeprefix(f"{builder.root}{os.sep}") for path in changed]
    print(f"{time.strftime('%H:%M:%S')}  {', '.join(names) or 'everything'} …", flush=True)
    loop = asyncio.get_running_loop()

    def reload_pages() -> None:
        loop.call_soon_threadsafe(lambda: Reload.tell(decks=False))

    built = await asyncio.to_thread(builder.build, changed, reload_pages)
    if built["ok"]:
        print(f"          built in {built['seconds']:.1f} s", flush=True)
    else:
        print(_problems(built["log"]), flush=True)
    return bool(built["ok"])


def _problems(log: str) -> str:
    """Return the part of a failed build's log that says why."""
    return _ANSI.sub("", log).rpartition(FAILED)[2].strip()
