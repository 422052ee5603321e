"""The Palmer penguins: three species, measured in Antarctica from 2007 to 2009.

The numbers are those of the file ``penguins.csv`` in the PyPI package ``palmerpenguins``. It is
read without importing that package, which would load pandas.
"""

from __future__ import annotations

import csv
import hashlib
import importlib.util
from pathlib import Path
from types import MappingProxyType

import numpy as np
import torch
from torch import Tensor

from gdbook.tables import Table

__all__ = ["CLASSES", "MEASUREMENTS", "load_penguins"]

#: The columns of numbers; the last part of a name is the unit.
MEASUREMENTS = ("bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g")

#: The columns of integers, and what 0, 1 and 2 stand for.
CLASSES = MappingProxyType(
    {
        "species": ("Adelie", "Chinstrap", "Gentoo"),
        "island": ("Biscoe", "Dream", "Torgersen"),
        "sex": ("female", "male", "not recorded"),
    }
)

# Of the file in versions 0.1.4, 0.1.5 and 0.1.6, with each line ended by a line feed. The
# chapters' words are about these numbers and no others.
_SHA256 = "f204db2c753b0937caac3cb35258562c14f073e4bbc76be24b4c51ce22767a93"
_SEED = 5


def load_penguins() -> Table:
    """Return the penguins that were measured, as `gdbook.datasets.load("penguins")` does.

    Returns
    -------
    Table
        342 rows, in the file's order, by species. Two of the 344 in the file have no
        measurements and are left out. Columns of float64: ``bill_length_mm``,
        ``bill_depth_mm``, ``flipper_length_mm``, ``body_mass_g``, ``year``. Columns of int64,
        whose names are in ``.classes``: ``species``, ``island``, ``sex``; the sex of nine of
        the 342 was not recorded, which is a class of its own. ``.train``, ``.validation`` and
        ``.test`` are 206, 68 and 68 rows, drawn at random with a fixed seed.

    Raises
    ------
    ModuleNotFoundError
        If the package ``palmerpenguins`` is not installed.
    ValueError
        If its file holds something else.

    Notes
    -----
    Gorman, Williams & Fraser 2014; Horst, Hill & Gorman 2020. Data: CC0.
    """
    text = _file().read_bytes().replace(b"\r\n", b"\n")
    if hashlib.sha256(text).hexdigest() != _SHA256:
        raise ValueError(
            "penguins.csv of the package palmerpenguins is not the file that the book was written "
            "with; pip install palmerpenguins==0.1.6"
        )
    rows = list(csv.DictReader(text.decode().splitlines()))
    kept = [row for row in rows if all(row[name] != "NA" for name in MEASUREMENTS)]
    columns = {
        name: _codes([row[name] for row in kept], CLASSES[name])
        if name in CLASSES
        else torch.tensor([float(row[name]) for row in kept], dtype=torch.float64)
        for name in rows[0]
    }
    return Table(
        "penguins",
        MappingProxyType(columns),
        splits=MappingProxyType(_splits(len(kept))),
        classes=CLASSES,
        left_out=len(rows) - len(kept),
    )


def _file() -> Path:
    # Of a package that is not inside another, this finds the place and runs nothing.
    found = importlib.util.find_spec("palmerpenguins")
    if found is None or not found.submodule_search_locations:
        raise ModuleNotFoundError(
            "the penguins come with the package palmerpenguins, which is not installed: "
            "pip install palmerpenguins (its pandas is not needed here, and --no-deps spares it)",
            name="palmerpenguins",
        )
    return Path(found.submodule_search_locations[0]) / "data" / "penguins.csv"


def _codes(names: list[str], classes: tuple[str, ...]) -> Tensor:
    # In the file an unknown sex is NA.
    return torch.tensor([classes.index("not recorded" if n == "NA" else n) for n in names])


def _splits(rows: int) -> dict[str, Tensor]:
    """Return the rows of each part: three fifths, one fifth and one fifth, at random."""
    # NumPy promises that these bits stay the same in every version.
    order = torch.from_numpy(np.random.PCG64(_SEED).random_raw(rows).argsort(kind="stable"))
    fifth = rows // 5
    return {
        "train": order[: -2 * fifth],
        "validation": order[-2 * fifth : -fifth],
        "test": order[-fifth:],
    }
