"""Slides, notebooks and print, written in the same build as the pages.

``jupyter-book build .`` runs one builder, for the pages. When it has finished, the
builders named in ``also_build`` write in the same process from the same environment:
nothing is read or run again.
"""

from __future__ import annotations

import contextlib
import os
import time
from typing import Any

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.build_phase import BuildPhase
from sphinx.util.parallel import SerialTasks

from gdbook.publish.core import upstream
from gdbook.publish.theme.fonts import cut_fonts

log = logging.getLogger(__name__)

#: The builder of the pages; any other one writes alone.
PAGES = "html"


#: What is written where ``also_build`` names nothing: each of these whose part is loaded.
OUTPUTS = ("slides", "notebooks")

#: What a live preview does not write: print takes longer than a reader waits for a page.
WAITING = ("typst",)


def outputs(app: Sphinx) -> list[str]:
    """Return the names of the builders that write after the pages."""
    named: list[str] | None = app.config.also_build
    if named is None:
        return [name for name in OUTPUTS if name in app.registry.builders]
    waits = WAITING if os.environ.get(PREVIEW) else ()
    return [name for name in named if name not in waits]


#: Set by the live preview, in which a reader waits for one page.
PREVIEW = "GDBOOK_PREVIEW"

#: What the preview's build prints when pages can be looked at.
PAGES_WRITTEN = "pages written"


def announce_page(app: Sphinx, *_: Any) -> None:
    """Print, when the next page's turn comes, that one is written, for the live preview.

    A page whose sentence was edited does not wait for those that list its minutes.
    """
    if app.builder.name == PAGES and PREVIEW in os.environ:
        if "gdbook_announcing" in vars(app):
            log.info(PAGES_WRITTEN)
        vars(app)["gdbook_announcing"] = True


def announce_pages(app: Sphinx) -> list[Any]:
    """Print that all pages are written, for the live preview, before decks are made."""
    if app.builder.name == PAGES and PREVIEW in os.environ:
        cut_fonts(app)
        log.info(PAGES_WRITTEN)
    return []


def _writer(app: Sphinx, name: str) -> Any:
    """Return a further builder, ready to write."""
    app.preload_builder(name)
    builder: Any = app.registry.create_builder(app, name, app.env)
    builder.began = time.perf_counter()
    return builder


def _write(app: Sphinx, builder: Any) -> None:
    """Let a further builder write what is outdated; it reads nothing."""
    pages, phase = app.builder, app.phase
    app.builder = builder  # post-transforms and translators ask the application for its builder
    try:
        builder.init()
        app.phase = BuildPhase.WRITING  # all is read, which a builder may ask for
        outdated = builder.get_outdated_docs()
        if isinstance(outdated, str):  # a builder that writes all or nothing says so in words
            outdated = app.env.found_docs if outdated else ()
        docnames = sorted(set(outdated) & app.env.found_docs)
        builder.finish_tasks = SerialTasks()
        if docnames:
            builder.write(docnames, [], "specific")
        builder.finish()
        builder.finish_tasks.join()
        builder.written = len(docnames)
    finally:
        app.builder, app.phase = pages, phase
        app.env.set_versioning_method(pages.versioning_method, pages.versioning_compare)


def _report(builder: Any) -> None:
    if builder.written:
        seconds = time.perf_counter() - builder.began
        log.info("%s: %d written in %.1f s", builder.name, builder.written, seconds)


def begin_beside(app: Sphinx, _env: BuildEnvironment) -> None:
    """Let those builders begin that go on in a thread: they have the attribute `beside`."""
    if app.builder.name != PAGES:
        return
    for name in outputs(app):
        if hasattr(app.registry.builders[name], "beside"):
            builder = _writer(app, name)
            builder.beside = True
            _beside(app).append(builder)
            _write(app, builder)


ENTRIES = "sphinxcontrib.bibtex:BibliographyValue.citation_nodes"


class FreshWorks(SphinxPostTransform):
    """Empty the entries of a bibliography before they are filled.

    sphinxcontrib-bibtex keeps their nodes, and adds the text once more for every builder.
    """

    default_priority = 4  # the entries are filled at 5

    def run(self, **_kwargs: Any) -> None:
        """Empty those of the document that is being resolved."""
        works: Any = self.env.domains.get("cite")
        for key, bibliography in works.bibliographies.items() if works else ():
            if key.docname == self.env.docname:
                for node in upstream.inside(bibliography, ENTRIES).values():
                    node.clear()


def _beside(app: Sphinx) -> list[Any]:
    """Return the builders that began before the pages."""
    began: list[Any] = vars(app).setdefault("gdbook_beside", [])
    return began


def write_others(app: Sphinx, exception: Exception | None) -> None:
    """Write every other output, after the pages.

    Warnings count as those of the pages do: under ``-W`` they fail the build.
    """
    if app.builder.name != PAGES:
        return
    beside = _beside(app)
    try:
        for name in outputs(app) if exception is None else ():
            if all(name != builder.name for builder in beside):
                builder = _writer(app, name)
                _write(app, builder)
                _report(builder)
    finally:
        # Whatever happens, nothing is written once the build has ended.
        while beside:
            builder = beside.pop(0)
            with contextlib.suppress(Exception) if exception else contextlib.nullcontext():
                builder.wait()
                _report(builder)


def setup(app: Sphinx) -> None:
    """Register the transform."""
    app.add_post_transform(FreshWorks)
