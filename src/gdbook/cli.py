"""The command `gdbook`."""

from __future__ import annotations

import argparse
import errno
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from gdbook import __version__

_Parts = argparse._SubParsersAction


class _Refused(Exception):  # noqa: N818 (no error of the program's)
    """Raised with the sentence that says what the person can mend."""


def main(words: Sequence[str] | None = None) -> int:
    """Run one of the command's parts.

    Parameters
    ----------
    words : sequence of str, optional
        The command line; by default the one that Python was started with.

    Returns
    -------
    int
        The exit code: 0 if all went well.
    """
    parser = arguments()
    chosen = parser.parse_args(words)
    if chosen.command is None:
        parser.print_help()
        return 0
    return _told(chosen.run, chosen)


def arguments() -> argparse.ArgumentParser:
    """Return what reads the command line."""
    parser = argparse.ArgumentParser(
        prog="gdbook",
        description="Tools for those who write and change Downhill, an executable textbook. "
        "A reader needs none of them.",
        epilog="`gdbook COMMAND --help` says more about one. CONTRIBUTING.md is the guide.",
    )
    parser.add_argument("--version", action="version", version=f"gdbook {__version__}")
    parts = parser.add_subparsers(title="commands", metavar="COMMAND", dest="command")
    _add_serve(parts)
    _add_rerun(parts)
    _add_new_chapter(parts)
    _add_lab(parts)
    _add_grade(parts)
    return parser


def _told(run: Callable[[argparse.Namespace], int], chosen: argparse.Namespace) -> int:
    """Run a command; what a person can mend is told in a sentence, without a traceback."""
    try:
        return run(chosen)
    except KeyboardInterrupt:
        why, code = "interrupted", 130
    except ModuleNotFoundError as error:
        library = (error.name or "gdbook").partition(".")[0]
        if library == "gdbook":
            raise
        why = (
            f"{library} is missing, which builds the book. In a checkout of the book: "
            'pip install -e ".[book]"'
        )
        code = 1
    except (OSError, _Refused) as error:
        why, code = _sentence(error), 1
    print(f"gdbook {chosen.command}: {why}", file=sys.stderr)
    return code


