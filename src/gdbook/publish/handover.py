"""Give MyST-NB the outputs of a chapter, with the metadata that its cells have now."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import myst_nb.sphinx_
import nbformat
from myst_nb.core.config import NbParserConfig
from myst_nb.core.execute import create_client as create_mystnb_client
from myst_nb.core.execute.base import NotebookClientBase
from nbformat import NotebookNode

from gdbook.publish.chapters import code_key, excluded
from gdbook.publish.store import Record

Outputs = Callable[[NotebookNode, Path], Record]


class StoredClient(NotebookClientBase):
    """Where MyST-NB's renderer finds outputs that were executed before.

    Parameters
    ----------
    record : Record
        Outputs of a notebook with the same code cells.
    *args : Any
        What MyST-NB gives to every client.
    """

    def __init__(self, record: Record, *args: Any) -> None:
        super().__init__(*args)
        self.record = record

    def start_client(self) -> None:
        """Fill in outputs and counts; sources and metadata stay the notebook's own."""
        code = [cell for cell in self.notebook.cells if cell.cell_type == "code"]
        for cell, executed in zip(code, self.record.cells, strict=True):
            cell.update(_nodes(executed))
        self.notebook.metadata.update(_nodes(self.record.metadata))


def hand_over(outputs: Outputs) -> None:
    """Let MyST-NB's parser take the outputs of every chapter that runs from here.

    The parser has no setting for this. It looks up the function that makes the client
    from which a notebook's outputs come; that function is replaced.

    Parameters
    ----------
    outputs : callable
        Returns the record of a notebook, given also its file.
    """

    def create_client(
        notebook: NotebookNode, source: str, config: NbParserConfig, logger: Any, *rest: Any
    ) -> NotebookClientBase:
        # nbformat's cell ids are random, and the notebooks are published.
        for number, cell in enumerate(notebook.cells):
            cell["id"] = f"cell-{number}"
        path = Path(source)
        if path.suffix != ".md" or excluded(path, config) or code_key(notebook) is None:
            return create_mystnb_client(notebook, source, config, logger, *rest)
        return StoredClient(outputs(notebook, path), notebook, path, config, logger)

    parser: Any = myst_nb.sphinx_
    parser.create_client = create_client


def _nodes(value: dict[str, Any]) -> NotebookNode:
    node: NotebookNode = nbformat.from_dict(value)
    return node
