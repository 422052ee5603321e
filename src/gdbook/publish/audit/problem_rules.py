"""Problems with all their facts, each with a solution; solutions with a problem."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from docutils import nodes
from sphinx_exercise.nodes import exercise_enumerable_node, exercise_node, solution_node

from gdbook.publish.audit.page import Page
from gdbook.publish.core.ancestors import line_of
from gdbook.publish.core.checked import labels
from gdbook.publish.core.findings import Finding

AT_LEAST = 8
OF_TIER = {"derive": 2, "implement": 2, "debug": 1, "investigate": 1}

BARE = (
    "an exercise without tier, difficulty, minutes and hint: write it as a {problem}, with :tier:, "
    ":difficulty: and :minutes:, and its hints into gdbook/hints"
)
UNSOLVED = (
    "{label} has no solution: write one after it, {{solution-start}} {label} … {{solution-end}}"
)
EMPTY = "the solution of {label} is empty: work it out, step by step, with code that runs"
ORPHAN = "a solution of {label}, but there is no such problem on this page: correct the label"
FEW = "a chapter has at least {needed} problems, this one has {count}: add {missing}"
FEW_OF = "a chapter has at least {needed} of tier {tier}, this one has {count}: add {missing}"


UNSAID = (
    "{label} doesn't say how its answer is handed in: add :answer:, one of number, tensor, "
    "function, code or words"
)
UNCHECKED = (
    "{label} asks for a {kind}, and nothing checks it: write a checker of it in "
    "gdbook/exercises, or let it be answered in words"
)
UNTOLD = "{label} is answered in words, and has a checker: say what it checks in :answer:"


def problems(page: Page) -> Iterator[Finding]:
    """Find problems that lack something, and solutions that lack a problem."""
    exercises = list(_exercises(page.doctree))
    solved = Counter(node["target_label"] for node in page.doctree.findall(solution_node))
    for node in exercises:
        if "facts" not in node:
            yield Finding(line_of(node), BARE)
        elif node["label"] not in solved:
            yield Finding(line_of(node), UNSOLVED.format(label=node["label"]))
    labels = {node["label"] for node in exercises}
    for node in page.doctree.findall(solution_node):
        label = node["target_label"]
        at = page.source.line(label, _first_line(node))
        if label not in labels:
            yield Finding(at, ORPHAN.format(label=label))
        elif not any(c.children for c in node.children[1:] if isinstance(c, nodes.Element)):
            yield Finding(at, EMPTY.format(label=label))


def handed_in(page: Page) -> Iterator[Finding]:
    """Find problems of a page held to the standard whose card doesn't say how to hand in."""
    if not page.held:
        return
    checked = labels()
    for node in _exercises(page.doctree):
        if "facts" not in node:
            continue
        label, kind = node["label"], node["facts"].get("answer")
        if kind is None:
            yield Finding(line_of(node), UNSAID.format(label=label))
        elif kind == "words" and label in checked:
            yield Finding(line_of(node), UNTOLD.format(label=label))
        elif kind != "words" and label not in checked:
            yield Finding(line_of(node), UNCHECKED.format(label=label, kind=kind))


def enough_problems(page: Page, at: int) -> Iterator[Finding]:
    """Find what a chapter's problems lack in number and in kind.

    Parameters
    ----------
    page : Page
    at : int
        The line of the finding.
    """
    tiers = Counter(n["facts"]["tier"] for n in _exercises(page.doctree) if "facts" in n)
    count = tiers.total()
    if count < AT_LEAST:
        yield Finding(at, FEW.format(needed=AT_LEAST, count=count, missing=AT_LEAST - count))
    for tier, needed in OF_TIER.items():
        if (have := tiers[tier]) < needed:
            text = FEW_OF.format(needed=needed, tier=tier, count=have, missing=needed - have)
            yield Finding(at, text)


def _exercises(doctree: nodes.document) -> Iterator[nodes.Element]:
    kinds = (exercise_node, exercise_enumerable_node)
    return (n for n in doctree.findall(nodes.Element) if isinstance(n, kinds))


def _first_line(node: nodes.Element) -> int:
    lines = [n.line for n in node.findall(nodes.Element) if n.line]
    return min(lines, default=1)
