"""Waiting for a kernel until it is ready, and no longer."""

from __future__ import annotations

import time
from queue import Empty
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient


class ReadyClient(AsyncKernelClient):
    """Knows that a kernel is ready when the kernel says so.

    jupyter_client waits until no output has come for 0.2 s. The kernel's word that it has dealt
    with a question tells more: it comes where outputs come, so none will be missed.
    """

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Return when the kernel answers and its outputs arrive.

        Parameters
        ----------
        timeout : float, optional
            In seconds.

        Raises
        ------
        RuntimeError
            If it has ended, or the time is over.
        """
        began = time.monotonic()
        while True:
            asked = self.kernel_info()
            try:
                await _find(self.shell_channel, asked, within=1)
                # Outputs may arrive later than answers: then the question is repeated.
                await _find(self.iopub_channel, asked, within=0.1, state="idle")
            except Empty:
                if not await self.is_alive():
                    raise RuntimeError("the kernel died before it answered") from None
                if timeout is not None and time.monotonic() - began > timeout:
                    raise RuntimeError(f"the kernel did not answer in {timeout} s") from None
            else:
                return


async def _find(channel: Any, asked: str, *, within: float, state: str | None = None) -> None:
    """Wait for the message that answers a question; raise `Empty` if none comes in some seconds."""
    while True:
        message = await channel.get_msg(timeout=within)
        answers = message["parent_header"].get("msg_id") == asked
        if answers and state in (None, message["content"].get("execution_state")):
            return
