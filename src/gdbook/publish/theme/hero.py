"""The directive ``{hero}``: the first screen of the landing page."""

from __future__ import annotations

from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

from gdbook.publish.core.page_context import Context, Document
from gdbook.publish.core.page_links import page_link


class Hero(SphinxDirective):
    """A promise, a way in, and a figure.

    ::

        ```{hero} book/calculus/limits-and-derivatives
        :start: Start reading
        :figure: /figures/landing.svg
        :alt: A map of …
        An executable textbook on …
        ```

    The argument names the page that the button opens. The figure may be one that moves.
    """

    required_arguments = 1
    has_content = True
    option_spec: ClassVar = {
        "start": directives.unchanged,
        "figure": directives.uri,
        "alt": directives.unchanged,
    }

    def run(self) -> list[nodes.Node]:
        """Return the words and the figure."""
        self.assert_has_content()
        words = nodes.container(classes=["hero-words"])
        self.state.nested_parse(self.content, self.content_offset, words)
        words += self._start()
        box = nodes.container(classes=["hero"])
        self.set_source_info(box)
        box += words
        if "figure" in self.options:
            if not self.options.get("alt"):
                raise self.error("a hero's figure needs an alt text, what it shows")
            box += nodes.image("", uri=self.options["figure"], alt=self.options["alt"])
        return [box]

    def _start(self) -> nodes.paragraph:
        text = self.options.get("start", "Start reading")
        link = page_link(self.env, self.arguments[0].removeprefix("/"), text, "doc")
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
