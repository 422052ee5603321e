"""Every displayed claim has a check, and the check is about what is displayed.

Equations are labelled ``eq-…`` if they claim something and ``def-…`` if they define. The
checks of a claim are the records in the outputs of cells tagged ``check``: those whose
record names the label (``of=``), and the others in the cells that follow it, up to the next
claim. On the page such a cell folds under "checked"; decks skip it.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from gdbook.publish.claims.comparison import drift
from gdbook.publish.claims.comparison import made_by as drift_made_by
from gdbook.publish.claims.pairing import items, pair
from gdbook.publish.core import findings
from gdbook.publish.core.cache import Memo, memo
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


def known(app: Sphinx) -> Memo:
    """Return what earlier builds found in claims and their checks."""
    return memo(app, "claims", drift_made_by)


def find(app: Sphinx, doctree: nodes.document) -> None:
    """Look through one document as soon as it is read."""
    kept = known(app)

    def differences(latex: str, records: list[dict[str, Any]]) -> list[str]:
        found: list[str] = kept.answer([latex, records], lambda: drift(latex, records))
        return found

    found = pair(items(doctree)).all_found(differences, complete=app.config.audit != "none")
    findings.record(app.env, "claims", found)
    for cell in doctree.findall(is_cell):
        if isinstance(cell, nodes.Element) and is_check(cell):
            fold(cell)
