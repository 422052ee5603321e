"""Figures that answer: the reader moves a number or a point, and everything else follows."""

from __future__ import annotations

import io
import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import matplotlib.pyplot as plt
import torch
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from gdbook._expect import positive_integer
from gdbook.plots.base import figure as open_figure
from gdbook.plots.live.elements import Dial, Panel, Run, checked_format, in_words
from gdbook.plots.live.trace import Graph, Live, lift, repeated

#: Steps of a run at most: more would not be seen, and would take the browser's time.
MOST_STEPS = 400


@dataclass(frozen=True)
class Answering:
    """A live figure, in an SVG that shows its still wherever no script runs.

    Attributes
    ----------
    svg : str
        The root carries ``data-gd-live``, JSON: inputs, nodes, runs, panels, elements, values.
    evaluate : callable
        Takes values of the dials by name, returns the texts of the values by label: what the
        browser must show.
    """

    svg: str = field(repr=False)
    evaluate: Callable[..., dict[str, str]] = field(repr=False)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"image/svg+xml": self.svg, "text/plain": repr(self)}


class Page:
    """What `draw` draws on.

    Attributes
    ----------
    panels : tuple of Panel
    """

    def __init__(self, axes: list[Axes]) -> None:
        self.graph = Graph()
        self.inputs: dict[str, Live] = {}
        self.runs: list[Run] = []
        self.elements: list[dict[str, Any]] = []
        self.values: list[dict[str, Any]] = []
        self._worth: dict[int, float] = {}
        self.panels = tuple(Panel(self, ax, number) for number, ax in enumerate(axes))

    def iterate(self, step: Callable[..., Any], start: Any, steps: int) -> Run:
        """Repeat a step.

        Parameters
        ----------
        step : callable
            Takes the state, a number or several, and returns the next.
        start : number or tuple of numbers
            The state before the first step; live, or not.
        steps : int
            How many, at most 400.

        Returns
        -------
        Run

        Raises
        ------
        ValueError
            If there are too many steps, or the step returns another number of numbers.
        """
        if positive_integer(steps, "steps") > MOST_STEPS:
            raise ValueError(f"a live figure takes at most {MOST_STEPS} steps, got {steps}")
        first = [lift(self.graph, x) for x in (start if isinstance(start, tuple) else (start,))]
        variables = [self.graph.variable(x.value, moves=True) for x in first]
        following, rows = repeated(self.graph, step, variables, steps)
        spec = {
            "variables": [self.graph.nodes[v.node][1] for v in variables],
            "start": [x.node for x in first],
            "next": [x.node for x in following],
            "steps": steps,
        }
        run = Run(len(self.runs), spec, self.graph, torch.stack(rows))
        self.runs.append(run)
        return run

    def value(self, label: str, number: Any, *, measured: Any = None, form: str = ".2f") -> None:
        """Say a number below the figure.

        Parameters
        ----------
        label : str
            What it is.
        number : live number
            What is said; what theory predicts, if there is a measured one too.
        measured : live number, optional
            What the run shows, said beside the prediction.
        form : str
            How both are written, ``".2f"`` or ``".1e"``.

        Raises
        ------
        ValueError
            If the format is another, or the label was used before.
        """
        if any(label == known["label"] for known in self.values):
            raise ValueError(f"there is a value {label!r} already")
        made = {"label": label, "form": checked_format(form), "node": self._one(number)}
        if measured is not None:
            made["measured"] = self._one(measured)
        self.values.append(made)

    def _one(self, number: Any) -> int:
        live = lift(self.graph, number)
        if live.bound:
            raise ValueError("a value is one number: reduce data by mean() or sum()")
        self._worth[live.node] = live.value.item()
        return live.node

    def texts(self) -> dict[str, str]:
        """Return what the values say, by label."""
        worth = self._worth
        said = {}
        for value in self.values:
            text = in_words(worth[value["node"]], value["form"])
            if "measured" in value:
                measured = in_words(worth[value["measured"]], value["form"])
                text = f"{text} predicted, {measured} measured"
            said[value["label"]] = text
        return said


