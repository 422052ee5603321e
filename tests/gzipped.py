"""Folders served as a web server serves them: with gzip."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

#: Kinds of files that shrink; fonts and pictures are compressed already.
TEXT = {".html", ".css", ".js", ".mjs", ".svg", ".json", ".ipynb", ".xml", ".txt"}


@cache
def compressed(path: Path) -> bytes:
    """Return what a server sends of a file that doesn't change, at the level of its habit."""
    return gzip.compress(path.read_bytes(), 6, mtime=0)


class Handler(SimpleHTTPRequestHandler):
    """Sends texts compressed, and lets browsers keep all for an hour."""

    protocol_version = "HTTP/1.1"
    #: Fonts are sent when it is set.
    fonts: ClassVar[threading.Event | None] = None
    extensions_map = SimpleHTTPRequestHandler.extensions_map | {".mjs": "text/javascript"}

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""

    def do_GET(self) -> None:
        """Send a file."""
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(404)
            return
        if path.suffix == ".woff2" and self.fonts is not None:
            self.fonts.wait(60)
        small = path.suffix in TEXT
        content = compressed(path) if small else path.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "max-age=3600")
        if small:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.wfile.write(content)


@contextmanager
def served_gzipped(folder: Path, fonts: threading.Event | None = None) -> Iterator[str]:
    """Serve a folder on this machine and give its address; fonts wait until an event is set."""
    kind = type("Waiting", (Handler,), {"fonts": fonts})
    handler = partial(kind, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
