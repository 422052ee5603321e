"""The directive ``{hero}``: the first screen of the landing page."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

from gdbook.publish.core.page_context import Context, Document
from gdbook.publish.core.places import ROOT


def cover() -> str:
    """Return the cover drawing for use inside a page, where the stylesheet colours it."""
    path = ROOT / "figures" / "cover.svg"
    return re.sub(r"<style>.*?</style>\s*", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)


class Hero(SphinxDirective):
    """A promise, a way in, and a descent that can be started.

    ::

        ```{hero} book/calculus/limits-and-derivatives
        :start: Start reading
        An executable textbook on …
        ```

    The argument names the page that the button opens. Other formats than HTML get
    the words and the link.
    """

    required_arguments = 1
    has_content = True
    option_spec: ClassVar = {"start": directives.unchanged}

    def run(self) -> list[nodes.Node]:
        """Return the words, and for HTML the landscape."""
        self.assert_has_content()
        words = nodes.container(classes=["hero-words"])
        self.state.nested_parse(self.content, self.content_offset, words)
        words += self._start()
        box = nodes.container(classes=["hero"])
        self.set_source_info(box)
        box += words
        box += nodes.raw("", f"<downhill-descent>{cover()}</downhill-descent>", format="html")
        return [box]

    def _start(self) -> nodes.paragraph:
        text = self.options.get("start", "Start reading")
        link = addnodes.pending_xref(
            "",
            nodes.inline("", text, classes=["doc"]),
            refdomain="std",
            reftype="doc",
            reftarget="/" + self.arguments[0].removeprefix("/"),
            refdoc=self.env.docname,
            refexplicit=True,
            refwarn=True,
        )
        self.set_source_info(link)
        return nodes.paragraph("", "", link, classes=["hero-start"])


class MarkLanding(SphinxPostTransform):
    """Name the section that begins with a hero, for the style sheet."""

    default_priority = 500
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Add the class."""
        for box in self.document.findall(nodes.container):
            if "hero" in box["classes"]:
                box.parent["classes"].append("landing")


def add_stylesheet(app: Sphinx, _page: str, _template: str, context: Context, _: Document) -> None:
    """Add the style sheet of the landing page to the page with a hero."""
    # Its own sheet, so that its rules need no `:has(.hero)`, which would make a browser
    # style a long page anew for every piece of it that arrives.
    if 'class="hero ' in context.get("body", ""):
        app.add_css_file("landing.css", priority=950)


def setup(app: Sphinx) -> None:
    """Register the directive and the transform."""
    app.add_directive("hero", Hero)
    app.add_post_transform(MarkLanding)
