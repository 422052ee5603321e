"""The book's data: made once, with a seed, or measured, and loaded by every chapter that uses it.

``python -m gdbook.datasets`` writes the CSV files of ``data/`` again, byte for byte.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from gdbook._expect import known_name
from gdbook.penguins import load_penguins
from gdbook.tables import Table, read_columns

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

__all__ = ["DATASETS", "Recipe", "Table", "load", "make_csv", "read", "write"]

DECIMALS = 6


@dataclass(frozen=True)
class Recipe:
    """How a data set is made.

    Attributes
    ----------
    draw : callable
        Draws the columns from a random generator, each an array of shape (rows,).
    seed : int
        The seed of that generator, NumPy's PCG64.
    columns : tuple of str
        The columns' names, in order.
    rows : int
        Their length.
    truth : mapping of str to float
        The numbers that the data is made from, noise aside.
    splits : mapping of str to slice
        Which rows are for what; empty where the data is not split.
    """

    draw: Callable[[np.random.Generator], tuple[Numbers, ...]]
    seed: int
    columns: tuple[str, ...]
    rows: int
    truth: Mapping[str, float]
    splits: Mapping[str, slice] = field(default_factory=dict)


def _sine_fit(random: np.random.Generator) -> tuple[Numbers, ...]:
    """Return 200 points of sin(ωx + t), x uniform on (−3, 3), with Gaussian noise of σ = 0.2."""
    # What is computed from x is computed from the x that stands in the file.
    x = random.uniform(-3, 3, 200).round(DECIMALS)
    return x, np.sin(2.188 * x + 1) + random.normal(0, 0.2, 200)


def _line_fit(random: np.random.Generator) -> tuple[Numbers, ...]:
    """Return 100 points of 3x + 2, x uniform on (0, 4), with noise uniform on (0, 1)."""
    x = random.uniform(0, 4, 100).round(DECIMALS)
    # Like torch.rand: this noise has the mean ½, so it lifts the line. Chapter 11 asks why.
    return x, 3 * x + 2 + random.random(100)


def _curve_fit(random: np.random.Generator) -> tuple[Numbers, ...]:
    """Return 3x² + 2x + 1 at 20 even steps from −2 to 2, with two kinds of Gaussian noise."""
    x = np.linspace(-2, 2, 20).round(DECIMALS)
    multiplicative, additive = random.normal(0, 0.15, 20), random.normal(0, 1.5, 20)
    return x, (3 * x**2 + 2 * x + 1) * (1 + multiplicative) + additive


def _two_moons(random: np.random.Generator) -> tuple[Numbers, ...]:
    """Return 200 points on two half circles that interlock, 100 on each, under Gaussian noise."""
    label = random.permutation(np.repeat([0.0, 1.0], 100))
    angle = random.uniform(0, np.pi, 200)
    # The upper moon is centred at (0, 0); the lower one is the upper one turned by 180° about
    # (½, ¼).
    x = np.where(label == 0, np.cos(angle), 1 - np.cos(angle))
    y = np.where(label == 0, np.sin(angle), 0.5 - np.sin(angle))
    return x + random.normal(0, 0.12, 200), y + random.normal(0, 0.12, 200), label


#: How each of the data sets is made, by name; `load` adds the penguins.
DATASETS: Mapping[str, Recipe] = MappingProxyType(
    {
        "sine_fit": Recipe(
            draw=_sine_fit,
            seed=1,
            columns=("x", "y"),
            rows=200,
            truth=MappingProxyType({"omega": 2.188, "t": 1.0}),
            splits=MappingProxyType(
                {"train": slice(0, 50), "validation": slice(50, 75), "test": slice(75, 200)}
            ),
        ),
        "line_fit": Recipe(
            draw=_line_fit,
            seed=2,
            columns=("x", "y"),
            rows=100,
            truth=MappingProxyType({"slope": 3.0, "intercept": 2.0}),
        ),
        "curve_fit": Recipe(
            draw=_curve_fit,
            seed=3,
            columns=("x", "y"),
            rows=20,
            truth=MappingProxyType({"a": 3.0, "b": 2.0, "c": 1.0}),
        ),
        "two_moons": Recipe(
            draw=_two_moons,
            seed=4,
            columns=("x", "y", "label"),
            rows=200,
            truth=MappingProxyType({}),
            splits=MappingProxyType(
                {"train": slice(0, 100), "validation": slice(100, 150), "test": slice(150, 200)}
            ),
        ),
    }
)


def load(name: str) -> Table:
    """Return one of the book's data sets.

    In a checkout of the book it is read from ``data/``. Where the package is installed
    without that folder, the same numbers are made in memory. The penguins are measured, and
    come with another package.

    Parameters
    ----------
    name : str
        ``"penguins"``, or one of the keys of `DATASETS`: ``"sine_fit"``, ``"line_fit"``,
        ``"curve_fit"``, ``"two_moons"``.

    Returns
    -------
    Table
        The columns as float64 tensors. The sine fit is split into ``.train`` (rows 0–49),
        ``.validation`` (50–74) and ``.test`` (75–199), the two moons into rows 0–99, 100–149
        and 150–199. For the penguins see `gdbook.penguins.load_penguins`.

    Raises
    ------
    ValueError
        If there is no such data set, or its file does not hold what it should.
    FileNotFoundError
        If the folder is there, but not the file.
    ModuleNotFoundError
        If the package that carries the penguins is not installed.
    """
    if known_name(name, (*DATASETS, "penguins"), "data set") == "penguins":
        return load_penguins()
    folder = _folder()
    if folder is None:
        return _table(name, make_csv(name), f"the data set {name}")
    return read(name, folder / f"{name}.csv")


def read(name: str, path: Path) -> Table:
    """Return a data set read from a file of its form.

    Raises
    ------
    FileNotFoundError, ValueError
        As `load` does.
    """
    known_name(name, DATASETS, "data set")
    where = f"{path.parent.name}/{path.name}"
    if not path.is_file():
        raise FileNotFoundError(f"{where} is missing; `python -m gdbook.datasets` makes it")
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise ValueError(f"{where}: expected text in UTF-8") from None
    return _table(name, text, where)


def make_csv(name: str) -> str:
    """Return a data set, made anew from its seed, as the text of its file.

    Raises
    ------
    ValueError
        If there is no such data set.
    """
    recipe = DATASETS[known_name(name, DATASETS, "data set")]
    random = np.random.Generator(np.random.PCG64(recipe.seed))
    # Adding 0.0 turns −0.0 into 0.0.
    rows = np.column_stack(recipe.draw(random)).round(DECIMALS) + 0.0
    lines = [",".join(recipe.columns)]
    lines += [",".join(f"{number:.{DECIMALS}f}" for number in row) for row in rows]
    return "\n".join(lines) + "\n"


def write(folder: Path) -> list[Path]:
    """Write every data set into `folder`; return the files that were not so before."""
    folder.mkdir(parents=True, exist_ok=True)
    changed = []
    for name in DATASETS:
        path, made = folder / f"{name}.csv", make_csv(name).encode()
        if not path.is_file() or path.read_bytes() != made:
            path.write_bytes(made)
            changed.append(path)
    return changed


def _table(name: str, text: str, where: str) -> Table:
    recipe = DATASETS[name]
    columns = read_columns(text, where, recipe.columns, recipe.rows)
    return Table(name, MappingProxyType(columns), recipe.truth, recipe.splits)


def _folder() -> Path | None:
    """Return the checkout's ``data/``, or None where the package is installed without it."""
    source = Path(__file__).resolve().parents[1]
    folder = source.parent / "data"
    return folder if source.name == "src" and folder.is_dir() else None


def main(arguments: Sequence[str]) -> None:
    """Write the data into the folder named, or into the checkout's ``data/``."""
    folder = Path(arguments[0]) if arguments else _folder()
    if folder is None:
        sys.exit("this is no checkout of the book; say where: python -m gdbook.datasets FOLDER")
    changed = write(folder)
    for name in DATASETS:
        path = folder / f"{name}.csv"
        print(f"{path.parent.name}/{path.name}: {'written' if path in changed else 'unchanged'}")


if __name__ == "__main__":
    main(sys.argv[1:])
