"""The element of the optimizer playground, and the modules that its script is joined from.

They are ES modules with types in comments, each with one idea: `rules` (a step of each method),
`landscapes`, `chance` (batches), `run` (all steps of a state, and the race), `theory` and `said`
(what is predicted, and the words), `state` (the address), `plot` and `panels` (axes, the map,
lines), `controls` and `rows` (what is set), `element`.
"""

from __future__ import annotations

import json
from html import escape
from typing import Any

STILL = "A still picture: without JavaScript nothing can be set here."


def play_host(spec: dict[str, Any], svg: str, classes: str) -> str:
    """Return the element ``<gd-play>`` with the still, to which a script gives way.

    Parameters
    ----------
    spec : dict
        What `gdbook.plots.playground` wrote.
    svg : str
        The figure's markup.
    classes : str
        Of the element.
    """
    shown = json.dumps(spec, ensure_ascii=False, separators=(",", ":"))
    kinds = [name for name in ("full", "starts") if spec[name]]
    if "x" not in spec["grounds"][spec["state"]["f"]]:
        kinds.append("alone")  # no plot of data below the losses
    # Room for what the script shows is kept by the style sheet: it depends on how much that is.
    rows = len(spec["state"]["eta"]), len(spec["dials"])
    sized = f'data-methods="{rows[0]}" data-dials="{rows[1]}"'
    return (
        f'<gd-play class="{escape(" ".join([classes, *kinds]))}" {sized} '
        f'data-spec="{escape(shown)}">{svg}<p class="gd-still">{STILL}</p></gd-play>'
    )
