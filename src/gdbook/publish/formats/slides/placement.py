"""What a block of a page is to its deck, and where it goes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

#: Between the margins of a slide of 1280 × 720.
FULL = 612
#: Between one block and the next.
GAP = 14
#: The heading of a slide that goes on, in smaller print.
AGAIN = 54

#: The slide types of what no one sees.
UNSEEN = ("notes", "skip")


class Role(Enum):
    """What a block is to the deck, if its cell has no mark."""

    HEADING = auto()
    SHOWN = auto()
    SPOKEN = auto()
    LEFT_OUT = auto()


@dataclass(frozen=True)
class Block:
    """A block of the page, or a part of one.

    Attributes
    ----------
    role : Role
    height : int
        What it needs on a slide, in pixels.
    deeper : bool
        Whether it stands in a section that is deeper.
    asks : bool
        Whether what is shown next is its answer.
    least : int
        What it makes do with as the answer to a question on the same slide; 0 if it is no less.
    rows : tuple of int
        Heights of the parts that it may be cut between; the rest of `height`, as a box's title,
        is shown with each piece.
    alone : bool
        Whether nothing without a mark goes on the same slide: the page's title, a quick question.
    mark : str
        The slide type that its cell is marked with, or "".
    opens : bool
        Whether it is the first block of a marked cell.
    says : bool
        Whether a sentence is in it, as in a box or a caption.
    lead, remark : int
        What is spoken: its height, if it is a sentence that leads to the next block, or one that
        may say what was seen before it; else 0.
    """

    role: Role
    height: int = 0
    deeper: bool = False
    asks: bool = False
    least: int = 0
    rows: tuple[int, ...] = ()
    alone: bool = False
    mark: str = ""
    opens: bool = False
    says: bool = False
    lead: int = 0
    remark: int = 0


@dataclass(frozen=True)
class Placed:
    """Where a block, or some rows of it, goes.

    Attributes
    ----------
    block : int
        Number of the block, from 0.
    kind : str
        The slide type.
    rows : tuple of int, optional
        The first of its rows that are shown here, and the first that is not.
    again : bool
        Whether it opens a slide that repeats the heading before.
    over : int
        By how many pixels the slide is too high from here on.
    room : int
        What is left below it on its slide, in pixels.
    led : bool
        Whether there is room above it for the sentence that leads to it.
    """

    block: int
    kind: str
    rows: tuple[int, int] | None = None
    again: bool = False
    over: int = 0
    room: int = 0
    led: bool = False
