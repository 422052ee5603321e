"""Figures that move: animations, and figures whose number the reader moves."""

from __future__ import annotations

import io
import json
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from gdbook.plots.base import figure
from gdbook.plots.merge import merge

Value = TypeVar("Value")


@dataclass(frozen=True)
class Frames:
    """Frames of one figure, in one SVG that shows its still wherever no script runs.

    Jupyter shows the still; on the book's pages it gets its controls.

    Attributes
    ----------
    svg : str
        The root carries ``data-gd-frames``, JSON with ``kind`` ("animation" or
        "slider"), ``label``, ``texts`` (one a frame), ``still`` and ``interval``.
    """

    svg: str = field(repr=False)
    kind: str
    count: int

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"image/svg+xml": self.svg, "text/plain": repr(self)}


def animate(
    draw: Callable[[Axes, int], Any],
    frames: int | Iterable[int],
    *,
    label: str = "step",
    interval: float = 0.15,
    still: int = -1,
    height: float | None = None,
    background: Callable[[Axes], Any] | None = None,
    setup: Callable[[], Any] | None = None,
) -> Frames:
    """Draw a figure frame by frame; on the page it has play, step and a scrubber.

    Parameters
    ----------
    draw : callable
        ``draw(ax, k)`` draws frame k: on empty axes, whose limits it sets, the same in all
        frames; or, if there is a background, only what changes.
    frames : int or iterable of int
        How many, or which k.
    label : str
        What k counts: "step".
    interval : float
        Seconds a frame.
    still : int
        Position of the frame that stands for all in print; the last by default.
    height : float, optional
        Of the figure, in inches.
    background : callable, optional
        ``background(ax)`` draws what all frames share, once, with axes and labels. With
        contours or many frames it saves seconds.
    setup : callable, optional
        Opens the figure in place of `gdbook.plots.figure` and returns (figure, axes), for
        several panels.

    Returns
    -------
    Frames
        Let it be the cell's last line.

    Raises
    ------
    ValueError
        If there are no frames, or more than 400.
    """
    ks = list(range(frames)) if isinstance(frames, int) else list(frames)
    controls = {"kind": "animation", "label": label, "texts": [str(k) for k in ks]}
    stage = _Stage(setup or (lambda: figure(height=height)), background)
    return _frames(stage, draw, ks, still, {**controls, "interval": interval})


def slider(
    draw: Callable[[Axes, Value], Any],
    values: Iterable[Value],
    *,
    label: str,
    format: str | Callable[[Value], str] = "{:g}",  # noqa: A002
    start: int = 0,
    height: float | None = None,
    background: Callable[[Axes], Any] | None = None,
    setup: Callable[[], Any] | None = None,
) -> Frames:
    """Draw a figure for each value of a number that the reader then moves.

    Parameters
    ----------
    draw : callable
        ``draw(ax, value)``, as in `animate`.
    values : iterable
        In the order of the slider, as ε = 0.5, 0.4, …, 0.05.
    label : str
        The number's name, as "ε".
    format : str or callable
        How a value is written beside the slider: a format string, or a function that may
        say more, as ``lambda h: f"{h:g}, slope {slope(h):.3f}"``. Screen readers read it.
    start : int
        Position of the value that the page opens with and print shows.
    height : float, optional
        Of the figure, in inches.
    background, setup : callable, optional
        As in `animate`.

    Returns
    -------
    Frames
        Let it be the cell's last line.

    Raises
    ------
    ValueError
        If there are no values, or more than 400.
    """
    chosen = list(values)
    write = format.format if isinstance(format, str) else format
    controls = {"kind": "slider", "label": label, "texts": [write(value) for value in chosen]}
    stage = _Stage(setup or (lambda: figure(height=height)), background)
    return _frames(stage, draw, chosen, start, controls)


@dataclass(frozen=True)
class _Stage:
    """How the figure is opened, and what all frames share."""

    setup: Callable[[], Any]
    background: Callable[[Axes], Any] | None


def _frames(
    stage: _Stage,
    draw: Callable[[Axes, Any], Any],
    values: Sequence[Any],
    still: int,
    controls: dict[str, Any],
) -> Frames:
    n = len(values)
    if not 1 <= n <= 400:
        raise ValueError(f"a moving figure has 1 to 400 frames, got {n}")
    if not -n <= still < n:
        raise ValueError(f"the still must be one of {n} frames, got {still}")
    still %= n
    fig, axes = stage.setup()
    try:
        if stage.background is None:
            beneath = None
            svgs = _draw_whole(fig, axes, draw, values, still)
        else:
            stage.background(axes)
            beneath = _settle(fig)
            svgs = _draw_changes(fig, axes, draw, values)
    finally:
        plt.close(fig)
    root = merge(svgs, still, beneath)
    root.set("data-gd-frames", json.dumps({**controls, "still": still}, ensure_ascii=False))
    return Frames(ET.tostring(root, encoding="unicode"), controls["kind"], n)


def _draw_whole(
    fig: Figure, axes: Any, draw: Callable[[Axes, Any], Any], values: Sequence[Any], still: int
) -> list[str]:
    draw(axes, values[still])
    _settle(fig)
    svgs = []
    for value in values:
        for ax in fig.axes:
            ax.clear()
        draw(axes, value)
        svgs.append(_svg(fig))
    return svgs


def _draw_changes(
    fig: Figure, axes: Any, draw: Callable[[Axes, Any], Any], values: Sequence[Any]
) -> list[str]:
    standing = {ax: set(ax.get_children()) for ax in fig.axes}
    # A title is there from the start: it stays visible, for what a frame writes into it.
    titles = [ax.set_title("", loc=loc) for ax in fig.axes for loc in ("left", "center", "right")]
    for ax, children in standing.items():
        ax.set(xlim=ax.get_xlim(), ylim=ax.get_ylim())
        for artist in children.difference(titles):
            artist.set_visible(False)
    svgs = []
    for value in values:
        draw(axes, value)
        svgs.append(_svg(fig))
        for title in titles:
            title.set_text("")
        for ax, children in standing.items():
            ax.set_prop_cycle(plt.rcParams["axes.prop_cycle"])
            for artist in set(ax.get_children()) - children:
                artist.remove()
    return svgs


def _settle(fig: Figure) -> str:
    """Lay the figure out for good, and return how it looks.

    A layout of its own would let the axes jump by a tick label's width from frame to frame.
    """
    svg = _svg(fig)
    fig.set_layout_engine("none")
    return svg


def _svg(fig: Figure) -> str:
    out = io.StringIO()
    # `savefig` would draw every frame twice.
    FigureCanvasSVG(fig).print_svg(out, metadata={"Date": None})  # type: ignore[no-untyped-call]
    return out.getvalue()
