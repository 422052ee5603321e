"""nbclient, with an end to what a cell may print, and streams joined in linear time.

nbclient joins what a cell prints by a regular expression that takes time quadratic in a
line's length, in the event loop, where no time limit helps.
"""

from __future__ import annotations

import asyncio
import signal
from typing import Any

from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError
from nbformat import NotebookNode

LIMIT = 1_000_000
"""How many bytes of text a cell may print; its pictures don't count."""


class CellError(Exception):
    """A cell did what no cell may; the message says what."""


class Client(NotebookClient):
    """Runs the cells of one notebook."""

    km: Any  # never None while cells run, as nbclient's own types would have it
    kc: Any

    def __init__(self, notebook: NotebookNode, **settings: Any) -> None:
        super().__init__(
            notebook,
            coalesce_streams=False,
            record_timing=False,
            on_cell_executed=self._executed,
            **settings,
        )
        self._printed = 0
        self._killing: asyncio.Task[None] | None = None

    async def run(self, index: int) -> None:
        """Execute a cell.

        Raises
        ------
        CellError
            As soon as it has printed too much, and if it ends its kernel.
        """
        cell = self.nb.cells[index]
        self._printed = 0
        try:
            await self.async_execute_cell(cell, index, execution_count=self.code_cells_executed + 1)
        except DeadKernelError:
            code = await self.km.provisioner.poll()
            if self._killing is None:
                raise CellError(ended(code)) from None
        if self._killing is not None:
            megabytes = self._printed / 1_000_000
            raise CellError(f"the cell printed {megabytes:.1f} MB of text; at most 1 MB")
        if cell.get("outputs"):
            cell.outputs = joined(cell.outputs)

    async def language(self) -> dict[str, Any]:
        """Ask the kernel which language it speaks."""
        reply = await self._reply(self.kc.kernel_info())
        return dict(reply.get("language_info", {}))

    async def evaluate(self, expression: str) -> str:
        """Evaluate a Python expression in the kernel, unseen, and return its `repr`."""
        asked = {"it": expression}
        sent = self.kc.execute("", silent=True, store_history=False, user_expressions=asked)
        result = (await self._reply(sent)).get("user_expressions", {}).get("it", {})
        if result.get("status") != "ok":
            raise RuntimeError(f"the kernel did not report what the chapter read: {result}")
        return str(result["data"]["text/plain"])

    async def _reply(self, sent: str) -> dict[str, Any]:
        try:
            return dict((await self.async_wait_for_reply(sent) or {}).get("content", {}))
        except DeadKernelError:
            raise CellError(ended(await self.km.provisioner.poll())) from None
        except AssertionError:  # nbclient's, when time is up and no cell is to blame
            raise CellError("the kernel no longer answers") from None

    def _executed(self, *, execute_reply: dict[str, Any], **_: Any) -> None:
        for asked in execute_reply["content"].get("payload", ()):
            if asked.get("source") == "ask_exit":
                raise CellError("the cell called exit(), which ends the kernel")

    def process_message(self, msg: dict[str, Any], cell: NotebookNode, cell_index: int) -> Any:
        """Count the text of a message before nbclient takes it."""
        content = msg["content"]
        text = content.get("text") or content.get("data", {}).get("text/plain")
        if isinstance(text, str):
            self._printed += len(text.encode(errors="replace"))
        if self._printed <= LIMIT:
            return super().process_message(msg, cell, cell_index)
        if self._killing is None:
            # nbclient notices the kernel's end, and stops waiting for its answer.
            self._killing = asyncio.create_task(self.km.provisioner.kill())
        return None


def ended(code: int | None) -> str:
    """Say how a kernel's process ended, from its exit code."""
    if code is not None and code < 0:
        name = signal.Signals(-code).name
        why = {"SIGKILL": ", perhaps for lack of memory", "SIGSEGV": " (a segmentation fault)"}
        return f"the kernel died, killed by {name}{why.get(name, '')}"
    return f"the kernel ended, with exit code {code}"


def joined(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Join what a cell printed, as nbclient does, but in linear time.

    All of a stream comes where its first part was, standard output before errors that stand
    beside it; of a line that was printed over after a carriage return the last state is kept.
    """
    kept: list[NotebookNode] = []
    parts: dict[str, list[str]] = {}
    for output in outputs:
        if output.output_type != "stream" or output.name not in parts:
            kept.append(output)
        if output.output_type == "stream":
            parts.setdefault(output.name, []).append(output.text)
    for output in kept:
        if output.output_type == "stream":
            lines = "".join(parts[output.name]).split("\n")
            output.text = "\n".join(line[line.rfind("\r", 0, -1) + 1 :] for line in lines)
    names = [output.get("name") for output in kept]
    for at in range(len(kept) - 1):
        if names[at : at + 2] == ["stderr", "stdout"]:
            kept[at : at + 2] = kept[at + 1], kept[at]
    return kept
