"""Does a page display what was checked? Displayed formulas against records of checks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import sympy as sp

from gdbook import expressions as ex
from gdbook import latex as tex
from gdbook.expressions import latex_reader
from gdbook.publish.core.cache import fingerprints

RESTATE = 'restate it in the check, latex=r"…"'
FLIPPED = {"≥": "≤", ">": "<"}


@dataclass(frozen=True)
class Link:
    """One relation, ``left relation right``, with ≥ and > turned round."""

    left: sp.Expr
    relation: str
    right: sp.Expr
    text: str

    @classmethod
    def make(cls, sides: Sequence[tuple[sp.Expr, str]], relation: str) -> Link:
        """Return the link of two sides, each an expression with its text."""
        (left, a), (right, b) = sides
        text = f"{a} {relation} {b}"
        if relation in FLIPPED:
            left, right = right, left
        return cls(left, FLIPPED.get(relation, relation), right, text)


@dataclass
class Checked:
    """What the records of one equation's checks say together."""

    links: list[Link]
    where: dict[str, Any]
    functions: set[str]
    names: set[str]

    @classmethod
    def of(cls, records: Sequence[Mapping[str, Any]]) -> Checked:
        """Read the records."""
        made = cls([], {}, set(), set())
        for record in records:
            texts = record.get("sides", [])
            sides = [(ex.read(t), t) for t in texts]
            pairs = zip(sides, record.get("relations", []), sides[1:], strict=False)
            for left, relation, right in pairs:
                made.links.append(Link.make((left, right), relation))
                if isinstance(left[0], sp.Limit):  # … → …, without the word lim
                    inside = (left[0].args[0], left[1])
                    made.links.append(Link.make((inside, right), "→"))
            made.where |= {
                n: tuple(v) if len(v) == 2 else list(v) for n, v in record.get("where", {}).items()
            }
            for e, _ in sides:
                made.functions |= set(ex.names(e))
                made.names |= {s.name for s in e.atoms(sp.Symbol)}
        made.names -= made.functions
        return made


