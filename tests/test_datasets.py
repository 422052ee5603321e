"""The book's data: what it says of itself, how it is read, and that it is made again alike."""

from __future__ import annotations

import math
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import scipy.optimize
import torch
from torch import Tensor

import gdbook
from gdbook import datasets
from gdbook.datasets import DATASETS, DECIMALS, load, make_csv, read, write
from gdbook.descent import descend
from gdbook.functions import sine_loss

ROOT = Path(__file__).parents[1]
F64 = torch.float64


# --- the same bytes ------------------------------------------------------------------------


@pytest.mark.parametrize("name", DATASETS)
def test_the_file_is_made_again_byte_for_byte(name: str) -> None:
    assert (ROOT / "data" / f"{name}.csv").read_bytes() == make_csv(name).encode()


@pytest.mark.slow
def test_the_command_writes_what_is_there(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "gdbook.datasets", str(tmp_path)]
    first = subprocess.run(command, capture_output=True, text=True, check=True)
    assert first.stdout.count(": written\n") == len(DATASETS)
    for path in (ROOT / "data").glob("*.csv"):
        assert (tmp_path / path.name).read_bytes() == path.read_bytes()
    again = subprocess.run(command, capture_output=True, text=True, check=True)
    assert again.stdout.count(": unchanged\n") == len(DATASETS)
    assert write(tmp_path) == []


@pytest.mark.parametrize("name", DATASETS)
def test_no_platform_can_round_otherwise(name: str) -> None:
    # sin and log may differ in the last bit from one machine to another. A number that lay
    # that near to the middle between two roundings could come out as either.
    recipe = DATASETS[name]
    columns = recipe.draw(np.random.Generator(np.random.PCG64(recipe.seed)))
    scaled = np.stack(columns) * 10**DECIMALS
    assert np.abs(scaled - np.floor(scaled) - 0.5).min() > 1e-6


@pytest.mark.parametrize("name", DATASETS)
def test_every_line_has_six_decimals(name: str) -> None:
    header, *lines = make_csv(name).splitlines()
    assert header == ",".join(DATASETS[name].columns)
    assert len(lines) == DATASETS[name].rows
    for line in lines:
        assert re.fullmatch(r"-?\d+\.\d{6}(,-?\d+\.\d{6})+", line)
        assert "-0.000000" not in line


# --- what the numbers are ------------------------------------------------------------------


def test_the_sine_data() -> None:
    table = load("sine_fit")
    assert (len(table), len(table.train), len(table.validation), len(table.test)) == (
        200,
        50,
        25,
        125,
    )
    parts = [table.train.x, table.validation.x, table.test.x]
    assert torch.equal(torch.cat(parts), table.x)
    assert table.x.dtype == table["y"].dtype == F64
    assert table.truth == {"omega": 2.188, "t": 1.0}
    assert -3 < table.x.min() < -2.8
    assert 2.8 < table.x.max() < 3
    noise = table.y - torch.sin(2.188 * table.x + 1)
    # Four standard errors of the mean and of the standard deviation.
    assert abs(noise.mean().item()) < 4 * 0.2 / math.sqrt(200)
    assert abs(noise.std().item() - 0.2) < 4 * 0.2 / math.sqrt(400)


def test_descent_finds_the_sine_as_the_book_says() -> None:
    train = load("sine_fit").train
    point = torch.tensor([3.0, 1.0], dtype=F64)
    for _ in range(50):  # the loss is ½·mean, written out here with its gradient by hand
        r = torch.sin(point[0] * train.x + point[1]) - train.y
        slope = r * torch.cos(point[0] * train.x + point[1])
        point = point - 0.1 * torch.stack([(slope * train.x).mean(), slope.mean()])
    assert (point - torch.tensor([2.188, 1.0], dtype=F64)).abs().max().item() < 0.05
    runs = descend(sine_loss(train.x, train.y), torch.tensor([3.0, 1.0], dtype=F64), 0.1, 50)
    torch.testing.assert_close(runs.final, point, rtol=1e-12, atol=1e-12)


