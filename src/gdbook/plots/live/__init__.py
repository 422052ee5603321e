"""Figures that answer continuously: `answering` records what is drawn, the browser repeats it.

Begin with `trace` (numbers that remember how they were computed), go on with `elements` (what a
figure is made of) and `page` (the figure, its still and what the browser is told).
"""

from gdbook.plots.live.elements import Dial, Panel, Run
from gdbook.plots.live.page import Answering, Page, answering

__all__ = ["Answering", "Dial", "Page", "Panel", "Run", "answering"]
