"""Give MyST-NB the outputs of a chapter, with the metadata that its cells have now."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
from myst_nb.core.config import NbParserConfig
from myst_nb.core.execute import create_client as create_mystnb_client
from myst_nb.core.execute.base import NotebookClientBase
from myst_nb.core.read import NbReader
from myst_nb.core.read import create_nb_reader as create_mystnb_reader
from myst_parser.config.main import MdParserConfig
from nbformat import NotebookNode

from gdbook.publish.core import upstream
from gdbook.publish.execute import displays
from gdbook.publish.execute.notebook import SUFFIXES, code_key, excluded, read_notebook
from gdbook.publish.execute.output_store import Record

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


class Notebooks:
    """Files that were read as notebooks, each kept until MyST-NB asks for it."""

    def __init__(self) -> None:
        self._kept: dict[Path, tuple[str, NotebookNode | None]] = {}

    def read(self, path: Path, text: str, config: MdParserConfig) -> NotebookNode | None:
        """Return the notebook of a file's text, None for plain Markdown."""
        if path not in self._kept or self._kept[path][0] != text:
            self._kept[path] = (text, read_notebook(path, text, config))
        return self._kept[path][1]

    def give_away(self, path: Path, text: str) -> NotebookNode | None:
        """Return a notebook that was read from this text, None if there is none; forget it.

        A cell's `:load:` option brings in another file, which may have changed since.
        """
        kept, notebook = self._kept.pop(path, ("", None))
        return notebook if kept == text and ":load:" not in text else None


def hand_over(notebooks: Notebooks, outputs: Outputs) -> None:
    """Let MyST-NB's parser take notebooks and their outputs from here.

    The parser has no setting for this. It looks up the functions that make the reader of a
    text and the client from which a notebook's outputs come; both are replaced.

    Parameters
    ----------
    notebooks : Notebooks
        What was read before; MyST-NB will change it.
    outputs : callable
        Returns the record of a notebook, given also its file.
    """

    def create_nb_reader(path: str, *settings: Any) -> NbReader | None:
        reader = create_mystnb_reader(path, *settings)
        known = notebooks.give_away(Path(path), settings[-1])
        if reader is None:
            return None
        if known is not None:
            return dataclasses.replace(reader, read=lambda _text: known)

        def read(text: str) -> NotebookNode:
            notebook = reader.read(text)
            displays.write_in(notebook)
            return notebook

        return dataclasses.replace(reader, read=read)

    def create_client(
        notebook: NotebookNode, source: str, config: NbParserConfig, logger: Any, *rest: Any
    ) -> NotebookClientBase:
        # nbformat's cell ids are random, and the notebooks are published.
        for number, cell in enumerate(notebook.cells):
            cell["id"] = f"cell-{number}"
        path = Path(source)
        if path.suffix not in SUFFIXES or excluded(path, config) or code_key(notebook) is None:
            return create_mystnb_client(notebook, source, config, logger, *rest)
        return StoredClient(outputs(notebook, path), notebook, path, config, logger)

    upstream.replace("myst_nb.sphinx_:create_nb_reader", create_nb_reader)
    upstream.replace("myst_nb.sphinx_:create_client", create_client)


def _nodes(value: dict[str, Any]) -> NotebookNode:
    node: NotebookNode = nbformat.from_dict(value)
    return node
