from __future__ import annotations

import tempfile
import threading
from pathlib import Path

import nbformat
import pytest
from myst_nb.core.config import NbParserConfig

from gdbook.publish.execute.kernels.pool import Kernels
from gdbook.publish.execute.notebook import Chapter
from gdbook.publish.execute.runner import Outcome
from gdbook.publish.execute.scheduler import Runs
from gdbook.publish.execute.staleness import Surroundings


def test_runs_are_cancelled_while_kernels_still_import(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "slow_import.py").write_text("import time\ntime.sleep(600)\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    scratch = tmp_path / "scratch" / ("long" * 10)  # too long for sockets
    scratch.mkdir(parents=True)
    monkeypatch.setenv("TMPDIR", str(scratch))
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    cell = nbformat.v4.new_code_cell("1 + 1")
    notebook = nbformat.v4.new_notebook(cells=[cell])
    page = tmp_path / "page.md"
    chapter = Chapter("page", page, "", notebook, NbParserConfig(), "key")
    kernels = Kernels(preload=["slow_import"])
    ended: list[Outcome] = []
    runs = Runs(
        [chapter],
        kernels=kernels,
        surroundings=Surroundings(tmp_path, tmp_path / "_build"),
        seconds={},
        done=ended.append,
    )
    runs.start()
    cancelling = threading.Thread(target=runs.cancel, daemon=True)
    cancelling.start()
    cancelling.join(timeout=120)
    assert not cancelling.is_alive()
    assert list(scratch.iterdir()) == []
    assert ended == []
    runs.wait("page")  # it will never run, and nobody waits for it
