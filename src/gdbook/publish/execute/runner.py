"""Stale chapters, run side by side: as many as there are cores, in the order they are given."""

from __future__ import annotations

import ast
import asyncio
import copy
import json
import logging
import os
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from gdbook.publish.execute import dependency_probe, errors
from gdbook.publish.execute.client import Client
from gdbook.publish.execute.kernels.pool import Kernel, Kernels
from gdbook.publish.execute.notebook import Chapter, kernel_name
from gdbook.publish.execute.output_store import Record
from gdbook.publish.execute.staleness import Surroundings, imported_versions

_PROBE = Path(dependency_probe.__file__).read_text("utf8")
# What goes wrong is told in a sentence of ours; nbclient's own words would come twice.
_QUIET = logging.getLogger(__name__)
_QUIET.addHandler(logging.NullHandler())
_QUIET.propagate = False
_ADDRESS = re.compile(r"\bat 0x[0-9a-f]+")
_WORD = re.compile(r"[^\s\"']+")
_CELL_FILE = re.compile(r".*[/\\]ipykernel_\d+[/\\]\d+\.py")


@dataclass(frozen=True)
class Outcome:
    """How a chapter's run ended: with a record, or with a sentence about what went wrong."""

    chapter: Chapter
    record: Record | None
    failure: str | None
    seconds: float


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


async def run_all(runs: list[Run], done: Callable[[Outcome], None]) -> None:
    """Run chapters, as many at a time as there are cores, and tell of each as it ends."""
    # One more than there are cores: a kernel's first answer is mostly waiting.
    slots = asyncio.Semaphore(cores() + 1)

    async def one(run: Run) -> None:
        async with slots:
            done(await run.outcome())

    async with asyncio.TaskGroup() as group:
        for run in runs:
            group.create_task(one(run))


class Run:
    """One chapter in one kernel."""

    def __init__(self, chapter: Chapter, kernels: Kernels, surroundings: Surroundings) -> None:
        # Outputs go into a copy: failures are explained from it, with its counts, and
        # MyST-NB changes its notebook while this one runs.
        self.chapter = replace(chapter, notebook=copy.deepcopy(chapter.notebook))
        self.chapter.notebook.metadata.pop("widgets", None)
        for cell in self.chapter.notebook.cells:
            if cell.cell_type == "code":  # what a Jupyter notebook was saved with doesn't count
                cell.outputs, cell.execution_count = [], None
        self.kernels = kernels
        self.surroundings = surroundings
        self.index: int | None = None
        self.began = time.perf_counter()

    async def outcome(self) -> Outcome:
        """Execute, and turn whatever happens into an outcome."""
        record = failure = None
        with self.kernels.kernel(kernel_name(self.chapter.notebook)) as kernel:
            try:
                record = await self.execute(kernel)
            except Exception as error:
                failure = errors.sentence(self.chapter, self.index, error, kernel.log)
        return Outcome(self.chapter, record, failure, time.perf_counter() - self.began)

    async def execute(self, kernel: Kernel) -> Record:
        """Execute all cells in a fresh kernel and return what came of it."""
        notebook, config = self.chapter.notebook, self.chapter.config
        client = Client(
            notebook,
            km=kernel.manager,
            timeout=config.execution_timeout,
            allow_errors=config.execution_allow_errors,
            log=_QUIET,
            shutdown_kernel="immediate",
            resources={"metadata": {"path": str(self.chapter.path.parent)}},
        )
        client.reset_execution_trackers()
        async with client.async_setup_kernel(cleanup_kc=True, **kernel.options):
            language = await client.language()
            self.began = time.perf_counter()
            python = language.get("name") == "python"
            if python:
                await client.evaluate(self.probe())
            for self.index in range(len(notebook.cells)):
                await client.run(self.index)
            seconds = time.perf_counter() - self.began
            report: dict[str, Any] = {"files": [], "folders": [], "modules": []}
            if python:
                name = dependency_probe.NAME
                asked = f"__import__('sys').modules[{name!r}].report()"
                report = json.loads(ast.literal_eval(await client.evaluate(asked)))
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

    def probe(self) -> str:
        """Return the expression that starts the probe, and adds no name to the chapter's."""
        inside, outside = self.surroundings.inside, self.surroundings.outside
        source = f"{_PROBE}\nstart({inside!r}, {outside!r})\n"
        return f"exec({source!r}, {{'__name__': {dependency_probe.NAME!r}}})"


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
        text = _ADDRESS.sub(number, text)
        if "ipykernel_" not in text:
            return text
        # Word by word: sought anywhere, it takes time quadratic in a word's length.
        return _WORD.sub(lambda word: _CELL_FILE.sub("cell.py", word[0], count=1), text)

    for output in chain.from_iterable(cell.get("outputs", ()) for cell in notebook.cells):
        if output.output_type == "stream":
            output.text = clean(output.text)
        elif output.output_type == "error":
            output.traceback = [clean(line) for line in output.traceback]
        else:
            for mime in ("text/plain", "text/html"):
                if isinstance(output.data.get(mime), str):
                    output.data[mime] = clean(output.data[mime])
