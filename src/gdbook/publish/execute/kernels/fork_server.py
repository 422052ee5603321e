"""A process with torch and Matplotlib imported, which forks a kernel whenever one is asked for.

`pool.py` runs this file by its path, never as a module: a process that had imported
`gdbook` would hand yesterday's `gdbook` to every chapter. One connection is one kernel:
a line of JSON asks for it (`argv`, `cwd`, `env`, `log`), a line answers with its process
id, another with its exit code. Between the server and each kernel stands a keeper, which
ends the kernel and all that it started when the connection closes. So nothing outlives a
build, however it was stopped. The server itself ends when its standard input closes.

The standard library's `multiprocessing.forkserver` does not serve. Its processes end when
they notice that their parent has gone, so one that sits in C code outlives a killed build,
and the server with it; a process forked from the one that started it, as the live preview's
builds are, cannot ask it for kernels; and a module that cannot be imported is passed over.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
import json
import os
import select
import shutil
import signal
import socket
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any


def socket_folder() -> str:
    """Make a temporary folder for sockets, whose paths may have about a hundred characters."""
    usual = tempfile.gettempdir()
    return tempfile.mkdtemp(prefix="gdbook-", dir=usual if len(usual) <= 70 else "/tmp")


def serve(listener: socket.socket) -> None:
    """Fork a keeper for every connection, until standard input closes."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the system forgets keepers that have ended
    while sys.stdin not in select.select([listener, sys.stdin], [], [])[0]:
        connection, _ = listener.accept()
        if os.fork() == 0:
            listener.close()
            keep(connection)
        connection.close()


def keep(connection: socket.socket) -> None:
    """In a child: fork the kernel, tell how it ended, let nothing of it live on; never return."""
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        children = _adopt()
        request = json.loads(connection.makefile("r", encoding="utf8").readline())
        kernel = os.fork()
        if kernel == 0:
            connection.close()
            become(request)
        connection.sendall(f"{kernel}\n".encode())
        threading.Thread(target=_end_with, args=(connection, kernel), daemon=True).start()
        _, status = os.waitpid(kernel, 0)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(kernel, signal.SIGKILL)  # what it started, and left running
        with contextlib.suppress(ChildProcessError):
            while children.exists():
                for child in children.read_text().split():
                    _kill(int(child))
                os.waitpid(-1, 0)
        connection.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())
    finally:
        os._exit(0)  # also if the asker has gone, or was killed in the middle of its question


def become(request: dict[str, Any]) -> None:
    """In the keeper's child: become the kernel, and never return."""
    code = 1
    try:
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.setsid()  # a group of its own: what the chapter starts ends with it
        null = os.open(os.devnull, os.O_RDONLY)
        log = os.open(request["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        for source, target in ((null, 0), (log, 1), (log, 2)):
            os.dup2(source, target)
        os.chdir(request["cwd"])
        os.environ.clear()
        os.environ.update(request["env"])
        os.environ["JPY_PARENT_PID"] = str(os.getppid())
        # Random numbers of its own, as a process that imports afresh has: NumPy and torch
        # would go on from the seeds that they drew when the server imported them.
        if numpy := sys.modules.get("numpy"):
            numpy.random.seed()
        if torch := sys.modules.get("torch"):
            torch.default_generator.seed()
        sys.argv = request["argv"]
        # ipykernel would spend a tenth of a second on a debugger that no build uses.
        sys.modules.setdefault("debugpy", None)  # type: ignore[arg-type]
        from ipykernel.kernelapp import launch_new_instance

        launch_new_instance()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        os._exit(code)


def _end_with(connection: socket.socket, kernel: int) -> None:
    """Kill the kernel when the asker closes its connection, or is no more."""
    with contextlib.suppress(OSError):
        connection.recv(1)
    _kill(kernel)


def _kill(pid: int) -> None:
    for kill in (os.killpg, os.kill):  # not every process leads a group
        with contextlib.suppress(ProcessLookupError, PermissionError):
            kill(pid, signal.SIGKILL)


def _adopt() -> Path:
    """Become, on Linux, the parent of grandchildren that lose theirs; return who lists them."""
    listed = Path(f"/proc/self/task/{os.getpid()}/children")
    if listed.exists():
        become_subreaper = 36
        ctypes.CDLL(None).prctl(become_subreaper, 1, 0, 0, 0)
    return listed


def _draw() -> None:
    """Draw a figure that is never shown: fonts and image formats load with the first one."""
    if "matplotlib.backends.backend_agg" in sys.modules:
        import io

        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        figure = Figure()
        FigureCanvasAgg(figure)
        figure.subplots().set_title("$x^2$")
        figure.savefig(io.BytesIO(), format="png")


def main(preload: list[str]) -> int:
    """Import modules, say on standard output where kernels are to be had, and serve.

    Parameters
    ----------
    preload : list of str
        Modules that forked kernels find imported.

    Returns
    -------
    int
        0, or 1 if a module could not be imported; the line on standard output says why.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # The folder of this file would let a chapter import `pool`.
    sys.path.pop(0)
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # a module that prints while it is imported must not look like an answer
    try:
        for name in preload:
            importlib.import_module(name)
        _draw()
    except BaseException as error:
        print(json.dumps({"error": f"{type(error).__name__}: {error}"}), file=out, flush=True)
        return 1
    # What is imported now is shared with every kernel; keep the collector from touching it.
    gc.collect()
    gc.freeze()
    # From here on there is a folder to remove: the closing of standard input ends the server.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    folder = socket_folder()
    try:
        with socket.socket(socket.AF_UNIX) as listener, contextlib.suppress(BrokenPipeError):
            listener.bind(f"{folder}/fork")
            listener.listen(64)
            print(json.dumps({"ready": f"{folder}/fork"}), file=out, flush=True)
            out.close()
            serve(listener)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