def answering(
    draw: Callable[..., Any],
    *,
    panels: int = 1,
    height: float | None = None,
    setup: Callable[[], tuple[Figure, Any]] | None = None,
    **dials: Dial,
) -> Answering:
    """Draw a figure whose numbers the reader moves.

    `draw` runs once, in Python, for the still. What it computes with the dials' numbers is
    recorded, and computed anew in the browser when one of them moves.

    Parameters
    ----------
    draw : callable
        ``draw(page, **numbers)``: draws on ``page.panels``, with `Panel.curve`, `path`, `line`,
        `dot` and `handle`, and says numbers with ``page.value``.
    panels : int
        How many, side by side.
    height : float, optional
        Of the figure, in inches.
    setup : callable, optional
        Opens the figure in place of `gdbook.plots.figure`; returns (figure, axes).
    **dials : Dial
        The numbers by name, in the order of their sliders.

    Returns
    -------
    Answering
        Let it be the cell's last line.

    Raises
    ------
    TypeError, ValueError
        If there is no dial, or `draw` does with a live number what a browser can't repeat.

    Examples
    --------
    >>> from gdbook.plots import Dial, answering
    >>> def draw(page, eta):
    ...     (panel,) = page.panels
    ...     panel.limits((-5, 5), (-1, 25))
    ...     panel.curve(lambda x: x**2)
    ...     run = page.iterate(lambda x: x - eta * 2 * x, 4.0, steps=8)
    ...     panel.path(run, lambda x, k: (x, x**2), marker="o")
    ...     page.value("factor", 1 - 2 * eta, measured=run[1] / run[0])
    >>> figure = answering(draw, eta=Dial(0.02, 1.2, 0.3, "η"))
    >>> figure.evaluate(eta=0.1)
    {'factor': '0.80 predicted, 0.80 measured'}
    """
    if not dials:
        raise ValueError("a live figure needs a dial, such as eta=Dial(0.02, 1.2, 0.3, 'η')")
    figure, page = _drawn(draw, panels, height, setup, {n: d.start for n, d in dials.items()})
    try:
        svg = _with_spec(_svg(figure), _spec(figure, page, dials))
    finally:
        plt.close(figure)

    def evaluate(**numbers: float) -> dict[str, str]:
        values = {name: dial.start for name, dial in dials.items()} | numbers
        again, other = _drawn(draw, panels, height, setup, values)
        plt.close(again)
        return other.texts()

    return Answering(svg, evaluate)


def _drawn(
    draw: Callable[..., Any],
    panels: int,
    height: float | None,
    setup: Callable[[], tuple[Figure, Any]] | None,
    numbers: dict[str, float],
) -> tuple[Figure, Page]:
    figure, axes = setup() if setup else open_figure(1, panels, height=height)
    try:
        page = Page(list(axes.flat) if hasattr(axes, "flat") else [axes])
        for name, number in numbers.items():
            node = page.graph.add(["input", name], frozenset(), moves=True)
            worth = torch.tensor([float(number)], dtype=torch.float64)
            page.inputs[name] = Live(page.graph, node, worth)
        with torch.no_grad():
            draw(page, **page.inputs)
    except BaseException:
        plt.close(figure)
        raise
    return figure, page


def _spec(figure: Figure, page: Page, dials: dict[str, Dial]) -> dict[str, Any]:
    width, height = 72 * figure.get_figwidth(), 72 * figure.get_figheight()
    texts = page.texts()
    return {
        "inputs": [
            {
                "name": name,
                "label": dial.label,
                "low": dial.low,
                "high": dial.high,
                "start": dial.start,
                "log": dial.log,
                "text": in_words(dial.start, f".{dial.digits(dial.start)}f"),
                "widest": max(
                    len(in_words(end, f".{dial.digits(end)}f")) for end in (dial.low, dial.high)
                ),
            }
            for name, dial in dials.items()
        ],
        "nodes": page.graph.nodes,
        "free": [not bound for bound in page.graph.bound],
        "data": page.graph.data,
        "runs": [run.spec for run in page.runs],
        "panels": [_placed(panel.ax, width, height) for panel in page.panels],
        "elements": [_with_place(element, page, height) for element in page.elements],
        "values": [{**value, "text": texts[value["label"]]} for value in page.values],
    }


def _with_place(element: dict[str, Any], page: Page, height: float) -> dict[str, Any]:
    """Return an element; of a title, with where it begins in the drawing."""
    if "title" not in element:
        return element
    panel = page.panels[element["panel"]]
    place = panel.heading.get_transform().transform(panel.heading.get_position())
    x, y = place * 72 / panel.ax.get_figure(root=True).dpi
    at = {"x": round(float(x), 2), "y": round(float(height - y), 2)}
    return element | {"title": element["title"] | at}


def _placed(ax: Axes, width: float, height: float) -> dict[str, Any]:
    """Return how data become points of the drawing: scale and shift, of logarithms perhaps."""
    place = ax.get_position()
    made: dict[str, Any] = {}
    for axis, scale, ends, (first, last) in (
        ("x", ax.get_xscale(), ax.get_xlim(), (place.x0 * width, place.x1 * width)),
        ("y", ax.get_yscale(), ax.get_ylim(), ((1 - place.y0) * height, (1 - place.y1) * height)),
    ):
        low, high = (
            (torch.tensor(ends, dtype=torch.float64).log10().tolist()) if (scale == "log") else ends
        )
        factor = (last - first) / (high - low)
        made[axis] = {
            "log": scale == "log",
            "scale": factor,
            "shift": first - factor * low,
        }
    return made


def _svg(figure: Figure) -> str:
    out = io.StringIO()
    FigureCanvasSVG(figure).print_svg(out, metadata={"Date": None})  # type: ignore[no-untyped-call]
    return out.getvalue()


def _with_spec(svg: str, spec: dict[str, Any]) -> str:
    root = ET.fromstring(svg)
    for element in root.iter():
        name = element.get("id", "")
        if name.startswith("gd-live-"):
            del element.attrib["id"]
            element.set("data-live", name.removeprefix("gd-live-"))
    found = {element.get("data-live") for element in root.iter()}
    for number in range(len(spec["elements"])):
        if str(number) not in found:
            raise ValueError("a line or point of the figure is not drawn at the dials' start")
    root.set("data-gd-live", json.dumps(spec, ensure_ascii=False, separators=(",", ":")))
    return ET.tostring(root, encoding="unicode")
