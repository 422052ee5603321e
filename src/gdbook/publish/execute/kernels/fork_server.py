"""A process with torch and Matplotlib imported, which forks a kernel whenever one is asked for.

`pool.py` runs this file by its path, never as a module: a process that had imported
`gdbook` would hand yesterday's `gdbook` to every chapter. One connection is one kernel:
a line of JSON asks for it (`argv`, `cwd`, `env`, `log`), a line answers with its process
id, another with its exit code when it ends. A connection that closes kills its kernel,
and when standard input closes, with the build that held it, everything ends here. So
nothing outlives a build, however it was stopped.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import selectors
import shutil
import signal
import socket
import sys
from pathlib import Path
from typing import Any


class ForkServer:
    """Fork kernels, and tell whoever asked for one how it ended.

    Parameters
    ----------
    listener : socket.socket
        A listening Unix socket.
    """

    def __init__(self, listener: socket.socket) -> None:
        self.listener = listener
        self.kernels: dict[int, socket.socket] = {}
        self.selector = selectors.DefaultSelector()
        # A child's end wakes the selector: the signal's number arrives in this pipe.
        self.woken, self.waker = os.pipe()
        os.set_blocking(self.woken, False)
        os.set_blocking(self.waker, False)
        signal.set_wakeup_fd(self.waker, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for source in (listener, sys.stdin, self.woken):
            self.selector.register(source, selectors.EVENT_READ)

    def serve(self) -> None:
        """Answer until standard input closes."""
        while True:
            for key, _ in self.selector.select():
                if key.fileobj is sys.stdin:
                    for pid in self.kernels:
                        _kill(pid)
                    return
                if key.fileobj is self.listener:
                    self.accept()
                elif key.fileobj == self.woken:
                    with contextlib.suppress(BlockingIOError):
                        os.read(self.woken, 4096)
                    self.reap()
                elif isinstance(key.fileobj, socket.socket):
                    self.hang_up(key.fileobj)

    def accept(self) -> None:
        """Fork the kernel that a new connection asks for."""
        connection, _ = self.listener.accept()
        try:
            with connection.makefile("r", encoding="utf8") as lines:
                request = json.loads(lines.readline())
        except (OSError, ValueError):  # whoever asked was killed in the middle of it
            connection.close()
            return
        pid = os.fork()
        if pid == 0:
            connection.close()
            self.become(request)
        self.kernels[pid] = connection
        self.selector.register(connection, selectors.EVENT_READ)
        _send(connection, {"pid": pid})

    def become(self, request: dict[str, Any]) -> None:
        """In the child: forget the server, become the kernel, and never return."""
        code = 1
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.default_int_handler)
            # A group of its own: what the chapter starts ends with it.
            os.setsid()
            self.selector.close()
            self.listener.close()
            for connection in self.kernels.values():
                connection.close()
            _redirect(request["log"])
            os.chdir(request["cwd"])
            os.environ.clear()
            os.environ.update(request["env"])
            os.environ["JPY_PARENT_PID"] = str(os.getppid())
            _reseed()
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

    def reap(self) -> None:
        """Tell the askers of ended kernels their exit codes."""
        while self.kernels:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            connection = self.kernels.pop(pid, None)
            if connection is not None:
                self.selector.unregister(connection)
                _send(connection, {"exit": os.waitstatus_to_exitcode(status)})
                connection.close()

    def hang_up(self, connection: socket.socket) -> None:
        """Kill the kernel of a connection that was closed; `reap` does the rest."""
        if connection.fileno() < 0:
            return
        with contextlib.suppress(ConnectionResetError):  # it was killed before it read its answer
            if connection.recv(4096):
                return
        self.selector.unregister(connection)
        for pid, other in list(self.kernels.items()):
            if other is connection:
                del self.kernels[pid]
                _kill(pid)
                os.waitpid(pid, 0)
        connection.close()


def _send(connection: socket.socket, message: dict[str, Any]) -> None:
    with contextlib.suppress(OSError):  # whoever asked has gone
        connection.sendall(json.dumps(message).encode() + b"\n")


def _kill(pid: int) -> None:
    for kill in (os.killpg, os.kill):  # before its setsid the child has no group of its own
        with contextlib.suppress(ProcessLookupError, PermissionError):
            kill(pid, signal.SIGKILL)


def _redirect(log: str) -> None:
    null = os.open(os.devnull, os.O_RDONLY)
    out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(null, 0)
    os.dup2(out, 1)
    os.dup2(out, 2)
    os.close(null)
    os.close(out)


def _reseed() -> None:
    """Give this kernel random numbers of its own, as a process that imports afresh has.

    `random` does so by itself after a fork; NumPy and torch would go on from the seeds
    that they drew when the server imported them.
    """
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed()
    if torch := sys.modules.get("torch"):
        torch.default_generator.seed()


def _draw() -> None:
    """Draw a figure that nobody sees: fonts and image formats load with the first one."""
    if "matplotlib.backends.backend_agg" in sys.modules:
        import io

        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        figure = Figure()
        FigureCanvasAgg(figure)
        figure.subplots().set_title("$x^2$")
        figure.savefig(io.BytesIO(), format="png")


def main(address: str, preload: list[str]) -> int:
    """Import `preload`, say so on standard output, and serve at `address`.

    Parameters
    ----------
    address : str
        Path of the Unix socket to make; its folder is removed in the end.
    preload : list of str
        Modules that forked kernels find imported.

    Returns
    -------
    int
        0, or 1 if a module could not be imported; the line on standard output says why.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # The folder of this file would let a chapter import `cells` or `figures`.
    sys.path.pop(0)
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # a module that prints while it is imported must not look like an answer
    try:
        for name in preload:
            importlib.import_module(name)
        _draw()
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(address)
        listener.listen(64)
    except BaseException as error:
        print(json.dumps({"error": f"{type(error).__name__}: {error}"}), file=out, flush=True)
        return 1
    # What is imported now is shared with every kernel; keep the collector from touching it.
    gc.collect()
    gc.freeze()
    print(json.dumps({"ready": address}), file=out, flush=True)
    out.close()
    try:
        ForkServer(listener).serve()
    finally:
        shutil.rmtree(Path(address).parent, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
