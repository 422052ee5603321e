"""SVG figures that follow the theme, inlined in HTML pages; and figures that move.

Other builders' documents keep their images. A builder that renders pages of its own
calls `write_assets` and links `STYLESHEET` and, where a page has ``<gd-frames>``, `SCRIPT`.
"""

from __future__ import annotations

import logging as levels
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.typing import ExtensionMetadata

from gdbook.publish.core import files
from gdbook.publish.figures.transform import InlineFigures, collect, known
from gdbook.style import css_variables

STYLESHEET = "figures.css"
SCRIPT = "frames.mjs"

log = logging.getLogger(__name__)


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


def _prepare(app: Sphinx) -> None:
    # Before anything is written: Sphinx puts a checksum of the style sheet on every page.
    if app.builder.format == "html":
        write_assets(Path(app.outdir, "_static"))


def _add_script(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document
) -> None:
    if "<gd-frames" in context.get("body", ""):
        # Written so that it also runs as a classic script: modules don't load from file://.
        app.add_js_file(SCRIPT, loading_method="defer")


def _tell(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Tell all findings at every build, not only when their page is read again."""
    for docname, told in sorted(known(env).items()):
        for level, message, line in told:
            log.log(
                levels.getLevelNamesMapping()[level],
                message,
                location=(docname, line),
                type="gdbook",
                subtype="figures",
            )
    return []


def _forget(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    known(env).pop(docname, None)


def _merge(app: Sphinx, env: BuildEnvironment, names: set[str], other: BuildEnvironment) -> None:
    known(env).update({name: told for name, told in known(other).items() if name in names})


def setup(app: Sphinx) -> ExtensionMetadata:
    """Connect the post-transform, the checks and the assets."""
    app.add_post_transform(InlineFigures)
    app.add_css_file(STYLESHEET)
    app.connect("builder-inited", _prepare)
    app.connect("doctree-read", collect)
    app.connect("env-purge-doc", _forget)
    app.connect("env-merge-info", _merge)
    app.connect("env-updated", _tell)
    app.connect("html-page-context", _add_script)
    return {
        "version": "1",
        "env_version": 1,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
