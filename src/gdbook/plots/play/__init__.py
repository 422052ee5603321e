"""The optimizer playground: landscapes, the runs of a state, its still, and what it must say.

Begin with `grounds` (the landscapes to choose from), go on with `state` (all that a reader sets),
`runs` (what follows from it, in float64) and `words` (what the page says of it). `playground` draws
the still and tells the browser the state, `experiment` says a state's numbers and links to it. The
browser's own arithmetic is tested against this.
"""

from gdbook.plots.play.experiment import Experiment, experiment
from gdbook.plots.play.figure import Playground, playground
from gdbook.plots.play.grounds import GROUNDS
from gdbook.plots.play.state import State

__all__ = ["GROUNDS", "Experiment", "Playground", "State", "experiment", "playground"]
