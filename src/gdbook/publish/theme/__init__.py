"""The look of the book: our stylesheet and templates over Furo.

What other extensions bring along and the pages do not use (Jupyter Book's
scripts for its own theme, Thebe, toggle buttons) is taken off here, so that
every file a page names is one that the site has and needs.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.jinja2glue import BuiltinTemplateLoader, SphinxFileSystemLoader

from gdbook.publish.core import files, repository, upstream
from gdbook.publish.core.page_context import Context, Document
from gdbook.publish.theme import citation, far, tidying

HERE = Path(__file__).parent
STYLESHEET = "book.css"
PATHS = "sphinx.jinja2glue:BuiltinTemplateLoader.pathchain"
LOADERS = "sphinx.jinja2glue:BuiltinTemplateLoader.loaders"

# Names of scripts and stylesheets that Jupyter Book and its extensions add for things
# the book does not have: its own theme, Thebe, toggle buttons (ours are <details>).
UNUSED = (
    "sphinx-book-theme",
    "thebe",
    "togglebutton",
    "proof.css",
    "exercise.css",
    "sphinx_highlight",
    "scripts/furo.js",  # reading.js does its work
    "doctools.js",
)
UNUSED_INLINE = ("toggleHint", "togglebuttonSelector", "THEBE_JS_URL", "toggleOpenOnPrint")


def stylesheet() -> str:
    """Return the book's stylesheet: the files of ``styles/`` by name, and the estimated heights."""
    sheets = sorted((HERE / "styles").glob("*.css"))
    joined = "\n".join(sheet.read_text(encoding="utf-8") for sheet in sheets)
    return re.sub(r"/\*.*?\*/\s*", "", joined, flags=re.DOTALL) + far.sheet()


@cache
def first_script() -> str:
    """Return the address of the script that runs before anything is laid out."""
    mark = files.fingerprint((HERE / "static" / "first.js").read_bytes())[:8]
    return f"_static/first.js?v={mark}"


def configure(_app: Sphinx, config: Config) -> None:
    """Choose the dark colours of code, and leave of the theme's options those that it knows."""
    # Furo declares this setting itself, but only after the configuration was read.
    raw = upstream.inside(config, "sphinx.config:Config._raw_config")
    raw.setdefault("pygments_dark_style", f"{__name__}.highlighting.Dark")
    if config.html_theme == "furo":
        # Jupyter Book passes on what its own theme understands; Furo warns of each.
        config.html_theme_options = {
            name: value
            for name, value in config.html_theme_options.items()
            if name.startswith(("light_", "dark_", "footer_", "sidebar_"))
        }


def add_files(app: Sphinx) -> None:
    """Add static files, templates and the style sheet."""
    if app.builder.format != "html":
        return
    # Not earlier: the builder has just taken the sum of its configuration for .buildinfo,
    # which must not tell where this package lies.
    app.config.html_static_path = [*app.config.html_static_path, str(HERE / "static")]
    if isinstance(app.builder.templates, BuiltinTemplateLoader):
        _put_first(app.builder.templates, HERE / "templates")
    files.write(Path(app.outdir) / "_static" / STYLESHEET, stylesheet())


def _put_first(loader: BuiltinTemplateLoader, folder: Path) -> None:
    """Let a folder's templates go before all others, as if ``templates_path`` began with it."""
    upstream.inside(loader, PATHS).insert(0, str(folder))
    upstream.inside(loader, LOADERS).insert(0, SphinxFileSystemLoader(str(folder)))
    loader.templatepathlen += 1  # what a template named "!page.html" passes over


def part_of(navigation: str) -> str:
    """Return the caption of the part that holds the current page, ``""`` if none does.

    Parameters
    ----------
    navigation : str
        The navigation tree as HTML, in which the current page is marked.
    """
    before, mark, _ = navigation.partition("current-page")
    captions = re.findall(r'<span class="caption-text">(.*?)</span>', before)
    return captions[-1] if mark and captions else ""


def _is_unused(file: Any) -> bool:
    name = str(getattr(file, "filename", file) or "")
    body = str(getattr(file, "attributes", {}).get("body", "")) if not name else ""
    if re.match(r"(https?:)?//", name):
        return True
    return any(word in name for word in UNUSED) or any(word in body for word in UNUSED_INLINE)


def _in_repository(app: Sphinx, page: str, context: Context) -> list[tuple[str, str]]:
    """Return the links to a page's source and to where its mistakes are reported."""
    named = repository.of(app.config)
    if named is None or page not in app.env.found_docs:
        return []
    path = app.env.doc2path(page, base=False)
    title = re.sub("<.*?>", "", context.get("title", page))
    links = [("Source of this page", named.source(path))]
    links += [("Suggest a correction", named.correction(title, path))]
    return [(label, href) for label, href in links if href]


def finish_context(app: Sphinx, page: str, _template: str, context: Context, _: Document) -> None:
    """Take off what the page has no use for, and give its template what it asks for."""
    for kind in ("script_files", "css_files"):
        context[kind] = [file for file in context.get(kind, []) if not _is_unused(file)]
    tree = context.get("furo_navigation_tree", "")
    context["gdbook_part"] = part_of(tree)
    # A heading without its level is none to a screen reader.
    context["furo_navigation_tree"] = tree.replace(
        'role="heading"', 'role="heading" aria-level="2"'
    )
    context.setdefault("gdbook_tools", [])
    context["gdbook_first"] = first_script()
    context["gdbook_citation"] = citation.read(Path(app.srcdir))
    context["gdbook_how_to_cite"] = citation.link(app, page)
    context["gdbook_repository"] = _in_repository(app, page, context)
    meta = context.get("metatags")
    if meta:  # Furo has its own
        context["metatags"] = re.sub(r'<meta name="viewport"[^>]*>\s*', "", meta)
    if context.get("body"):
        context["body"] = tidying.tidied(context["body"])


def setup(app: Sphinx) -> None:
    """Register the style sheet and the script of all pages."""
    app.add_css_file(STYLESHEET, priority=900)
    app.add_js_file("book.js", priority=600, loading_method="defer")
    app.add_js_file("reading.js", priority=605, loading_method="defer")
    app.add_js_file("late.js", priority=606, loading_method="defer")
    app.add_js_file("previews.js", priority=610, loading_method="defer")
