"""The editor: what must hold on every page and in every chapter, at every build.

How much it asks of a book is the configuration's ``audit``:

``none``
    Nothing: only claims are held against their checks.
``pages``
    Of every page: figures that say what they show, numbers in sentences that were computed, code
    that fits, problems with solutions, words and works that are listed and used.
``chapters``
    The same, and of every chapter (a page with a number and code cells) its boxes, slides,
    problems and further reading, and symbols that the page ``audit_notation`` lists.

A page is looked at when it is read. What is found is told at every build until it is mended.
"""

from __future__ import annotations

from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import ENUM
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.typing import ExtensionMetadata

from gdbook.publish.audit import book, page_summary
from gdbook.publish.audit.code import code
from gdbook.publish.audit.page import Page
from gdbook.publish.audit.page_summary import Facts
from gdbook.publish.audit.pictures import pictures
from gdbook.publish.audit.problem_rules import tasks
from gdbook.publish.audit.prose_numbers import stated
from gdbook.publish.core import findings

log = logging.getLogger(__name__)

RULES = (pictures, stated, code, tasks)


def read(app: Sphinx, doctree: nodes.document) -> None:
    """Look through one page as soon as it is read."""
    if app.config.audit == "none":
        return
    page = Page.of(app.env, doctree)
    findings.keep(app.env, "audit", [found for rule in RULES for found in rule(page)])
    page_summary.store(app.env)[app.env.docname] = Facts.of(page)


def tell(app: Sphinx, env: BuildEnvironment) -> None:
    """Tell what only the whole book shows."""
    pages = page_summary.store(env)
    if app.config.audit == "none" or not pages:
        return
    found: list[book.Placed] = [*book.words(pages), *book.works(pages, env)]
    if app.config.audit == "chapters":
        chapters = page_summary.chapters(env)
        found += [(name, lacking) for name in chapters for lacking in pages[name].lacking]
        found += book.notation(pages, chapters, app.config.audit_notation)
    for place, (line, text) in sorted(found, key=lambda one: (str(one[0]), one[1])):
        location = f"{place}:{line}" if isinstance(place, Path) else (place, line)
        log.warning("%s", text, location=location, type="gdbook", subtype="audit")


def purge(_app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """Forget a page that is read anew, or was removed."""
    page_summary.store(env).pop(docname, None)


def merge(
    _app: Sphinx, env: BuildEnvironment, docnames: list[str], other: BuildEnvironment
) -> None:
    """Take over what a parallel reader kept."""
    page_summary.store(env).update(
        {d: f for d, f in page_summary.store(other).items() if d in docnames}
    )


def setup(app: Sphinx) -> ExtensionMetadata:
    """Look through each page as it is read, and through the book when all are."""
    app.setup_extension("gdbook.publish.core.findings")
    app.add_config_value("audit", "none", "env", types=ENUM("none", "pages", "chapters"))
    app.add_config_value("audit_notation", "", "", types=[str])
    app.connect("doctree-read", read, priority=600)  # after Sphinx has kept the front matter
    app.connect("env-purge-doc", purge)
    app.connect("env-merge-info", merge)
    app.connect("env-updated", tell)
    return {"parallel_read_safe": True, "parallel_write_safe": True, "env_version": 1}
