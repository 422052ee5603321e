"""The cells of a notebook in which a reader answers."""

from __future__ import annotations

from typing import Any

import nbformat
from docutils import nodes
from nbformat import NotebookNode

QUICK = """\
from gdbook.exercises import check

check("{label}", ...)  # your answer in place of the dots"""

CHECKED = """\
# Your answer to {problem}. To check it, take the # from the last two lines.
# From the second wrong answer on, a hint comes with the verdict. A new kernel begins anew.


# from gdbook.exercises import check
# {call}"""

WORDS = "*Your answer to {problem}:*"

TAG = "answer"


def quick(label: str) -> NotebookNode:
    """Return the cell below a quick question."""
    return _cell(nbformat.v4.new_code_cell(QUICK.format(label=label)))


def problem(node: nodes.Element, name: str) -> NotebookNode:
    """Return the cell below a problem: code where a checker looks at it, else words.

    Parameters
    ----------
    node : nodes.Element
        The problem.
    name : str
        As ``"Problem 3.4"``.
    """
    literals = node.findall(nodes.literal)
    call = next((n.astext() for n in literals if "check-call" in n["classes"]), "")
    if call:
        return _cell(nbformat.v4.new_code_cell(CHECKED.format(problem=name, call=call)))
    return _cell(nbformat.v4.new_markdown_cell(WORDS.format(problem=name)))


def _cell(cell: Any) -> NotebookNode:
    cell.metadata = nbformat.from_dict({"slideshow": {"slide_type": "skip"}, "tags": [TAG]})
    made: NotebookNode = cell
    return made
