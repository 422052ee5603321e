"""HTML of the parts of a deck."""

from __future__ import annotations

from docutils import nodes
from sphinx.writers.html5 import HTML5Translator

from gdbook.publish.formats.slides.lines import step_through


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

    def visit_slide_body(self, node: nodes.Element) -> None:
        """Open what is below the heading."""
        self.body.append('<div class="body">\n')

    def depart_slide_body(self, node: nodes.Element) -> None:
        """Close it."""
        self.body.append("</div>\n")

    def visit_slide_fragment(self, node: nodes.Element) -> None:
        """Open a fragment."""
        self.body.append('<div class="fragment">\n')

    def depart_slide_fragment(self, node: nodes.Element) -> None:
        """Close it."""
        self.body.append("</div>\n")

    def visit_slide_notes(self, node: nodes.Element) -> None:
        """Open the speaker's notes."""
        self.body.append('<aside class="notes">\n')

    def depart_slide_notes(self, node: nodes.Element) -> None:
        """Close them."""
        self.body.append("</aside>\n")

    def visit_slide_footnotes(self, node: nodes.Element) -> None:
        """Open the foot of the slide."""
        self.body.append('<div class="footnotes">\n')

    def depart_slide_footnotes(self, node: nodes.Element) -> None:
        """Close it."""
        self.body.append("</div>\n")

    def visit_literal_block(self, node: nodes.Element) -> None:
        """Set a block of code; step through it where its cell asks for that."""
        try:
            super().visit_literal_block(node)
        except nodes.SkipNode:
            if node.get("steps"):
                self.body[-1] = step_through(self.body[-1], node["steps"])
            raise
