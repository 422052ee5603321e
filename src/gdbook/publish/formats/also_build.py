"""All outputs from one build: what else is written when the pages are.

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
from gdbook.publish.theme.fonts import cut_math_font

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

#: What the preview's build prints when the pages can be looked at.
PAGES_WRITTEN = "pages written"


def tell_preview(app: Sphinx) -> list[Any]:
    """Tell the preview, before decks and notebooks are made, that the pages lie there."""
    if app.builder.name == PAGES and PREVIEW in os.environ:
        cut_math_font(app)
        log.info(PAGES_WRITTEN)
    return []


class Writer:
    """One builder at work after the pages', or beside it.

    Parameters
    ----------
    app : Sphinx
    name : str
        The builder's.
    """

    def __init__(self, app: Sphinx, name: str) -> None:
        self.began = time.perf_counter()
        self.name = name
        app.preload_builder(name)
        self.builder = app.registry.create_builder(app, name, app.env)
        self.written = 0

    def write(self, app: Sphinx) -> None:
        """Write only what is outdated, never reading."""
        pages, phase = app.builder, app.phase
        app.builder = self.builder
        try:
            self._write(app)
        finally:
            # Post-transforms and translators ask the application for its builder.
            app.builder, app.phase = pages, phase
            app.env.set_versioning_method(pages.versioning_method, pages.versioning_compare)

    def _write(self, app: Sphinx) -> None:
        builder = self.builder
        builder.init()
        app.phase = BuildPhase.WRITING  # all is read, which a builder may ask for
        outdated = builder.get_outdated_docs()
        if isinstance(outdated, str):  # a builder that writes all or nothing says so in words
            docnames = sorted(app.env.found_docs) if outdated else []
        else:
            docnames = sorted(set(outdated) & app.env.found_docs)
        builder.finish_tasks = SerialTasks()
        if docnames:
            builder.write(docnames, [], "specific")
        builder.finish()
        builder.finish_tasks.join()
        self.written = len(docnames)

    def tell(self) -> None:
        """Say what was written."""
        if self.written:
            seconds = time.perf_counter() - self.began
            log.info("%s: %d written in %.1f s", self.name, self.written, seconds)


def begin_beside(app: Sphinx, _env: BuildEnvironment) -> None:
    """Let builders begin that work in a thread while the pages are written: they have `beside`."""
    if app.builder.name != PAGES:
        return
    for name in outputs(app):
        if hasattr(app.registry.builders[name], "beside"):
            writer = Writer(app, name)
            builder: Any = writer.builder
            builder.beside = True
            _beside(app).append(writer)
            writer.write(app)


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


def _beside(app: Sphinx) -> list[Writer]:
    """Return the writers that began before the pages."""
    kept: list[Writer] = vars(app).setdefault("gdbook_beside", [])
    return kept


def write_others(app: Sphinx, exception: Exception | None) -> None:
    """Write every other output, after the pages.

    Warnings count as those of the pages do: under ``-W`` they fail the build.
    """
    if app.builder.name != PAGES:
        return
    beside = _beside(app)
    try:
        if exception is None:
            for name in outputs(app):
                if all(name != writer.name for writer in beside):
                    writer = Writer(app, name)
                    writer.write(app)
                    writer.tell()
    finally:
        # Whatever happens, nothing is written once the build has ended.
        while beside:
            writer = beside.pop(0)
            builder: Any = writer.builder
            with contextlib.suppress(Exception) if exception else contextlib.nullcontext():
                builder.wait()
                writer.tell()


def setup(app: Sphinx) -> None:
    """Register the transform."""
    app.add_post_transform(FreshWorks)
