"""A kernel's client that begins as soon as the kernel can be heard.

jupyter_client's own waits for a fifth of a second of silence after that, so that nobody
mistakes the last words of the beginning for output. Here nobody does: nbclient looks at
every message's parent.
"""

from __future__ import annotations

import time
from queue import Empty

from jupyter_client.asynchronous.client import AsyncKernelClient

_PATIENCE = 0.2  # seconds for a word on the channel of outputs, once the kernel has answered


class PromptClient(AsyncKernelClient):
    """An `AsyncKernelClient` without the silence."""

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Return when the kernel has answered, and is heard on the channel of outputs too.

        Parameters
        ----------
        timeout : float, optional
            In seconds; for ever if not given.

        Raises
        ------
        RuntimeError
            If the kernel ends before it answers, or takes longer.
        """
        last = float("inf") if timeout is None else time.monotonic() + timeout
        while time.monotonic() < last:
            self.kernel_info()
            try:
                reply = await self.get_shell_msg(timeout=1)
                # Not heard yet, outputs would be lost: ask again.
                await self.get_iopub_msg(timeout=_PATIENCE)
            except Empty:
                if not await self.is_alive():
                    raise RuntimeError("the kernel died before it answered") from None
                continue
            self._handle_kernel_info_reply(reply)
            return
        raise RuntimeError(f"the kernel did not answer in {timeout:g} seconds")
