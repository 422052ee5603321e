"""What autodoc leaves in a page and a book does not want."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform


class DropIndexEntries(SphinxTransform):
    """Take the entries for functions and modules out of the index, which is one of ideas.

    Three hundred names of code would hide the words that readers look up; the search has them.
    """

    default_priority = 100  # before the domains take in what a page has (850)

    def apply(self, **_: Any) -> None:
        """Remove the entries that stand right before a description, or are a module's."""
        for node in list(self.document.findall(addnodes.index)):
            after = node.next_node(descend=False, siblings=True)
            module = all(text.startswith("module; ") for _, text, *_ in node["entries"])
            if module or isinstance(after, addnodes.desc):
                node.parent.remove(node)


class UnwrapLists(SphinxPostTransform):
    """Take lists out of the paragraphs in which Sphinx puts several values that are returned.

    HTML allows no list in a paragraph.
    """

    default_priority = 5

    def run(self, **_: Any) -> None:
        """Replace the paragraphs that hold nothing but a list by the list."""
        for paragraph in list(self.document.findall(nodes.paragraph)):
            if [type(child) for child in paragraph.children] == [nodes.bullet_list]:
                paragraph.replace_self(paragraph.children)
