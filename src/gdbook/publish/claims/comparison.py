"""Does a page display what was checked? Displayed formulas against records of checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gdbook.latex import normalise


def drift(latex: str, records: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return a sentence for each way in which a displayed formula is not what its checks are about.

    The records are what those checks left in the metadata of their outputs.
    """
    shown = normalise(latex)
    return [
        f"the page shows {shown}, the check is about {normalise(record['latex'])}"
        for record in records
        if normalise(record["latex"]) != shown
    ]