def drift(latex: str, records: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return what a displayed formula says that its checks don't.

    Every displayed relation must be one of those that were checked: both of its sides are
    compared by `gdbook.expressions.same`, limits by their point and side, order terms by
    their order. Conditions are held against the ranges that were tried.

    Parameters
    ----------
    latex : str
        The displayed formula.
    records : sequence of dict
        What the checks of this formula left in the metadata of their outputs.

    Returns
    -------
    list of str
        One sentence for each difference; empty if there is none.
    """
    if restated := [r["latex"] for r in records if r.get("latex")]:
        shown = latex_reader.normalise(latex)
        return [
            f"the page shows {shown}, the check restates it as {latex_reader.normalise(text)}"
            for text in restated
            if latex_reader.normalise(text) != shown
        ]
    checked = Checked.of(records)
    try:
        display = latex_reader.read(latex, checked.functions, checked.names)
    except latex_reader.Unreadable as reason:
        return [f"can't be read, because {reason}; {RESTATE}"]
    if not checked.links:
        return [f"its check has no text to compare with; {RESTATE}"]
    found: list[str] = []
    for chain in display.chains:
        if not chain.relations:
            found.append(f"{chain} is no relation and claims nothing; label it def-…")
        sides = [(s.value, s.text) for s in chain.sides]
        for left, relation, right in zip(sides, chain.relations, sides[1:], strict=False):
            found += _unmatched(Link.make((left, right), relation), checked)
    for condition in display.conditions:
        found += _unmet(condition, checked)
    return found


def _unmatched(shown: Link, checked: Checked) -> Iterator[str]:
    """Yield why a displayed relation is none of those that were checked."""
    candidates = [c for c in checked.links if c.relation == shown.relation]
    reasons: list[str] = []
    for link in candidates:
        turned = Link(link.right, link.relation, link.left, link.text)
        for one in [link, turned] if link.relation == "=" else [link]:
            left = ex.same(shown.left, one.left, checked.where)
            right = ex.same(shown.right, one.right, checked.where)
            if left is None and right is None:
                return
            if left is None or right is None:
                reasons.append(
                    f"the page shows {shown.text}, the check {link.text}: {left or right}"
                )
    if not candidates:
        others = ", ".join(sorted({c.text for c in checked.links}))
        yield f"the page shows {shown.text}, but no check has that relation; checked is {others}"
    elif reasons:
        yield reasons[0]
    else:
        others = ", ".join(c.text for c in candidates)
        yield f"the page shows {shown.text}, which no check is about; checked is {others}"


def _unmet(condition: latex_reader.Chain, checked: Checked) -> Iterator[str]:
    """Yield why a displayed condition is not the one under which the check was made."""
    sides = [s.value for s in condition.sides]
    if "→" in condition.relations:
        tended = {(x, to) for link in checked.links for x, to in _moves(link)}
        if tuple(sides) not in tended:
            yield f"the page says {condition}, which the check does not"
    elif "≠" in condition.relations:
        if not any(_undefined(e, sides) for k in checked.links for e in (k.left, k.right)):
            yield f"the page says {condition}, but both sides are defined there as well"
    elif condition.relations:
        missing = latex_reader.symbols(condition) - set(checked.where)
        if missing:
            yield (
                f"the page says {condition}, but the check has no range for "
                f"{', '.join(sorted(missing))}: give it one, or {RESTATE}"
            )
        else:
            yield from _out_of_range(condition, checked.where)


def _moves(link: Link) -> Iterator[tuple[sp.Expr, sp.Expr]]:
    for side in (link.left, link.right):
        for limit in side.atoms(sp.Limit):
            yield limit.args[1], limit.args[2]
        for order in side.atoms(ex.BigO):
            for x in order.free_symbols:
                # What an order term is small for: h² near 0, 1/n near infinity.
                yield x, sp.oo if sp.limit(order.args[0], x, sp.oo) == 0 else sp.Integer(0)


def _undefined(e: sp.Expr, sides: Sequence[sp.Expr]) -> bool:
    """Whether an expression has no value where two sides are equal, one of them a name."""
    name, value = sides[0], sides[-1]
    if not isinstance(name, sp.Symbol):
        return False
    point = next(ex.draw(sorted(s.name for s in e.free_symbols | value.free_symbols), 1, {}))
    with_value = {**point, name.name: ex.Evaluator(value, list(point))(point)}
    return ex.Evaluator(e, list(with_value))(with_value) is None


def _out_of_range(condition: latex_reader.Chain, where: Mapping[str, Any]) -> Iterator[str]:
    """Yield if the ranges leave a condition, or stay away from where it ends."""
    names = sorted(latex_reader.symbols(condition))
    points = list(ex.draw(names, 200, where, corners=True))
    arrays = [np.array([p[n] for p in points], dtype=np.float64) for n in names]
    values = [ex.function(ex.fill(s.value), names)(*arrays) for s in condition.sides]
    tried = ", ".join(f"{n} in {where[n]}" for n in names)
    for a, relation, b in zip(values, condition.relations, values[1:], strict=False):
        gap = {"≤": b - a, "<": b - a, "≥": a - b, ">": a - b}.get(relation, -np.abs(a - b))
        slack = 1e-9 * (1 + np.abs(a) + np.abs(b))
        if not (gap >= -slack).all():
            yield f"the page says {condition}, but the check also tried {tried}"
        elif relation != "=" and gap.min() > 0.05 * (gap.max() - gap.min()):
            yield f"the page says {condition}, but the check tried only {tried}"


def made_by() -> str:
    """Return the fingerprint of all that decides what `drift` finds."""
    folders = [Path(module.__path__[0]) for module in (ex, tex, latex_reader)]
    code = [Path(__file__), *(path for folder in folders for path in sorted(folder.glob("*.py")))]
    return fingerprints(code, sp.__version__, np.__version__)
