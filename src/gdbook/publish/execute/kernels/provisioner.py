"""A kernel that the fork server forks, as jupyter_client sees it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
from pathlib import Path
from typing import Any

from jupyter_client.provisioning.local_provisioner import LocalProvisioner


class ForkedProcess:
    """A forked kernel, with the part of `subprocess.Popen` that jupyter_client uses.

    Parameters
    ----------
    address : str
        The fork server's socket.
    request : dict
        `argv`, `cwd`, `env` and `log` of the kernel.

    Raises
    ------
    OSError
        If the server is gone.
    """

    stdin = stdout = stderr = None

    def __init__(self, address: str, request: dict[str, Any]) -> None:
        self.returncode: int | None = None
        self._read = b""
        self._connection = socket.socket(socket.AF_UNIX)
        self._connection.connect(address)
        self._connection.sendall(json.dumps(request).encode() + b"\n")
        while b"\n" not in self._read:
            more = self._connection.recv(4096)
            if not more:
                raise ConnectionResetError("the process that forks kernels has ended")
            self._read += more
        line, self._read = self._read.split(b"\n", 1)
        self.pid: int = json.loads(line)["pid"]
        self._connection.setblocking(False)

    def poll(self) -> int | None:
        """Return the exit code, minus the signal's number if one ended it; None while it runs."""
        if self.returncode is None:
            with contextlib.suppress(BlockingIOError):
                more = self._connection.recv(4096)
                self._read += more
                if b"\n" in self._read:
                    self.returncode = json.loads(self._read)["exit"]
                elif not more:  # the server was killed, and would have killed its kernels
                    with contextlib.suppress(ProcessLookupError):
                        os.killpg(self.pid, signal.SIGKILL)
                    self.returncode = -signal.SIGKILL
            if self.returncode is not None:
                self._connection.close()
        return self.returncode

    def wait(self) -> int | None:
        """Return the exit code of a process that `poll` has seen end."""
        return self.poll()

    def send_signal(self, number: int) -> None:
        """Send a signal to the process alone."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """Kill the process alone."""
        self.send_signal(signal.SIGKILL)


class ForkProvisioner(LocalProvisioner):
    """Start kernels through the fork server, and leave the rest to jupyter_client."""

    address: str
    log_file: str

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Fork the kernel whose command line jupyter_client has made."""
        request = {
            "argv": ["ipykernel_launcher", *cmd[cmd.index("-f") :]],
            "cwd": str(kwargs.get("cwd") or Path.cwd()),
            "env": dict(kwargs["env"]),
            "log": self.log_file,
        }
        process: Any = ForkedProcess(self.address, request)
        self.process = process
        self.pid = self.pgid = process.pid
        self.cwd = request["cwd"]
        return self.connection_info

    async def kill(self, restart: bool = False) -> None:
        """Kill the kernel, and see it end: whoever asks later asks every tenth of a second."""
        await super().kill(restart)
        await self._ended()

    async def wait(self) -> int | None:
        """Wait for the kernel's end, looking more often than jupyter_client does."""
        await self._ended()
        return await super().wait()

    async def _ended(self) -> None:
        while await self.poll() is None:
            await asyncio.sleep(0.005)
