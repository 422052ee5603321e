"""Steps through lines of code that Pygments has highlighted.

reveal.js's own plugin sets code anew with highlight.js, in colours that are not the
page's. Here each line of the finished HTML gets a number, and each step is an empty
fragment that says which lines are in the light; the deck's script dims the others.
"""

from __future__ import annotations

import re

from sphinx.util import logging

log = logging.getLogger(__name__)

_RANGE = re.compile(r"(\d+)(?:-(\d+))?")
_PRE = re.compile(r"(<pre[^>]*>(?:<span></span>)?)(.*?)(\n?</pre>)", re.DOTALL)


def parse(spec: str, count: int) -> list[list[int]]:
    """Read ``"1-2|4,6|"`` as the lines of each step.

    Parameters
    ----------
    spec : str
        Steps between ``|``; each names lines and ranges of lines, from 1. An empty
        step, or ``all``, shows every line.
    count : int
        How many lines the code has.

    Returns
    -------
    list of list of int
        The lines in the light at each step.

    Raises
    ------
    ValueError
        If a step is neither, or names a line that isn't there.
    """
    made = []
    for step in str(spec).split("|"):
        if step.strip() in ("", "all"):
            made.append(list(range(1, count + 1)))
            continue
        chosen: list[int] = []
        for piece in step.split(","):
            found = _RANGE.fullmatch(piece.strip())
            if found is None:
                raise ValueError(
                    f"lines must read like '1-2|4,6|all', got {piece.strip()!r} in {spec!r}"
                )
            first, last = int(found[1]), int(found[2] or found[1])
            if not 1 <= first <= last <= count:
                raise ValueError(f"lines {piece.strip()!r}: the code has lines 1 to {count}")
            chosen.extend(range(first, last + 1))
        made.append(chosen)
    return made


def steps(spec: str, count: int, *, location: tuple[str, int]) -> list[list[int]]:
    """Like :func:`parse`, with a warning and no steps where the text can't be read."""
    try:
        return parse(spec, count)
    except ValueError as error:
        log.warning("%s", error, location=location, type="gdbook", subtype="slides")
        return []


def step_through(html: str, steps: list[list[int]]) -> str:
    """Give the lines of a block of code numbers, and add its steps.

    Parameters
    ----------
    html : str
        The block, as Pygments set it. Pygments closes every span at the end of a
        line, so lines can be told apart.
    steps : list of list of int
        The lines in the light at each step; the first one from the start.
    """

    def number(found: re.Match[str]) -> str:
        rows = found[2].split("\n")
        numbered = "\n".join(
            f'<span class="row" data-row="{n}">{row}</span>' for n, row in enumerate(rows, 1)
        )
        return found[1] + numbered + found[3]

    first, *others = [" ".join(map(str, step)) for step in steps]
    fragments = "".join(
        f'<span class="fragment rows" data-rows="{rows}"></span>' for rows in others
    )
    return (
        f'<div class="stepped" data-rows="{first}">'
        f"{_PRE.sub(number, html, count=1)}{fragments}</div>\n"
    )
