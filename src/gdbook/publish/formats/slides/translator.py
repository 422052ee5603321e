"""HTML of the parts of a deck."""

from __future__ import annotations

from collections.abc import Callable

from docutils import nodes
from sphinx.writers.html5 import HTML5Translator

from gdbook.publish.formats.slides.lines import step_through

Visit = Callable[[HTML5Translator, nodes.Element], None]


def _element(tag: str, name: str) -> tuple[Visit, Visit]:
    """Return the methods that open and close an element of one class."""

    def visit(translator: HTML5Translator, node: nodes.Element) -> None:
        translator.body.append(f'<{tag} class="{name}">\n')

    def depart(translator: HTML5Translator, node: nodes.Element) -> None:
        translator.body.append(f"</{tag}>\n")

    return visit, depart


class SlidesTranslator(HTML5Translator):
    """Sphinx's translator, plus slides, fragments, notes and stepped code."""

    def visit_slide(self, node: nodes.Element) -> None:
        """Open a slide, and a stack of slides if it is the first of one."""
        if node["opens_stack"]:
            self.body.append("<section>\n")
        attributes = {"data-cell": node["cell"], "data-line": node["line"]}
        if node["page"]:
            attributes["data-page"] = node["page"]
        if "kicker" in node:
            attributes["data-kicker"] = node["kicker"]
        self.body.append(self.starttag(node, "section", **attributes))

    def depart_slide(self, node: nodes.Element) -> None:
        """Close it, and its stack."""
        self.body.append("</section>\n" * (1 + node["closes_stack"]))

    def visit_slide_heading(self, node: nodes.Element) -> None:
        """Open a heading."""
        self.body.append(self.starttag(node, f"h{min(node['level'], 6)}", ""))

    def depart_slide_heading(self, node: nodes.Element) -> None:
        """Close it."""
        self.body.append(f"</h{min(node['level'], 6)}>\n")

    visit_slide_body, depart_slide_body = _element("div", "body")
    visit_slide_fragment, depart_slide_fragment = _element("div", "fragment")
    visit_slide_notes, depart_slide_notes = _element("aside", "notes")
    visit_slide_footnotes, depart_slide_footnotes = _element("div", "footnotes")

    def visit_literal_block(self, node: nodes.Element) -> None:
        """Set a block of code; step through it where its cell asks for that."""
        try:
            super().visit_literal_block(node)
        except nodes.SkipNode:
            if node.get("steps"):
                self.body[-1] = step_through(self.body[-1], node["steps"])
            raise
