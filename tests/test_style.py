"""The palette against what is known of eyes: contrast, colour blindness, print in grey."""

from __future__ import annotations

import itertools
import re
import subprocess
import sys

import numpy as np
import pytest
from numpy.typing import NDArray

from gdbook import style

Array = NDArray[np.float64]

CURVES = ("blue", "orange", "green", "purple", "red", "gold", "grey")

# Machado, Oliveira & Fernandes 2009, severity 1, on linear RGB.
VISION = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
# Ottosson 2020: linear RGB → cone responses → OKLab.
CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
OKLAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def linear(hexcode: str) -> Array:
    rgb = np.array([int(hexcode[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def oklab(rgb: Array) -> Array:
    made: Array = OKLAB @ np.cbrt(CONES @ np.clip(rgb, 0, 1))
    return made


def luminance(hexcode: str) -> float:
    return float(linear(hexcode) @ [0.2126, 0.7152, 0.0722])


def contrast(one: str, other: str) -> float:
    """WCAG 2."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [0, 1])
@pytest.mark.parametrize("name", [*CURVES, *style.SCALE, "ink"])
def test_everything_drawn_stands_out_from_the_paper(name: str, theme: int) -> None:
    paper = style.PALETTE["paper"][theme]
    assert contrast(style.PALETTE[name][theme], paper) >= (7 if name == "ink" else 3)


@pytest.mark.parametrize("theme", [0, 1])
@pytest.mark.parametrize("vision", VISION)
def test_curves_differ_for_every_kind_of_colour_vision(vision: str, theme: int) -> None:
    seen = [oklab(VISION[vision] @ linear(style.PALETTE[name][theme])) for name in CURVES]
    apart = {
        (a, b): np.linalg.norm(seen[i] - seen[j])
        for (i, a), (j, b) in itertools.combinations(enumerate(CURVES), 2)
    }
    # 0.02 is just noticeable; four times that is plain on a thin line.
    assert min(apart.values()) > 0.08, min(apart, key=lambda pair: apart[pair])


def test_every_curve_has_a_dash_of_its_own_for_print_in_grey() -> None:
    pairs = style.cycle()
    assert len({colour for colour, _ in pairs}) == len({dash for _, dash in pairs}) == len(pairs)
    assert len(pairs) == 7


@pytest.mark.parametrize("theme", [0, 1])
def test_the_scale_moves_steadily_away_from_the_paper(theme: int) -> None:
    paper = style.PALETTE["paper"][theme]
    steps = [contrast(style.PALETTE[name][theme], paper) for name in style.SCALE]
    assert all(b > 1.2 * a for a, b in itertools.pairwise(steps))


def test_the_colour_map_falls_in_lightness_and_leaves_ink_legible() -> None:
    from matplotlib.colors import to_hex

    colours = [to_hex(c) for c in style.colour_map()(np.linspace(0, 1, 64))]
    lightness = [oklab(linear(c))[0] for c in colours]
    assert all(b < a for a, b in itertools.pairwise(lightness))
    assert min(contrast(c, style.colour("ink")) for c in colours) >= 3


def test_light_values_are_all_different_so_that_each_has_its_variable() -> None:
    light = [value.light for value in style.PALETTE.values()]
    assert len(set(light)) == len(light)
    assert all(re.fullmatch("#[0-9a-f]{6}", v) for pair in style.PALETTE.values() for v in pair)


def test_variables_are_defined_wherever_a_theme_is_named() -> None:
    css = style.css_variables()
    for name, (light, dark) in style.PALETTE.items():
        assert css.count(f"--gd-{name}:{light};") == 2  # light, print
        assert css.count(f"--gd-{name}:{dark};") == 2  # dark, the system's dark


def test_unknown_names_get_a_sentence() -> None:
    with pytest.raises(ValueError, match="unknown colour 'pink', expected one of ink, paper"):
        style.colour("pink")
    with pytest.raises(ValueError, match="unknown role 'blue', expected one of function, path"):
        style.role("blue")
    assert style.role("path") == style.PALETTE["orange"].light


def test_the_leaf_loads_neither_torch_nor_matplotlib() -> None:
    code = (
        "import sys, gdbook.style as s; s.css_variables(); s.cycle();"
        "print([m for m in ('torch', 'matplotlib', 'numpy', 'sphinx') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
