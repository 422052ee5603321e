"""Search by section: what a reader types leads to the place, by word, by symbol, typos included.

A page is cut into its sections, problems, glossary entries and rows of the notation when it is
read (`places`). When all pages are written, these become one script, which a page loads at the
first search, together with MiniSearch from npm. Both are classic scripts, so that searching works
from ``file://``. Sphinx's own search, which knows only pages, is off.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder

from gdbook.publish.core import files, npm
from gdbook.publish.search.index import index

HERE = Path(__file__).parent
SCRIPT = "search.js"
LIBRARY = "minisearch.js"
INDEX = "search-index.js"


def begin(app: Sphinx) -> None:
    """Turn Sphinx's search off and write the scripts of ours."""
    if not isinstance(app.builder, StandaloneHTMLBuilder) or app.builder.name != "html":
        return
    app.builder.search = False
    Path(app.outdir, "searchindex.js").unlink(missing_ok=True)  # of an earlier build
    static = Path(app.outdir, "_static")
    files.write(static / SCRIPT, (HERE / "static" / SCRIPT).read_bytes())
    library = npm.package("minisearch") / "dist" / "umd" / "index.js"
    code = library.read_text("utf8").partition("//# sourceMappingURL=")[0]
    files.write(static / LIBRARY, code)
    app.add_js_file(SCRIPT, loading_method="defer")


def pages(app: Sphinx) -> list[tuple[str, dict[str, Any], str]]:
    """Name the page on which a search can be made and shared."""
    if app.builder.name != "html":
        return []
    return [("search", {"title": "Search"}, "search.html")]


def write(app: Sphinx, exception: Exception | None) -> None:
    """Write the index of all places."""
    if exception is None and app.builder.name == "html":
        files.write(Path(app.outdir, "_static", INDEX), index(app))
