"""Which hint comes next: the state of this process, and nothing that is stored.

A first wrong answer is told its mistake alone. Each further wrong answer to the same problem
brings the next hint with it, and after the last one this one again. A right answer, or a new
process, begins anew.
"""

from __future__ import annotations

from dataclasses import dataclass

from gdbook import hints, quick
from gdbook.quick.catalogue import nearest


@dataclass(frozen=True)
class Hint:
    """A hint, and how many there are. It is false: a problem is not solved by it."""

    text: str
    number: int
    of: int

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        which = f" {self.number} of {self.of}" if self.of > 1 else ""
        return f"Hint{which}: {self.text}"


_shown: dict[str, int] = {}
_missed: set[str] = set()


def texts(label: str) -> tuple[str, ...]:
    """Return all hints to a problem or a quick question, without LaTeX.

    Raises
    ------
    ValueError
        If there is none with that label.
    """
    if label.startswith("quick-"):
        return (quick.question(label).hint,)
    known = hints.catalogue()
    if label not in known:
        raise ValueError(f"no problem {label!r} has hints; {nearest(label, known)}")
    return tuple(map(hints.plain, known[label].texts))


def following(label: str) -> Hint:
    """Return the next hint, or the last one again, and remember that it was given."""
    known = texts(label)
    number = min(_shown.get(label, 0) + 1, len(known))
    _shown[label] = number
    return Hint(known[number - 1], number, len(known))


def after(label: str, *, right: bool) -> Hint | None:
    """Note that an answer was judged, and return the hint that comes with the verdict."""
    if right:
        forget(label)
        return None
    if label in _missed:
        return following(label)
    _missed.add(label)
    return None


def forget(label: str = "") -> None:
    """Begin anew with a problem, or with all."""
    for one in [label] if label else [*_shown, *_missed]:
        _shown.pop(one, None)
        _missed.discard(one)
