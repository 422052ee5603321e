"""Draw the landing page's playground: the loss of a sine on data, two methods, three starts.

``python figures/landing.py`` writes ``landing.svg`` beside this file: the still, which carries what
the reader's browser needs to let it run.
"""

from __future__ import annotations

from pathlib import Path

from gdbook.plots import playground
from gdbook.plots.play import Playground

#: From the first and the second the two methods end in different valleys.
STARTS = ((2.25, -1.74), (2.0, -1.62), (3.75, 0.32))


def landing() -> Playground:
    """Return the playground."""
    first, *others = STARTS
    return playground("sine", start=first, starts=[*others, first], sgd=0.1, adam=0.05, steps=300)


if __name__ == "__main__":
    target = Path(__file__).with_suffix(".svg")
    target.write_text(landing().svg, encoding="utf-8")
    print(f"{target.name}: {target.stat().st_size / 1000:.1f} KB")
