"""Sentences that say why something is shown: above a formula, a table or code, or after it.

The words of a page are spoken. A slide with nothing on it but a formula would not say why the
formula is there, so the sentence that the page puts before it is shown with it: always with the
first block of a slide, for which `gdbook.publish.formats.slides.layout` keeps the room, and with
others where room is left. Where a slide is still without words, the sentence that comes after what
it shows, and says what was seen, is shown at the next key.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from gdbook.publish.formats.slides.placement import GAP, UNSEEN, Block, Placed, Role

#: So many pixels must be left below a sentence: heights are estimates, and errors add up.
SPARE = 20


def with_sentences(blocks: Sequence[Block], placed: Sequence[Placed]) -> list[Placed]:
    """Show the sentences that lead to blocks, or say what was seen, where there is room.

    Parameters
    ----------
    blocks : sequence of Block
        All blocks of the page; of those that may be shown, ``lead`` or ``remark`` is a height.
    placed : sequence of Placed
        What `gdbook.publish.formats.slides.layout.arrange` made of them.

    Returns
    -------
    list of Placed
        The same, but that a sentence which is shown is not spoken: one that leads to a block has
        that block's slide type, and the block stands below it at the same key; one that says what
        was seen is a fragment.
    """
    made = list(placed)
    wordless = []
    for start, end in _slides(made):
        shown = [number for number in range(start, end) if made[number].kind not in UNSEEN]
        room = min((made[number].room for number in shown), default=0) - SPARE
        room -= sum(_shrunk(blocks[made[number].block]) for number in shown)
        says = any(blocks[made[number].block].says for number in shown)
        for number in shown:
            one, before = made[number], _leading(blocks, made, number)
            if before is None:
                continue
            needs = 0 if one.led else blocks[made[before].block].lead + GAP
            if needs > max(room, 0):
                continue
            room, says = room - needs, True
            made[before] = replace(made[before], kind=one.kind, again=one.again)
            made[number] = replace(one, kind="-", again=False)
        if not says:
            wordless.append((shown, room))
    for shown, room in wordless:  # what leads to the next slide is not said on the one before
        _remark(blocks, made, shown, room)
    return made


def _slides(placed: Sequence[Placed]) -> Iterator[tuple[int, int]]:
    """Yield the first of each slide's blocks that is shown there, and the first after it."""
    opens = [n for n, one in enumerate(placed) if n and one.kind in ("slide", "subslide")]
    yield from zip([0, *opens], [*opens, len(placed)], strict=True)


def _shrunk(block: Block) -> int:
    """Return by how much a block may have been made lower, which a sentence doesn't use."""
    return block.height - block.least if block.least else 0


def _leading(blocks: Sequence[Block], placed: Sequence[Placed], number: int) -> int | None:
    """Return which sentence leads to a block that is shown, if one does."""
    rows = placed[number].rows
    if rows is not None and rows[0] > 0:
        return None
    before = _beside(placed, number, -1)
    return before if before is not None and blocks[placed[before].block].lead else None


def _remark(blocks: Sequence[Block], placed: list[Placed], shown: Sequence[int], room: int) -> None:
    """Show the first sentence after a block of a slide that says what was seen, in place."""
    for number in shown:
        after = _beside(placed, number, 1)
        if blocks[placed[number].block].role is not Role.SHOWN or after is None:
            continue
        if 0 < blocks[placed[after].block].remark <= room - GAP:
            placed[after] = replace(placed[after], kind="fragment")
            return


def _beside(placed: Sequence[Placed], number: int, step: int) -> int | None:
    """Return what is spoken right before or after a block, if anything is."""
    number += step
    while 0 <= number < len(placed) and placed[number].kind == "skip":
        number += step
    return number if 0 <= number < len(placed) and placed[number].kind == "notes" else None
