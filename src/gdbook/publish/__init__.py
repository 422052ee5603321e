"""The publishing wing: everything that Sphinx loads, and no chapter imports.

``gdbook.publish`` is one Sphinx extension made of several; each module has its
own ``setup`` and works without the others.
"""

from __future__ import annotations

import atexit
import gc

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

EXTENSIONS = (
    "gdbook.publish.myst.toc_check",
    "gdbook.publish.myst.chapter_numrefs",
    "gdbook.publish.execute.extension",
    "gdbook.publish.site.library_caches",
    "gdbook.publish.myst.cell_renderer",
    "gdbook.publish.claims.extension",
    "gdbook.publish.myst.number_role",
    "gdbook.publish.site.numref_cache",
    "gdbook.publish.myst.problem_directive",
    "gdbook.publish.figures",
    "gdbook.publish.core.npm",
    "gdbook.publish.theme.fonts",
    "gdbook.publish.math.html_renderer",
    "gdbook.publish.theme",
    "gdbook.publish.formats.slides",
    "gdbook.publish.formats.notebooks",
    "gdbook.publish.audit",
    "gdbook.publish.formats.print",
    "gdbook.publish.formats.also_build",
)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Load every part of the publishing wing."""
    # A build makes nodes by the hundred thousand and frees few of them. Looking through all
    # of them for circles, again and again, would take a quarter of its time.
    gc.set_threshold(100_000, 20, 20)
    # Nor is there any need to look once more, for two seconds, when the process ends.
    atexit.register(gc.freeze)
    for name in EXTENSIONS:
        app.setup_extension(name)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
