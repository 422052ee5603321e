"""Give MyST-NB the outputs of a chapter, with the metadata that its cells have now."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import myst_nb.sphinx_
import nbformat
from myst_nb.core.config import NbParserConfig
from myst_nb.core.execute import create_client as create_mystnb_client
from myst_nb.core.execute.base import NotebookClientBase
from myst_nb.core.read import NbReader
from myst_nb.core.read import create_nb_reader as create_mystnb_reader
from nbformat import NotebookNode

from gdbook.publish.chapters import code_key, excluded
from gdbook.publish.store import Record

Parsed = Callable[[Path, str], NotebookNode | None]
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
        cells, metadata = self.record.read()
        for cell, executed in zip(code, cells, strict=True):
            cell.update(_nodes(executed))
        self.notebook.metadata.update(_nodes(metadata))


def hand_over(parsed: Parsed, outputs: Outputs) -> None:
    """Let MyST-NB's parser take notebooks and their outputs from here.

    The parser has no setting for this. It looks up the functions that make the reader of a
    text and the client from which a notebook's outputs come; both are replaced.

    Parameters
    ----------
    parsed : callable
        Returns the notebook of a file's text if it was read before, else None; it is given
        away for good.
    outputs : callable
        Returns the record of a notebook, given also its file.
    """

    def create_nb_reader(path: str, *settings: Any) -> NbReader | None:
        reader = create_mystnb_reader(path, *settings)
        known = parsed(Path(path), settings[-1])
        if reader is None or known is None:
            return reader
        return dataclasses.replace(reader, read=lambda _text: known)

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
    parser.create_nb_reader = create_nb_reader
    parser.create_client = create_client


def _nodes(value: dict[str, Any]) -> NotebookNode:
    node: NotebookNode = nbformat.from_dict(value)
    return node
