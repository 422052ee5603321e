"""Every displayed claim has a check, and the check is about what is displayed.

Equations are labelled ``eq-…`` if they claim something and ``def-…`` if they define. The
checks of a claim are the records in the outputs of cells tagged ``check`` that name its label.
On the page such a cell folds under "checked"; decks skip it.
"""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx

from gdbook.publish.claims.pairing import items, pair
from gdbook.publish.core import findings
from gdbook.publish.myst.cells import is_cell, is_check

FOLDED = "checked"


def fold(cell: nodes.Element) -> None:
    """Fold a check under one word on the page, and leave it out of the slides."""
    cell["hide_mode"], cell["prompt_show"], cell["prompt_hide"] = "all", FOLDED, FOLDED
    slideshow = cell["cell_metadata"].get("slideshow") or {}
    cell["cell_metadata"] = {
        **cell["cell_metadata"],
        "slideshow": {"slide_type": "skip", **slideshow},
    }


def find(app: Sphinx, doctree: nodes.document) -> None:
    """Look through one document as soon as it is read."""
    found = pair(items(doctree)).all_found(complete=app.config.audit != "none")
    findings.record(app.env, "claims", found)
    for cell in doctree.findall(is_cell):
        if isinstance(cell, nodes.Element) and is_check(cell):
            fold(cell)