def test_two_starts_in_three_end_in_another_basin() -> None:
    train = load("sine_fit").train
    f = sine_loss(train.x, train.y)
    omega = torch.linspace(0, 2 * math.pi, 25, dtype=F64)
    t = torch.linspace(-math.pi, math.pi, 25, dtype=F64)
    starts = torch.stack(torch.meshgrid(omega, t, indexing="ij"), dim=-1)
    # Long enough to arrive; (ω, t), (ω, t + 2π) and (−ω, π − t) are one curve with one loss.
    ends = descend(f, starts, 0.1, 1500, keep="last")
    best = descend(f, torch.tensor([2.188, 1.0], dtype=F64), 0.1, 1500).final_value
    elsewhere = (ends.final_value > best + 1e-3).double().mean().item()
    assert 0.6 < elsewhere < 0.73
    # A gap in the losses, so that telling a basin by its loss is no matter of the threshold.
    others = ends.final_value[ends.final_value > best + 1e-3]
    assert others.min().item() > 5 * best.item()


def test_the_moons() -> None:
    table = load("two_moons")
    assert (len(table.train), len(table.validation), len(table.test)) == (100, 50, 50)
    label = table.label
    assert set(label.tolist()) == {0, 1}
    assert label.sum().item() == 100
    for part in (table.train, table.validation, table.test):
        assert 0.35 < part.label.mean().item() < 0.65
    # Turned by 180° about (½, ¼), the lower moon lies on the upper one.
    upper = torch.where(label == 0, table.x, 1 - table.x)
    height = torch.where(label == 0, table.y, 0.5 - table.y)
    away = torch.hypot(upper, height) - 1
    assert abs(away.mean().item()) < 4 * 0.12 / math.sqrt(200) + 0.12**2
    assert abs(away.std().item() - 0.12) < 4 * 0.12 / math.sqrt(400)
    assert height.min().item() > -4 * 0.12


def test_no_line_tells_the_moons_apart_but_a_curve_does() -> None:
    table = load("two_moons")
    label = 2 * table.label.numpy() - 1
    rows = np.stack([np.ones(200), table.x.numpy(), table.y.numpy()], 1)
    # A line that parts the classes is a solution of label · (rows @ w) ≥ 1: there is none.
    none = scipy.optimize.linprog(
        np.zeros(3), A_ub=-label[:, None] * rows, b_ub=-np.ones(200), bounds=(None, None)
    )
    assert none.status == 2  # infeasible
    # The nearer half circle names the right moon for nearly all.
    x, y = table.x, table.y

    def distance(x: Tensor, y: Tensor) -> Tensor:
        ends = torch.minimum(torch.hypot(x - 1, y), torch.hypot(x + 1, y))
        return torch.where(y > 0, (torch.hypot(x, y) - 1).abs(), ends)

    nearer = (distance(1 - x, 0.5 - y) < distance(x, y)).double()
    assert (nearer == table.label).double().mean().item() > 0.97


def test_the_line_data() -> None:
    table = load("line_fit")
    noise = table.y - (3 * table.x + 2)
    assert 0 <= noise.min().item() < 0.1
    assert 0.9 < noise.max().item() < 1
    assert abs(noise.mean().item() - 0.5) < 4 / math.sqrt(12 * 100)
    assert 0 < table.x.min().item() < 0.3
    assert 3.7 < table.x.max().item() < 4
    slope, intercept = np.polyfit(table.x.numpy(), table.y.numpy(), 1)
    assert slope == pytest.approx(3, abs=0.1)
    assert intercept == pytest.approx(2.5, abs=0.2)  # the mean of the noise lifts the line


def test_the_curve_data() -> None:
    table = load("curve_fit")
    torch.testing.assert_close(table.x, torch.linspace(-2, 2, 20, dtype=F64), rtol=0, atol=1e-6)
    clean = 3 * table.x**2 + 2 * table.x + 1
    spread = torch.sqrt((0.15 * clean) ** 2 + 1.5**2)
    noise = (table.y - clean) / spread
    assert abs(noise.mean().item()) < 4 / math.sqrt(20)
    assert abs(noise.std().item() - 1) < 4 / math.sqrt(40)
    assert noise.abs().max().item() < 4


# --- reading -------------------------------------------------------------------------------


def columns_by_hand(name: str) -> list[list[float]]:
    lines = (ROOT / "data" / f"{name}.csv").read_text(encoding="utf-8").splitlines()[1:]
    return [[float(line.split(",")[i]) for line in lines] for i in (0, 1)]


@pytest.mark.parametrize("name", DATASETS)
def test_loading_reads_the_file(name: str) -> None:
    table = load(name)
    assert tuple(table.columns) == DATASETS[name].columns
    assert [table.x.tolist(), table.y.tolist()] == columns_by_hand(name)


