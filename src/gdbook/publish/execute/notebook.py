"""A chapter as the executor sees it: cells, and the key of everything in them that runs."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from myst_nb.core.config import NbParserConfig
from myst_nb.core.read import (
    MystMetadataParsingError,
    is_myst_markdown_notebook,
    read_myst_markdown_notebook,
)
from myst_parser.config.main import MdParserConfig
from nbformat import NotebookNode
from sphinx.errors import SphinxError

from gdbook.publish.core.files import fingerprint
from gdbook.publish.core.versions import versions
from gdbook.publish.execute import displays

SUFFIXES = (".md", ".ipynb")
"""Of the files that are run."""

EXECUTION_TAGS = ("raises-exception", "skip-execution")
"""The cell tags that change what a kernel does; all others are for the page."""


@dataclass(frozen=True)
class Chapter:
    """A notebook to execute.

    Parameters
    ----------
    docname : str
        Sphinx's name of the page.
    path : Path
        The Markdown file, or a Jupyter notebook.
    text : str
        What the file said when it was read.
    notebook : NotebookNode
        Its cells.
    config : NbParserConfig
        MyST-NB's settings for it, front matter included.
    key : str
        Under which its outputs will be kept, from `output_key`.
    """

    docname: str
    path: Path
    text: str
    notebook: NotebookNode
    config: NbParserConfig
    key: str


class NotebookError(SphinxError):
    """A file is not the notebook that its name says."""


def read_notebook(path: Path, text: str, config: MdParserConfig) -> NotebookNode | None:
    """Read a file as MyST-NB does, with displayed formulas written into their checks.

    It is None for a page of plain Markdown.

    Raises
    ------
    NotebookError
        If a Jupyter notebook, or the head of a cell, cannot be read.
    nbformat.ValidationError
        If a cell's metadata are not what a notebook may hold.
    """
    read: NotebookNode
    if path.suffix == ".ipynb":
        try:
            read = nbformat.reads(text, as_version=4)
        except Exception as error:  # whatever it is, the file's writer must look at it
            said = " ".join(str(error).split())[:300]
            raise NotebookError(f"{path}: this is no Jupyter notebook: {said}") from error
    elif is_myst_markdown_notebook(text):
        try:
            read = read_myst_markdown_notebook(text, config=config, add_source_map=True, path=path)
        except MystMetadataParsingError as error:
            raise NotebookError(_unreadable(path, str(error))) from None
    else:
        return None
    displays.write_in(read)
    return read


def _unreadable(path: Path, said: str) -> str:
    """Say where MyST-NB could not read a page, which it tells without the file's name."""
    said = " ".join(said.split())
    found = re.match(r"(\w+) cell \d+ at line (\d+) (?:could not be read: )?(.*)", said)
    if found is None:
        return f"{path}: {said}"
    if found[1] == "Code":
        why = "the options of this cell are not YAML; lines of a text that goes on are indented"
    else:
        why = f"what stands after +++ is no JSON of names and values: {found[3]}"
    return f"{path}:{found[2]}: {why}"


def code_key(notebook: NotebookNode | None) -> str | None:
    """Return the fingerprint of a notebook's code and of what else in it decides how it runs.

    Parameters
    ----------
    notebook : NotebookNode or None
        Its Markdown cells and all metadata that no kernel sees don't count.

    Returns
    -------
    str or None
        None if there is nothing to execute: no code cell, or front matter that says
        `mystnb: {execution_mode: "off"}`.
    """
    if notebook is None:
        return None
    cells = [
        [cell.source, [tag for tag in EXECUTION_TAGS if tag in cell.metadata.get("tags", [])]]
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]
    own = own_settings(notebook)
    if not cells or own.get("execution_mode") == "off":
        return None
    parts = [1, kernel_name(notebook), own.get("execution_allow_errors"), cells]
    return fingerprint(json.dumps(parts, sort_keys=True).encode())


def output_key(code: str, config: NbParserConfig) -> str:
    """Return the key under which outputs of some code stay true.

    Parameters
    ----------
    code : str
        From `code_key`.
    config : NbParserConfig
        The book's settings.
    """
    parts = [code, bool(config.execution_allow_errors), versions()]
    return fingerprint(json.dumps(parts, sort_keys=True).encode())


def own_settings(notebook: NotebookNode) -> dict[str, Any]:
    """Return the MyST-NB settings in a notebook's front matter."""
    own = notebook.metadata.get("mystnb")
    return dict(own) if isinstance(own, dict) else {}


def merged(config: NbParserConfig, notebook: NotebookNode) -> NbParserConfig:
    """Return the book's settings with those of a notebook's front matter."""
    own = own_settings(notebook)
    own.pop("output_folder", None)
    try:
        return config.copy(**own)
    except (TypeError, ValueError):  # MyST-NB's parser warns of it, with the line
        return config


def excluded(path: Path, config: NbParserConfig) -> bool:
    """Return whether the settings keep a file from being executed."""
    return any(path.match(pattern) for pattern in config.execution_excludepatterns)


def kernel_name(notebook: NotebookNode) -> str:
    """Return the name of a notebook's kernelspec."""
    return str(notebook.metadata.get("kernelspec", {}).get("name", "python3"))
