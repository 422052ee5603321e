"""The printed book: a Sphinx builder that writes Typst, and Typst, which makes the PDF.

No system package is needed, and no network: Typst comes from PyPI, the fonts are those
of the pages. The builder is called ``typst``; named in ``also_build``, it writes beside
the pages, which then link to it.
"""

from __future__ import annotations

import os

from sphinx.application import Sphinx
from sphinx.config import Config

from gdbook.publish.formats.print.builder import TypstBuilder
from gdbook.publish.myst.cells import show_outputs

#: The one chapter that is to be printed, from the command line.
CHAPTER = "GDBOOK_CHAPTER"

#: Outputs that can be printed, the best first.
_OUTPUTS = ("image/svg+xml", "image/png", "image/jpeg", "text/markdown", "text/latex", "text/plain")


def configure(_app: Sphinx, config: Config) -> None:
    """Tell MyST-NB which outputs print can show, and take the chapter from the environment."""
    show_outputs(config, TypstBuilder.name, _OUTPUTS)
    config.print_chapter = os.environ.get(CHAPTER) or config.print_chapter


def setup(app: Sphinx) -> None:
    """Register the builder."""
    app.add_builder(TypstBuilder)
