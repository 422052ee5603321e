"""Small pictures of figures: what they keep, what they leave out, in the colours of a theme."""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from gdbook import style
from gdbook.plots import animate
from gdbook.publish.figures.thumbnail import NoAxesError, thumbnail


def svg_of(shown: object) -> str:
    file = io.StringIO()
    assert isinstance(shown, Figure)
    shown.savefig(file, format="svg")
    plt.close(shown)
    return file.getvalue()


@pytest.fixture
def drawn() -> str:
    """Two axes: a circle of a thousand points with two markers, and a square elsewhere."""
    style.use_style()
    fig, (left, right) = plt.subplots(1, 2)
    angle = np.linspace(0, 2 * np.pi, 1000)
    left.plot(np.cos(angle), np.sin(angle), color=style.colour("blue"), label="circle")
    left.plot([0, 0.5], [0, 0.5], "o", color=style.colour("orange"))
    left.set_title("A title")
    left.legend()
    right.plot([0, 1, 1, 0, 0], [0, 0, 1, 1, 0], color=style.colour("green"))
    return svg_of(fig)


def colours(svg: str) -> set[str]:
    return set(re.findall("#[0-9a-f]{6}", svg))


def test_it_has_the_curve_of_one_axes_and_no_words(drawn: str) -> None:
    small = thumbnail(drawn, "light")
    assert style.PALETTE["blue"].light in small
    assert style.PALETTE["green"].light not in small
    assert style.PALETTE["green"].light in thumbnail(drawn, "light", axes=2)
    assert len(small) < len(drawn) / 10
    assert "style=" not in small
    root = ET.fromstring(small)
    assert {it.tag.rpartition("}")[2] for it in root.iter()} <= {"svg", "g", "path", "use", "defs"}


def test_a_simplified_circle_stays_round(drawn: str) -> None:
    small = ET.fromstring(thumbnail(drawn, "light"))
    width = float(small.get("viewBox", "").split()[2])
    blue = style.PALETTE["blue"].light
    circle = next(it for it in small.iter() if it.get("stroke") == blue)
    numbers = [float(it) for it in re.findall(r"-?[\d.]+", circle.get("d", ""))]
    points = np.array(numbers).reshape(-1, 2)
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    half = (points.max(axis=0) - points.min(axis=0)) / 2
    assert 12 < len(points) < 200
    # The points are on the ellipse, and so is, but for what nobody sees, the middle of each side.
    for some in (points, (points[1:] + points[:-1]) / 2):
        radius = np.linalg.norm((some - middle) / half, axis=1)
        assert np.abs(radius - 1).max() * half.max() < width / 250


def test_a_theme_has_its_own_colours(drawn: str) -> None:
    light, dark = (thumbnail(drawn, theme) for theme in ("light", "dark"))
    assert colours(light) <= {it.light for it in style.PALETTE.values()}
    assert colours(dark) <= {it.dark for it in style.PALETTE.values()}
    assert style.PALETTE["blue"].dark in dark


def test_markers_are_drawn_where_they_were(drawn: str) -> None:
    before = [
        (float(it.get("x", 0)), float(it.get("y", 0)))
        for it in ET.fromstring(drawn).iter("{http://www.w3.org/2000/svg}use")
        if style.PALETTE["orange"].light in it.get("style", "")
    ]
    after = [
        (float(it.get("x", 0)), float(it.get("y", 0)))
        for it in ET.fromstring(thumbnail(drawn, "light")).iter("{http://www.w3.org/2000/svg}use")
    ]
    assert len(after) == 2
    # The key, which is left out, shows none of them.
    np.testing.assert_allclose(after, before, atol=0.06)


def test_a_crowd_of_markers_is_thinned_out() -> None:
    fig, axes = plt.subplots()
    axes.plot(np.linspace(0, 1e-3, 500), np.zeros(500), "o")
    axes.set_xlim(-1, 1)
    assert thumbnail(svg_of(fig), "light").count("<use") < 5


def test_of_a_figure_that_moves_it_shows_the_end() -> None:
    def draw(axes: Axes, step: int) -> None:
        axes.set(xlim=(0, 1), ylim=(0, 3))
        axes.plot([0, 1], [0, step], color=style.colour("blue" if step < 2 else "red"))

    moving = animate(draw, 3)
    small = thumbnail(moving.svg, "light")
    assert style.PALETTE["red"].light in small


def test_what_has_no_axes_is_refused() -> None:
    with pytest.raises(NoAxesError, match="0 axes"):
        thumbnail('<svg xmlns="http://www.w3.org/2000/svg"/>', "light")
