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
    "gdbook.publish.contents",
    "gdbook.publish.crossrefs",
    "gdbook.publish.execution",
    "gdbook.publish.once",
    "gdbook.publish.cells",
    "gdbook.publish.claims",
    "gdbook.publish.numbers",
    "gdbook.publish.numrefs",
    "gdbook.publish.problems",
    "gdbook.publish.figures",
    "gdbook.publish.assets",
    "gdbook.publish.fonts",
    "gdbook.publish.mathematics",
    "gdbook.publish.theme",
    "gdbook.publish.slides",
    "gdbook.publish.notebooks",
    "gdbook.publish.audit",
    "gdbook.publish.print",
    "gdbook.publish.together",
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
