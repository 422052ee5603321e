"""Problems that are answered in the page: the place of the script's element, below their text."""

from __future__ import annotations

from html import escape
from typing import Any

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx_exercise.nodes import solution_node

from gdbook.publish.core.checked import labels
from gdbook.publish.live.offered import OFFERED
from gdbook.publish.myst.problem_directive import name_of, skeleton


class PlaceChecks(SphinxPostTransform):
    """Put the script's element below the text of each problem that the page can judge."""

    default_priority = 10
    formats = ("html",)

    def run(self, **_: object) -> None:
        """Add the elements to the page that is written; a deck has none."""
        if self.app.builder.name == "slides":
            return
        solutions = {
            node["target_label"]: node["ids"][0] for node in self.document.findall(solution_node)
        }
        for problem in self.document.findall(nodes.Element):
            if "facts" in problem and problem["label"] in OFFERED:
                label, exactly = problem["label"], problem["facts"].get("exactly", "")
                made = element(label, exactly, solutions.get(label, ""))
                problem.append(nodes.raw("", made, format="html"))


def element(label: str, exactly: str, solution: str) -> str:
    """Return the HTML of the script's element, empty until the script is there.

    Parameters
    ----------
    label : str
        The problem's.
    exactly : str
        What its answer is, as the problem says it.
    solution : str
        The id of its solution.
    """
    data: dict[str, Any] = {
        "label": label,
        "module": labels()[label],
        "name": name_of(exactly),
        "skeleton": skeleton(exactly),
        "solution": solution,
    }
    said = " ".join(
        f'data-{key}="{escape(value)}"'.replace("\n", "&#10;") for key, value in data.items()
    )
    return f"<gd-check {said}></gd-check>"
