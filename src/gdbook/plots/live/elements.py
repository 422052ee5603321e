"""What a live figure is made of: inputs, runs, panels with lines and points, values in words."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from contourpy import contour_generator
from matplotlib.axes import Axes
from torch import Tensor

from gdbook import style
from gdbook.plots.base import interval
from gdbook.plots.live.trace import Graph, Live, lift

#: How many points a curve has.
SAMPLES = 161
#: How many points the grid for level lines has on each side.
GRID = 33

_FORMAT = re.compile(r"\.(\d)([fe])")


@dataclass(frozen=True)
class Dial:
    """A number that the reader moves, with its slider.

    Parameters
    ----------
    low, high : float
        The ends of the slider.
    start : float
        The value of the still, with which the page opens.
    label : str
        Its name on the page, as "η".
    log : bool
        Whether equal ways on the slider are equal factors.
    """

    low: float
    high: float
    start: float
    label: str
    log: bool = False

    def __post_init__(self) -> None:
        interval(self.low, self.high, "low and high")
        if not self.low <= self.start <= self.high:
            raise ValueError(f"start must lie between {self.low:g} and {self.high:g}")
        if self.log and self.low <= 0:
            raise ValueError("a logarithmic dial has positive ends")
        if not self.label.strip():
            raise ValueError("a dial needs a label")

    def digits(self, value: float) -> int:
        """Return how many decimals a value is written with.

        They tell a hundredth of the slider's length; on a logarithmic one, a hundredth of the
        value.
        """
        width = value if self.log else self.high - self.low
        return max(0, 2 - math.floor(math.log10(width)))


class Run:
    """The points of a repeated step; ``run[k]`` is the state after k steps.

    Attributes
    ----------
    values : Tensor, shape (steps + 1, size of the state)
    """

    def __init__(self, number: int, spec: dict[str, Any], graph: Graph, values: Tensor) -> None:
        self.number, self.spec, self.graph, self.values = number, spec, graph, values
        self.steps = len(values) - 1

    def __getitem__(self, k: int) -> Any:
        if not -self.steps - 1 <= k <= self.steps:
            raise IndexError(f"the run has the points 0 to {self.steps}, not {k}")
        k %= self.steps + 1
        state = [
            Live(
                self.graph,
                self.graph.add(["iterate", self.number, k, part], frozenset(), moves=True),
                self.values[k, part : part + 1],
            )
            for part in range(self.values.shape[1])
        ]
        return state[0] if len(state) == 1 else tuple(state)


class Panel:
    """A pair of axes, on which lines and points move.

    Attributes
    ----------
    ax : matplotlib.axes.Axes
        For what stands still: contours, labels, a title.
    """

    def __init__(self, page: Any, ax: Axes, number: int) -> None:
        self._page, self.ax, self._number = page, ax, number
        self.heading = ax.title

    def limits(
        self,
        xlim: tuple[float, float],
        ylim: tuple[float, float],
        *,
        xlabel: str = "",
        ylabel: str = "",
        log: str = "",
    ) -> None:
        """Set the window, which stays while lines move.

        Parameters
        ----------
        xlim, ylim : pair of float
        xlabel, ylabel : str
        log : str
            ``"x"``, ``"y"`` or ``"xy"``: which axes are logarithmic.
        """
        if "x" in log:
            self.ax.set_xscale("log")
        if "y" in log:
            self.ax.set_yscale("log")
        self.ax.set(xlim=xlim, ylim=ylim, xlabel=xlabel, ylabel=ylabel)

    def curve(
        self, f: Callable[[Any], Any], over: tuple[float, float] | None = None, **options: Any
    ) -> None:
        """Draw y = f(x).

        Parameters
        ----------
        f : callable
            Computes with torch's functions and the figure's live numbers.
        over : pair of float, optional
            The ends of x; those of the window by default.
        **options
            Of `matplotlib.axes.Axes.plot`, as ``color=style.colour("blue")``.
        """
        self.trace(lambda x: (x, f(x)), over or self.ax.get_xlim(), **options)

    def trace(
        self, point: Callable[[Any], tuple[Any, Any]], over: tuple[float, float], **options: Any
    ) -> None:
        """Draw the points ``point(t)`` = (x, y) for t between two ends.

        Parameters
        ----------
        point : callable
        over : pair of float
        **options
            As in `curve`.
        """
        a, b = interval(*over)
        graph: Graph = self._page.graph
        t = graph.variable(torch.linspace(a, b, SAMPLES, dtype=torch.float64)[:, None])
        along = {"variable": graph.nodes[t.node][1], "from": a, "to": b, "count": SAMPLES}
        self._add([point(t)], {"along": along}, options)

    def levels(self, f: Callable[[Any, Any], Any], at: Sequence[float], **options: Any) -> None:
        """Draw the lines on which f(x, y) has given values, over the window.

        Between the points of a grid f counts as linear.

        Parameters
        ----------
        f : callable
            As in `curve`, of two numbers.
        at : sequence of float
            The values.
        **options
            As in `curve`.
        """
        graph: Graph = self._page.graph
        ends = [interval(*self.ax.get_xlim()), interval(*self.ax.get_ylim())]
        sides = [torch.linspace(a, b, GRID, dtype=torch.float64) for a, b in ends]
        down, across = torch.meshgrid(sides[1], sides[0], indexing="ij")
        x, y = (graph.variable(side.reshape(-1, 1)) for side in (across, down))
        value = lift(graph, f(x, y))
        names = [graph.nodes[v.node][1] for v in (x, y)]
        self._only(value, set(names))
        heights = value.value.expand(GRID * GRID, 1).reshape(GRID, GRID).numpy()
        drawn = contour_generator(sides[0].numpy(), sides[1].numpy(), heights)
        gap = torch.full((1, 2), torch.nan, dtype=torch.float64)
        pieces = [torch.as_tensor(line) for level in at for line in drawn.lines(level)]
        points = torch.cat([gap, *(part for piece in pieces for part in (piece, gap))])
        spec = {
            "variables": names,
            "x": list(ends[0]),
            "y": list(ends[1]),
            "count": GRID,
            "node": value.node,
            "at": [float(level) for level in at],
        }
        self._draw(points, [value], {"vertices": [], "levels": spec}, options)

    def title(self, label: str) -> None:
        """Write a value above the panel, as it is said below the figure.

        Parameters
        ----------
        label : str
            Of `Page.value`, which was said before.

        Raises
        ------
        ValueError
            If there is no such value.
        """
        labels = [value["label"] for value in self._page.values]
        if label not in labels:
            raise ValueError(f"there is no value {label!r}: say it first, by page.value")
        self.heading = self.ax.set_title(f"{label}: {self._page.texts()[label]}", loc="left")
        self.heading.set_gid(f"gd-live-{len(self._page.elements)}")
        title = {"value": labels.index(label)}
        self._page.elements.append({"panel": self._number, "vertices": [], "title": title})

    def path(
        self,
        run: Run,
        points: Callable[..., Any] | None = None,
        **options: Any,
    ) -> None:
        """Draw a line through the points of a run.

        Parameters
        ----------
        run : Run
        points : callable, optional
            Given a state's numbers and k, returns a point (x, y), or a list of points: of a
            cobweb ``lambda x, k: [(x, x), (x, step(x))]``. By default the state is the point.
        **options
            As in `curve`; ``marker="o"`` marks the points.
        """
        graph: Graph = self._page.graph
        names, state = run.spec["variables"], []
        for part, name in enumerate(names):
            node = graph.add(["variable", name], frozenset([name]))
            state.append(Live(graph, node, run.values[:, part : part + 1]))
        count = graph.add(["variable", "k"], frozenset(["k"]))
        k = Live(graph, count, torch.arange(run.steps + 1, dtype=torch.float64)[:, None])
        made: Any = points(*state, k) if points else tuple(state)
        self._add(made if isinstance(made, list) else [made], {"run": run.number}, options)

    def line(self, *points: tuple[Any, Any], **options: Any) -> None:
        """Draw a line through a few points.

        Parameters
        ----------
        *points : pair of numbers, live or not
        **options
            As in `curve`.
        """
        self._add(list(points), {}, options)

    def dot(self, x: Any, y: Any, **options: Any) -> None:
        """Draw one point.

        Parameters
        ----------
        x, y : number, live or not
        **options
            As in `curve`.
        """
        self._add([(x, y)], {}, {"marker": "o", "linestyle": "none", **options})

    def handle(self, x: Any, y: Any, **options: Any) -> None:
        """Draw a point that the reader drags.

        Parameters
        ----------
        x, y : number
            At least one of them is a number of the figure's own: dragging moves it, and the
            point stays where the numbers say. Each such number has its slider as well.
        **options
            As in `curve`.

        Raises
        ------
        ValueError
            If neither is the figure's own.
        """
        inputs = self._page.inputs
        moved = {
            axis: names[0]
            for axis, value in (("x", x), ("y", y))
            if (names := [n for n, live in inputs.items() if live is value])
        }
        if not moved:
            raise ValueError("one coordinate of a handle must be a number that the reader moves")
        look = {"marker": "o", "markersize": 9, "linestyle": "none", "markerfacecolor": "none"}
        self._add([(x, y)], {"handle": moved}, {**look, "markeredgewidth": 2, **options})

    def _add(
        self, vertices: Sequence[tuple[Any, Any]], spec: dict[str, Any], options: dict[str, Any]
    ) -> None:
        graph: Graph = self._page.graph
        lives = [[lift(graph, x), lift(graph, y)] for x, y in vertices]
        free = {spec.get("along", {}).get("variable"), "k"}
        if "run" in spec:
            free |= set(self._page.runs[spec["run"]].spec["variables"])
        flat = [live for pair in lives for live in pair]
        for live in flat:
            self._only(live, free)
        count = max(live.value.shape[0] for live in flat)
        columns = [live.value.reshape(-1).expand(count) for live in flat]
        points = torch.stack(columns, 1).reshape(-1, 2)
        nodes = [[x.node, y.node] for x, y in lives]
        self._draw(points, flat, {"vertices": nodes, **spec}, options)

    @staticmethod
    def _only(live: Live, free: set[str | None]) -> None:
        """Refuse what depends on more variables than a line runs through."""
        if live.bound - free:
            raise ValueError("data must be reduced, by mean() or sum(), to be drawn")

    def _draw(
        self, points: Tensor, lives: list[Live], spec: dict[str, Any], options: dict[str, Any]
    ) -> None:
        """Draw a line through points, and note it if it moves."""
        look = {"color": style.colour("blue"), **options}
        (line,) = self.ax.plot(*points.T.numpy(), **look)
        if not any(self._page.graph.moves[live.node] for live in lives):
            return  # it stands still
        line.set_gid(f"gd-live-{len(self._page.elements)}")
        self._page.elements.append({"panel": self._number, **spec})


def in_words(value: float, form: str) -> str:
    """Write a number as the page does: ``−3.2 × 10⁻⁹``.

    Parameters
    ----------
    value : float
    form : str
        ``".2f"`` or ``".1e"``.
    """
    if math.isnan(value):
        return "undefined"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    text = format(value, form)
    if float(text) == 0:
        text = text.lstrip("-")
    digits, _, power = text.partition("e")
    digits = digits.replace("-", "−")
    if not power:
        return digits
    raised = str(int(power)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"{digits}\u00a0×\u00a010{raised}"


def checked_format(form: str) -> str:
    """Return a format if it is ``.0f`` to ``.9f`` or ``.0e`` to ``.9e``."""
    if not _FORMAT.fullmatch(form):
        raise ValueError(f'the format must be like ".2f" or ".1e", got {form!r}')
    return form
