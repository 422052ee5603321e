"""The role ``{minutes}``: how long a chapter takes, computed from what stands in it.

`` {minutes}`core` `` is the time for the sections before the problems that are not deeper,
`` {minutes}`text` `` that for all sections before the problems, `` {minutes}`problems` `` for the
problems by what they say, and `` {minutes}`all` `` for text and problems.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.util.docutils import SphinxRole

from gdbook.publish.core.ancestors import around
from gdbook.publish.myst.cells import FOLDED, is_cell, only_on_slides
from gdbook.publish.myst.deeper import is_deeper
from gdbook.publish.myst.reading_time import Matter, in_words

OF = ("core", "text", "problems", "all")

#: The sections of a chapter after its text.
AFTER = ("problems", "further reading")

_SILENT = (
    nodes.literal_block,
    nodes.comment,
    nodes.raw,
    nodes.system_message,
    nodes.docinfo,
    nodes.field_list,
)
_SOURCE = "cell_code_source"


def matter(doctree: nodes.document) -> dict[str, Matter]:
    """Return what a chapter holds, for each of `OF`.

    A problem, and any other element with an attribute ``minutes``, takes the minutes that it
    says: what is in it is not counted.

    Parameters
    ----------
    doctree : docutils.nodes.document
        As it was read.
    """
    core = deeper = problems = Matter()
    for node in doctree.findall(nodes.Element):
        if "facts" in node:
            problems += Matter(practice=node["facts"]["minutes"])
        elif (found := _own(node)) != Matter() and not _aside(node):
            core, deeper = (core, deeper + found) if is_deeper(node) else (core + found, deeper)
    text = core + deeper
    return {"core": core, "text": text, "problems": problems, "all": text + problems}


def _own(node: nodes.Element) -> Matter:
    """Return what one block holds: words, a formula or lines of code."""
    if "minutes" in node:
        return Matter(practice=node["minutes"])
    if isinstance(node, nodes.math_block):
        return Matter(formulas=1)
    if isinstance(node, nodes.literal_block):
        return Matter(lines=sum(bool(line.strip()) for line in node.astext().splitlines()))
    if isinstance(node, nodes.TextElement) and not isinstance(node, (nodes.Inline, *_SILENT)):
        return Matter(words=len(re.findall(r"\S*\w\S*", "".join(_said(node)))))
    return Matter()


def _said(node: nodes.Element) -> Iterator[str]:
    """Yield the pieces of a block's text; a formula in it is one word."""
    for child in node.children:
        if isinstance(child, nodes.math):
            yield "x"
        elif isinstance(child, nodes.Text):
            yield child.astext()
        elif isinstance(child, nodes.Inline) and isinstance(child, nodes.Element):
            yield from _said(child)


def _aside(node: nodes.Element) -> bool:
    """Whether a block is no part of the text: folded, printed by a cell, a problem or after it."""
    if around(node, nodes.section, where=_is_after) or around(node, *_SILENT[1:]):
        return True
    if around(node, nodes.container, where=only_on_slides):
        return True
    if around(node.parent, where=lambda at: "minutes" in at or "facts" in at):
        return True
    cell = around(node, nodes.container, where=is_cell)
    if cell is None or around(node, nodes.caption):
        return False
    tags = cell["cell_metadata"].get("tags") or ()
    source = around(node, nodes.container, where=lambda at: at.get("nb_element") == _SOURCE)
    return bool(FOLDED.intersection(tags)) or source is None


def _is_after(section: nodes.section) -> bool:
    title = next(iter(section.children), None)
    return isinstance(title, nodes.title) and title.astext().lower() in AFTER


class Minutes(SphinxRole):
    """Leave a place for a duration, which is known when the whole chapter has been read."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return an inline node of class ``computed``, still without its text."""
        if self.text not in OF:
            said = f"{{minutes}} is for {', '.join(OF[:-1])} or {OF[-1]}, got {self.text!r}"
            return [], [self.inliner.reporter.error(said, line=self.lineno)]
        return [nodes.inline("", "", classes=["computed"], duration_of=self.text)], []


class FillMinutes(SphinxTransform):
    """Compute the durations of one chapter."""

    default_priority = 700  # problems, solutions and substitutions are in their places

    def apply(self, **kwargs: Any) -> None:
        """Fill the places that `Minutes` left."""
        places = [node for node in self.document.findall(nodes.inline) if "duration_of" in node]
        found = matter(self.document) if places else {}
        for node in places:
            node.append(nodes.Text(in_words(found[node["duration_of"]].minutes)))


def setup(app: Sphinx) -> None:
    """Register the role and the transform."""
    app.add_role("minutes", Minutes())
    app.add_transform(FillMinutes)
