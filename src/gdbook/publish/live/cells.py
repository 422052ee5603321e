"""Live cells in documents: which they are, what they may import, and their place for the script."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from html import escape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

from gdbook.publish.core import findings
from gdbook.publish.core.ancestors import line_of
from gdbook.publish.core.findings import Finding
from gdbook.publish.myst.cells import FOLDED, is_cell

TAG = "live"
#: Attributes of a cell and of the document: the cell's place, and the code of all live cells.
PLACE, CODE = "live_place", "live_code"
SOURCE = "cell_code_source"  # of MyST-NB: the container of a cell's code
#: What a cell can import in the page.
IMPORTS = (
    "torch",
    "torch.autograd",
    "torch.nn",
    "torch.optim",
    "math",
    "matplotlib",
    "matplotlib.pyplot",
)
CANNOT = "a live cell imports {name}; in the page it can import torch, math and matplotlib.pyplot"
FOLDED_AWAY = (
    "a live cell is folded or hidden: its code must be shown, so take away one of the tags"
)
#: What stands below the code until the script is there, and where none runs.
NEEDS = "To change this code and run it here, the page needs JavaScript."


def is_live(cell: nodes.Element) -> bool:
    """Whether a code cell is tagged ``live``."""
    return TAG in (cell["cell_metadata"].get("tags") or [])


def find(app: Sphinx, doctree: nodes.document) -> None:
    """Record what the live cells of a document ask for that the page has not; number them."""
    cells = [c for c in doctree.findall(nodes.container) if is_cell(c) and is_live(c)]
    kept = doctree.get("slide_cells", ())
    found: list[Finding] = []
    code: list[str] = []
    for cell in cells:
        of_cell: dict[str, Any] = kept[cell["cell_index"]]
        cell[PLACE] = len(code)
        code.append(of_cell["code"] or "")
        found += (Finding(line_of(cell), text) for text in faults(code[-1]))
        if FOLDED & set(of_cell["tags"]):
            found.append(Finding(line_of(cell), FOLDED_AWAY))
    if code:
        doctree[CODE] = code
    findings.record(app.env, "live", found)


def faults(code: str) -> Iterator[str]:
    """Yield a sentence for each import that the page has not.

    Parameters
    ----------
    code : str
        Of a cell; one that is no Python has failed in the build.
    """
    for node in ast.walk(ast.parse(code)):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        yield from (CANNOT.format(name=name) for name in names if name not in IMPORTS)


class PlaceLiveCells(SphinxPostTransform):
    """Put the script's element below the code of each live cell, on pages and slides."""

    default_priority = 10
    formats = ("html",)

    def run(self, **_: object) -> None:
        """Add the elements to the document that is written."""
        for cell in [c for c in self.document.findall(nodes.container) if PLACE in c]:
            # With the code, not beside it: what stands beside is output to a deck.
            code = next(c for c in cell.findall(nodes.container) if c.get("nb_element") == SOURCE)
            above = self.document[CODE][: cell[PLACE]] if self.app.builder.name == "slides" else []
            code.append(nodes.raw("", element(cell[PLACE], above), format="html"))


def element(place: int, above: list[str]) -> str:
    """Return the HTML of the script's element.

    Parameters
    ----------
    place : int
        Of the cell among the document's live cells.
    above : list of str
        The code of those before it: a deck may leave them out, and its cells need them.
    """
    more = f' data-above="{escape(json.dumps(above))}"' if above else ""
    return (
        f'<gd-code data-place="{place}"{more}><p class="live-needs">{escape(NEEDS)}</p></gd-code>'
    )
