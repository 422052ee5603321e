"""Decks: each chapter's cells as reveal.js slides, written with the pages.

A cell says by nbformat's metadata ``slideshow: {slide_type: …}`` where it goes (see
:mod:`~gdbook.publish.formats.slides.grouping`); the tag ``slides-only`` keeps it off the page;
``slideshow: {lines: "1-2|3|all"}`` steps through its code.
"""

from __future__ import annotations

from myst_nb.core.render import get_mime_priority
from sphinx.application import Sphinx
from sphinx.config import Config

from gdbook.publish.formats.slides.builder import SlidesBuilder
from gdbook.publish.formats.slides.cell_filters import LeaveOutSkipped, LeaveOutSlidesOnly
from gdbook.publish.myst.cells import show_outputs


def choose_outputs(app: Sphinx, config: Config) -> None:
    """Let MyST-NB choose a slide's outputs as a page's; it goes by the name of the builder."""
    pages = get_mime_priority("html", config.nb_mime_priority_overrides)
    show_outputs(config, SlidesBuilder.name, pages)


def setup(app: Sphinx) -> None:
    """Register the builder and what it leaves out."""
    app.add_builder(SlidesBuilder)
    app.add_post_transform(LeaveOutSkipped)
    app.add_post_transform(LeaveOutSlidesOnly)
