"""Sentences that lead to a formula, a table or code: shown above it where its slide has room.

The words of a page are spoken. A slide with nothing on it but a formula would not say why the
formula is there, so the sentence that the page puts before it is shown with it. That moves no
block to another slide: it takes the room that is left, first come, first served.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from gdbook.publish.formats.slides.layout import GAP, UNSEEN, Block, Placed

#: So many pixels must be left below a sentence: heights are estimates, and errors add up.
SPARE = 180


def with_leads(blocks: Sequence[Block], placed: Sequence[Placed]) -> list[Placed]:
    """Show what leads to a block, where there is room.

    Parameters
    ----------
    blocks : sequence of Block
        All blocks of the page; of those that may be shown, ``lead`` is a height.
    placed : sequence of Placed
        What `gdbook.publish.formats.slides.layout.arrange` made of them.

    Returns
    -------
    list of Placed
        The same, but that a sentence which is shown has the slide type of the block that it leads
        to, which stands below it at the same key.
    """
    made = list(placed)
    for start, end in _slides(made):
        room = min((one.room for one in made[start:end] if one.kind not in UNSEEN), default=0)
        for number in range(start, end):
            leads = _before(blocks, made, number)
            if leads is None or blocks[made[leads].block].lead + GAP + SPARE > room:
                continue
            room -= blocks[made[leads].block].lead + GAP
            one = made[number]
            made[leads] = replace(made[leads], kind=one.kind, again=one.again)
            made[number] = replace(one, kind="-", again=False)
    return made


def _slides(placed: Sequence[Placed]) -> Iterator[tuple[int, int]]:
    """Yield the first of each slide's blocks that is shown there, and the first after it."""
    opens = [n for n, one in enumerate(placed) if n and one.kind in ("slide", "subslide")]
    yield from zip([0, *opens], [*opens, len(placed)], strict=True)


def _before(blocks: Sequence[Block], placed: Sequence[Placed], number: int) -> int | None:
    """Return which sentence leads to a block that is shown, if one does."""
    one = placed[number]
    if one.kind in UNSEEN or (one.rows is not None and one.rows[0] > 0):
        return None
    before = number - 1
    while before >= 0 and placed[before].kind == "skip":
        before -= 1
    leads = before >= 0 and placed[before].kind == "notes" and blocks[placed[before].block].lead
    return before if leads else None
