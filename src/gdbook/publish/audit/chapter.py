"""What every chapter has."""

from __future__ import annotations

from collections.abc import Iterator

from docutils import nodes
from sphinx import addnodes

from gdbook.publish.audit.page import Page
from gdbook.publish.audit.tasks import enough_tasks
from gdbook.publish.findings import Finding, line_of
from gdbook.publish.slides.collect import length

BOXES = {
    "objectives": "a chapter says at its beginning what the reader will be able to do",
    "summary": "a chapter says before its problems what to keep, formulas with their conditions",
}
SLIDES = range(20, 41)

NO_BOX = "{why}: add an {{admonition}} with :class: {name}"
DECK = "a chapter's deck has {low} to {high} slides, this one has {count}: {cure}"
NO_READING = "a chapter ends with a section Further reading: say which works come next, and why"
NO_CITES = "Further reading cites nothing: name the works with {cite:p}`…`"
NO_PROBLEMS = "a chapter has a section Problems, before Further reading: add it"


def chapter(page: Page) -> Iterator[Finding]:
    """Find what a chapter lacks; only for pages that are one."""
    titles = {t.astext().casefold(): t for t in page.doctree.findall(nodes.title)}
    top = line_of(next(iter(titles.values()), page.doctree))
    classes = {c for box in page.doctree.findall(nodes.admonition) for c in box["classes"]}
    for name, why in BOXES.items():
        if name not in classes:
            yield Finding(top, NO_BOX.format(why=why, name=name))
    count = length(page.doctree)
    if count not in SLIDES:
        cure = "show more of its cells" if count < SLIDES.start else "skip some, or say it in notes"
        low, high = SLIDES.start, SLIDES.stop - 1
        yield Finding(top, DECK.format(low=low, high=high, count=count, cure=cure))
    if (problems := titles.get("problems")) is None:
        yield Finding(top, NO_PROBLEMS)
    yield from enough_tasks(page, line_of(problems) if problems is not None else top)
    if (reading := titles.get("further reading")) is None:
        yield Finding(top, NO_READING)
    elif not any(x["refdomain"] == "cite" for x in reading.parent.findall(addnodes.pending_xref)):
        yield Finding(line_of(reading), NO_CITES)