@pytest.mark.parametrize("name", DATASETS)
def test_without_the_folder_the_same_is_made(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(datasets, "_folder", lambda: None)
    table = load(name)
    assert [table.x.tolist(), table.y.tolist()] == columns_by_hand(name)
    with pytest.raises(SystemExit, match=r"say where: python -m gdbook\.datasets FOLDER"):
        datasets.main([])


def test_installed_elsewhere(tmp_path: Path) -> None:
    package = Path(gdbook.__file__).parent
    shutil.copytree(package, tmp_path / "site-packages" / "gdbook")
    code = "from gdbook.datasets import _folder, load; print(_folder(), load('sine_fit').y[199])"
    result = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "site-packages")},
    )
    assert result.stdout.split() == ["None", *str(load("sine_fit").y[199]).split()]


def spoiled(tmp_path: Path, old: str, new: str) -> Path:
    path = tmp_path / "data" / "curve_fit.csv"
    path.parent.mkdir()
    text = make_csv("curve_fit")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("x,y", "x,z", "data/curve_fit.csv, line 1: column 'y' is missing; expected the columns x"),
        ("x,y", "x,y,z", "data/curve_fit.csv, line 1: unknown column 'z'; expected the columns x"),
        ("x,y", "y,x", "data/curve_fit.csv, line 1: expected the columns x,y, got y,x"),
        ("x,y", "x,y,y", "line 1: expected the columns x,y, got x,y,y"),
        (
            "-1.789474,",
            "-1.789474,abc",
            "data/curve_fit.csv, line 3, column y: expected a finite number, got 'abc",
        ),
        ("-2.000000,", "inf,", "line 2, column x: expected a finite number, got 'inf'"),
        ("-2.000000,", "-2.000000,1,", "curve_fit.csv, line 2: expected 2 numbers, got 3"),
        ("-2.000000,", "\n-2.000000,", "curve_fit.csv, line 2: expected 2 numbers, got 0"),
        ("x,y\n", "x,y\n1,1\n", "data/curve_fit.csv: expected 20 rows, got 21"),
    ],
)
def test_files_that_do_not_fit(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    path = spoiled(tmp_path, old, new)
    with pytest.raises(ValueError, match=re.escape(sentence)):
        read("curve_fit", path)


def test_files_that_are_none(tmp_path: Path) -> None:
    path = tmp_path / "data" / "curve_fit.csv"
    path.parent.mkdir()
    with pytest.raises(FileNotFoundError, match=r"data/curve_fit\.csv is missing; `python -m"):
        read("curve_fit", path)
    path.write_bytes(b"")
    with pytest.raises(ValueError, match=re.escape("line 1: column 'x' is missing")):
        read("curve_fit", path)
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(ValueError, match=re.escape("data/curve_fit.csv: expected text in UTF-8")):
        read("curve_fit", path)
    path.write_text("x,y\n", encoding="utf-8")
    with pytest.raises(ValueError, match="expected 20 rows, got 0"):
        read("curve_fit", path)


def test_names_that_are_none() -> None:
    with pytest.raises(ValueError, match="no data set is called 'sinefit'; did you mean 'sine_fit"):
        load("sinefit")
    table = load("line_fit")
    with pytest.raises(ValueError, match="line_fit has no train rows; it is not split"):
        _ = table.train
    with pytest.raises(AttributeError, match="the table has no column 'z'; it has x, y"):
        _ = table.z
    with pytest.raises(ValueError, match="no column of line_fit is called 'z'"):
        _ = table["z"]
    assert repr(load("sine_fit").validation) == "<Table sine_fit, validation: 25 rows of x, y>"


# --- what the README says ------------------------------------------------------------------


def test_the_readme_knows_every_file() -> None:
    text = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    assert {path.stem for path in (ROOT / "data").glob("*.csv")} == set(DATASETS)
    for name, recipe in DATASETS.items():
        (row,) = [line for line in text.splitlines() if line.startswith(f"| `{name}.csv`")]
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        assert cells[1:3] == [str(recipe.rows), str(recipe.seed)]
        assert f"## `{name}.csv`" in text


def test_a_column_is_a_tensor_of_its_own() -> None:
    column: Tensor = load("sine_fit").x
    column.zero_()
    assert load("sine_fit").x.abs().sum() > 0
