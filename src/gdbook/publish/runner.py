"""Stale chapters, run side by side: as many as there are cores, the longest first."""

from __future__ import annotations

import ast
import asyncio
import atexit
import contextlib
import copy
import json
import logging
import os
import re
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

from nbclient import NotebookClient
from nbformat import NotebookNode

from gdbook.publish import failures, probe
from gdbook.publish.chapters import Chapter
from gdbook.publish.kernels import Kernel, Kernels
from gdbook.publish.staleness import Surroundings, distributions, imported_versions
from gdbook.publish.store import Record

_PROBE = Path(probe.__file__).read_text("utf8")
# What goes wrong is told in a sentence of ours; nbclient's own words would come twice.
_QUIET = logging.getLogger(__name__)
_QUIET.addHandler(logging.NullHandler())
_QUIET.propagate = False
_ADDRESS = re.compile(r"\bat 0x[0-9a-f]+")
_CELL_FILE = re.compile(r"[^\s\"']*[/\\]ipykernel_\d+[/\\]\d+\.py")


@dataclass(frozen=True)
class Outcome:
    """How a chapter's run ended: with a record, or with a sentence about what went wrong."""

    chapter: Chapter
    record: Record | None
    failure: str | None
    seconds: float


_running: set[Runs] = set()


@atexit.register
def stop() -> None:
    """Cancel what runs: a build may be ended at any place, as by Ctrl-C."""
    for runs in list(_running):
        runs.cancel()


class Runs:
    """Chapters that execute side by side, in a thread of their own.

    Sphinx may read meanwhile: it waits for a chapter when it comes to its page.

    Parameters
    ----------
    chapters : iterable of Chapter
        In any order.
    kernels : Kernels
        Where kernels come from; closed when all chapters have ended.
    surroundings : Surroundings
        Decides which files a chapter may depend on.
    seconds : mapping
        How long chapters took the last time, by name. The longest start first, new ones
        before them, so that no core waits for a long one in the end.
    done : callable
        Told of each chapter as it ends; called in that thread, one call at a time.
    """

    def __init__(
        self,
        chapters: Iterable[Chapter],
        *,
        kernels: Kernels,
        surroundings: Surroundings,
        seconds: Mapping[str, float],
        done: Callable[[Outcome], None],
    ) -> None:
        order = sorted(
            chapters,
            key=lambda chapter: (-seconds.get(chapter.docname, float("inf")), -len(chapter.text)),
        )
        self.kernels = kernels
        self.ended = {chapter.docname: threading.Event() for chapter in order}
        self._done = done
        self._runs = [_Run(chapter, kernels, surroundings) for chapter in order]
        self._error: BaseException | None = None
        # A loop and thread of its own, so that Ctrl-C reaches the build's thread at once
        # and not a handler of asyncio's.
        self._loop = asyncio.new_event_loop()
        self._task = self._loop.create_task(_run_all(self._runs, self._tell))
        self._thread = threading.Thread(target=self._work, daemon=True)

    def start(self) -> None:
        """Let the chapters run."""
        self._switching = sys.getswitchinterval()
        # A kernel waits while whoever reads pages holds Python's lock.
        sys.setswitchinterval(0.0005)
        _running.add(self)
        self._thread.start()

    def wait(self, docname: str | None = None) -> None:
        """Wait until a chapter has ended, or all have.

        Raises
        ------
        BaseException
            What went wrong beside the chapters' own failures.
        """
        try:
            if docname is not None:
                self.ended[docname].wait()
            else:
                self._join()
        except KeyboardInterrupt:
            self.cancel()
            raise
        if self._error is not None:
            raise self._error

    def cancel(self) -> None:
        """Stop what still runs, and wait for its end."""
        with contextlib.suppress(RuntimeError):  # the loop was closed a moment ago
            self._loop.call_soon_threadsafe(self._task.cancel)
        self.kernels.give_up()
        self._join()

    def _join(self) -> None:
        self._thread.join()
        sys.setswitchinterval(self._switching)
        _running.discard(self)

    def _tell(self, outcome: Outcome) -> None:
        self._done(outcome)
        self.ended[outcome.chapter.docname].set()

    def _work(self) -> None:
        loop = self._loop
        asyncio.set_event_loop(loop)
        try:
            # Preloading takes seconds, and its result is the same for all. Meanwhile there is
            # time for what is needed when the first chapter ends.
            distributions()
            self.kernels.address()
            loop.run_until_complete(self._task)
        except asyncio.CancelledError:
            pass
        except BaseException as error:
            self._error = error
        finally:
            loop.run_until_complete(loop.shutdown_asyncgens())
            asyncio.set_event_loop(None)
            loop.close()
            self.kernels.close()
            for event in self.ended.values():
                event.set()  # nobody may wait for ever


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


async def _run_all(runs: list[_Run], done: Callable[[Outcome], None]) -> None:
    running = asyncio.Semaphore(cores())
    # A kernel's first answer is mostly waiting: the next one starts while others run.
    started = asyncio.Semaphore(cores() + 1)

    # Kernels get ready in any order; chapters begin in the order they were given.
    turns = [asyncio.Event() for _ in range(len(runs) + 1)]
    turns[0].set()

    async def one(run: _Run, turn: asyncio.Event, following: asyncio.Event) -> None:
        async with started:
            try:
                done(await run.outcome(_Gate(running, turn, following)))
            finally:
                following.set()

    async with asyncio.TaskGroup() as group:
        for run, turn, following in zip(runs, turns, turns[1:], strict=False):
            group.create_task(one(run, turn, following))


