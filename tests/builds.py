"""Books built in tests: by a command in a process of its own, or in a fork of this one.

A command imports for seconds before it works; a fork has imported already. Each file of tests
that builds by forks builds once by the command that a reader types.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import re
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

from gdbook.publish.execute.kernels.pool import ADDRESS

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src"
TOOLS = Path(sys.executable).parent

#: Variables that would tell a build of the tests around it.
_OURS = ("PYTEST_CURRENT_TEST", "PYTEST_VERSION", "PYTHONHASHSEED", ADDRESS)

Done = subprocess.CompletedProcess[str]


def environment(**more: str) -> dict[str, str]:
    """What a build is started with: this copy of the package, and no traces of the tests."""
    plain = {
        name: text
        for name, text in os.environ.items()
        if name not in _OURS and not name.startswith("PYTEST_XDIST")
    }
    return plain | {"PYTHONPATH": str(SOURCE), "NO_COLOR": "1"} | more


def run(
    command: Sequence[object], *, cwd: Path | None = None, env: Mapping[str, str] | None = None
) -> Done:
    """Run a command that imports this copy of the package, to its end."""
    return subprocess.run(
        list(map(str, command)),
        cwd=cwd,
        env=environment() if env is None else env,
        capture_output=True,
        text=True,
        check=False,
    )


def jupyter_book(
    source: Path, *options: str, output: Path | None = None, env: Mapping[str, str] | None = None
) -> Done:
    """Build a book with ``jupyter-book build``, as its reader would."""
    where = [] if output is None else ["--path-output", output]
    # "." as a reader types it: the path is part of Sphinx's configuration.
    command = [TOOLS / "jupyter-book", "build", *options, *where, "."]
    return run(command, cwd=source, env=env)


def sphinx(source: Path, site: Path, *options: str, builder: str = "html") -> Done:
    """Build a book with Sphinx alone, in a fork."""

    def build() -> int:
        from sphinx.cmd.build import main

        return int(main(["-b", builder, *options, str(source), str(site)]))

    return forked(build)


def forked(work: Callable[[], int]) -> Done:
    """Do something in a fork of this process, which has imported what the last one needed."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        reading, writing = os.pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        pid = os.fork()
        if pid == 0:
            os.close(reading)
            _work_and_exit(work, out, err, writing)
        os.close(writing)
        with os.fdopen(reading) as modules:
            _import(json.loads(modules.read() or "[]"))
        _, status = os.waitpid(pid, 0)
        out.seek(0)
        err.seek(0)
        return Done([], os.waitstatus_to_exitcode(status), out.read(), err.read())


def _work_and_exit(work: Callable[[], int], out: IO[str], err: IO[str], modules: int) -> None:
    code = 1
    try:
        os.dup2(out.fileno(), 1)
        os.dup2(err.fileno(), 2)
        sys.stdout = os.fdopen(1, "w", encoding="utf8", buffering=1, closefd=False)
        sys.stderr = os.fdopen(2, "w", encoding="utf8", buffering=1, closefd=False)
        os.environ["NO_COLOR"] = "1"
        warnings.resetwarnings()
        warnings.simplefilter("ignore", DeprecationWarning)
        code = work()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        with os.fdopen(modules, "w") as pipe:
            pipe.write(json.dumps(sorted(sys.modules)))
        os._exit(code)


def _import(names: Sequence[str]) -> None:
    """Import what a fork imported, for those to come."""
    for name in names:
        if name not in sys.modules:
            # Some names of `sys.modules` were never meant to be imported.
            with contextlib.suppress(Exception), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                importlib.import_module(name)


def plain(text: str) -> str:
    """Return what was said without colours."""
    return re.sub(r"\x1b\[[0-9;]*m", "", text)
