"""The penguins: what is in the file, what is left out, and what is said where they are missing."""

from __future__ import annotations

import csv
import importlib.util
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import numpy as np
import pytest
import torch

from gdbook import penguins
from gdbook.datasets import load
from gdbook.penguins import CLASSES, MEASUREMENTS, load_penguins
from gdbook.tables import Table

ROOT = Path(__file__).parents[1]
COUNTED = metadata.distribution("palmerpenguins").locate_file("palmerpenguins/data/penguins.csv")


def by_hand() -> list[dict[str, str]]:
    with open(str(COUNTED), encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_number_is_that_of_the_file() -> None:
    table, rows = load("penguins"), by_hand()
    kept = [row for row in rows if "NA" not in [row[name] for name in MEASUREMENTS]]
    assert (len(rows), len(kept), len(table), table.left_out) == (344, 342, 342, 2)
    assert tuple(table.columns) == tuple(rows[0])
    for name in (*MEASUREMENTS, "year"):
        assert table[name].dtype == torch.float64
        assert table[name].tolist() == [float(row[name]) for row in kept]
    for name, classes in CLASSES.items():
        assert table[name].dtype == torch.int64
        named = [classes[i] for i in table[name].tolist()]
        assert named == [row[name].replace("NA", "not recorded") for row in kept]
        assert table.classes[name] == classes


def test_what_is_known_of_the_penguins() -> None:
    table = load("penguins")
    # Horst, Hill & Gorman 2020: 152, 68 and 124 birds; of Adelie and Gentoo one was not measured.
    assert table.species.bincount().tolist() == [151, 68, 123]
    assert table.sex.bincount().tolist() == [165, 168, 9]
    for island, species in [("Torgersen", {"Adelie"}), ("Biscoe", {"Adelie", "Gentoo"})]:
        here = table.where(table.island == CLASSES["island"].index(island))
        assert {CLASSES["species"][i] for i in here.species.tolist()} == species
    # Millimetres and grams.
    assert 170 < table.flipper_length_mm.min() < table.flipper_length_mm.max() < 240
    assert 2500 < table.body_mass_g.min() < table.body_mass_g.max() < 6500
    slope, _ = np.polyfit(table.flipper_length_mm, table.body_mass_g, 1)
    assert slope == pytest.approx(49.69, abs=0.01)


def test_the_parts_are_random_and_together_all() -> None:
    table = load("penguins")
    parts = [table.train, table.validation, table.test]
    assert [len(part) for part in parts] == [206, 68, 68]
    numbers = torch.cat([torch.as_tensor(rows) for rows in table.splits.values()])
    assert numbers.sort().values.tolist() == list(range(342))
    for part in parts:
        share = part.species.bincount() / len(part)
        torch.testing.assert_close(share, torch.tensor([0.44, 0.2, 0.36]), rtol=0, atol=0.1)
        assert part.classes == CLASSES
    again = load("penguins").train
    assert torch.equal(again.body_mass_g, table.train.body_mass_g)
    assert torch.equal(table.train.year, table.year[torch.as_tensor(table.splits["train"])])


def test_some_rows_keep_their_part() -> None:
    table = load("penguins")
    two = table.where(table.species != 2)
    assert len(two) == 219
    assert set(two.species.tolist()) == {0, 1}
    for part in ("train", "validation", "test"):
        whole, some = getattr(table, part), getattr(two, part)
        assert torch.equal(some.body_mass_g, whole.body_mass_g[whole.species != 2])
    moons = load("two_moons")
    upper = moons.where(moons.label == 0)
    assert torch.equal(upper.train.x, moons.train.x[moons.train.label == 0])
    assert len(upper.train) + len(upper.validation) + len(upper.test) == 100


def test_choices_that_are_none() -> None:
    table = load("penguins")
    with pytest.raises(ValueError, match=re.escape("must have shape (342,), got (206,)")):
        table.where(table.train.species == 0)
    with pytest.raises(TypeError, match="choose rows of penguins by a tensor of bool, got tensor"):
        table.where(table.species)
    line = load("line_fit")
    with pytest.raises(ValueError, match="line_fit has no test rows; it is not split"):
        _ = line.where(line.x > 1).test
    assert repr(table).endswith("sex, year; 2 left out>")
    assert repr(Table("t", {"x": torch.zeros(2)})) == "<Table t: 2 rows of x>"


def test_nothing_is_imported_with_them() -> None:
    code = "import sys; from gdbook.datasets import load; load('penguins'); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {"pandas", "palmerpenguins"}.isdisjoint(done.stdout.split())


def test_where_the_package_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(
        ModuleNotFoundError, match=r"^the penguins come with the package palmerpeng"
    ):
        load("penguins")


def test_another_file_is_not_taken_for_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    text = Path(str(COUNTED)).read_bytes()
    other = tmp_path / "penguins.csv"
    monkeypatch.setattr(penguins, "_file", lambda: other)
    other.write_bytes(text.replace(b"\n", b"\r\n"))  # as version 0.1.5 has it
    assert load_penguins().body_mass_g.sum() == load("penguins").body_mass_g.sum()
    other.write_bytes(text.replace(b"3750", b"3751", 1))
    with pytest.raises(
        ValueError, match=r"^penguins\.csv of the package palmerpenguins is not the"
    ):
        load("penguins")


def test_the_readme_tells_of_them() -> None:
    text = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    section = text.partition("## The penguins")[2].partition("\n## ")[0]
    for name in load("penguins").columns:
        assert f"`{name}`" in section
    for number in ("344", "342", "206", "CC0"):
        assert number in section
