"""Distances from a reference: each at its height, and a row for those that are 0."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pytest
import torch

from gdbook import plots

mpl.use("agg")


def test_distances_stand_at_their_height_and_zeros_below_all_of_them() -> None:
    runs = {"one": torch.tensor([0.0, 3e-16, 0.0]), "two": [1e-7, 2e-8, 5e-8]}
    ax = plots.agreement(runs)
    zero = float(ax.get_yticks()[0])
    assert ax.get_yticklabels()[0].get_text() == "equal"
    assert ax.get_yscale() == "log"
    assert zero <= 3e-17
    by_label = {line.get_label(): np.asarray(line.get_ydata()) for line in ax.get_lines()}
    assert by_label["one"] == pytest.approx([zero, 3e-16, zero], rel=1e-6)
    assert by_label["two"] == pytest.approx([1e-7, 2e-8, 5e-8])
    low, high = ax.get_ylim()
    assert low < zero
    assert high > 1e-7


def test_runs_that_are_equal_everywhere() -> None:
    ax = plots.agreement({"same": [0.0, 0.0]})
    line = next(line for line in ax.get_lines() if line.get_label() == "same")
    assert set(np.asarray(line.get_ydata())) == {ax.get_yticks()[0]}


@pytest.mark.parametrize("bad", [[-1.0], [float("nan")], [[1.0]]])
def test_what_is_no_distance_is_refused(bad: list[float]) -> None:
    with pytest.raises(ValueError, match="'run' must be a list of numbers"):
        plots.agreement({"run": bad})


def test_too_many_runs_are_refused() -> None:
    with pytest.raises(ValueError, match="at most"):
        plots.agreement({str(k): [1.0] for k in range(9)})
