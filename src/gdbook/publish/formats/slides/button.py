"""The page's *Slides* button, and what a theme needs to place it."""

from __future__ import annotations

from pathlib import Path

from markupsafe import Markup
from sphinx.application import Sphinx
from sphinx.util.osutil import relative_uri

from gdbook.publish.core.page_context import Context, Document, add_tool
from gdbook.publish.formats.slides import assets
from gdbook.publish.formats.slides.builder import SlidesBuilder
from gdbook.publish.formats.slides.collect import decks

TITLE = "This chapter as slides, from the section in view"

BUTTON = Markup(
    '<nav class="deck-button" aria-label="Slides">'
    '<a href="{deck}" title="{title}"><span>Slides</span></a></nav>\n'
)


def add_button(app: Sphinx, pagename: str, _: str, context: Context, doctree: Document) -> None:
    """Tell the page's template where its deck is, and put a link to it after the text.

    The context gets ``deck_url``, and an entry in ``gdbook_tools`` for the theme's bar of
    links above the text. The button stands in the corner of the window, where that link is
    out of sight or the theme has none.
    """
    if app.builder.name != "html" or doctree is None or pagename not in decks(app.env):
        return
    page = app.builder.get_target_uri(pagename)
    context["deck_url"] = relative_uri(page, f"{SlidesBuilder.folder}/{page}")
    add_tool(context, "Slides", context["deck_url"], TITLE)
    # Added as markup, it would have the page escaped.
    context["body"] += str(BUTTON.format(deck=context["deck_url"], title=TITLE))
    assets.copy(Path(app.outdir, "_static", "slides"), ("button.css", "button.js"))
    app.add_css_file("slides/button.css", priority=960)
    app.add_js_file("slides/button.js", loading_method="defer")
