"""Small tables of numbers, and reading them from CSV with an eye on every cell."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import torch
from torch import Tensor

from gdbook._expect import known_name, shape


@dataclass(frozen=True, eq=False, repr=False)
class Table:
    """Named columns of numbers, all of one length.

    A column is ``table["x"]`` or ``table.x``.

    Attributes
    ----------
    name : str
        The data set's name.
    columns : mapping of str to Tensor, each of shape (rows,)
        The columns, in the file's order: float64, or int64 for the numbers of classes.
    truth : mapping of str to float
        The numbers that the data was made from, noise aside.
    splits : mapping of str to slice or Tensor
        Which rows are for what, as a slice or by their numbers; empty where the data is not
        split.
    classes : mapping of str to tuple of str
        For a column of classes, what its numbers 0, 1, … stand for.
    left_out : int
        How many rows of the file are not here, because a number is missing in them.
    """

    name: str
    columns: Mapping[str, Tensor]
    truth: Mapping[str, float] = field(default_factory=dict)
    splits: Mapping[str, slice | Tensor] = field(default_factory=dict)
    classes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    left_out: int = 0

    def __repr__(self) -> str:
        left = f"; {self.left_out} left out" if self.left_out else ""
        return f"<Table {self.name}: {len(self)} rows of {', '.join(self.columns)}{left}>"

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))

    def __getitem__(self, column: str) -> Tensor:
        return self.columns[known_name(column, self.columns, f"column of {self.name}")]

    def __getattr__(self, column: str) -> Tensor:
        # Python asks here only for what is no attribute; copy and pickle ask early.
        columns: Mapping[str, Tensor] = self.__dict__.get("columns", {})
        if column in columns:
            return columns[column]
        raise AttributeError(f"the table has no column {column!r}; it has {', '.join(columns)}")

    @property
    def train(self) -> Table:
        """The rows to fit to."""
        return self._split("train")

    @property
    def validation(self) -> Table:
        """The rows to choose by."""
        return self._split("validation")

    @property
    def test(self) -> Table:
        """The rows to judge by, once."""
        return self._split("test")

    def _split(self, part: str) -> Table:
        if part not in self.splits:
            raise ValueError(f"{self.name} has no {part} rows; it is not split")
        columns = {name: column[self.splits[part]] for name, column in self.columns.items()}
        return replace(
            self,
            name=f"{self.name}, {part}",
            columns=MappingProxyType(columns),
            splits={},
            left_out=0,
        )

    def where(self, chosen: Tensor) -> Table:
        """Return the rows for which `chosen` is true, and of each split those rows too.

        Parameters
        ----------
        chosen : Tensor of bool, shape (rows,)
            Such as ``table.species != 2``.

        Raises
        ------
        TypeError
            If it is no tensor of bool.
        ValueError
            If it is of another shape.
        """
        if not isinstance(chosen, Tensor) or chosen.dtype != torch.bool:
            raise TypeError(f"choose rows of {self.name} by a tensor of bool, got {chosen!r}")
        if chosen.shape != (len(self),):
            raise ValueError(
                f"{self.name} has {len(self)} rows, so a choice must have shape ({len(self)},), "
                f"got {shape(chosen)}"
            )
        now = chosen.cumsum(0) - 1  # the new number of each row that stays
        before = torch.arange(len(self))
        splits = {part: now[before[rows][chosen[rows]]] for part, rows in self.splits.items()}
        columns = {name: column[chosen] for name, column in self.columns.items()}
        return replace(
            self, columns=MappingProxyType(columns), splits=MappingProxyType(splits), left_out=0
        )


def read_columns(text: str, where: str, names: Sequence[str], rows: int) -> dict[str, Tensor]:
    """Return the columns of a CSV text.

    Parameters
    ----------
    text : str
        A header line, then one line of numbers for each row.
    where : str
        The file, for messages.
    names : sequence of str
        The columns that must be there, in this order.
    rows : int
        How many rows there must be.

    Returns
    -------
    dict of str to Tensor, each of shape (rows,), float64

    Raises
    ------
    ValueError
        If a column is missing, unknown or out of place, a row has too few or too many
        cells, a cell holds no finite number, or the number of rows is another.
    """
    header, *lines = list(csv.reader(text.splitlines())) or [[]]
    _check_header(header, where, names)
    numbers = [
        [_number(cell, f"{where}, line {line}, column {name}") for name, cell in cells]
        for line, row in enumerate(lines, start=2)
        for cells in [_cells(row, f"{where}, line {line}", names)]
    ]
    if len(numbers) != rows:
        raise ValueError(f"{where}: expected {rows} rows, got {len(numbers)}")
    table = torch.tensor(numbers, dtype=torch.float64)
    return {name: table[:, i].clone() for i, name in enumerate(names)}


def _check_header(header: Sequence[str], where: str, names: Sequence[str]) -> None:
    expected = f"expected the columns {','.join(names)}"
    for name in names:
        if name not in header:
            raise ValueError(f"{where}, line 1: column {name!r} is missing; {expected}")
    for name in header:
        if name not in names:
            raise ValueError(f"{where}, line 1: unknown column {name!r}; {expected}")
    if list(header) != list(names):
        raise ValueError(f"{where}, line 1: {expected}, got {','.join(header)}")


def _cells(row: Sequence[str], where: str, names: Sequence[str]) -> list[tuple[str, str]]:
    if len(row) != len(names):
        raise ValueError(f"{where}: expected {len(names)} numbers, got {len(row)}")
    return list(zip(names, row, strict=True))


def _number(cell: str, where: str) -> float:
    try:
        number = float(cell)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise ValueError(f"{where}: expected a finite number, got {cell!r}")
    return number
