"""Which cell goes on which slide: the meaning that nbconvert gives to slide types.

* The first cell that is neither ``notes`` nor ``skip`` opens the first slide,
  whatever its own type.
* ``slide`` opens a slide and a new stack; ``subslide`` a slide below the last one.
* ``fragment`` opens a part of its slide that appears at the next key; it stays open
  until the next fragment or slide.
* ``-`` is shown where the last shown cell was: on its slide, and in its fragment.
  A cell of type ``skip`` or ``notes`` in between changes nothing.
* ``notes`` is spoken, where it stands; inside a fragment it is that fragment's note.

nbconvert puts notes from before the first slide outside all slides, where no one
sees them; here they belong to the first slide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Place:
    """Where on its slide a cell goes.

    Attributes
    ----------
    cell : int
        Number of the cell, from 0.
    fragment : int or None
        Number of the fragment on the slide, from 0; ``None`` outside fragments.
    notes : bool
        Whether the cell is for the speaker.
    """

    cell: int
    fragment: int | None
    notes: bool


@dataclass
class Grouped:
    """One slide: whether it opens a stack, and its cells in order."""

    opens_stack: bool
    places: list[Place] = field(default_factory=list)


def group(kinds: Sequence[str]) -> list[Grouped]:
    """Arrange cells on slides.

    Parameters
    ----------
    kinds : sequence of str
        The slide type of each cell, in order: ``slide``, ``subslide``, ``fragment``,
        ``notes``, ``skip`` or ``-``.

    Returns
    -------
    list of Grouped
        The slides, none where no cell is shown.
    """
    slides: list[Grouped] = []
    early: list[Place] = []
    fragment: int | None = None
    for cell, kind in enumerate(kinds):
        if kind == "skip":
            continue
        if kind == "notes":
            (slides[-1].places if slides else early).append(Place(cell, fragment, notes=True))
            continue
        if kind in ("slide", "subslide") or not slides:
            slides.append(Grouped(opens_stack=kind == "slide" or not slides))
            fragment = None
        elif kind == "fragment":
            fragment = 0 if fragment is None else fragment + 1
        slides[-1].places.append(Place(cell, fragment, notes=False))
    if slides:
        slides[0].places[:0] = early
    return slides


def has_deck(kinds: Sequence[str]) -> bool:
    """Whether a chapter makes a deck: a cell of it says that it is on a slide."""
    return any(kind in ("slide", "subslide", "fragment") for kind in kinds)
