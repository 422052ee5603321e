"""A reference to a whole chapter says "Chapter 2": Sphinx calls everything a section."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

_CHAPTER = re.compile(r"Section (\d+)")


class NameChapters(SphinxPostTransform):
    """Call a section with a number of one level a chapter."""

    default_priority = 20  # when references are resolved, at 10

    def run(self, **kwargs: Any) -> None:
        """Go through the resolved ``{numref}`` of one document."""
        for node in self.document.findall(nodes.inline):
            if "std-numref" in node["classes"] and (of := _CHAPTER.fullmatch(node.astext())):
                node.children = []
                node.append(nodes.Text(f"Chapter {of[1]}"))


def setup(app: Sphinx) -> None:
    """Register the transform."""
    app.add_post_transform(NameChapters)
