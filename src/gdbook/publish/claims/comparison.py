"""Does a page display what was checked? Displayed formulas against records of checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gdbook.latex import normalise


def drift(latex: str, records: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return in which way a displayed formula is not the one that its checks are about.

    Parameters
    ----------
    latex : str
        The displayed formula.
    records : sequence of dict
        What the checks of this formula left in the metadata of their outputs.

    Returns
    -------
    list of str
        One sentence for each difference; empty if there is none.
    """
    shown = normalise(latex)
    return [
        f"the page shows {shown}, the check is about {normalise(record['latex'])}"
        for record in records
        if normalise(record["latex"]) != shown
    ]