@dataclass(frozen=True)
class _Gate:
    """Lets a chapter begin when one of the running ones has ended and it is its turn."""

    running: asyncio.Semaphore
    turn: asyncio.Event
    following: asyncio.Event

    async def __aenter__(self) -> None:
        await self.turn.wait()
        await self.running.acquire()
        self.following.set()

    async def __aexit__(self, *_: object) -> None:
        self.running.release()


class _Run:
    """One chapter in one kernel."""

    def __init__(self, chapter: Chapter, kernels: Kernels, surroundings: Surroundings) -> None:
        # Outputs go into a copy: failures are explained from it, with its counts, and
        # MyST-NB changes its notebook while this one runs.
        self.chapter = replace(chapter, notebook=copy.deepcopy(chapter.notebook))
        self.kernels = kernels
        self.surroundings = surroundings
        self.index: int | None = None
        self.began = time.perf_counter()

    async def outcome(self, gate: _Gate) -> Outcome:
        """Execute, and turn whatever happens into an outcome."""
        record = failure = None
        with self.kernels.kernel(self.chapter.kernel_name) as kernel:
            try:
                record = await self.execute(kernel, gate)
            except Exception as error:
                failure = failures.sentence(self.chapter, self.index, error, kernel.log)
        return Outcome(self.chapter, record, failure, time.perf_counter() - self.began)

    async def execute(self, kernel: Kernel, gate: _Gate) -> Record:
        """Execute all cells in a fresh kernel and return what came of it."""
        notebook, config = self.chapter.notebook, self.chapter.config
        client = NotebookClient(
            notebook,
            km=kernel.manager,
            timeout=config.execution_timeout,
            allow_errors=config.execution_allow_errors,
            coalesce_streams=True,
            record_timing=False,
            log=_QUIET,
            shutdown_kernel="immediate",
            resources={"metadata": {"path": str(self.chapter.path.parent)}},
        )
        client.reset_execution_trackers()
        async with client.async_setup_kernel(cleanup_kc=True, **kernel.options):
            language = await self.language(client)
            async with gate:
                self.began = time.perf_counter()
                python = language.get("name") == "python"
                if python:
                    await _evaluate(client, self.probe())
                for index, cell in enumerate(notebook.cells):
                    self.index = index
                    await client.async_execute_cell(
                        cell, index, execution_count=client.code_cells_executed + 1
                    )
                seconds = time.perf_counter() - self.began
                report: dict[str, Any] = {"files": [], "folders": [], "modules": []}
                if python:
                    name = probe.NAME
                    asked = f"__import__('sys').modules[{name!r}].report()"
                    report = json.loads(ast.literal_eval(await _evaluate(client, asked)))
                client.set_widgets_metadata()
        steady(notebook)
        metadata = {"language_info": language}
        if "widgets" in notebook.metadata:
            metadata["widgets"] = notebook.metadata["widgets"]
        cells = [
            {"outputs": cell.outputs, "execution_count": cell.execution_count}
            for cell in notebook.cells
            if cell.cell_type == "code"
        ]
        return Record(
            key=self.chapter.key,
            files=self.surroundings.depends(report),
            versions=imported_versions(report["modules"]),
            seconds=seconds,
            shown=Record.in_words(cells, metadata),
        )

    async def language(self, client: NotebookClient) -> dict[str, Any]:
        """Ask the kernel which language it speaks."""
        assert client.kc is not None
        reply = await client.async_wait_for_reply(client.kc.kernel_info())
        return dict((reply or {}).get("content", {}).get("language_info", {}))

    def probe(self) -> str:
        """Return the expression that starts the probe, and adds no name to the chapter's."""
        inside, outside = self.surroundings.inside, self.surroundings.outside
        source = f"{_PROBE}\nstart({inside!r}, {outside!r})\n"
        return f"exec({source!r}, {{'__name__': {probe.NAME!r}}})"


async def _evaluate(client: NotebookClient, expression: str) -> str:
    """Evaluate an expression in the kernel, unseen, and return its `repr`."""
    assert client.kc is not None
    sent = client.kc.execute(
        "", silent=True, store_history=False, user_expressions={"it": expression}
    )
    reply = await client.async_wait_for_reply(sent)
    result = (reply or {}).get("content", {}).get("user_expressions", {}).get("it", {})
    if result.get("status") != "ok":
        raise RuntimeError(f"the kernel did not report what the chapter read: {result}")
    return str(result["data"]["text/plain"])


def steady(notebook: NotebookNode) -> None:
    """Replace what is different in every run and means nothing.

    An address in memory, as in `<AddBackward0 object at 0x7f…>`, becomes a number: the
    same one throughout the notebook, so that outputs still tell which objects are one.
    The temporary file that warnings name, `/tmp/ipykernel_7/123.py`, becomes `cell.py`.

    Parameters
    ----------
    notebook : NotebookNode
        Changed in place.
    """
    seen: dict[str, str] = {}

    def number(match: re.Match[str]) -> str:
        return seen.setdefault(match[0], f"at 0x{len(seen) + 1:012x}")

    def clean(text: str) -> str:
        return _CELL_FILE.sub("cell.py", _ADDRESS.sub(number, text))

    for output in chain.from_iterable(cell.get("outputs", ()) for cell in notebook.cells):
        if output.output_type == "stream":
            output.text = clean(output.text)
        elif output.output_type == "error":
            output.traceback = [clean(line) for line in output.traceback]
        else:
            for mime in ("text/plain", "text/html"):
                if isinstance(output.data.get(mime), str):
                    output.data[mime] = clean(output.data[mime])
