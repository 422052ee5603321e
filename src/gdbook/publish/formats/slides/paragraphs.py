"""Which sentences of a paragraph may be shown: its words are spoken, but for its first and last."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from docutils import nodes

from gdbook.publish.formats.slides import heights
from gdbook.publish.formats.slides.cutting import Part, sentences
from gdbook.publish.formats.slides.layout import Block, Role

#: A sentence of fewer characters says nothing by itself; one of more is not shown.
BRIEF, LONGEST = 20, 190


def divide(paragraph: nodes.paragraph, *, asks: bool, leads: bool) -> Iterator[tuple[Block, Part]]:
    """Divide a paragraph into what may be shown and what is spoken.

    Parameters
    ----------
    paragraph : docutils.nodes.paragraph
    asks : bool
        Whether its last sentence is a question that what is shown next answers: it is shown.
    leads : bool
        Whether what is shown next does not say why it is there: a short last sentence may.

    Yields
    ------
    block : Block
        A short first sentence is a remark: it may say what was seen before the paragraph.
    part : tuple of int
        The block's sentences.
    """
    found = sentences(paragraph)
    last, end = len(found) - 1, len(found)
    if asks:
        ending = Block(Role.SHOWN, heights.height(_joined(found[last:])), asks=True, says=True)
    else:
        last -= last > 0 and _length(found[last:]) < BRIEF
        ending = Block(Role.SPOKEN, lead=leads * _line(found[last:]))
    if last == 0:
        yield replace(ending, remark=0 if asks else _line(found)), (0, end)
        return
    first = 2 if last > 1 and _length(found[:1]) < BRIEF else 1
    yield Block(Role.SPOKEN, remark=_line(found[:first])), (0, first)
    if first < last:
        yield Block(Role.SPOKEN), (first, last)
    yield ending, (last, end)


def _line(sentences: list[list[nodes.Node]]) -> int:
    """Return the height of sentences beside what is shown; 0 if they are not short."""
    return heights.sentence(_joined(sentences)) if BRIEF <= _length(sentences) <= LONGEST else 0


def _length(sentences: list[list[nodes.Node]]) -> int:
    return len(heights.plain(_joined(sentences)))


def _joined(sentences: list[list[nodes.Node]]) -> nodes.paragraph:
    return nodes.paragraph("", "", *(child.deepcopy() for one in sentences for child in one))
