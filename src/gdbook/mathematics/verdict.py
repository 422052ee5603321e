"""Is a displayed formula true? It is read, and tried on random shapes and values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gdbook.latex import Unreadable
from gdbook.latex.notation import tokenise
from gdbook.mathematics.letters.declared import Declared
from gdbook.mathematics.letters.families import Alias, as_declared
from gdbook.mathematics.letters.functions import DerivativeOf
from gdbook.mathematics.reading import Display, read
from gdbook.mathematics.reading.context import Context
from gdbook.mathematics.reading.definition import define
from gdbook.mathematics.refusal import Refused, two_readings
from gdbook.mathematics.trying.bounds import bounded
from gdbook.mathematics.trying.equality import equal, near
from gdbook.mathematics.trying.exact import proved
from gdbook.mathematics.trying.orders import ordered, tends
from gdbook.mathematics.trying.trial import Fails, Trial, alike
from gdbook.mathematics.values.drawing import sizes_of

FLIPPED = {"≥": "≤", ">": "<"}


@dataclass
class Verdict:
    """What came out.

    Attributes
    ----------
    outcome : str
        ``true``, ``false`` or ``refused``.
    why : str
        Where the sides differ, or which question the formula raises.
    reason : str
        Of a refusal, its kind.
    reading : str
        How the formula was read.
    tried : str
        What was tried, for the page.
    draws : int
    """

    outcome: str
    why: str = ""
    reason: str = ""
    reading: str = ""
    tried: str = ""
    draws: int = 0


def judge(
    latex: str,
    /,
    *,
    using: Sequence[str] = (),
    seed: int = 0,
    within: float | None = None,
    loose: bool = False,
    at_least: bool = False,
    **letters: Any,
) -> Verdict:
    """Read a display and try it.

    Parameters
    ----------
    latex : str
        What stands between the dollars.
    using : sequence of str
        Displayed definitions, read before it: what they define has that meaning.
    seed : int
    within : float, optional
        How near the sides of ≈ must be.
    loose : bool
        Whether bounds need not be sharp.
    at_least : bool
        Whether O(…) may say less than is true.
    **letters
        What each letter is.
    """
    made = Verdict("true")
    try:
        declared = declare(letters)
        context = Context(dict(declared), set(sizes_of(declared)))
        for definition in using:
            define(definition, context)
        context.sizes |= set(sizes_of(context.declared))
        display = read(latex, context)
        made.reading = "; ".join(str(c) for c in display.chains)
        _all_known(context.declared)
        _all_used(declared, context, display)
        numbers = tuple(sorted({float(t.text) for t in tokenise(latex) if t.kind == "number"}))
        trials = []
        for chain in display.chains:
            trial = Trial(context.declared, display, chain, seed, numbers, within, loose)
            trials.append(trial)
            for i, relation in enumerate(chain.relations):
                before = trial.tried, trial.cornered
                trial.tried = trial.cornered = 0
                _link(trial, i, relation, at_least=at_least)
                trial.tried, trial.cornered = max(before, (trial.tried, trial.cornered))
        made.draws = max(t.tried for t in trials)
        made.tried = told(trials, declared)
        if trials and all(proved(t.chain, context.declared) for t in trials):
            made.tried = f"exactly (SymPy); {made.tried}"
    except Refused as refusal:
        made.outcome, made.reason, made.why = "refused", refusal.reason, str(refusal)
    except Unreadable as refusal:
        made.outcome, made.reason, made.why = "refused", "notation", str(refusal)
    except Fails as failure:
        made.outcome, made.why = "false", str(failure)
    return made


def declare(letters: dict[str, Any]) -> dict[str, Declared]:
    """Return the declarations of all letters."""
    later = (Alias, DerivativeOf)
    declared = {n: as_declared(n, v) for n, v in letters.items() if not isinstance(v, later)}
    for name, value in letters.items():
        if isinstance(value, later):
            declared[name] = value.resolve(declared)
    return declared


def _all_known(declared: dict[str, Declared]) -> None:
    """Refuse code that takes what is neither declared nor defined by the display."""
    known = set(declared) | set(sizes_of(declared))
    for name, d in declared.items():
        if missing := [n for n in d.needs if n not in known]:
            raise Refused("declaration", f"{name} needs {', '.join(missing)}: what is it?")


def _all_used(declared: dict[str, Declared], context: Context, display: Display) -> None:
    used = context.used.union(*(c.free for c in display.conditions))
    if idle := sorted(set(declared) - used):
        raise Refused("declaration", f"{', '.join(idle)} declared, but not in the formula")


def _link(trial: Trial, i: int, relation: str, *, at_least: bool) -> None:
    """Try one relation of a chain."""
    left, right = alike(trial.chain.sides[i], trial.chain.sides[i + 1])
    orders = trial.chain.orders[i] + trial.chain.orders[i + 1]
    if relation in FLIPPED:
        left, right, relation = right, left, FLIPPED[relation]
    if orders:
        if relation != "=" or len(orders) > 1:
            raise two_readings("more than one O(…), or O(…) in an inequality")
        ordered(trial, left, right, orders[0], at_least=at_least)
    elif relation == "=":
        equal(trial, left, right)
    elif relation in ("≤", "<"):
        bounded(trial, left, right, relation)
    elif relation == "→":
        tends(trial, left, right)
    else:
        near(trial, left, right)


def told(trials: list[Trial], declared: dict[str, Declared]) -> str:
    """Return what was tried, for the page: 40 random matrices, 1 × 1 to 4 × 4."""
    drawn = {d.kind.what for d in declared.values() if d.draw is not None}
    if not drawn:
        return "the numbers as they stand"
    what = next((k for k in ("matrix", "vector", "family", "function") if k in drawn), "number")
    plural = {"matrix": "matrices", "family": "sequences"}.get(what, f"{what}s")
    line = f"{max(t.tried for t in trials)} random {plural}"
    if sizes := {n for t in trials for n in t.sizes()}:
        low, high = min(sizes), max(sizes)
        line += (
            f", {low} × {low} to {high} × {high}"
            if what == "matrix"
            else f", sizes {low} to {high}"
        )
    if corners := max(t.cornered for t in trials):
        line += f", and {corners} special cases"
    return line
