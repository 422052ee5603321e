"""A kernel that the fork server forks, as jupyter_client sees it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import select
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
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(address)
            self._keeper = connection.makefile("rwb", buffering=0)
        self._keeper.write(json.dumps(request).encode() + b"\n")
        try:
            self.pid = int(self._keeper.readline())
        except ValueError:
            raise ConnectionResetError("the process that forks kernels has ended") from None

    def poll(self) -> int | None:
        """Return the exit code, minus the signal's number if one ended it; None while it runs."""
        if self.returncode is None and select.select([self._keeper], [], [], 0)[0]:
            answer = self._keeper.readline()
            if not answer:  # the keeper was killed, and would have killed its kernel
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(self.pid, signal.SIGKILL)
            self.returncode = int(answer or -signal.SIGKILL)
            self._keeper.close()
        return self.returncode

    wait = poll

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
        self.cwd = str(kwargs.get("cwd") or Path.cwd())
        request = {
            "argv": ["ipykernel_launcher", *cmd[cmd.index("-f") :]],
            "cwd": self.cwd,
            "env": dict(kwargs["env"]),
            "log": self.log_file,
        }
        process: Any = ForkedProcess(self.address, request)
        self.process = process
        self.pid = self.pgid = process.pid
        return self.connection_info

    async def kill(self, restart: bool = False) -> None:
        """Kill the kernel and see its end, which jupyter_client looks for ten times a second."""
        await super().kill(restart)
        for _ in range(100):
            if await self.poll() is not None:
                break
            await asyncio.sleep(0.002)
