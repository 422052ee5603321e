"""Boxes: admonitions, definitions and theorems, proofs, problems and their solutions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from docutils import nodes
from sphinx.locale import admonitionlabels

from gdbook.publish.formats.print.markup import block, content, quoted
from gdbook.publish.formats.print.translate.writing import Writing, titled
from gdbook.publish.myst.quick_question import quick_option, quick_question, title

#: Boxes that look alike, by the class that tells them from others.
KINDS = {
    "watch-out": "warning", "warning": "warning", "caution": "warning", "danger": "warning",
    "attention": "warning", "error": "warning", "objectives": "objectives",
    "summary": "summary", "important": "summary", "tip": "tip", "hint": "tip",
}  # fmt: skip
_LINES_KEPT = 26  # a box of at most so many lines is not broken
_LINE = 84  # characters


def lines(node: nodes.Node) -> int:
    """Return about how many lines a node takes."""
    if isinstance(node, nodes.literal_block):
        return len(node.astext().splitlines()) + 2
    if isinstance(node, nodes.math_block):
        return 3 * (1 + node.astext().count("\\\\"))
    if isinstance(node, nodes.image):
        return 20
    if isinstance(node, nodes.row):
        return 2
    if isinstance(node, nodes.TextElement):
        return 1 + len(node.astext()) // _LINE
    return sum(lines(child) for child in node.children)


def kept(node: nodes.Node) -> str | None:
    """Return whether a box is kept on one page, as Typst code."""
    return "true" if lines(node) <= _LINES_KEPT else None


class Boxes(Writing):
    """Boxes of all extensions."""

    # ---------------------------------------------------------------- admonitions

    def write_admonition(self, node: nodes.Element) -> str:
        """Write a box with a title of its own."""
        title, body = titled(node)
        label = self.label(node)
        head = self.inside(title) if title else ""
        kind = next((KINDS[c] for c in node["classes"] if c in KINDS), "note")
        text = content(self.of(body))
        return block("note", quoted(kind), content(head), text, name=label, keep=kept(node))

    write_sidebar = write_topic = write_admonition

    def _named(self, node: nodes.Element) -> str:
        """Write a box that is called by its kind."""
        kind = node.tagname
        head = content(f"#{quoted(admonitionlabels.get(kind, kind.capitalize()))};")
        label = self.label(node)
        body = content(self.inside(node))
        kind = quoted(KINDS.get(kind, "note"))
        return block("note", kind, head, body, name=label, keep=kept(node))

    write_note = write_tip = write_warning = write_caution = write_danger = _named
    write_attention = write_error = write_important = write_seealso = _named

    def write_hint(self, node: nodes.Element) -> str:
        """Write a hint, in a problem as part of it."""
        if type(node.parent).__name__.startswith("exercise"):
            return f"\n#hint[{self.inside(node)}]\n"
        return self._named(node)

    # ---------------------------------------------------------------- sphinx-proof

    def _theorem(self, node: nodes.Element) -> str:
        """Write a numbered box: a theorem, a definition, an algorithm and the like."""
        kind = node.get("realtype") or node.get("countertype") or "remark"
        number = self.number(node.get("countertype", kind), node)
        title, body = titled(node)
        label = self.label(node)
        head = kind.capitalize() + (f" {number}" if number else "")
        text = content(self.of(body))
        named = content(self._in_brackets(title))
        return block(
            "theorem", quoted(kind), quoted(head), named, text, name=label, keep=kept(node)
        )

    def _in_brackets(self, title: nodes.Element | None) -> str:
        """Return what stands in brackets in the title of a numbered box."""
        markup = self.inside(title) if title else ""
        markup = re.sub(r'^#"\s*\(', '#"', markup)
        markup = re.sub(r'\)\s*";$', '";', markup)
        return "" if markup == '#"";' else markup

    def write_proof_node(self, node: nodes.Element) -> str:
        """Write a proof, which ends in its square."""
        body: list[nodes.Node] = [*node.children]
        while len(body) == 1 and isinstance(body[0], nodes.admonition):
            body = [*body[0].children]
        first = next((text for part in body for text in part.findall(nodes.Text)), None)
        if first is not None and first.startswith("Proof."):
            first.parent.replace(first, nodes.Text(first.removeprefix("Proof.").lstrip()))
        label = self.label(node)
        return block("proof", content(self.of(body)), name=label)

    # ---------------------------------------------------------------- sphinx-exercise

    def _problem(self, node: nodes.Element) -> str:
        """Write a problem: its facts beside its name, its hint below."""
        number = self.number("exercise", node)
        pattern = str(self.config.numfig_format.get("exercise", "Exercise %s"))
        head = pattern % number if number else pattern.replace("%s", "").strip()
        title, body = titled(node)
        facts = [c for c in body if "problem-facts" in _classes(c)]
        label = self.label(node)
        text = content(self.of(c for c in body if c not in facts))
        solved = next((n for n in self._boxes("solution_node", "target_label")
                       if n["target_label"] == node.get("label")), None)  # fmt: skip
        return block(
            "problem", quoted(head), content(self._in_brackets(title)), text,
            facts=content(self.of(facts)) if facts else None,
            solution=quoted(self.name(solved["ids"][0])) if solved else None,
            name=label, keep=kept(node),
        )  # fmt: skip

    def _boxes(self, kind: str, key: str) -> Iterator[nodes.Element]:
        """Yield the document's boxes of a kind that have a key."""
        for found in self.document.findall(nodes.Element):
            if type(found).__name__.startswith(kind) and key in found:
                yield found

    def write_solution_node(self, node: nodes.Element) -> str:
        """Write a solution, apart from the text."""
        self.within_solution = True
        target = str(node.get("target_label", ""))
        problem = next((n for n in self._boxes("exercise", "label") if n["label"] == target), None)
        number = self.number("exercise", problem) if problem else None
        _, body = titled(node)
        label = self.label(node)
        text = content(self.of(body))
        head = self._in_brackets(titled(problem)[0]) if problem else ""
        self.solutions.append(block(
            "solution", quoted(f"Solution {number}" if number else "Solution"), content(head),
            text, problem=quoted(self.name(target)), name=label,
        ))  # fmt: skip
        self.within_solution = False
        return ""

    # ---------------------------------------------------------------- quick questions

    def write_quick_question(self, node: quick_question) -> str:
        """Write a quick question, and its answer among the solutions."""
        called, place = quoted(title(node)), f"{node['label']}-answer"
        label = self.label(node)
        asked = content(self.of(node.children))
        self.within_solution = True
        answer = nodes.paragraph("", node["answer"], ids=[place])
        self.solutions.append(block("quick-answer", called, content(self.inside(answer)),
                                    question=label, name=self.label(answer)))  # fmt: skip
        self.within_solution = False
        return block("quick", called, asked, answer=quoted(self.name(place)), name=label)

    def write_quick_option(self, node: quick_option) -> str:
        """Write an option with its letter."""
        return self.all_of(node.children)

    def writer(self, name: str) -> Any:
        """Find also the method for a node of sphinx-proof or sphinx-exercise."""
        if (found := super().writer(name)) is not None or not name.endswith("_node"):
            return found
        return self._problem if name.startswith("exercise") else self._theorem


def _classes(node: nodes.Node) -> list[str]:
    return list(node["classes"]) if isinstance(node, nodes.Element) else []
