"""The two files that students get: a notebook and a script."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gdbook.lab.source import Cell, cells


def write_lab(folder: Path, seed: int, *, solved: bool = False) -> tuple[Path, Path]:
    """Write notebook and script of a variant.

    Parameters
    ----------
    folder : Path
        Made if it does not exist.
    seed : int
    solved : bool
        Whether the model solution stands in them, and `-solved` in their names.

    Returns
    -------
    tuple of Path
        The notebook and the script.

    Raises
    ------
    ValueError
        If there is no such seed.
    FileExistsError
        If one of the files is there already with other text: a student may have worked in it.
    """
    made = cells(seed, solved=solved)
    name = f"lab-{seed}-solved" if solved else f"lab-{seed}"
    texts = {
        folder / f"{name}.ipynb": notebook(made, f"{name}.ipynb"),
        folder / f"{name}.py": script(made),
    }
    for path, text in texts.items():
        if path.exists() and path.read_bytes() != text.encode():
            raise FileExistsError(17, "is there already, and changed: move it away", str(path))
    folder.mkdir(parents=True, exist_ok=True)
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8", newline="\n")
    first, second = texts
    return first, second


def notebook(made: Sequence[Cell], name: str) -> str:
    """Return cells as a notebook of format 4.5, which Jupyter and Colab open."""
    table = {
        "cells": [_entry(number, cell) for number, cell in enumerate(made)],
        "metadata": {
            "colab": {"name": name, "provenance": []},
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(table, indent=1, ensure_ascii=False) + "\n"


def _entry(number: int, cell: Cell) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "cell_type": cell.kind,
        "id": f"cell-{number}",
        "metadata": {},
        "source": cell.text.splitlines(keepends=True),
    }
    if cell.kind == "code":
        entry |= {"execution_count": None, "outputs": []}
    return entry


def script(made: Sequence[Cell]) -> str:
    """Return cells as a script that editors such as VS Code and Spyder show in cells."""
    pieces = []
    for cell in made:
        if cell.kind == "markdown":
            commented = textwrap.indent(cell.text, "# ", lambda _: True)
            pieces.append("# %% [markdown]\n" + "\n".join(map(str.rstrip, commented.split("\n"))))
        else:
            pieces.append(f"# %%\n{cell.text}")
    return "\n\n".join(pieces) + "\n"
