"""What other sites' search engines ask for: a description of each page, and a map of the site."""

from __future__ import annotations

import html
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from sphinx.application import Sphinx

from gdbook.publish.core import files
from gdbook.publish.core.page_context import Context, Document
from gdbook.publish.search.index import Numbers
from gdbook.publish.search.places import PLACES

LENGTH = 155
"""How many characters of a description are shown in lists of results."""

SITEMAP = "sitemap.xml"
NOT_FOUND = "404"


def description(app: Sphinx, page: str) -> str:
    """Return what a page says of itself first, "" if it says nothing.

    Whole sentences, if one is long enough; else whole words.
    """
    texts = (place.text for place in PLACES.of(app.env).get(page, ()) if place.kind == "section")
    first = next(filter(None, texts), "")
    text = Numbers(app.env).resolve(first)
    if len(text) <= LENGTH:
        return text
    shown = text[:LENGTH]
    end = max(shown.rfind(mark) for mark in (". ", "? "))
    return shown[: end + 1] if end > LENGTH // 2 else f"{shown.rpartition(' ')[0]} …"


def describe(app: Sphinx, page: str, _: str, context: Context, _doctree: Document) -> None:
    """Add the description; keep pages that are no documents out of other sites' results."""
    if app.builder.name != "html":
        return
    meta = str(context.get("metatags") or "")
    text = description(app, page)
    if page not in app.env.found_docs:
        meta += '<meta name="robots" content="noindex">'
        text = f"{context.get('title', page)}: {app.config.project}"
    if text and 'name="description"' not in meta:
        meta += f'<meta name="description" content="{html.escape(text)}">'
    context["metatags"] = meta


def not_found(app: Sphinx) -> list[tuple[str, dict[str, Any], str]]:
    """Name the page that a host shows where there is none."""
    if app.builder.name != "html":
        return []
    # A host shows it at any depth: only full addresses lead from there.
    base = app.config.html_baseurl
    context = {"title": "There is no such page", "base": f"{base.rstrip('/')}/" if base else ""}
    return [(NOT_FOUND, context, f"{NOT_FOUND}.html")]


def write_sitemap(app: Sphinx, exception: Exception | None) -> None:
    """Write the map of the site, if its address is known."""
    if exception is not None or app.builder.name != "html":
        return
    path, base = Path(app.outdir, SITEMAP), app.config.html_baseurl.rstrip("/")
    if not base:
        path.unlink(missing_ok=True)
        return
    pages = (f"{base}/{app.builder.get_target_uri(name)}" for name in sorted(app.env.found_docs))
    lines = "\n".join(f"<url><loc>{escape(page)}</loc></url>" for page in pages)
    files.write(
        path,
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{lines}\n</urlset>\n',
    )
