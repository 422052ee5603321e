"""The book's one visual language: every figure of every chapter is drawn with it.

Functions draw on an optional `ax` and return the Axes. They take plain callables of
float64 torch tensors, which are called once, on a whole grid. Importing this package
makes the book's style Matplotlib's default (`gdbook.style.use_style`).
"""

from __future__ import annotations

from gdbook.plots.agreement import agreement
from gdbook.plots.animation import Frames, animate, slider
from gdbook.plots.base import figure, label_lines
from gdbook.plots.circle import sector
from gdbook.plots.convergence import compare_curves, loss_curves, u_curve
from gdbook.plots.directions import turn_around
from gdbook.plots.fitting import watch_fit
from gdbook.plots.graph import animate_graph, show_graph
from gdbook.plots.live import Dial, answering
from gdbook.plots.matrices import matrix_chain
from gdbook.plots.norms import unit_steps
from gdbook.plots.one_d import epsilon_delta, secants, show_function, tangent
from gdbook.plots.orbits import bifurcation
from gdbook.plots.play import experiment, playground
from gdbook.plots.regions import basins
from gdbook.plots.surfaces import quiver, show_contours, surface
from gdbook.plots.trajectories import cobweb, descent_1d, show_trajectory
from gdbook.plots.zoom import microscope
from gdbook.style import use_style

__all__ = [
    "Dial",
    "Frames",
    "agreement",
    "animate",
    "animate_graph",
    "answering",
    "basins",
    "bifurcation",
    "cobweb",
    "compare_curves",
    "descent_1d",
    "epsilon_delta",
    "experiment",
    "figure",
    "label_lines",
    "loss_curves",
    "matrix_chain",
    "microscope",
    "playground",
    "quiver",
    "secants",
    "sector",
    "show_contours",
    "show_function",
    "show_graph",
    "show_trajectory",
    "slider",
    "surface",
    "tangent",
    "turn_around",
    "u_curve",
    "unit_steps",
    "watch_fit",
]

use_style()
