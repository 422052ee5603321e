"""Descriptions of functions and classes, as a package reference has them."""

from __future__ import annotations

from docutils import nodes
from sphinx import addnodes

from gdbook.publish.formats.print.markup import block, call, content, quoted
from gdbook.publish.formats.print.translate.writing import Writing


class Objects(Writing):
    """Sphinx's ``desc`` and what belongs to it."""

    def write_desc(self, node: nodes.Element) -> str:
        """Write the signatures, and what is said of them."""
        heads, bodies = "", ""
        for child in node.children:
            if isinstance(child, addnodes.desc_signature):
                name = self.label(child)
                heads += call("signature", quoted(" ".join(child.astext().split())), name=name)
            else:
                bodies += self.inside(child)
        return block("described", content(heads), content(bodies))

    def write_literal_strong(self, node: nodes.Element) -> str:
        """Write code that Sphinx made of names and types."""
        return f"#code({quoted(node.astext())});"

    write_literal_emphasis = write_literal_strong
