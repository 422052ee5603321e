"""Draw the cover: the loss of the sine fit as a map, and descents from four starts.

``python figures/cover.py`` writes ``cover.svg`` beside this file. The landscape is
½·mean((y − sin(ωx + t))²) for y = sin(2.188x + 1) on 50 points in [−3, 3], without
noise; across, ω runs from 0 to 2π, and up, t from −π to π. What is deep is dark.
"""

from __future__ import annotations

from pathlib import Path

import contourpy
import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

SIZE = 600  # of the drawing, in its own units
X = np.linspace(-3, 3, 50)
Y = np.sin(2.188 * X + 1)
LEFT, RIGHT, BOTTOM, TOP = 0.0, 2 * np.pi, -np.pi, np.pi
LEARNING_RATE = 0.1
# Three start side by side on one summit and end in three valleys.
STARTS = ((2.1, -1.42), (2.25, -1.74), (2.0, -1.62), (3.75, 0.32))
LEVELS = 14


def loss(omega: Array, t: Array) -> Array:
    """Return the loss at points of any shape."""
    residual = Y - np.sin(omega[..., None] * X + t[..., None])
    return 0.5 * np.mean(residual**2, axis=-1)


def gradient(omega: float, t: float) -> tuple[float, float]:
    """Return the partial derivatives by ω and t; the residual brings the minus sign."""
    inner = omega * X + t
    slope = -(Y - np.sin(inner)) * np.cos(inner)
    return float(np.mean(slope * X)), float(np.mean(slope))


def descend(omega: float, t: float, steps: int = 400) -> Array:
    """Return the points of a descent, shape (steps + 1, 2)."""
    points = [(omega, t)]
    for _ in range(steps):
        by_omega, by_t = gradient(omega, t)
        omega, t = omega - LEARNING_RATE * by_omega, t - LEARNING_RATE * by_t
        points.append((omega, t))
    return np.array(points)


def place(points: Array) -> Array:
    """Return drawing coordinates of points (ω, t), shape (n, 2)."""
    across = (points[:, 0] - LEFT) / (RIGHT - LEFT)
    down = (TOP - points[:, 1]) / (TOP - BOTTOM)
    return np.stack([across, down], axis=1) * SIZE


def thinned(points: Array, tolerance: float) -> Array:
    """Drop points that lie within ``tolerance`` of the line through those kept."""
    if len(points) < 3:
        return points
    start, end = points[0], points[-1]
    along = end - start
    length = float(np.hypot(*along))
    offset = points - start
    if length == 0:
        away = np.hypot(offset[:, 0], offset[:, 1])
    else:
        away = np.abs(along[0] * offset[:, 1] - along[1] * offset[:, 0]) / length
    far = int(np.argmax(away))
    if away[far] <= tolerance:
        return np.stack([start, end])
    before, after = thinned(points[: far + 1], tolerance), thinned(points[far:], tolerance)
    return np.concatenate([before[:-1], after])


def spelled(points: Array, *, closed: bool = False) -> str:
    """Return SVG path data, in steps from point to point."""
    tenths = np.round(points * 10).astype(int)
    first, steps = tenths[0], np.diff(tenths, axis=0)
    steps = steps[np.any(steps != 0, axis=1)]
    text = f"M{first[0] / 10:g} {first[1] / 10:g}l"
    text += " ".join(f"{x / 10:g} {y / 10:g}" for x, y in steps)
    return text.replace(" -", "-") + ("z" if closed else "")


def bands() -> list[str]:
    """Return one path for each level, the highest first: the region that lies below it."""
    omega, t = np.meshgrid(np.linspace(LEFT, RIGHT, 181), np.linspace(BOTTOM, TOP, 181))
    height = loss(omega, t)
    # Levels at equal shares of the area, so that the flat parts are drawn too.
    levels = np.quantile(height, [0.008, 0.025, *np.linspace(0, 1, LEVELS + 2)[1:-1], 0.985])
    maker = contourpy.contour_generator(omega, t, height, fill_type="OuterOffset")
    paths = []
    for level in levels[::-1]:
        points, offsets = maker.filled(-np.inf, level)
        rings = [
            ring
            for outline, starts in zip(points, offsets, strict=True)
            for ring in np.split(outline, starts[1:-1])
        ]
        drawn = [thinned(place(ring), 0.35) for ring in rings]
        paths.append("".join(spelled(ring, closed=True) for ring in drawn if len(ring) > 4))
    return paths


STYLE = """
.land{fill:#2b5d7d;fill-opacity:.055;stroke:#2b5d7d;stroke-opacity:.34;stroke-width:.6}
.sea{fill:#fbf9f4}
.trace{fill:none;stroke:#b8430c;stroke-width:2.2;stroke-linejoin:round;stroke-linecap:round}
.start{fill:#fbf9f4;stroke:#b8430c;stroke-width:2}
.end{fill:#b8430c}
@media (prefers-color-scheme:dark){
.land{fill:#05090d;stroke:#8fc1e3;fill-opacity:.13;stroke-opacity:.3}
.sea{fill:#3a5266}
.trace{stroke:#f59a64}.start{fill:#14181c;stroke:#f59a64}.end{fill:#f59a64}}
""".strip()


def drawing() -> str:
    """Return the cover as SVG."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}" role="img">',
        "<title>A map of a loss with several valleys, and four descents that end in them</title>",
        f"<style>{STYLE}</style>",
        f'<rect class="sea" width="{SIZE}" height="{SIZE}"/>',
        *(f'<path class="land" d="{path}"/>' for path in bands()),
        '<g class="traces">',
    ]
    for start in STARTS:
        points = place(descend(*start))
        parts.append(f'<path class="trace" d="{spelled(thinned(points, 0.3))}"/>')
        (x0, y0), (x1, y1) = points[0], points[-1]
        parts.append(f'<circle class="start" cx="{x0:.1f}" cy="{y0:.1f}" r="5"/>')
        parts.append(f'<circle class="end" cx="{x1:.1f}" cy="{y1:.1f}" r="5"/>')
    return "\n".join([*parts, "</g>", "</svg>", ""])


if __name__ == "__main__":
    target = Path(__file__).with_suffix(".svg")
    target.write_text(drawing(), encoding="utf-8")
    print(f"{target.name}: {target.stat().st_size / 1000:.1f} KB")
