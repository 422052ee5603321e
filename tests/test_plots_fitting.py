"""The fit to watch: each frame shows the curve, the loss and the path of its step."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch

from gdbook.datasets import load
from gdbook.functions import sine_loss
from gdbook.plots import figure, fitting, watch_fit

mpl.use("agg")

DATA = load("sine_fit").train
POINTS = torch.tensor([[3.0, 1.0], [2.9, 0.9], [2.5, 1.1], [2.2, 1.0]], dtype=torch.float64)
LOSS = sine_loss(DATA.x, DATA.y)


def test_there_is_a_frame_for_each_step_that_was_asked_for() -> None:
    made = watch_fit(DATA.x, DATA.y, POINTS, LOSS)
    controls = json.loads(ET.fromstring(made.svg).attrib["data-gd-frames"])
    assert made.count == len(POINTS)
    assert controls["texts"] == ["0", "1", "2", "3"]
    assert controls["still"] == 3
    assert watch_fit(DATA.x, DATA.y, POINTS, LOSS, frames=[0, 3]).count == 2


def test_a_frame_shows_the_curve_and_the_loss_of_its_step(monkeypatch: pytest.MonkeyPatch) -> None:
    handed: dict[str, Any] = {}
    monkeypatch.setattr(fitting, "animate", lambda draw, _, **more: handed.update(more, draw=draw))
    watch_fit(DATA.x, DATA.y, POINTS, LOSS)
    opened, axes = figure(1, 2)
    handed["background"](axes)
    (dots,) = axes[0].get_lines()
    assert np.array_equal(dots.get_xydata(), torch.stack([DATA.x, DATA.y], 1))
    handed["draw"](axes, 2)
    curve = axes[0].get_lines()[-1]
    x, y = curve.get_data()
    assert np.allclose(y, np.sin(2.5 * x + 1.1), rtol=0, atol=1e-14)
    residuals = DATA.y.numpy() - np.sin(2.5 * DATA.x.numpy() + 1.1)
    assert [t.get_text() for t in axes[0].texts] == [f"loss {np.mean(residuals**2) / 2:.3f}"]
    path = axes[1].get_lines()[0].get_xydata()
    assert np.array_equal(path, POINTS[:3])
    plt.close(opened)


def test_shapes_that_do_not_fit_are_said() -> None:
    with pytest.raises(ValueError, match=r"shape \(n,\), got \(50,\) and \(49,\)"):
        watch_fit(DATA.x, DATA.y[1:], POINTS, LOSS)
    with pytest.raises(ValueError, match="trajectory in the plane"):
        watch_fit(DATA.x, DATA.y, POINTS[:, 0], LOSS)
