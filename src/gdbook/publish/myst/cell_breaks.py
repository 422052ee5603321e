"""Slide types written above code cells, which MyST-NB's reader drops.

In ``+++ {"slideshow": {"slide_type": "slide"}}`` above a Markdown cell the metadata is
that cell's. Right above a code cell it would be an empty Markdown cell's, and empty
cells are not kept. There it is taken for the code cell's own: so a chapter's slides can
be rearranged without touching the code cells' metadata, which would run them again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

_BREAK = re.compile(r"\+\+\+\s*(\{.*\})\s*")
_CODE = re.compile(r"(`{3,}|~{3,})\s*\{code-cell\}")


def above_code(source: str, starts: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Find the cell breaks right above code cells.

    Parameters
    ----------
    source : str
        The text of a notebook in MyST Markdown.
    starts : sequence of int
        The line that each cell starts at, from 1, in order.

    Returns
    -------
    dict of int to dict
        The metadata of each such break, by the number of its code cell, from 0.
    """
    lines = source.splitlines()
    found: dict[int, dict[str, Any]] = {}
    for number, line in enumerate(lines):
        broken = _BREAK.fullmatch(line)
        if broken is None:
            continue
        after = next((n for n in range(number + 1, len(lines)) if lines[n].strip()), None)
        if after is None or not _CODE.match(lines[after]):
            continue
        # A code cell starts after its fence: the first one below the break.
        cell = next((index for index, start in enumerate(starts) if start > after), None)
        if cell is not None:
            found[cell] = json.loads(broken[1])
    return found
