"""The command `gdbook`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one of the command's parts.

    Parameters
    ----------
    arguments : sequence of str, optional
        Words of the command line; by default those that Python was started with.

    Returns
    -------
    int
        The exit code: 0 if all went well.
    """
    parser = argparse.ArgumentParser(
        prog="gdbook", description="Tools for readers, teachers and authors of Downhill."
    )
    parts = parser.add_subparsers(title="parts", required=True, metavar="part")
    _add_serve(parts)
    chosen = parser.parse_args(arguments)
    code: int = chosen.run(chosen)
    return code


def _add_serve(parts: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    serve = parts.add_parser(
        "serve",
        help="live preview: build the book, serve it, and again whenever a file is saved",
    )
    serve.add_argument("book", nargs="?", type=Path, default=Path(), help="folder of _config.yml")
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    serve.add_argument("--port", type=int, default=8000, help="port, 0 for any (%(default)s)")
    serve.add_argument("--browser", action="store_true", help="open the first page in a browser")
    serve.set_defaults(run=_serve)


def _serve(chosen: argparse.Namespace) -> int:
    import asyncio

    from gdbook.publish.preview.server import preview

    try:
        asyncio.run(
            preview(chosen.book, host=chosen.host, port=chosen.port, browser=chosen.browser)
        )
    except KeyboardInterrupt:
        return 0
    except OSError as error:
        print(f"gdbook serve: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
