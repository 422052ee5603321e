"""Sections far from the window are laid out when they come near (``content-visibility: auto``).

Until then a section has the height that is estimated here, from its words, lines of code, formulas,
tables and figures, for a wide window and for a phone. It need not be right: it moves the bar at the
window's edge, no link. Estimates are a little high, as a section that shrinks moves less into view.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from math import ceil, log
from types import UnionType
from typing import NamedTuple

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

from gdbook.publish.theme.folding import folded

LEAST, RATIO, STEPS = 200, 1.15, 36
"""Heights in pixels go in steps: a class says which, since a style attribute would be inline."""

TRIM = 0.85
"""The sums below are 1.37 times the true height, in the median of three chapters; 1.17 are left."""

_SIZE = re.compile(r'<(?:img|svg)\b[^>]*?\bwidth="([\d.]+)" height="([\d.]+)"')
CELL = 24
"""Characters of a line in a table's cell."""


class Window(NamedTuple):
    """How text is set in a window: characters and pixels of a line, pixels of the column."""

    characters: int
    line: float
    column: int


WIDE = Window(66, 32, 640)
NARROW = Window(40, 29, 350)


def height(node: nodes.Node, window: Window) -> float:
    """Return about how many pixels of height a node takes."""
    for kinds, pixels in RULES:
        if isinstance(node, kinds):
            return pixels(node, window)
    around = 40 if isinstance(node, nodes.Admonition | nodes.container | nodes.table) else 0
    return around + sum(height(child, window) for child in node.children)


def _lines(node: nodes.Node, characters: float) -> int:
    return ceil(len(node.astext()) / characters)


def _figure(html: str, window: Window) -> float:
    found = _SIZE.search(html)
    if found is None:
        return 0
    wide, high = map(float, found.groups())
    drawn = high * min(1, window.column / wide)
    if html.startswith("<gd-play"):
        drawn *= 2.5
    return 40 + drawn + 50 * html.count("<input") + 40 * html.count("gd-answer")


Rule = tuple[type[nodes.Node] | UnionType, Callable[[nodes.Node, Window], float]]
#: Heights of what is not the sum of its parts.
RULES: tuple[Rule, ...] = (
    (folded | HideCodeCellNode, lambda _node, _window: 56),
    (nodes.title, lambda _node, _window: 70),
    (nodes.math_block, lambda node, _: 75 + 45 * node.astext().count(r"\\")),
    (nodes.literal_block, lambda node, _: 76 + 21 * node.astext().rstrip().count("\n")),
    (nodes.raw, lambda node, window: _figure(node.astext(), window)),
    (nodes.caption, lambda node, window: 20 + 24 * _lines(node, 1.2 * window.characters)),
    (nodes.row, lambda node, _: 14 + 24 * max(_lines(cell, CELL) for cell in node.children)),
    (nodes.paragraph, lambda node, window: 18 + window.line * _lines(node, window.characters)),
)


def step(pixels: float) -> int:
    """Return the number of the first step that is at least so high."""
    return min(max(ceil(log(pixels / LEAST, RATIO)), 0), STEPS - 1)


class MarkFar(SphinxPostTransform):
    """Give each section of the second level the class ``far`` and the classes of its heights."""

    default_priority = 900  # boxes are folded, figures are there
    formats = ("html",)

    def run(self, **_: object) -> None:
        """Mark the sections of a page."""
        if self.app.builder.name == "slides":
            return
        for page in self.document.findall(nodes.section):
            if page.parent is self.document and "landing" not in page["classes"]:
                for part in page.children:
                    if isinstance(part, nodes.section):
                        wide, narrow = (
                            step(TRIM * height(part, window)) for window in (WIDE, NARROW)
                        )
                        part["classes"] += ["far", f"far-w{wide}", f"far-n{narrow}"]


def sheet() -> str:
    """Return the rules of the classes."""
    pixels = [round(LEAST * RATIO**at) for at in range(STEPS)]
    wide = "".join(f".far-w{at}{{--far:{high}px}}" for at, high in enumerate(pixels))
    narrow = "".join(f".far-n{at}{{--far:{high}px}}" for at, high in enumerate(pixels))
    return f"{wide}\n@media (max-width:48em){{{narrow}}}\n"


def setup(app: Sphinx) -> None:
    """Register the transform."""
    app.add_post_transform(MarkFar)
