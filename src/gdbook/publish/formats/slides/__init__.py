"""Decks: each chapter's cells as reveal.js slides, written with the pages.

A cell says by nbformat's metadata ``slideshow: {slide_type: …}`` where it goes (see
:mod:`~gdbook.publish.formats.slides.grouping`); the tag ``slides-only`` keeps it off the page;
``slideshow: {lines: "1-2|3|all"}`` steps through its code.
"""

from __future__ import annotations

from myst_nb.core.render import get_mime_priority
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util.typing import ExtensionMetadata

from gdbook.publish.formats.slides.builder import SlidesBuilder
from gdbook.publish.formats.slides.button import add_button
from gdbook.publish.formats.slides.cell_filters import LeaveOutSkipped, LeaveOutSlidesOnly
from gdbook.publish.formats.slides.collect import DeckCollector

#: Stylesheets and scripts of the pages that decks load too, by name.
SHARED = ("sphinx-design.min.css", "design-tabs.js", "gdbook-*")


def choose_outputs(app: Sphinx, config: Config) -> None:
    """Let MyST-NB choose a slide's outputs as a page's; it goes by the name of the builder."""
    pages = get_mime_priority("html", config.nb_mime_priority_overrides)
    config.nb_mime_priority_overrides = [
        *config.nb_mime_priority_overrides,
        *((SlidesBuilder.name, kind, 10 * n) for n, kind in enumerate(pages, 1)),
    ]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Add the builder, the collector of decks, and the pages' button."""
    app.setup_extension("gdbook.publish.core.findings")
    app.add_config_value("slides_shared", list(SHARED), "html", types=[list])
    app.add_builder(SlidesBuilder)
    app.add_env_collector(DeckCollector)
    app.add_post_transform(LeaveOutSkipped)
    app.add_post_transform(LeaveOutSlidesOnly)
    app.connect("config-inited", choose_outputs, priority=900)
    app.connect("html-page-context", add_button)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
