"""What the playground says of a state, word for word as the browser does."""

from __future__ import annotations

import math

from gdbook.plots.live.elements import in_words
from gdbook.plots.play.grounds import GROUNDS
from gdbook.plots.play.runs import measured, predicted, run
from gdbook.plots.play.state import METHODS, State


def brief(value: float) -> str:
    """Write a number in three digits; very small and very large ones with a power of ten."""
    size = abs(value)
    if not math.isfinite(value) or (size and not 1e-3 <= size < 1e4):
        return in_words(value, ".2e")
    digits = 2 if not size else max(0, 2 - math.floor(math.log10(size)))
    return in_words(value, f".{digits}f")


def of_method(state: State, method: str, step: int) -> str:
    """Return what is said of a method's run when so many steps are shown."""
    made = run(state, method)
    last = len(made.values) - 1
    gone = made.left and step > last
    loss = brief(made.values[min(step, last)].item())
    said = [f"left at step {last + 1}" if gone else f"loss {loss}"]
    theory = predicted(state, method)
    if theory is None:
        L = GROUNDS[state.f].drawn.smoothness
        noisy = state.batch or state.blind
        if method == "sgd" and L is not None and not state.decay and not noisy:
            said.append(f"sure to descend below η = {brief(2 / L)}")
    elif theory.lowest <= 0:
        said.append(f"no η is stable: one curvature is {brief(theory.lowest)}")
    else:
        shows = measured(made)
        seen = "" if shows is None else f", {in_words(shows, '.3f')} measured"
        said.append(f"ρ {in_words(theory.rate, '.3f')} predicted{seen}")
        said.append(f"stable below η = {brief(theory.edge)}")
    return " · ".join(said)


def of_all(state: State, step: int) -> dict[str, str]:
    """Return what is said of each method, by its name in words."""
    return {METHODS[method]: of_method(state, method, step) for method in state.eta}
