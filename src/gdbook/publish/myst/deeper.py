"""Sections that are *deeper*: a chapter's core does not need them.

An author marks one by a line ``{.deeper}`` above its heading (MyST's extension `attrs_block`);
the sections inside of it are deeper too. What is not marked is the core.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

from gdbook.publish.core import findings
from gdbook.publish.core.ancestors import around, line_of
from gdbook.publish.core.findings import Finding
from gdbook.publish.core.page_data import source

DEEPER = "deeper"
LABEL = re.compile(r"\([^()\s]+\)=")

NO_SECTION = (
    "only a section can be deeper: write {.deeper} on a line of its own, right above a heading "
    "of level 2 or below"
)

ABOVE_LABEL = (
    "MyST drops a mark above a label: write {.deeper} below the label, right above the heading"
)


class deeper_mark(nodes.inline):  # noqa: N801
    """The word *deeper* beside a heading; no part of the name by which others refer to it."""

    def astext(self) -> str:
        """Return nothing: names of sections in references and in the search are without it."""
        return ""


def is_deeper(node: nodes.Node) -> bool:
    """Whether a node is a section that is deeper, or stands in one."""
    return around(node, nodes.section, where=lambda at: DEEPER in at["classes"]) is not None


class MarkDeeper(SphinxTransform):
    """Say *deeper* beside the headings of deeper sections, and of those inside of them."""

    default_priority = 400  # sections have their titles, nothing has used those yet

    def apply(self, **kwargs: Any) -> None:
        """Go through the sections of one document, the outer ones first."""
        for section in self.document.findall(nodes.section):
            # sphinx-proof and sphinx-exercise keep their text in sections without a title.
            title = next(iter(section.children), None)
            if (
                isinstance(title, nodes.title)
                and isinstance(section.parent, nodes.section)
                and is_deeper(section)
            ):
                if DEEPER not in section["classes"]:
                    section["classes"].append(DEEPER)
                word = nodes.inline("", DEEPER, classes=["deeper-mark"])
                title.append(deeper_mark("", "", nodes.Text(" "), word))


def find(app: Sphinx, doctree: nodes.document) -> None:
    """Record the marks that stand above something else than a section's heading."""
    lines = source(app.env).splitlines()
    marks = [number for number, line in enumerate(lines, 1) if DEEPER in line]
    wrong = [
        Finding(max((n for n in marks if n <= line_of(node)), default=line_of(node)), NO_SECTION)
        for node in doctree.findall(nodes.Element)
        if DEEPER in node.get("classes", ())
        and not (isinstance(node, nodes.section) and isinstance(node.parent, nodes.section))
    ]
    dropped = [
        Finding(number, ABOVE_LABEL)
        for number, (line, below) in enumerate(pairwise(lines), 1)
        if line.strip() == f"{{.{DEEPER}}}" and LABEL.fullmatch(below.strip())
    ]
    findings.record(app.env, "deeper", wrong + dropped)


def setup(app: Sphinx) -> None:
    """Register the mark and the transform."""
    app.add_node(deeper_mark)
    app.add_transform(MarkDeeper)
