"""What the editor's rules get of a page: doctree, source, code cells."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from docutils import nodes
from sphinx.environment import BuildEnvironment
from sphinx_exercise.nodes import solution_node

from gdbook.publish.core.ancestors import around
from gdbook.publish.core.page_data import source
from gdbook.publish.myst.cells import is_cell


@dataclass(frozen=True)
class Cell:
    """A code cell: also one that the page does not show, and that no doctree holds.

    Attributes
    ----------
    code : str
    line : int
    tags : frozenset of str
    solves : str
        The label of the problem in whose solution it stands; empty outside of solutions.
    """

    code: str
    line: int
    tags: frozenset[str]
    solves: str = ""


class Source:
    """The Markdown of a page, to find the line of what was found in the doctree.

    Parameters
    ----------
    text : str
        The file's content.
    """

    def __init__(self, text: str) -> None:
        self.lines = text.splitlines()

    def line(self, words: str | Sequence[str], near: int) -> int:
        """Return the line that words stand on: the first one from `near`, else the last before.

        Parameters
        ----------
        words : str or sequence of str
            A piece of one line, or several of which the first that is found counts. A number
            is not found inside of a longer one.
        near : int
            Where they are expected, from 1; returned if they are nowhere.
        """
        for piece in filter(None, [words] if isinstance(words, str) else words):
            anywhere = [n for n, text in enumerate(self.lines, 1) if piece in text]
            alone = re.compile(rf"(?<![\w.]){re.escape(piece)}(?!\w)")
            for found in ([n for n in anywhere if alone.search(self.lines[n - 1])], anywhere):
                if found:
                    return next((n for n in found if n >= near), found[-1])
        return near


@dataclass(frozen=True)
class Page:
    """What the rules of the editor are given.

    Attributes
    ----------
    doctree : docutils.nodes.document
        As it was read.
    source : Source
    cells : list of Cell
        Its code cells, in order; empty for a page of words.
    given : mapping of str to str
        The front matter's ``given``: a number, and the reason why it is stated.
    held : bool
        Whether it is held to the standard, by the setting `audit_standard`.
    """

    doctree: nodes.document
    source: Source
    cells: list[Cell]
    given: Mapping[str, str] = field(default_factory=dict)
    held: bool = False

    @classmethod
    def of(cls, env: BuildEnvironment, doctree: nodes.document) -> Page:
        """Return the page that is being read."""
        held = env.docname in env.config.audit_standard
        return cls(doctree, Source(source(env)), _cells(doctree), _given(env), held)


def _given(env: BuildEnvironment) -> dict[str, str]:
    """Return the numbers that the front matter gives, each with the reason."""
    text = env.metadata[env.docname].get("given") or "{}"
    try:
        given = json.loads(text)  # what Sphinx makes of a mapping
    except ValueError:
        given = text
    if not isinstance(given, dict):
        given = {str(given): ""}
    return {number: str(reason or "") for number, reason in given.items()}


def _cells(doctree: nodes.document) -> list[Cell]:
    cells: list[dict[str, Any]] = doctree.get("slide_cells", [])
    solves = {
        node["cell_index"]: str(solution["target_label"])
        for solution in doctree.findall(solution_node)
        for node in solution.findall(nodes.container)
        if is_cell(node)
    }
    return [
        Cell(cell["code"], cell["line"], frozenset(cell["tags"]), solves.get(index, ""))
        for index, cell in enumerate(cells)
        if cell["code"] is not None
    ]


def cell_around(node: nodes.Node) -> nodes.Element | None:
    """Return the code cell that a node is in."""
    return around(node, nodes.container, where=is_cell)
