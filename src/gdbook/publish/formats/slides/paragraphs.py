"""Which sentences of a paragraph may be shown: its words are spoken, but for its first and last."""

from __future__ import annotations

from collections.abc import Iterator

from docutils import nodes

from gdbook.publish.formats.slides import heights
from gdbook.publish.formats.slides.cutting import Part, sentences
from gdbook.publish.formats.slides.lengths import plain
from gdbook.publish.formats.slides.placement import Block, Role

#: A sentence of fewer characters says little without the one beside it; one of more is not shown.
BRIEF, LONGEST = 24, 190


def divide(paragraph: nodes.paragraph, *, asks: bool, leads: bool) -> Iterator[tuple[Block, Part]]:
    """Divide a paragraph into what may be shown and what is spoken.

    Parameters
    ----------
    paragraph : docutils.nodes.paragraph
    asks : bool
        Whether its last sentence is a question that what is shown next answers: it is shown, and
        the sentence before it leads to it.
    leads : bool
        Whether what is shown next does not say why it is there: the last sentence leads to it.

    Yields
    ------
    block : Block
        What leads has a height if it is short; so has the first sentence, a remark on what was
        seen before the paragraph.
    part : tuple of int
        The block's sentences.
    """
    found = sentences(paragraph)
    end = len(found)
    question = end - 1 if asks else end
    last = _last(found[:question]) if asks or leads else question
    first = min(2 if question > 1 and _brief(found[:1]) else 1, last)
    if first:
        whole = first == end or not _brief(found[:first])
        yield Block(Role.SPOKEN, remark=whole * _line(found[:first])), (0, first)
    if first < last:
        yield Block(Role.SPOKEN), (first, last)
    if last < question:
        lead = _line(found[last:question])
        yield Block(Role.SPOKEN, lead=lead, remark=0 if last else lead), (last, question)
    if asks:
        said = _joined(found[question:])
        yield Block(Role.SHOWN, heights.height(said), asks=True, says=True), (question, end)


def _last(found: list[list[nodes.Node]]) -> int:
    """Return which sentence is the last, or the first of the last two if the last is brief."""
    last = max(len(found) - 1, 0)
    return last - (last > 0 and _brief(found[last:]))


def _brief(found: list[list[nodes.Node]]) -> bool:
    return len(plain(_joined(found))) < BRIEF


def _line(found: list[list[nodes.Node]]) -> int:
    """Return the height of sentences beside what is shown; 0 if they are not short."""
    said = _joined(found)
    return heights.sentence(said) if len(plain(said)) <= LONGEST else 0


def _joined(found: list[list[nodes.Node]]) -> nodes.paragraph:
    return nodes.paragraph("", "", *(child.deepcopy() for one in found for child in one))
