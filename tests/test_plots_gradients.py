"""Slopes all around a point, and steepest steps in three norms, against other ways to find them."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
import sympy
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.optimize import linprog
from torch import Tensor

from gdbook import plots
from gdbook.plots.directions import slopes_around
from gdbook.plots.norms import Norm, steepest

mpl.use("agg")

ENTRIES = st.floats(0.1, 10).flatmap(lambda size: st.sampled_from([size, -size]))
VECTORS = hnp.arrays(np.float64, st.integers(1, 6), elements=ENTRIES)


@pytest.fixture(autouse=True)
def _close() -> Iterator[None]:
    yield
    plt.close("all")


def f(x: Tensor) -> Tensor:
    return x[..., 0] ** 2 / 4 + torch.sin(x[..., 1])


@given(st.floats(-3, 3), st.floats(-3, 3), st.floats(0, 360))
def test_slopes_around_a_point_are_sympys(a: float, b: float, angle: float) -> None:
    x, y, t = sympy.symbols("x y t")
    along = (x**2 / 4 + sympy.sin(y)).subs(
        {x: a + t * np.cos(np.deg2rad(angle)), y: b + t * np.sin(np.deg2rad(angle))}
    )
    (slope,) = slopes_around(f, torch.tensor([a, b], dtype=torch.float64), angle)
    assert slope == pytest.approx(float(sympy.diff(along, t).subs(t, 0)), abs=1e-8)


def test_the_reader_turns_around() -> None:
    frames = plots.turn_around(f, (0.0, 0.0), [0, 90, 180, 270], start=1)
    said = json.loads(ET.fromstring(frames.svg).get("data-gd-frames") or "")
    assert said["texts"] == [
        "0°, slope 0.00", "90°, slope 1.00", "180°, slope 0.00", "270°, slope −1.00"
    ]  # fmt: skip
    assert (said["kind"], said["still"], frames.count) == ("slider", 1, 4)


def test_directions_are_angles_and_the_picture_has_a_size() -> None:
    with pytest.raises(ValueError, match="between 0 and 360"):
        plots.turn_around(f, (0, 0), [400])
    with pytest.raises(ValueError, match="reach must be positive"):
        plots.turn_around(f, (0, 0), [0], reach=0)


@given(VECTORS)
def test_euclidean_steps_reach_the_length_of_the_gradient(
    g: np.ndarray,
) -> None:
    u = steepest(torch.from_numpy(g)).numpy()
    assert np.linalg.norm(u) == pytest.approx(1)
    assert g @ u == pytest.approx(np.linalg.norm(g))


@given(VECTORS)
def test_steepest_steps_with_straight_edges_solve_a_linear_program(g: np.ndarray) -> None:
    d = len(g)
    box = linprog(-g, bounds=[(-1, 1)] * d)
    u = steepest(torch.from_numpy(g), "largest").numpy()
    assert np.abs(u).max() == 1
    assert g @ u == pytest.approx(-box.fun)
    # u = p − q with p, q ≥ 0 of total length 1.
    split = np.concatenate([-g, g])
    total = linprog(split, A_ub=np.ones((1, 2 * d)), b_ub=[1], bounds=[(0, None)] * (2 * d))
    v = steepest(torch.from_numpy(g), "sum").numpy()
    assert np.abs(v).sum() == 1
    assert g @ v == pytest.approx(-total.fun)


@pytest.mark.parametrize("norm", ["euclidean", "largest", "sum"])
def test_batches_are_steepest_row_by_row(norm: Norm) -> None:
    g = torch.tensor([[[1.0, -2.0]], [[3.0, 0.5]]], dtype=torch.float32)
    u = steepest(g, norm)
    assert u.dtype == torch.float32
    for row, made in zip(g.reshape(-1, 2), u.reshape(-1, 2), strict=True):
        assert torch.equal(steepest(row, norm), made)


def test_nothing_is_steepest_on_level_ground() -> None:
    with pytest.raises(ValueError, match="no direction is steepest"):
        steepest(torch.tensor([[1.0, 0.0], [0.0, 0.0]]))
    with pytest.raises(ValueError, match="finite"):
        steepest(torch.tensor([1.0, torch.inf]))
    with pytest.raises(TypeError, match="floating-point"):
        steepest(torch.tensor([1, 2]))
    with pytest.raises(ValueError, match="did you mean 'sum'"):
        steepest(torch.ones(2), "summ")  # type: ignore[arg-type]


def test_each_arrow_ends_on_its_ball_where_no_step_climbs_farther() -> None:
    gradient = np.array([2.0, 1.0])
    for ax in plots.unit_steps((2, 1)):
        outline = ax.lines[0].get_xydata()
        (arrow,) = ax.texts
        tip = np.array(arrow.xy)
        assert gradient @ tip >= (outline @ gradient).max() - 1e-9
        # The level lines are perpendicular to the gradient, the last one through the tip.
        lines = [line.get_xydata() for line in ax.lines[1:]]
        assert all(abs((b - a) @ gradient) < 1e-12 for a, b in lines)
        assert lines[-1][0] @ gradient == pytest.approx(tip @ gradient)
