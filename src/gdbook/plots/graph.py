"""Drawing a recorded computation graph: cards in layers, values rising, adjoints descending."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyBboxPatch, PathPatch
from matplotlib.path import Path

from gdbook import style
from gdbook.plots.animation import Frames, animate
from gdbook.plots.base import figure
from gdbook.plots.cards import FORMULA, NUMBER, Card, cards, width
from gdbook.plots.layers import Arrangement, Slot, arrange

if TYPE_CHECKING:
    from gdbook.graph import Graph

# In points, which are the units of the axes.
MARGIN, GAP, BESIDE, PAD = 5.0, 14.0, 5.0, 6.0
BOX, KEY = 25.0, 22.0
BETWEEN, CLOSE = 21.0, 12.0  # two layers; two layers of one box each, with one edge
PORT, RADIUS = 11.0, 5.0

VALUE, ADJOINT = "function", "derivative"


def show_graph(graph: Graph, *, fold: bool = False) -> Axes:
    """Draw a computation graph, the output at the top.

    Beside each box stand two numbers: above, the adjoint, which comes down from the
    output; below, the value, which rises from the inputs. Where a node is used more than
    once, its edges meet in a plus: there its adjoints add.

    Parameters
    ----------
    graph : Graph
    fold : bool
        Draw each call of an innermost module, its parameters included, as one box.

    Returns
    -------
    Axes
        Of a new figure, whose height is as the graph needs it. ``graph.alt`` is its alt text.
    """
    drawing = _Drawing.of(graph, fold)
    _, ax = drawing.open()
    drawing.skeleton(ax)
    for card in drawing.cards:
        drawing.write(ax, card, adjoint=True)
        drawing.write(ax, card, adjoint=False)
    return ax


def animate_graph(graph: Graph, *, fold: bool = False, interval: float = 0.6) -> Frames:
    """Draw how values rise from the inputs, one box after another, and then adjoints descend.

    Parameters
    ----------
    graph : Graph
    fold : bool
        As in `show_graph`.
    interval : float
        Seconds a frame.

    Returns
    -------
    Frames
        Let it be the cell's last line.
    """
    drawing = _Drawing.of(graph, fold)
    n = len(drawing.cards)

    def draw(ax: Axes, k: int) -> None:
        rising = drawing.cards[::-1][: min(k, n)]
        for card in rising:
            drawing.write(ax, card, adjoint=False)
        for card in drawing.cards[: max(0, k - n)]:
            drawing.write(ax, card, adjoint=True)
        if 0 < k <= n:
            drawing.mark(ax, rising[-1], VALUE)
        elif n < k <= 2 * n:
            drawing.mark(ax, drawing.cards[k - n - 1], ADJOINT)

    return animate(
        draw, 2 * n + 2, interval=interval, background=drawing.skeleton, setup=drawing.open
    )


@dataclass(frozen=True)
class _Drawing:
    """Cards, their sizes, and where they go."""

    cards: list[Card]
    boxes: dict[int, float]
    arrangement: Arrangement
    depths: list[float]
    height: float
    scale: float

    @classmethod
    def of(cls, graph: Graph, fold: bool) -> _Drawing:
        all_cards = cards(graph, fold=fold)
        boxes = {c.node.number: width(c.text, FORMULA) + 2 * PAD for c in all_cards}
        reaches: dict[object, tuple[float, float]] = {}
        edges: list[tuple[object, object]] = []
        for card in all_cards:
            number = card.node.number
            half = boxes[number] / 2
            beside = max(width(f"↓ {text}", NUMBER) for text in (card.value, card.adjoint))
            reaches[number] = half, half + BESIDE + beside
            edges += [(number, used) for used in card.uses]
        arrangement = arrange(reaches, edges, _width() - 2 * MARGIN, GAP)
        # Thirty nodes have room as a rule; a crowd is drawn smaller.
        scale = _width() / (arrangement.width + 2 * MARGIN)
        depths = _depths(arrangement, edges)
        height = depths[-1] + BOX + 2 * MARGIN + KEY
        return cls(all_cards, boxes, arrangement, depths, height, scale)

    def open(self) -> tuple[Figure, Axes]:
        """Open a figure whose axes fill it, and count in points from its lower left corner."""
        fig, ax = figure(height=self.height * self.scale / 72)
        fig.set_layout_engine("none")
        ax.set_position((0, 0, 1, 1))
        ax.set(xlim=(0, _width() / self.scale), ylim=(0, self.height))
        ax.axis("off")
        return fig, ax

    def slot(self, number: int) -> Slot:
        return next(s for layer in self.arrangement.layers for s in layer if s.key == number)

    def centre(self, slot: Slot, layer: int) -> tuple[float, float]:
        y = self.height - MARGIN - BOX / 2 - self.depths[layer]
        return MARGIN + slot.x, y

    def at(self, card: Card) -> tuple[float, float]:
        number = card.node.number
        return self.centre(self.slot(number), self.arrangement.layer_of(number))

    # ------------------------------------------------------------ pieces

    def skeleton(self, ax: Axes) -> None:
        """Draw boxes and edges, without numbers."""
        for path in self._edges():
            ax.add_patch(PathPatch(path, fc="none", ec=style.role("guide"), lw=1.3))
        for card in self.cards:
            self._box(ax, card)
        for x, y in self._sums():
            ink = style.colour("ink")
            ax.add_patch(Circle((x, y), RADIUS, fc=style.colour("paper"), ec=ink, lw=1.1, zorder=4))
            for dx, dy in ((3, 0), (0, 3)):
                ax.plot([x - dx, x + dx], [y - dy, y + dy], color=ink, lw=1.1, ls="-", zorder=5)
        self._key(ax)

    def write(self, ax: Axes, card: Card, *, adjoint: bool) -> None:
        """Write one of the numbers beside a box."""
        x, y = self.at(card)
        text = f"↓ {card.adjoint}" if adjoint else f"↑ {card.value}"
        ax.text(
            x + self.boxes[card.node.number] / 2 + BESIDE,
            y + (6.5 if adjoint else -6.5),
            text,
            va="center_baseline",
            fontsize=NUMBER * self.scale,
            color=style.role(ADJOINT if adjoint else VALUE),
        )

    def mark(self, ax: Axes, card: Card, name: str) -> None:
        """Mark the box whose number has just been found, and the edges that it came along."""
        colour = style.role(name)
        number = card.node.number
        for (user, used), path in zip(self._ends(), self._edges(), strict=True):
            if (user if name == VALUE else used) == number:
                ax.add_patch(PathPatch(path, fc="none", ec=colour, lw=2.6, zorder=1.5))
        x, y = self.at(card)
        ax.add_patch(
            _outline(x, y, self.boxes[number], BOX, card.kind, ec=colour, lw=2.6, fc="none")
        )

    def _box(self, ax: Axes, card: Card) -> None:
        x, y = self.at(card)
        length, ink = self.boxes[card.node.number], style.colour("ink")
        paper = style.colour("paper")
        ax.add_patch(_outline(x, y, length, BOX, card.kind, ec=ink, lw=1.1, fc=paper))
        if card.kind == "module":
            ax.add_patch(_outline(x, y, length - 5, BOX - 5, card.kind, ec=ink, lw=0.7, fc="none"))
        if card.kind == "input":
            gold = {"fc": style.colour("gold"), "alpha": 0.3, "ec": "none", "lw": 0}
            ax.add_patch(_outline(x, y, length, BOX, card.kind, **gold))
        ax.text(x, y, card.text, ha="center", va="center", fontsize=FORMULA * self.scale, zorder=6)

    def _key(self, ax: Axes) -> None:
        y = MARGIN + 5
        texts = (("↓ adjoint, from the output", ADJOINT), ("↑ value, from the inputs", VALUE))
        widths = [width(text, NUMBER) for text, _ in texts]
        x = (_width() / self.scale - sum(widths) - 2 * GAP) / 2
        for (text, name), length in zip(texts, widths, strict=True):
            ax.text(
                x,
                y,
                text,
                va="center_baseline",
                fontsize=NUMBER * self.scale,
                color=style.role(name),
            )
            x += length + 2 * GAP

    # ------------------------------------------------------------ edges

    def _ends(self) -> list[tuple[int, int]]:
        return [(card.node.number, used) for card in self.cards for used in card.uses]

    def _uses(self, number: int) -> int:
        return sum(used == number for _, used in self._ends())

    def _sums(self) -> Iterator[tuple[float, float]]:
        """Yield where adjoints add: on top of every box that is used more than once."""
        for card in self.cards:
            if self._uses(card.node.number) > 1:
                x, y = self.at(card)
                yield x, y + BOX / 2 + RADIUS / 2

    def _edges(self) -> list[Path]:
        """Return a path for each edge, from user to used, in the order of `_ends`."""
        paths = []
        for card in self.cards:
            ends = [self._points(card.node.number, used) for used in card.uses]
            # Ports from left to right, as the ends they lead to lie.
            order = np.argsort([points[1][0] for points in ends], kind="stable")
            for rank, place in enumerate(order):
                shift = PORT * (rank - (len(ends) - 1) / 2)
                (x, y), *rest = ends[place]
                ends[place] = [(x + shift, y), *rest]
            paths += [_curve(points) for points in ends]
        return paths

    def _points(self, user: int, used: int) -> list[tuple[float, float]]:
        route = self.arrangement.routes[user, used]
        first = self.arrangement.layer_of(user)
        points = []
        for k, slot in enumerate(route):
            x, y = self.centre(slot, first + k)
            if k == 0:
                points.append((x, y - BOX / 2))
            elif k == len(route) - 1:
                points.append((x, y + BOX / 2))
            else:
                points += [(x, y + BOX / 2), (x, y - BOX / 2)]
        return points


def _depths(arrangement: Arrangement, edges: list[tuple[object, object]]) -> list[float]:
    """Return how far below the first layer each layer lies."""
    depths = [0.0]
    for above, below in pairwise(arrangement.layers):
        leaving = [edge for edge in edges if edge[0] == above[0].key]
        plain = len(above) == len(below) == len(leaving) == 1
        depths.append(depths[-1] + BOX + (CLOSE if plain else BETWEEN))
    return depths


def _width() -> float:
    return style.WIDTH * 72


def _outline(
    x: float, y: float, width: float, height: float, kind: str, **options: object
) -> FancyBboxPatch:
    round_by = height / 2 - 0.5 if kind == "input" else 4.0
    return FancyBboxPatch(
        (x - width / 2, y - height / 2),
        width,
        height,
        boxstyle=f"round,pad=0,rounding_size={round_by}",
        zorder=3,
        **options,  # type: ignore[arg-type]
    )


def _curve(points: list[tuple[float, float]]) -> Path:
    """Return a path through points that leaves and enters all of them vertically."""
    vertices = [points[0]]
    for (x0, y0), (x1, y1) in pairwise(points):
        middle = (y0 + y1) / 2
        vertices += [(x0, middle), (x1, middle), (x1, y1)]
    codes = [Path.MOVETO] + [Path.CURVE4] * (len(vertices) - 1)
    return Path(vertices, codes)
