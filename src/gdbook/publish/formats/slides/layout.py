"""Which block goes on which slide, where an author has marked none: a page with ``slides: blocks``.

A pure function of the blocks' roles and heights. What it gives are nbconvert's slide types, so
that `gdbook.publish.formats.slides.grouping` and nbconvert make the same slides of them:

* A heading opens a slide. The core runs from left to right (``slide``); what is deeper hangs
  below (``subslide``). A deeper section of which nothing would be seen is left out.
* What is spoken becomes notes, where it stands.
* The first block that is shown stands under the heading; each further one comes at the next key,
  and so does what follows a question, as the output of code that is shown.
* What does not fit begins a slide with the same heading, a question together with its answer. A
  table or box that is too high for a slide is cut between its rows.
* The mark of a cell holds for all of its blocks, with nbconvert's meaning. A slide that it opens
  repeats the heading if the cell has none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gdbook.publish.formats.slides.placement import (
    AGAIN,
    FULL,
    GAP,
    UNSEEN,
    Block,
    Placed,
    Role,
)


def arrange(blocks: Sequence[Block]) -> list[Placed]:
    """Give each block of a page its slide type.

    Parameters
    ----------
    blocks : sequence of Block
        All blocks, in order.

    Returns
    -------
    list of Placed
        In order; more than one for a block that is cut.
    """
    state = _State(blocks)
    return [placed for index in range(len(blocks)) for placed in state.place(index)]


@dataclass
class _State:
    """The slide that is being filled."""

    blocks: Sequence[Block]
    room: int = -1  # below what stands there
    bare: bool = True  # nothing stands there but a heading
    room_anew: int = FULL  # that a slide with the same heading would have
    filled: bool = False  # has a block which came without a mark
    stepped: bool = False  # a fragment is open
    asked: bool = False  # what was shown last asks a question
    below: bool = False  # the block before is deeper
    closed: bool = False  # in a section that is left out
    sealed: bool = False  # takes nothing more without a mark
    told: bool = False  # this slide is too high, which has been said
    lead: int = 0  # the height of the sentence that leads to the next block

    def place(self, index: int) -> Iterator[Placed]:
        block = self.blocks[index]
        if block.mark:
            yield self._marked(index, block)
        elif block.role is Role.HEADING:
            yield self._heading(index, block)
        elif block.role is Role.LEFT_OUT or (block.role is Role.SPOKEN and self.closed):
            yield Placed(index, "skip")
        elif block.role is Role.SPOKEN:
            yield Placed(index, "notes")
        else:
            yield from self._shown(index, block)
        if block.role is not Role.LEFT_OUT and block.mark != "skip":
            self.lead = block.lead
        self.below = block.deeper

    def _heading(self, index: int, block: Block) -> Placed:
        self.closed = block.deeper and not any(map(_seen, self._section(index)))
        if self.closed:
            return Placed(index, "skip")
        self._open(FULL)
        kind = self._turn(block)
        over = self._head(block, kind)
        return Placed(index, kind, over=over, room=self.room)

    def _head(self, block: Block, kind: str) -> int:
        """Put a heading on the slide; repeated, the page's title is no larger than others."""
        over = self._fill(block, kind, block.height)
        self.filled, self.sealed, self.bare = False, block.alone, True
        self.room_anew = FULL - AGAIN
        return over

    def _shown(self, index: int, block: Block) -> Iterator[Placed]:
        needs = FULL if block.alone else self._with_answer(index)
        opens = self.sealed or (not self.bare and needs + GAP > self.room)
        if opens:
            self._open(self.room_anew)
        led = self._lead(index)
        pieces: list[tuple[int, int] | None] = [None]
        if block.rows and block.height > self.room:  # on a slide with nothing but its heading
            pieces = [*_cut(block, self.room)]
        for number, rows in enumerate(pieces):
            if number:
                self._open(self.room_anew)
            again = opens or number > 0
            kind = self._turn(block) if again else self._next(block)
            height = self._height(block)
            if rows is not None:
                height += sum(block.rows[slice(*rows)]) - sum(block.rows)
            over = self._fill(block, kind, height)
            yield Placed(index, kind, rows, again, over, self.room, led and not number)
        self.sealed = block.alone

    def _lead(self, index: int) -> bool:
        """Keep room for the sentence that leads to the first block of a slide without others."""
        block, lead = self.blocks[index], self.lead + GAP
        least = block.height - sum(block.rows) + max(block.rows, default=0)
        wordless = self.bare and not block.says and not self._says(index)
        if not self.lead or lead + least > self.room or not wordless:
            return False
        self.room -= lead
        return True

    def _says(self, index: int) -> bool:
        """Whether a block that fits below another on its slide has words."""
        room, answers = self.room - self._height(self.blocks[index]), self.blocks[index].asks
        for block in filter(_seen, self._section(index)):
            room -= GAP + ((answers and block.least) or block.height)
            if room < 0 or block.alone:
                return False
            if block.says and not block.asks:  # a question may go on with its answer
                return True
            answers = block.asks
        return False

    def _marked(self, index: int, block: Block) -> Placed:
        if block.mark in UNSEEN:
            return Placed(index, block.mark)
        kind = block.mark if block.opens else "-"
        again = kind in ("slide", "subslide") and block.role is not Role.HEADING
        if kind in ("slide", "subslide"):
            self._open(self.room_anew if again else FULL)
            if kind == "slide" or self.below:
                kind = self._turn(block)
        if block.role is Role.HEADING:
            self.closed = False
            over = self._head(block, kind)
            return Placed(index, kind, over=over, room=self.room)
        filled = self.filled
        over = self._fill(block, kind, block.height)
        self.filled = filled
        return Placed(index, kind, again=again, over=over, room=self.room)

    def _open(self, room: int) -> None:
        self.room, self.bare = room, True
        self.filled = self.stepped = self.asked = self.sealed = self.told = False

    @staticmethod
    def _turn(block: Block) -> str:
        return "subslide" if block.deeper else "slide"

    def _next(self, block: Block) -> str:
        """Return the type of a block that goes on with the slide."""
        answers = self.asked and not block.asks
        return "fragment" if self.filled or self.stepped or answers else "-"

    def _fill(self, block: Block, kind: str, height: int) -> int:
        """Put a block on the slide; return by how much it is too high, once a slide."""
        self.stepped = self.stepped or kind == "fragment"
        self.filled = True
        self.asked = block.asks
        self.room -= height + GAP * (not self.bare)
        self.bare = False
        over = 0 if self.told else max(0, -self.room)
        self.told = self.told or over > 0
        return over

    def _section(self, index: int) -> Iterator[Block]:
        """Yield the blocks from one to the next heading."""
        for block in self.blocks[index + 1 :]:
            if block.role is Role.HEADING:
                return
            yield block

    def _with_answer(self, index: int) -> int:
        """Return the height of a block, with the answers to it that one slide holds.

        What answers a question stays with it, also if it asks one itself.
        """
        block = self.blocks[index]
        total, asks = self._height(block), block.asks and not self.asked
        for block in filter(_seen, self._section(index)):
            more = GAP + (block.least or block.height)
            if not asks or total + more > self.room_anew:
                break
            total, asks = total + more, block.asks
        return total

    def _height(self, block: Block) -> int:
        return (self.asked and block.least) or block.height


def _seen(block: Block) -> bool:
    return block.mark not in UNSEEN if block.mark else block.role is Role.SHOWN


def _cut(block: Block, room: int) -> list[tuple[int, int]]:
    """Cut a block between its rows: into as few pieces as can be, of about the same height."""
    room -= block.height - sum(block.rows)
    least = _pieces(block.rows, room)
    lower = (limit for limit in range(max(block.rows), room + 1, 8))
    return next(
        (made for limit in lower if len(made := _pieces(block.rows, limit)) == len(least)), least
    )


def _pieces(rows: Sequence[int], room: int) -> list[tuple[int, int]]:
    made, start, total = [], 0, 0
    for number, height in enumerate(rows):
        if number > start and total + height > room:
            made.append((start, number))
            start, total = number, 0
        total += height
    return [*made, (start, len(rows))]
