"""The playground as a figure: its still, with all that the browser needs to bring it to life."""

from __future__ import annotations

import io
import json
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import matplotlib.pyplot as plt
from matplotlib.backends.backend_svg import FigureCanvasSVG

from gdbook._expect import known_name
from gdbook.plots.play.experiment import state_of
from gdbook.plots.play.grounds import GROUNDS, for_browser
from gdbook.plots.play.state import State
from gdbook.plots.play.still import LOOKS, draw

#: The dials that a figure may have; η belongs to each method's row.
DIALS = ("kappa", "angle", "beta", "beta2", "alpha", "decay", "batch", "steps")


@dataclass(frozen=True)
class Playground:
    """A playground in a state.

    Attributes
    ----------
    state : State
    svg : str
        The still; its root carries ``data-gd-play``, JSON.
    """

    state: State
    svg: str = field(repr=False)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"image/svg+xml": self.svg, "text/plain": f"Playground({self.state.query!r})"}


def playground(
    f: str,
    *,
    start: tuple[float, float] | None = None,
    dials: Sequence[str] = (),
    starts: Sequence[tuple[float, float]] = (),
    full: bool = False,
    **said: float,
) -> Playground:
    """Draw a playground: methods that descend on a landscape, side by side.

    Parameters
    ----------
    f : str
        A landscape, a key of `GROUNDS`.
    start : pair of float, optional
    dials : sequence of str
        Which numbers the reader moves beside the rates: ``"kappa"``, ``"angle"``, ``"beta"``,
        ``"beta2"``, ``"alpha"``, ``"decay"``, ``"batch"``, ``"steps"``.
    starts : sequence of pairs of float
        Where "Another start" leads, one after the other.
    full : bool
        Whether the reader may choose everything, and the address keeps it: the playground's page.
    **said : float
        The rates of methods, as ``sgd=0.3``, and other numbers of `State`, as ``beta=0.9``.

    Returns
    -------
    Playground
        Let it be the cell's last line.

    Raises
    ------
    ValueError
        If a name is unknown, or a number out of its range.
    """
    state = state_of(f, start, said)
    for dial in dials:
        known_name(dial, DIALS, "dial")
    names = list(GROUNDS) if full else [f]
    spec = {
        "state": state.for_browser(),
        "grounds": {name: for_browser(name) for name in names},
        "looks": LOOKS,
        "dials": list(dials),
        "starts": [list(place) for place in starts],
        "full": full,
    }
    return Playground(state, _drawn(state, spec))


def _drawn(state: State, spec: dict[str, Any]) -> str:
    figure = draw(state)
    try:
        out = io.StringIO()
        canvas: Any = FigureCanvasSVG(figure)
        canvas.print_svg(out, metadata={"Date": None})
    finally:
        plt.close(figure)
    root = ET.fromstring(out.getvalue())
    root.set("data-gd-play", json.dumps(spec, ensure_ascii=False, separators=(",", ":")))
    return ET.tostring(root, encoding="unicode")
