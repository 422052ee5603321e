"""Sentences about chapters that did not run to their end."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from nbclient.exceptions import CellExecutionError, CellTimeoutError
from nbformat import NotebookNode
from sphinx.errors import SphinxError

from gdbook.publish.execute.client import CellError
from gdbook.publish.execute.notebook import Chapter

_ANSI = re.compile(r"\x1b\[[0-9;]*m")
# Python's errors of syntax name the cell's made-up file.
_CELL = re.compile(r" \(\d+\.py, line \d+\)$")
_LAST_WORDS = 5
_LONGEST = 2000


class ExecutionError(SphinxError):
    """Some chapters could not be executed; Sphinx prints the message without a traceback."""

    category = "Execution failed"


def sentence(chapter: Chapter, index: int | None, error: BaseException, log: Path) -> str:
    """Say in one message what stopped a chapter, and where.

    Parameters
    ----------
    chapter : Chapter
        What was running.
    index : int or None
        Position in the notebook of the cell that was running, None before the first.
    error : BaseException
        What nbclient raised.
    log : Path
        What the kernel's process itself wrote.
    """
    if index is None:
        reason = " ".join(str(error).split()) or type(error).__name__
        return f"{chapter.path}: no kernel could be started: {reason}.{_last_words(log)}"
    line = None
    if isinstance(error, CellExecutionError):
        line = error_line(error.traceback, chapter.notebook, index)
        said = _CELL.sub("", _ANSI.sub("", str(error.evalue)).strip())
        what = f"{error.ename}: {said}"
        if error.ename == "StdinNotImplementedError":
            what = "the cell asks for input, and a build has none to give"
    elif isinstance(error, CellTimeoutError):
        seconds = chapter.config.execution_timeout
        what = f"the cell ran longer than the {seconds} seconds that the configuration allows"
    elif isinstance(error, CellError):
        what = str(error)
    else:
        what = f"{type(error).__name__}: {error}{_last_words(log)}"
    if len(what) > _LONGEST:
        what = f"{what[:_LONGEST]}… (and {len(what) - _LONGEST} more characters)"
    number = sum(cell.cell_type == "code" for cell in chapter.notebook.cells[: index + 1])
    source_line = line_in_file(chapter, index, line)
    file = str(chapter.path) + (f":{source_line}" if source_line else "")
    within = f", line {line}" if line else ""
    return f"{file}: in cell {number}{within}: {what}"


def line_in_file(chapter: Chapter, index: int, line: int | None) -> int | None:
    """Return the line of the chapter's Markdown at which a cell begins, or has one of its lines."""
    notebook = chapter.notebook
    if "source_map" not in notebook.metadata:  # a Jupyter notebook has no lines of its own
        return None
    wanted = notebook.cells[index].source.split("\n")
    lines = chapter.text.splitlines()
    # The source map knows where the fence begins; options stand between it and the code.
    start = notebook.metadata["source_map"][index]
    for first in range(start, len(lines) - len(wanted) + 1):
        if lines[first : first + len(wanted)] == wanted:
            return first + (line or 1)
    return start + 1 if start < len(lines) else None


def error_line(traceback: str, notebook: NotebookNode, index: int) -> int | None:
    """Return the line of a cell at which an error left it, from IPython's traceback."""
    # Only the failing cell's own frames: the error may have risen in a function that an
    # earlier cell defined.
    count = notebook.cells[index].get("execution_count")
    frames = re.findall(r"Cell In ?\[(\d+)\], line (\d+)", _ANSI.sub("", traceback))
    own = [int(line) for cell, line in frames if count is None or int(cell) == count]
    return own[-1] if own else None


def together(sentences: Sequence[str], executed: int) -> ExecutionError:
    """Join the sentences of all failed chapters into the error that ends the build."""
    rest = f"the other {executed} executed chapters are kept; " if executed else ""
    return ExecutionError(
        f"{rest}nothing was written, and the site stays as it was.\n" + "\n".join(sentences)
    )


def _last_words(log: Path) -> str:
    try:
        words = log.read_text("utf8", errors="replace").strip().splitlines()[-_LAST_WORDS:]
    except OSError:
        return ""
    return "".join(f"\n    {line}" for line in words)
