"""Markdown that any Jupyter shows, from the nodes of a resolved doctree."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from docutils import nodes
from sphinx_exercise.nodes import exercise_enumerable_node

from gdbook.publish.myst.deeper import deeper_mark
from gdbook.publish.myst.quick_question import quick_question, title

#: What `Numbers` is asked for: the kind of a thing, and its node.
Numbers = Callable[[str, nodes.Element], str]

_SPECIAL = re.compile(r"([\\*_`<$\[\]])")
_INVISIBLE = (
    nodes.comment,
    nodes.target,
    nodes.system_message,
    nodes.raw,
    nodes.substitution_definition,
)


_AROUND: dict[type[nodes.Node], str] = {nodes.emphasis: "*", nodes.strong: "**"}


def inline(node: nodes.Node) -> str:
    """Return the Markdown of a node within a line."""
    text = node.astext()
    if isinstance(node, nodes.Text):
        made = _SPECIAL.sub(r"\\\1", text.replace("\n", " "))
    elif isinstance(node, nodes.math):
        made = f"${' '.join(text.split())}$"
    elif isinstance(node, nodes.literal):
        made = f"`{text}`"
    elif isinstance(node, nodes.footnote_reference):
        made = f"<sup>{text}</sup>"
    elif isinstance(node, (*_INVISIBLE, nodes.Invisible)):
        made = ""
    elif isinstance(node, deeper_mark):
        made = f" *({''.join(map(inline, node.children)).strip()})*"
    else:
        mark = _AROUND.get(type(node), "")
        made = f"{mark}{''.join(map(inline, node.children))}{mark}"
        # Other references lead to a place that a notebook, alone, has not got.
        if isinstance(node, nodes.reference) and "://" in node.get("refuri", ""):
            made = f"[{made}]({node['refuri']})"
    return made


class Markdown:
    """Blocks of Markdown for the nodes of one chapter.

    Parameters
    ----------
    numbers : callable
        Gives the number of a numbered node as text, ``""`` where it has none.
    """

    def __init__(self, numbers: Numbers) -> None:
        self.numbers = numbers

    def blocks(self, parents: Iterable[nodes.Node]) -> list[str]:
        """Return one piece of Markdown for each block among some nodes, in order."""
        return [text for node in parents for text in self.block(node)]

    def block(self, node: nodes.Node) -> list[str]:
        """Return the pieces of Markdown for one block."""
        if not isinstance(node, nodes.Element) or isinstance(node, (*_INVISIBLE, nodes.Invisible)):
            return []
        method: Callable[[Any], list[str]] | None = getattr(self, f"_{node.tagname}", None)
        if method is not None:
            return method(node)
        if "realtype" in node:
            return self._proof(node)
        if isinstance(node, (nodes.Admonition, nodes.admonition)):
            return self._admonition(node)
        if isinstance(node, nodes.TextElement) and not isinstance(node, nodes.Structural):
            return [inline(node)]
        return self.blocks(node.children)

    def heading(self, section: nodes.Element, level: int) -> str:
        """Return a section's heading."""
        title = section[0]
        number = self.numbers("section", section)
        return f"{'#' * min(level, 6)} {f'{number} ' if number else ''}{inline(title)}"

    def caption(self, figure: nodes.Element) -> str:
        """Return the caption of a figure."""
        text = "".join(inline(c) for c in figure.children if isinstance(c, nodes.caption))
        return f"**{self.numbers('figure', figure)}** {text}".strip()

    def problem(self, node: exercise_enumerable_node) -> list[str]:
        """Return a problem: its heading, what it asks, and the hint folded."""
        title = next(node.findall(nodes.title))  # resolved: " (its name)"
        head = f"### {self.numbers('exercise', node)}{inline(title)}"
        return [head, *self.blocks(c for c in node.children if c is not title)]

    def solution(self, node: nodes.Element) -> str:
        """Return the heading of a solution."""
        return f"#### {inline(next(node.findall(nodes.title)))}"

    def question(self, node: quick_question) -> list[str]:
        """Return a quick question."""
        return [f"**{title(node)}.**", *self.blocks(node.children)]

    def _math_block(self, node: nodes.math_block) -> list[str]:
        number = self.numbers("equation", node) if node.get("label") else ""
        tag = f" \\tag{{{number}}}" if number else ""
        return [f"$$\n{node.astext().strip()}{tag}\n$$"]

    def _literal_block(self, node: nodes.literal_block) -> list[str]:
        return [f"```{node.get('language', '')}\n{node.astext().rstrip()}\n```"]

    def _bullet_list(self, node: nodes.Element) -> list[str]:
        return [self._list(node, lambda _: "- ")]

    def _enumerated_list(self, node: nodes.Element) -> list[str]:
        start = int(node.get("start", 1))
        return [self._list(node, lambda i: f"{start + i}. ")]

    def _list(self, node: nodes.Element, mark: Callable[[int], str]) -> str:
        entries = []
        for i, item in enumerate(node.children):
            lead = mark(i)
            text = "\n\n".join(self.blocks(item.children))
            entries.append(lead + text.replace("\n", "\n" + " " * len(lead)))
        return "\n".join(entries)

    def _definition_list_item(self, node: nodes.Element) -> list[str]:
        term = "".join(inline(c) for c in node.children if isinstance(c, nodes.term))
        rest = self.blocks(c for c in node.children if isinstance(c, nodes.definition))
        return [f"**{term}**", *rest]

    def _footnote(self, node: nodes.Element) -> list[str]:
        label = "".join(c.astext() for c in node.children if isinstance(c, nodes.label))
        text = self.blocks(c for c in node.children if not isinstance(c, nodes.label))
        return [f"<sup>{label}</sup> " + "\n\n".join(text)]

    def _table(self, node: nodes.Element) -> list[str]:
        rows = [
            [
                " ".join(self.blocks(entry.children)).replace("|", "\\vert ").replace("\n", " ")
                for entry in row.children
                if isinstance(entry, nodes.Element)
            ]
            for row in node.findall(nodes.row)
        ]
        head, *body = rows
        lines = [head, ["---"] * len(head), *body]
        return ["\n".join(f"| {' | '.join(cells)} |" for cells in lines)]

    def _proof(self, node: nodes.Element) -> list[str]:
        title = "".join(inline(c) for c in node.children if isinstance(c, nodes.title))
        kind, number = node["realtype"].title(), self.numbers("proof", node)
        head = " ".join(filter(None, [kind, number, title.strip()]))
        rest = self.blocks(c for c in node.children if not isinstance(c, nodes.title))
        return [_quoted([f"**{head}.**", *rest])]

    def _proof_node(self, node: nodes.Element) -> list[str]:
        """Quote a proof; sphinx-proof has put the word in front of its first sentence."""
        inner = [text for child in node.children for text in self._inside(child)]
        return [_quoted([*inner, "□"])]

    def _inside(self, node: nodes.Node) -> list[str]:
        return self.blocks(node.children if isinstance(node, nodes.Admonition) else [node])

    def _hint(self, node: nodes.Element) -> list[str]:
        inner = "\n\n".join(self.blocks(node.children))
        return [f"<details><summary>Hint</summary>\n\n{inner}\n\n</details>"]

    def _admonition(self, node: nodes.Element) -> list[str]:
        title = "".join(inline(c) for c in node.children if isinstance(c, nodes.title))
        rest = self.blocks(c for c in node.children if not isinstance(c, nodes.title))
        return [_quoted([f"**{title or node.tagname.title()}**", *rest])]


def _quoted(parts: Iterable[str]) -> str:
    return "\n".join(f"> {line}".rstrip() for line in "\n\n".join(parts).split("\n"))
