"""A state to try: what it shows, in numbers, and the link that sets the playground so."""

from __future__ import annotations

import math
from dataclasses import dataclass
from html import escape
from typing import Any

from gdbook._expect import known_name
from gdbook.plots.play import runs
from gdbook.plots.play.grounds import GROUNDS, sine_truth
from gdbook.plots.play.state import METHODS, State


def state_of(f: str, start: tuple[float, float] | None, said: dict[str, Any]) -> State:
    """Return a state from its parts: rates of methods and other numbers stand side by side.

    Raises
    ------
    ValueError
        If a name is unknown, or a number out of its range.
    """
    ground = GROUNDS[known_name(f, GROUNDS, "landscape of the playground")]
    eta = {name: said[name] for name in METHODS if name in said}
    others: dict[str, Any] = {name: value for name, value in said.items() if name not in METHODS}
    for name in others:
        known_name(name, State.numbers(), "number or method")
    return State(f=f, start=start or ground.start, eta=eta, **others)


@dataclass(frozen=True)
class Experiment:
    """A state, and what it shows. As a cell's last line it is a link to the state."""

    state: State

    def loss(self, method: str, step: int | None = None) -> float:
        """Return a method's loss after so many steps; all, if it is not said; ∞ once it left."""
        values = runs.run(self.state, self._running(method)).values
        last = self.state.steps if step is None else step
        return values[last].item() if last < len(values) else math.inf

    def end(self, method: str) -> list[float]:
        """Return where a method's run ends."""
        point: list[float] = runs.run(self.state, self._running(method)).points[-1].tolist()
        return point

    def left(self, method: str) -> int:
        """Return the step at which a run left; 0 if it did not."""
        made = runs.run(self.state, self._running(method))
        return len(made.values) if made.left else 0

    def rate(self, method: str) -> float:
        """Return the predicted factor of a method's step on a quadratic."""
        return self._predicted(method).rate

    def measured(self, method: str) -> float:
        """Return the factor that a method's run shows on a quadratic."""
        shown = runs.measured(runs.run(self.state, self._running(method)))
        if shown is None:
            raise ValueError(f"the run of {method} is too short to show a rate, or has arrived")
        return shown

    def edge(self, method: str) -> float:
        """Return the η below which a method converges on a quadratic."""
        return self._predicted(method).edge

    def tuned(self) -> Experiment:
        """Return the state in which each method has its best rate."""
        return Experiment(self.state.with_rates(runs.tuned(self.state)))

    def left_over(self) -> float:
        """Return the loss of the model that made the data: what noise leaves."""
        if self.state.f != "sine":
            raise ValueError("only the sine's data have a model that made them")
        return GROUNDS["sine"].drawn(sine_truth()).item()

    def _running(self, method: str) -> str:
        return known_name(method, self.state.eta, "method of this state")

    def _predicted(self, method: str) -> runs.Prediction:
        said = runs.predicted(self.state, self._running(method))
        if said is None:
            raise ValueError(f"of {method} on {self.state.f} theory predicts no rate")
        return said

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        query = escape(self.state.query)
        link = f'<p><a class="gd-try" href="?{query}">Set the playground so</a></p>'
        return {
            "text/html": link,
            "text/plain": f"The playground's state: {self.state.query}",
        }


def experiment(f: str, *, start: tuple[float, float] | None = None, **said: float) -> Experiment:
    """Return a state of the playground, to be looked at and linked to.

    Parameters
    ----------
    f, start, **said
        As for `playground`.

    Examples
    --------
    >>> from gdbook.plots import experiment
    >>> race = experiment("ravine", sgd=0.4, momentum=0.2, beta=0.7)
    >>> round(race.rate("sgd"), 2)
    0.92
    """
    return Experiment(state_of(f, start, said))
