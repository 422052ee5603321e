"""Boxes with the class ``dropdown`` fold: native ``<details>``, without a script."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.locale import admonitionlabels
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.writers.html5 import HTML5Translator

FOLDS = {"dropdown", "toggle"}


class folded(nodes.General, nodes.Element):  # noqa: N801  (docutils names nodes so)
    """A box that is closed until the reader opens it; its first child is the summary."""


class summary(nodes.TextElement):  # noqa: N801
    """The line of a folded box that is always seen."""


class FoldBoxes(SphinxPostTransform):
    """Turn admonitions, exercises and solutions with the class ``dropdown`` into folded boxes."""

    default_priority = 400  # after sphinx-exercise has put numbers into titles
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Replace every such box of the document."""
        for box in list(self.document.findall(is_box)):
            assert isinstance(box, nodes.Element)
            if FOLDS & set(box["classes"]):
                box.replace_self(fold(box))


def is_box(node: nodes.Node) -> bool:
    """Say whether a node is an admonition of any kind, ours and other extensions'."""
    return isinstance(node, nodes.Admonition)


def fold(box: nodes.Element) -> folded:
    """Return a folded box with the title and content of an admonition.

    Parameters
    ----------
    box : nodes.Element
        Any admonition. One without a title child (``hint``, ``note``) is titled as
        Sphinx would title it.
    """
    kind = type(box).__name__.removesuffix("_node")
    classes = [c for c in box["classes"] if c != "toggle"]
    if kind not in ("admonition", *classes):
        classes.append(kind)
    children = list(box.children)
    if children and isinstance(children[0], nodes.title):
        title = children.pop(0).astext()
    else:
        title = admonitionlabels.get(kind, kind.capitalize())
    made = folded("", ids=box["ids"], classes=classes)
    made.source, made.line = box.source, box.line
    made += summary("", title)
    made += children
    return made


def _visit_folded(translator: HTML5Translator, node: folded) -> None:
    translator.body.append(translator.starttag(node, "details", CLASS="admonition"))


def _depart_folded(translator: HTML5Translator, node: folded) -> None:
    translator.body.append("</details>\n")


def _visit_summary(translator: HTML5Translator, node: summary) -> None:
    translator.body.append(translator.starttag(node, "summary", "", CLASS="admonition-title"))


def _depart_summary(translator: HTML5Translator, node: summary) -> None:
    translator.body.append("</summary>\n")


def setup(app: Sphinx) -> None:
    """Register the nodes and the transform."""
    app.add_node(folded, html=(_visit_folded, _depart_folded))
    app.add_node(summary, html=(_visit_summary, _depart_summary))
    app.add_post_transform(FoldBoxes)
