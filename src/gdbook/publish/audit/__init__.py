"""The editor: what must hold on every page and in every chapter, at every build.

How much it asks of a book is the configuration's ``audit``:

``none``
    Nothing: what is checked must be right, but nothing must be there.
``pages``
    Of every page: relations that are labelled, claims that are checked, figures that say what they
    show, in colours of the theme and not too heavy, no inline style or script, numbers in sentences
    that were computed, code that fits, problems with solutions, words and works that are listed and
    used, nothing marked as still to be written.
``chapters``
    The same, and of every chapter (a page with a number and code cells) its boxes, slides,
    problems and further reading, and symbols that the page ``audit_notation`` lists.

Pages that ``audit_standard`` names are also held to the standard: a core that fits a class,
names in shown code that come from shown code, symbols that are listed for them, no reference
into a solution, no promise of a chapter but by a reference. Problems say
on their cards how an answer is handed in, and all but those answered in words have a checker.

A page is looked at when it is read. Findings are reported at every build until mended.
"""

from __future__ import annotations

from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from gdbook.publish.audit import book, page_summary, standard
from gdbook.publish.audit.code import code
from gdbook.publish.audit.inline import inline
from gdbook.publish.audit.page import Page
from gdbook.publish.audit.page_summary import Summary
from gdbook.publish.audit.pictures import pictures
from gdbook.publish.audit.problem_rules import handed_in, problems
from gdbook.publish.audit.promises import promises
from gdbook.publish.audit.prose_numbers import numbers
from gdbook.publish.audit.shown_names import shown_names
from gdbook.publish.audit.unwritten import beside, unwritten
from gdbook.publish.core import findings

log = logging.getLogger(__name__)

RULES = (
    pictures,
    inline,
    numbers,
    code,
    problems,
    handed_in,
    unwritten,
    standard.core,
    standard.marks,
    shown_names,
    promises,
)


def find(app: Sphinx, doctree: nodes.document) -> None:
    """Look through one page as soon as it is read."""
    if app.config.audit == "none":
        return
    page = Page.of(app.env, doctree)
    findings.record(app.env, "audit", [found for rule in RULES for found in rule(page)])
    page_summary.SUMMARIES.of(app.env)[app.env.docname] = Summary.of(page)


def warn(app: Sphinx, env: BuildEnvironment) -> None:
    """Warn of what only the whole book shows."""
    pages = page_summary.SUMMARIES.of(env)
    if app.config.audit == "none" or not pages:
        return
    found: list[book.Placed] = [*book.words(pages), *book.works(pages, env)]
    held, notation = app.config.audit_standard, app.config.audit_notation
    places = {label: place[0] for label, place in env.domains["std"].anonlabels.items()}
    found += standard.unknown(pages, held)
    found += standard.listed(pages, held, notation, places)
    found += standard.into_solutions(pages, held)
    if app.config.audit == "chapters":
        chapters = page_summary.chapters(env)
        found += [(name, lacking) for name in chapters for lacking in pages[name].lacking]
        found += book.notation(pages, chapters, app.config.audit_notation)
        found += beside(Path(app.srcdir), sorted(chapters), book.bibliographies(env))
    for place, (line, text, _) in sorted(found, key=lambda one: (str(one[0]), one[1])):
        location = f"{place}:{line}" if isinstance(place, Path) else (place, line)
        log.warning("%s", text, location=location, type="gdbook", subtype="audit")
