"""Boxes: admonitions, definitions and theorems, proofs, problems and their solutions."""

from __future__ import annotations

import re

from docutils import nodes
from sphinx.locale import admonitionlabels

from gdbook.publish.formats.print.markup import call, content, quoted
from gdbook.publish.formats.print.translate.writing import Writing
from gdbook.publish.myst.quick_question import quick_question, title

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


class Boxes(Writing):
    """Boxes of all extensions."""

    # ---------------------------------------------------------------- admonitions

    def visit_admonition(self, node: nodes.Element) -> None:
        """Write a box with a title of its own."""
        title = next((c for c in node.children if isinstance(c, nodes.title)), None)
        label = self.label(node)
        head = self.inside(title) if title is not None else ""
        kind = next((KINDS[c] for c in node["classes"] if c in KINDS), "note")
        body = self.of([child for child in node.children if child is not title])
        keep = "true" if lines(node) <= _LINES_KEPT else None
        self.write("\n" + call("note", quoted(kind), content(head), content(body),
                               name=label, keep=keep) + "\n")  # fmt: skip
        raise nodes.SkipNode

    visit_sidebar = visit_topic = visit_admonition

    def _named(self, node: nodes.Element) -> None:
        """Write a box that is called by its kind."""
        kind = node.tagname
        head = f"#{quoted(admonitionlabels.get(kind, kind.capitalize()))};"
        keep = "true" if lines(node) <= _LINES_KEPT else None
        label = self.label(node)
        body = self.inside(node)
        self.write("\n" + call("note", quoted(KINDS.get(kind, "note")), content(head),
                               content(body), name=label, keep=keep) + "\n")  # fmt: skip
        raise nodes.SkipNode

    visit_note = visit_tip = visit_warning = visit_caution = visit_danger = _named
    visit_attention = visit_error = visit_important = visit_seealso = _named

    def visit_hint(self, node: nodes.Element) -> None:
        """Write a hint, in a problem as part of it."""
        if type(node.parent).__name__.startswith("exercise"):
            self.write(f"\n#hint[{self.inside(node)}]\n")
            raise nodes.SkipNode
        self._named(node)

    def visit_versionmodified(self, node: nodes.Element) -> None:
        """Write what changed with a version."""

    depart_versionmodified = Writing.pass_through

    # ---------------------------------------------------------------- sphinx-proof

    def _theorem(self, node: nodes.Element) -> None:
        """Write a numbered box: a theorem, a definition, an algorithm and the like."""
        kind = node.get("realtype") or node.get("countertype") or "remark"
        number = self.number(node.get("countertype", kind), node)
        title = next((c for c in node.children if isinstance(c, nodes.title)), None)
        label = self.label(node)
        head = kind.capitalize() + (f" {number}" if number else "")
        body = self.of([child for child in node.children if child is not title])
        keep = "true" if lines(node) <= _LINES_KEPT else None
        self.write("\n" + call("theorem", quoted(kind), quoted(head),
                               content(self._in_brackets(title)), content(body),
                               name=label, keep=keep) + "\n")  # fmt: skip
        raise nodes.SkipNode

    def _in_brackets(self, title: nodes.Element | None) -> str:
        """Return what stands in brackets in the title of a numbered box."""
        if title is None:
            return ""
        markup = self.inside(title)
        markup = re.sub(r'^#"\s*\(', '#"', markup)
        markup = re.sub(r'\)\s*";$', '";', markup)
        return "" if markup == '#"";' else markup

    def visit_proof_node(self, node: nodes.Element) -> None:
        """Write a proof, which ends in its square."""
        body: list[nodes.Node] = [*node.children]
        while len(body) == 1 and isinstance(body[0], nodes.admonition):
            body = [*body[0].children]
        first = next((text for part in body for text in part.findall(nodes.Text)), None)
        if first is not None and first.startswith("Proof."):
            first.parent.replace(first, nodes.Text(first.removeprefix("Proof.").lstrip()))
        label = self.label(node)
        self.write("\n" + call("proof", content(self.of(body)), name=label) + "\n")
        raise nodes.SkipNode

    # ---------------------------------------------------------------- sphinx-exercise

    def _problem(self, node: nodes.Element) -> None:
        """Write a problem: its facts beside its name, its hint below."""
        number = self.number("exercise", node)
        head = self._called(number)
        title = next((c for c in node.children if isinstance(c, nodes.title)), None)
        facts = [c for c in node.children if "problem-facts" in _classes(c)]
        label = self.label(node)
        body = self.of([c for c in node.children if c is not title and c not in facts])
        solved = self._solution_of(node)
        keep = "true" if lines(node) <= _LINES_KEPT else None
        made = call(
            "problem", quoted(head), content(self._in_brackets(title)), content(body),
            facts=content(self.of(facts)) if facts else None,
            solution=quoted(solved) if solved else None, name=label, keep=keep,
        )  # fmt: skip
        self.write(f"\n{made}\n")
        raise nodes.SkipNode

    # ---------------------------------------------------------------- quick questions

    def visit_quick_question(self, node: quick_question) -> None:
        """Write a quick question, and its answer among the solutions."""
        called, place = quoted(title(node)), f"{node['label']}-answer"
        label = self.label(node)
        made = call("quick", called, content(self.of([*node.children])),
                    answer=quoted(self.name(place)), name=label)  # fmt: skip
        self.write(f"\n{made}\n")
        self.within_solution = True
        answer = nodes.paragraph("", node["answer"], ids=[place])
        made = call("quick-answer", called, content(self.inside(answer)),
                    question=label, name=self.label(answer))  # fmt: skip
        self.solution(f"\n{made}\n")
        self.within_solution = False
        raise nodes.SkipNode

    visit_quick_option = depart_quick_option = Writing.pass_through

    def _called(self, number: str | None) -> str:
        """Return what a problem is called: the book's word, and the number."""
        pattern = str(self.config.numfig_format.get("exercise", "Exercise %s"))
        return pattern % number if number else pattern.replace("%s", "").strip()

    def _solution_of(self, node: nodes.Element) -> str | None:
        """Return the name of a problem's solution in this document."""
        for found in self.document.findall(nodes.Element):
            if type(found).__name__ == "solution_node" and (
                found.get("target_label") == node.get("label")
            ):
                return self.name(found["ids"][0])
        return None

    def visit_solution_node(self, node: nodes.Element) -> None:
        """Write a solution, apart from the text."""
        self.within_solution = True
        target = str(node.get("target_label", ""))
        problem = next(
            (
                found
                for found in self.document.findall(nodes.Element)
                if type(found).__name__.startswith("exercise") and found.get("label") == target
            ),
            None,
        )
        number = self.number("exercise", problem) if problem is not None else None
        title = next((c for c in node.children if isinstance(c, nodes.title)), None)
        label = self.label(node)
        body = self.of([child for child in node.children if child is not title])
        made = call(
            "solution", quoted(f"Solution {number}" if number else "Solution"),
            content(_subtitle(problem, self)), content(body),
            problem=quoted(self.name(target)), name=label,
        )  # fmt: skip
        self.solution(f"\n{made}\n")
        self.within_solution = False
        raise nodes.SkipNode

    def __getattr__(self, name: str) -> object:
        """Find the method for a node of sphinx-proof or sphinx-exercise, by its name."""
        if name.startswith("visit_exercise") and name.endswith("_node"):
            return self._problem
        if name.startswith("visit_") and name.endswith("_node"):
            return self._theorem
        raise AttributeError(name)


def _classes(node: nodes.Node) -> list[str]:
    return list(node["classes"]) if isinstance(node, nodes.Element) else []


def _subtitle(problem: nodes.Element | None, writing: Boxes) -> str:
    """Return the name of a problem, for the head of its solution."""
    if problem is None:
        return ""
    title = next((c for c in problem.children if isinstance(c, nodes.title)), None)
    return writing._in_brackets(title)
