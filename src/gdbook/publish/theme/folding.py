"""What folds: native ``<details>``, without a script, each with a name of its own.

Boxes with the class ``dropdown`` fold, and so do cells that MyST-NB hides. A page has dozens of
them; who hears only their names must be able to tell them apart, so each says what it belongs to.
"""

from __future__ import annotations

import re
from collections import Counter
from html import escape
from typing import Any

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.application import Sphinx
from sphinx.locale import admonitionlabels
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.math import get_node_equation_number
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
        problem, seen = "", Counter[str]()
        for box in list(self.document.findall(is_box)):
            assert isinstance(box, nodes.Element)
            if numbered := _NUMBERED.match(_title(box)):
                problem = numbered[1]
            if FOLDS & set(box["classes"]):
                made = fold(box)
                to = (
                    f" to {problem}"
                    if problem and {"hint", "solution"} & set(made["classes"])
                    else ""
                )
                line = made.children[0]
                assert isinstance(line, summary)
                name = line.astext() + to
                seen[name] += 1
                line += unseen(to if seen[name] == 1 else f"{to}, {seen[name]}")
                box.replace_self(made)


#: The title of a problem: "Problem 3.4 (A cube by hand)".
_NUMBERED = re.compile(r"(\w+ [\d.]*\d)(?: |$)")


def _title(box: nodes.Element) -> str:
    first = box.children[0] if box.children else None
    return first.astext() if isinstance(first, nodes.title) else ""


def unseen(text: str) -> list[nodes.Node]:
    """Return words that are read aloud and not shown."""
    return [nodes.inline("", text, classes=["unseen"])] if text else []


class NameCells(SphinxPostTransform):
    """Give every hidden cell a name: the figure that it draws, or the formula that it checks."""

    default_priority = 520
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Note for each hidden cell what its name is made from."""
        formula: nodes.math_block | None = None
        for node in self.document.findall(nodes.Element):
            if isinstance(node, nodes.math_block) and node.get("label"):
                formula = node
            elif node.get("nb_element") == "cell_code":
                metadata: dict[str, Any] = node.attributes.get("cell_metadata", {})
                checks = "check" in metadata.get("tags", ())
                about = formula if checks else next(node.findall(nodes.figure), None)
                # MyST-NB puts it there without telling it who its parent is.
                for hidden in node.findall(HideCodeCellNode):
                    hidden["about"] = about


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


def _visit_hidden(translator: HTML5Translator, node: HideCodeCellNode) -> None:
    """Write what MyST-NB writes, but without paragraphs in a summary, and with a name."""
    about = node.get("about")
    name = ""
    if isinstance(about, nodes.math_block):
        name = f": formula ({get_node_equation_number(translator, about)})"
    elif about is not None and about["ids"]:
        numbers = translator.builder.fignumbers.get("figure", {})
        if found := numbers.get(about["ids"][0]):
            name = f" of figure {'.'.join(map(str, found))}"
    seen: Counter[str] = vars(translator).setdefault("gdbook_folds", Counter())
    key = f"{node['prompt_show']}{name}"
    seen[key] += 1
    name += f", {seen[key]}" if seen[key] > 1 else ""
    prompts = "".join(
        f'<span class="{kind} admonition-title">{escape(node[prompt])}'
        f'<span class="unseen">{escape(name)}</span></span>\n'
        for kind, prompt in (("collapsed", "prompt_show"), ("expanded", "prompt_hide"))
    )
    translator.body.append(
        f'<details class="admonition hide {" ".join(node["classes"])}">\n'
        f"<summary>\n{prompts}</summary>\n"
    )


def _depart_hidden(translator: HTML5Translator, node: HideCodeCellNode) -> None:
    translator.body.append("</details>\n")


def setup(app: Sphinx) -> None:
    """Register the nodes and the transform."""
    app.add_node(folded, html=(_visit_folded, _depart_folded))
    app.add_node(summary, html=(_visit_summary, _depart_summary))
    app.add_node(HideCodeCellNode, override=True, html=(_visit_hidden, _depart_hidden))
    app.add_post_transform(FoldBoxes)
    app.add_post_transform(NameCells)