def _sentence(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        file = f"{error.filename}: " if error.filename else ""
        return f"{file}{error.strerror}"
    return str(error)


def _add_serve(parts: _Parts[argparse.ArgumentParser]) -> None:
    serve = parts.add_parser(
        "serve",
        help="live preview: save a file, see the page",
        description="Build the book and show it at http://127.0.0.1:8000. Whenever a file is "
        "saved, what it changes is built again and open pages reload. Ctrl-C ends it.",
    )
    serve.add_argument(
        "book", nargs="?", type=Path, default=Path(), help="folder of _config.yml (default: here)"
    )
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    serve.add_argument(
        "--port", type=int, default=8000, help="port to listen on, 0 for any free one (%(default)s)"
    )
    serve.add_argument("--browser", action="store_true", help="open the first page in a browser")
    serve.set_defaults(run=_serve)


def _serve(chosen: argparse.Namespace) -> int:
    import asyncio

    if not (chosen.book / "_config.yml").is_file():
        raise _Refused(
            f"there is no _config.yml in {chosen.book.resolve()}: go to the book's folder, "
            "or name it"
        )
    if not 0 <= chosen.port <= 65535:
        raise _Refused(f"a port is a number from 0 to 65535, got {chosen.port}")
    from gdbook.publish.preview.server import preview

    try:
        asyncio.run(
            preview(chosen.book, host=chosen.host, port=chosen.port, browser=chosen.browser)
        )
    except KeyboardInterrupt:
        return 0
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise _Refused(
            f"port {chosen.port} is taken, maybe by another preview: name another by --port"
        ) from None
    return 0


def _add_new_chapter(parts: _Parts[argparse.ArgumentParser]) -> None:
    command = parts.add_parser(
        "new-chapter",
        help="lay out all files of a new chapter",
        description="Lay out everything that a chapter touches: its page, with the parts that "
        "every chapter has; its place in _toc.yml; its checkers and their tests; reminders in "
        "the notation, the glossary, the bibliography, the landing page and the changelog. Each "
        "place that is still to be written is marked, and the build names it until it is.",
        epilog='Example: gdbook new-chapter calculus/taylor --title "Taylor\'s theorem"',
    )
    command.add_argument(
        "place",
        metavar="PART/NAME",
        help="folder below book/ and name of the page, in lower case with hyphens",
    )
    command.add_argument("--title", help="the chapter's title (default: made from NAME)")
    command.add_argument(
        "--new-part",
        metavar="CAPTION",
        help="add a part of the book with this caption, for the first chapter of a new folder",
    )
    command.add_argument(
        "--book", type=Path, default=Path(), help="folder of _toc.yml (default: here)"
    )
    command.set_defaults(run=_new_chapter)


def _new_chapter(chosen: argparse.Namespace) -> int:
    from gdbook.publish.authoring.new_chapter import NewChapterError, new_chapter

    try:
        laid = new_chapter(chosen.book, chosen.place, title=chosen.title, new_part=chosen.new_part)
    except NewChapterError as error:
        raise _Refused(str(error)) from None
    print(f"“{laid.title}”, a new chapter of “{laid.part}”:")
    width = max(map(len, laid.files))
    for path, purpose in laid.files.items():
        print(f"  {path:<{width}}  {purpose}")
    print("Next: make serve. Each build names the lines that are still to be written.")
    return 0


def _add_rerun(parts: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    rerun = parts.add_parser(
        "rerun",
        help="let the next build run pages again, though nothing they depend on changed",
        description=(
            "A build runs a page's code only if its cells, or the files and versions that they "
            "depend on, have changed. What the build can't see, such as the clock or the network, "
            "is no reason. This command forgets what a page's code gave, so that the next build "
            "runs it again."
        ),
    )
    rerun.add_argument("pages", nargs="*", metavar="PAGE", help="as calculus/gradients; else all")
    rerun.add_argument("--book", type=Path, default=Path(), help="folder of _config.yml")
    rerun.set_defaults(run=_rerun)


def _rerun(chosen: argparse.Namespace) -> int:
    from gdbook.publish.execute.rerun import forget

    try:
        pages = forget(chosen.book, chosen.pages)
    except ValueError as error:
        raise _Refused(str(error)) from None
    print(f"the next build runs {', '.join(pages) or 'every page: no outputs were kept'}")
    return 0


def _add_lab(parts: _Parts[argparse.ArgumentParser]) -> None:
    lab = parts.add_parser(
        "lab",
        help="write the programming lab for students: a notebook and a script",
        description="Write the programming lab as a notebook and as a script, without the "
        "solutions unless you ask for them. Each seed is a variant with other numbers; the same "
        "seed always gives the same files. They need PyTorch, NumPy and Matplotlib, not this "
        "package.",
        epilog="Example: gdbook lab --seed 7 --out handout",
    )
    lab.add_argument("--seed", type=int, default=0, help="whose variant (%(default)s: the book's)")
    lab.add_argument("--solved", action="store_true", help="with the model solution: your key")
    lab.add_argument("--out", type=Path, default=Path(), help="folder to write to (default: here)")
    lab.set_defaults(run=_lab)


def _lab(chosen: argparse.Namespace) -> int:
    from gdbook.lab.write import write_lab

    try:
        written = write_lab(chosen.out, chosen.seed, solved=chosen.solved)
    except ValueError as error:
        raise _Refused(str(error)) from None
    for file in written:
        print(file)
    return 0


def _add_grade(parts: _Parts[argparse.ArgumentParser]) -> None:
    command = parts.add_parser(
        "grade",
        help="mark submissions of the programming lab",
        description="Mark submissions of the programming lab, one file or folders of thousands. "
        "Written are a gradebook to import (grades.csv), a report (report.txt), statistics of the "
        "class (class.txt) and a file of feedback for each student. An interrupted run goes on "
        "where it was. A submission is read as data; nothing in it is run.",
        epilog="The exit code is 0 if every file was marked, 3 if some were not: each of them "
        "has a line in the report. Example: gdbook grade submissions --out marks",
    )
    command.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a file or a folder")
    command.add_argument(
        "--out", type=Path, default=Path("marks"), help="folder to write to (%(default)s)"
    )
    command.add_argument(
        "--weights", type=Path, help="TOML file with lines `task = points` (default: the book's)"
    )
    command.add_argument("--seed", type=int, help="refuse submissions of other variants than this")
    command.set_defaults(run=_grade)


def _grade(chosen: argparse.Namespace) -> int:
    from gdbook.grading.command import STATISTICS, grade
    from gdbook.grading.report import NAME, table
    from gdbook.lab.tasks import WeightsError, weighted

    try:
        tasks = weighted(chosen.weights)
    except WeightsError as error:
        raise _Refused(str(error)) from None
    done = grade(chosen.files, chosen.out, tasks, seed=chosen.seed, progress=sys.stderr.isatty())
    marked = [mark for mark in done.marks if not mark.refused]
    if len(marked) <= 40:
        print(table(marked, tasks))
    if done.known:
        print(f"{done.known} were marked before and have not changed")
    for line in done.troubles[:40]:
        print(line, file=sys.stderr)
    print(
        f"{len(marked)} marked, {len(done.marks) - len(marked)} not: "
        f"see {chosen.out / NAME} and {chosen.out / STATISTICS}"
    )
    return 3 if done.troubles else 0


if __name__ == "__main__":
    sys.exit(main())
