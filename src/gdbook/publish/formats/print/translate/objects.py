"""Descriptions of functions and classes, as a package reference has them."""

from __future__ import annotations

from docutils import nodes

from gdbook.publish.formats.print.markup import call, content, quoted
from gdbook.publish.formats.print.translate.writing import Writing


class Objects(Writing):
    """Sphinx's ``desc`` and what belongs to it."""

    def visit_desc(self, node: nodes.Element) -> None:
        """Write the signatures, and what is said of them."""
        heads, bodies = "", ""
        for child in node.children:
            if not isinstance(child, nodes.Element):
                continue
            if child.tagname == "desc_signature":
                name = self.label(child)
                text = " ".join(child.astext().split())
                heads += call("signature", quoted(text), name=name)
            else:
                bodies += self.inside(child)
        self.write("\n" + call("described", content(heads), content(bodies)) + "\n")
        raise nodes.SkipNode

    def visit_literal_strong(self, node: nodes.Element) -> None:
        """Write code that Sphinx made of names and types."""
        self.write(f"#code({quoted(node.astext())});")
        raise nodes.SkipNode

    visit_literal_emphasis = visit_literal_strong
