"""SVG figures that follow the theme, inlined in HTML pages; and figures that move.

Other builders' documents keep their images. A builder that renders pages of its own
calls `write_assets` and links `STYLESHEET` and, where a page has ``<gd-frames>``, `SCRIPT`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from gdbook.publish.core import files
from gdbook.publish.figures.transform import InlineFigures
from gdbook.style import css_variables

STYLESHEET = "figures.css"
SCRIPT = "frames.mjs"


def write_assets(static: Path) -> None:
    """Write the style sheet and the script into a folder, if they differ from what is there.

    Parameters
    ----------
    static : Path
        As ``_build/html/_static``; made if missing.
    """
    here = Path(__file__).parent
    assets = {
        STYLESHEET: css_variables() + (here / STYLESHEET).read_text(encoding="utf-8"),
        SCRIPT: (here / SCRIPT).read_text(encoding="utf-8"),
    }
    for name, text in assets.items():
        files.write(static / name, text)


def write_stylesheet(app: Sphinx) -> None:
    """Write style sheet and script before any page: Sphinx puts their checksums on pages."""
    if app.builder.format == "html":
        write_assets(Path(app.outdir, "_static"))


def add_script(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document
) -> None:
    """Add the script to a page with a figure that moves."""
    if "<gd-frames" in context.get("body", ""):
        # Written so that it also runs as a classic script: modules don't load from file://.
        app.add_js_file(SCRIPT, loading_method="defer")


def setup(app: Sphinx) -> None:
    """Register the post-transform and the style sheet."""
    app.add_post_transform(InlineFigures)
    app.add_css_file(STYLESHEET)
