"""A process that has imported all that a build imports, and forks for every build.

A build imports for seconds and then works for one. It cannot be repeated within one
process, since Jupyter Book and its theme leave traces in module globals that make the
next build write every page. A forked process starts with the imports and without the
traces. `server.py` runs this module and writes a line for every build it wants.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import select
import signal
import sys
import threading
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from gdbook.publish.execute import scheduler
from gdbook.publish.execute.kernels.pool import ADDRESS, Kernels
from gdbook.publish.formats.also_build import PAGES_WRITTEN

#: How the process ends whose code was edited.
AGAIN = 76

_MODULES = "modules of this build: "
_PROGRESS = ("executing ", "executed ")


@dataclass(frozen=True)
class Built:
    """What came of a build."""

    ok: bool
    seconds: float
    log: str


class Build:
    """A running `jupyter-book build`, forked from this process.

    Parameters
    ----------
    root : Path
        The book.
    options : sequence of str
        Further words of the command line.
    asker : int, optional
        Descriptor of a pipe; when its other end closes, the build is interrupted.
    """

    def __init__(
        self,
        root: Path,
        options: Sequence[str] = (),
        *,
        asker: int | None = None,
    ) -> None:
        self._began = time.perf_counter()
        reading, writing = os.pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(reading)
            if asker is not None:
                threading.Thread(target=_end_with, args=(asker,), daemon=True).start()
            _build_and_exit(root, options, writing)
        os.close(writing)
        self._output = os.fdopen(reading, encoding="utf8", errors="replace")

    def finish(self, told: Callable[[str], object] = lambda _: None) -> Built:
        """Wait for the end; then import what the build imported, for those to come.

        Parameters
        ----------
        told : callable
            Given each line that the build prints, as it comes.
        """
        lines: list[str] = []
        modules: list[str] = []
        with self._output:
            for line in self._output:
                if line.startswith(_MODULES):
                    with contextlib.suppress(ValueError):  # cut short: the build was killed
                        modules = json.loads(line.removeprefix(_MODULES))
                else:
                    lines.append(line)
                    told(line)
        _, status = os.waitpid(self.pid, 0)
        seconds = time.perf_counter() - self._began
        _warm(modules)
        return Built(status == 0, seconds, "".join(lines))


def _end_with(asker: int) -> None:
    """Interrupt this process, as Ctrl-C does, when nobody is left at the other end of a pipe."""
    closing = select.poll()
    closing.register(asker, 0)  # of its closing alone: what comes through is another's to read
    closing.poll()
    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)


def _build_and_exit(root: Path, options: Sequence[str], output: int) -> None:
    code = 1
    try:
        os.dup2(output, 1)
        os.dup2(output, 2)
        os.close(output)
        sys.stdout = os.fdopen(1, "w", encoding="utf8", buffering=1, closefd=False)
        sys.stderr = os.fdopen(2, "w", encoding="utf8", buffering=1, closefd=False)
        os.chdir(root)
        # A shell lets what it starts in the background ignore it; `_end_with` ends builds by it.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        warnings.resetwarnings()
        warnings.simplefilter("ignore", DeprecationWarning)
        from jupyter_book.cli.main import main

        # "." as a reader types it: the path is part of Sphinx's configuration.
        main(["build", *options, "."], prog_name="jupyter-book")
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
    finally:
        scheduler.stop()
        print(f"{_MODULES}{json.dumps(sorted(sys.modules))}", flush=True)
        os._exit(code)


def _warm(names: Sequence[str]) -> None:
    """Import modules, of which some names were never meant to be imported."""
    for name in names:
        if name not in sys.modules:
            with contextlib.suppress(Exception), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                importlib.import_module(name)


def main(requests: IO[str], answers: IO[str]) -> int:
    """Build once for every line of input.

    A request is JSON with the book's `root`, perhaps `options`, and perhaps `changed`, the
    files that were saved since the last request. The answer is ``{"pages": true}`` as soon as
    the pages are written, and then a `Built`. When the other end of the requests closes, in
    whatever way it ended, the running build is interrupted.

    Parameters
    ----------
    requests, answers : file
        Pipes, read and written line by line.

    Returns
    -------
    int
        0 at the end of the requests; `AGAIN`, without an answer, if the code of this process
        was edited: then the request is one for a process that starts anew.
    """

    def told(line: str) -> None:
        if PAGES_WRITTEN in line:
            print(json.dumps({"pages": True}), file=answers, flush=True)
        elif line.startswith(_PROGRESS):
            print(f"  {line}", end="", file=sys.stderr, flush=True)

    code = 0
    asker = requests.fileno()
    with Kernels() as kernels:
        kernels.start()
        for request in requests:
            asked = json.loads(request)
            book = Path(asked["root"]), tuple(asked.get("options", ()))
            if _imported(asked.get("changed") or ()):
                code = AGAIN
                break
            address = kernels.address()
            if address is not None:
                os.environ[ADDRESS] = address
            built = Build(*book, asker=asker).finish(told)
            print(json.dumps(asdict(built)), file=answers, flush=True)
    return code


def _imported(paths: Sequence[str]) -> bool:
    """Whether one of the files is a module that this process has imported."""
    files = {getattr(module, "__file__", None) for module in list(sys.modules.values())}
    return any(path in files for path in paths)


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt, BrokenPipeError):  # nobody waits for the answer
        sys.exit(main(sys.stdin, sys.stdout))
