"""Captions on slides: the first sentence is shown, the whole caption is in the notes."""

from __future__ import annotations

import re

from docutils import nodes

_LAST = re.compile(r"[.?!]\s*$")
_END = re.compile(r"[.?!][\"”’)]?(?=\s+\S)|[.?!][\"”’)]?\s*$")


def shorten(figure: nodes.figure) -> nodes.paragraph | None:
    """Cut a figure's caption after its first sentence, in place.

    Returns
    -------
    docutils.nodes.paragraph or None
        The whole caption, for the notes, if anything was cut off.
    """
    caption = next((c for c in figure.children if isinstance(c, nodes.caption)), None)
    if caption is None:
        return None
    whole = nodes.paragraph("", "", *(child.deepcopy() for child in caption.children))
    for index, child in enumerate(caption.children):
        text, after = _last_text(child), caption.children[index + 1 :]
        # The stop in "Fig. 2.5" ends no sentence.
        end = (_LAST if isinstance(child, nodes.reference) else _END).search(text)
        if end is None or (end.end() == len(text) and _goes_on(after)):
            continue
        if not text[end.end() :].strip() and not after:
            return None
        last = nodes.Text(text[: end.end()]) if isinstance(child, nodes.Text) else child
        caption.children = caption.children[:index]
        caption.append(last)
        return whole
    return None


def _last_text(node: nodes.Node) -> str:
    """Return the text that a node ends with; punctuation is kept with the formula before it."""
    leaf = node
    while isinstance(leaf, nodes.Element) and leaf.children:
        leaf = leaf.children[-1]
    return leaf.astext() if isinstance(leaf, nodes.Text) else ""


def _goes_on(after: list[nodes.Node]) -> bool:
    """Whether what follows is no new sentence, since no space is between."""
    return bool(after) and not after[0].astext()[:1].isspace()
