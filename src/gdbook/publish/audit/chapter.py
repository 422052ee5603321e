"""What every chapter has."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from docutils import nodes
from sphinx import addnodes

from gdbook.publish.audit.page import Page
from gdbook.publish.audit.problem_rules import enough_problems
from gdbook.publish.core.ancestors import line_of
from gdbook.publish.core.findings import Finding
from gdbook.publish.formats.slides.collect import length

#: The parts of a chapter, in their order: two boxes, by their class, and two sections.
PARTS = {
    "objectives": "say at the beginning what the reader will be able to do, in an {admonition} "
    "with :class: objectives",
    "summary": "say before the problems what to keep, formulas with their conditions, in an "
    "{admonition} with :class: summary",
    "problems": "add a section Problems",
    "further reading": "say at the end, in a section Further reading, what to read next and why",
}
SLIDES = range(20, 41)
#: With what is deeper, which a chapter held to the standard marks.
SLIDES_HELD = range(20, 61)

NO_PART = "a chapter without {part}: {cure}"
ORDER = "{late} before {early}: a chapter has {parts}, in this order"
NO_CITES = "further reading cites nothing: name the works with {cite:p}`…`"
DECK = "a chapter's deck has {low} to {high} slides, this one has {count}: {cure}"


def chapter(page: Page) -> Iterator[Finding]:
    """Find what a chapter lacks; only for pages that are one."""
    parts = _parts(page.doctree)
    top = line_of(next(iter(page.doctree.findall(nodes.title)), page.doctree))
    for part, cure in PARTS.items():
        if part not in parts:
            yield Finding(top, NO_PART.format(part=part, cure=cure))
    order = list(parts)
    for early, late in pairwise(part for part in PARTS if part in parts):
        if order.index(early) > order.index(late):
            text = ORDER.format(late=late, early=early, parts=", ".join(PARTS))
            yield Finding(line_of(parts[early]), text)
    yield from enough_problems(page, line_of(parts["problems"]) if "problems" in parts else top)
    if (reading := parts.get("further reading")) is not None and not _cites(reading.parent):
        yield Finding(line_of(reading), NO_CITES)
    count = length(page.doctree)
    allowed = SLIDES_HELD if page.held else SLIDES
    if count not in allowed:
        low, high = allowed.start, allowed.stop - 1
        cure = "show more of its cells" if count < low else "skip some, or say it in notes"
        yield Finding(top, DECK.format(low=low, high=high, count=count, cure=cure))


def _parts(doctree: nodes.document) -> dict[str, nodes.Element]:
    """Return a chapter's parts as they follow each other, each by its box or its title."""
    parts: dict[str, nodes.Element] = {}
    for node in doctree.findall(nodes.Element):
        if isinstance(node, nodes.admonition):
            names = [name for name in node["classes"] if name in PARTS]
        else:
            names = [node.astext().lower()] if isinstance(node, nodes.title) else []
        parts |= {name: node for name in names if name in PARTS and name not in parts}
    return parts


def _cites(section: nodes.Element) -> bool:
    return any(x.get("refdomain") == "cite" for x in section.findall(addnodes.pending_xref))
