"""The printed book: a Sphinx builder that writes Typst, and Typst, which makes the PDF.

No system package is needed, and no network: Typst comes from PyPI, the fonts are those
of the pages. The builder is called ``typst``; named in ``also_build``, it writes beside
the pages, which then link to it.
"""

from __future__ import annotations

import os

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util.typing import ExtensionMetadata

from gdbook.publish.formats.also_build import PREVIEW
from gdbook.publish.formats.print.builder import TypstBuilder
from gdbook.publish.formats.print.links import add_link
from gdbook.publish.formats.print.reading import read

#: The one chapter that is to be printed, from the command line.
CHAPTER = "GDBOOK_CHAPTER"

#: Outputs that can be printed, the best first.
_OUTPUTS = ("image/svg+xml", "image/png", "image/jpeg", "text/markdown", "text/latex", "text/plain")


def choose_outputs(app: Sphinx, config: Config) -> None:
    """Tell MyST-NB, which goes by the name of the builder, which outputs print can show."""
    config.nb_mime_priority_overrides = [
        *config.nb_mime_priority_overrides,
        *((TypstBuilder.name, kind, 10 * n) for n, kind in enumerate(_OUTPUTS, 1)),
    ]
    named = config.also_build or ()  # where nothing is named, print waits to be asked
    config.print_linked = TypstBuilder.name in named
    if config.print_linked and os.environ.get(PREVIEW):  # print waits for `make book`
        config.also_build = [name for name in named if name != TypstBuilder.name]
    if chapter := os.environ.get(CHAPTER):
        config.print_chapter = chapter


def setup(app: Sphinx) -> ExtensionMetadata:
    """Add the builder, its settings, and the pages' link to what it makes."""
    app.setup_extension("gdbook.publish.core.findings")
    app.add_config_value("print_name", "", "", types=[str])
    app.add_config_value("print_subtitle", "", "", types=[str])
    app.add_config_value("print_cover", "", "", types=[str])
    app.add_config_value("print_imprint", [], "", types=[list])
    app.add_config_value("print_leave_out", [], "", types=[list])
    app.add_config_value("print_without_solutions", True, "", types=[bool])
    app.add_config_value("print_chapter", "", "", types=[str])
    app.add_config_value("print_linked", False, "", types=[bool])  # set above
    app.add_builder(TypstBuilder)
    app.connect("config-inited", choose_outputs, priority=900)
    app.connect("doctree-read", read)
    app.connect("html-page-context", add_link, priority=600)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
