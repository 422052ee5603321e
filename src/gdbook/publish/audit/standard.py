"""The standard for chapters that a class can follow: a core of one lesson, deeper sections below.

Only pages that the setting `audit_standard` names are held to it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from docutils import nodes

from gdbook.publish.audit.book import Placed
from gdbook.publish.audit.page import Page
from gdbook.publish.audit.page_summary import Summary
from gdbook.publish.core.ancestors import line_of
from gdbook.publish.core.findings import Finding
from gdbook.publish.formats.slides.collect import length
from gdbook.publish.myst.cells import SLIDES_ONLY
from gdbook.publish.myst.minutes_role import matter

WORDS = 2500
MINUTES = 60
CORE_SLIDES = 30
MARKS = 60

TOO_MUCH = (
    "the core, which is what stands before the problems and is not marked {{.deeper}}, has {have} "
    "{what}, at most {limit} fit a class: mark a section, or say it shorter"
)
MARKED = (
    "this is mark {count} of the page's deck, which has at most {limit}: mark only what "
    "`slides: blocks` does not mean by itself"
)
DURATIONS = (
    "the box of objectives does not say how long the {what} takes: write {{minutes}}`{name}` in it"
)
NOT_FOR_IT = (
    "{page} lists the symbol {symbol}, but not for this chapter: refer in its row to a section here"
)
INSIDE = (
    "{label} stands in the solution of {problem}, which a reader may not have opened: state it in "
    "the text, or refer to {problem}"
)
NO_PAGE = "audit_standard names {page}, which is no page of this book"


def core(page: Page) -> Iterator[Finding]:
    """Find what makes the core too long, and a box that does not say how long it takes."""
    if not page.held:
        return
    top = line_of(next(iter(page.doctree.findall(nodes.title)), page.doctree))
    read = matter(page.doctree)["core"]
    for what, have, limit in (
        ("words", read.words, WORDS),
        ("minutes", read.minutes, MINUTES),
        ("slides", length(page.doctree).core, CORE_SLIDES),
    ):
        if have > limit:
            yield Finding(top, TOO_MUCH.format(what=what, have=round(have + 0.49), limit=limit))
    boxes = [n for n in page.doctree.findall(nodes.admonition) if "objectives" in n["classes"]]
    said = {inline.get("duration_of") for box in boxes for inline in box.findall(nodes.inline)}
    for name, what in (("core", "core"), ("all", "whole chapter")):
        if boxes and name not in said:
            yield Finding(line_of(boxes[0]), DURATIONS.format(name=name, what=what))


def marks(page: Page) -> Iterator[Finding]:
    """Find the first cell that is marked for the deck beyond the number that a page may have."""
    cells: list[dict[str, Any]] = page.doctree.get("slide_cells", [])
    marked = [cell for cell in cells if cell["marked"] or SLIDES_ONLY in cell["tags"]]
    if page.held and "slide_units" in page.doctree and len(marked) > MARKS:
        text = MARKED.format(count=MARKS + 1, limit=MARKS)
        yield Finding(marked[MARKS]["line"], text)


def unknown(pages: Mapping[str, Summary], held: Collection[str]) -> Iterator[Placed]:
    """Find the names in the setting that belong to no page."""
    for name in held:
        if name not in pages:
            yield sorted(pages)[0], Finding(1, NO_PAGE.format(page=name))


def listed(
    pages: Mapping[str, Summary], held: Collection[str], page: str, places: Mapping[str, str]
) -> Iterator[Placed]:
    """Find the displayed symbols that the notation page does not list for their chapter.

    Parameters
    ----------
    pages : mapping
    held : collection of str
        The pages that are held to the standard.
    page : str
        The name of the notation page.
    places : mapping of str to str
        The page of each label.
    """
    if page not in pages:
        return
    rows = pages[page].listed_for
    for docname in held:
        for symbol, line in pages[docname].displayed.items() if docname in pages else ():
            if symbol in rows and docname not in {places.get(label) for label in rows[symbol]}:
                yield docname, Finding(line, NOT_FOR_IT.format(page=page, symbol=symbol))


def into_solutions(pages: Mapping[str, Summary], held: Collection[str]) -> Iterator[Placed]:
    """Find the references into the inside of a solution, from outside of it."""
    inside = {label: problem for page in pages.values() for label, problem in page.solved.items()}
    for docname in held:
        for label, own, line in pages[docname].refers if docname in pages else ():
            problem = inside.get(label, own)
            if problem != own:
                yield docname, Finding(line, INSIDE.format(label=label, problem=problem))
