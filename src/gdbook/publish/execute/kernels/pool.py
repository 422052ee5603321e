"""Kernels forked from a process with torch and Matplotlib imported.

Importing them takes seconds, forking milliseconds. Each kernel is a process of its own,
as a plain one is: what one chapter does never shows in another. Where a process cannot
be forked, or one of the libraries cannot be imported, kernels start plainly, and
`Kernels.why_plain` says why.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import itertools
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from jupyter_client.manager import AsyncKernelManager

from gdbook.publish.execute.kernels.fork_server import socket_folder
from gdbook.publish.execute.kernels.provisioner import ForkProvisioner
from gdbook.publish.execute.kernels.ready_client import ReadyClient

PRELOAD = (
    "torch",
    "matplotlib.pyplot",
    "matplotlib.backends.backend_agg",
    "numpy.random",
    "IPython",
    "IPython.core.completerlib",
    "IPython.core.pylabtools",
    "IPython.extensions.storemagic",
    "ipykernel.ipkernel",
    "ipykernel.kernelapp",
    "sqlite3",
    "tornado.platform.asyncio",
    # Optimizers and `torch.func` import it at their first use, and it SymPy: a second and a half.
    "torch._dynamo",
    # Derivatives of derivatives import it at their first use: up to half a second.
    "torch._decomp.decompositions_for_jvp",
    "sympy.combinatorics",
)
"""What forked kernels find imported.

Never a module of the book's own, which may be edited, nor Matplotlib's inline backend,
which connects itself to the IPython that is there when it is imported.
"""

ADDRESS = "GDBOOK_KERNELS"
"""Environment variable by which the live preview lends its fork server to its builds."""

_THREADS = (
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)


def kernel_environment() -> dict[str, str]:
    """Return the environment variables that kernels run with.

    Numeric libraries get one thread each: chapters run side by side, and sums that are
    split among threads round differently on machines with more cores. Hash seeds and
    dates are fixed, and the settings of whoever builds are left out, because they would
    show in the outputs.
    """
    env = dict(os.environ)
    for name in ("PYTHONSTARTUP", "PYTHONHASHSEED", "PYTEST_CURRENT_TEST", ADDRESS):
        env.pop(name, None)
    env.update(dict.fromkeys(_THREADS, "1"))
    env["PYTHONHASHSEED"] = "0"
    env.setdefault("SOURCE_DATE_EPOCH", "0")
    env["TORCHINDUCTOR_CACHE_DIR"] = tempfile.gettempdir()  # torch would make a folder there
    env["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"
    matplotlib = importlib.util.find_spec("matplotlib")
    if matplotlib is not None and matplotlib.origin is not None:
        env["MATPLOTLIBRC"] = str(Path(matplotlib.origin).parent / "mpl-data" / "matplotlibrc")
    return env


@dataclass(frozen=True)
class Kernel:
    """A kernel to start: its manager, the arguments of `start_kernel`, what its process wrote."""

    manager: AsyncKernelManager
    options: dict[str, Any]
    log: Path


class Kernels:
    """Where a build gets its kernels from; a context manager.

    Parameters
    ----------
    preload : sequence of str
        Modules that forked kernels find imported.
    """

    def __init__(self, preload: Sequence[str] = PRELOAD) -> None:
        self.preload = tuple(preload)
        self.why_plain: str | None = None
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._server: subprocess.Popen[bytes] | None = None
        self._address = os.environ.get(ADDRESS)
        self._plain_folder: Path | None = None
        self._given_up = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """Let the fork server begin to import, without waiting for it."""
        if self._server is not None or self._address is not None:
            return
        if not hasattr(os, "fork") or not hasattr(socket, "AF_UNIX"):
            self.why_plain = "this system cannot fork a process"
            return
        program = Path(__file__).with_name("fork_server.py")
        self._server = subprocess.Popen(
            [sys.executable, str(program), *self.preload],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=kernel_environment(),
            cwd=tempfile.gettempdir(),
            # Ctrl-C is the build's to handle; it ends the server by closing its input.
            start_new_session=True,
        )

    def address(self) -> str | None:
        """Return the fork server's socket once it is ready, None if kernels start plainly."""
        with self._lock:
            if self._given_up:
                return None
            if self._address is None and self.why_plain is None:
                self.start()
            if self._address is None and self.why_plain is None:
                assert self._server is not None
                assert self._server.stdout is not None
                line = self._server.stdout.readline()
                answer = json.loads(line) if line else {"error": "its process ended"}
                if "ready" in answer:
                    self._address = answer["ready"]
                else:
                    self.why_plain = f"preloading failed: {answer['error']}"
        return self._address

    def folder(self) -> Path:
        """Return where kernels' files lie: in the fork server's folder, which goes with it."""
        if self._address is not None:
            return Path(self._address).parent
        if self._plain_folder is None:
            self._plain_folder = Path(socket_folder())
        return self._plain_folder

    @contextlib.contextmanager
    def kernel(self, name: str) -> Iterator[Kernel]:
        """Prepare a kernel; leave the context once it has ended.

        Parameters
        ----------
        name : str
            Name of the kernelspec, `python3` for the Python that builds the book.

        Raises
        ------
        asyncio.CancelledError
            If no kernel is wanted any more; without it, one would be started plainly.
        """
        manager = AsyncKernelManager(kernel_name=name, client_factory=ReadyClient)
        address = self.address() if _is_ours(manager) else None
        if self._given_up:
            raise asyncio.CancelledError
        stem = f"k{os.getpid()}-{next(self._numbers)}"
        log = self.folder() / f"{stem}.log"
        manager.connection_file = str(self.folder() / f"{stem}.json")
        if os.name == "posix":
            # Unlike a port, a file cannot be taken by another build in the meantime.
            manager.transport = "ipc"
        # Neither the start-up files of whoever builds, nor what others have compiled.
        own = {"IPYTHONDIR": "ipython", "TORCHINDUCTOR_CACHE_DIR": "inductor"}
        folders = {name: str(self.folder() / folder) for name, folder in own.items()}
        options: dict[str, Any] = {"env": kernel_environment() | folders}
        with log.open("wb") as output:
            if address is not None:
                provisioner = ForkProvisioner(
                    kernel_id=manager.kernel_id, kernel_spec=manager.kernel_spec, parent=manager
                )
                provisioner.address, provisioner.log_file = address, str(log)
                manager.provisioner = provisioner
            else:
                options |= {"stdout": output, "stderr": output}
            yield Kernel(manager, options, log)
        log.unlink(missing_ok=True)

    def give_up(self) -> None:
        """End a fork server that is still importing: no kernel will be asked for."""
        self._given_up = True
        if self._server is not None and self._address is None:
            self._server.terminate()

    def close(self) -> None:
        """End the fork server, its kernels, and forget their files."""
        if self._server is not None:
            assert self._server.stdin is not None
            assert self._server.stdout is not None
            self._server.stdin.close()
            self.give_up()
            self._server.wait()
            self._server.stdout.close()
            self._server = self._address = None
        if self._plain_folder is not None:
            shutil.rmtree(self._plain_folder, ignore_errors=True)
            self._plain_folder = None


def _is_ours(manager: AsyncKernelManager) -> bool:
    """Return whether a kernelspec is ipykernel under the Python that builds the book."""
    argv = manager.kernel_spec.argv if manager.kernel_spec else [""]
    python = Path(argv[0]).name.startswith("python") or argv[0] == sys.executable
    own = not Path(argv[0]).is_absolute() or Path(argv[0]) == Path(sys.executable)
    return python and own and "ipykernel_launcher" in argv
