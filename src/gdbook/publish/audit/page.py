"""One page as the editor looks at it: doctree, source, code cells."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.environment import BuildEnvironment

from gdbook.publish.myst.cells import is_slides_only


@dataclass(frozen=True)
class Cell:
    """A code cell: also one that the page does not show, and that no doctree holds."""

    code: str
    line: int
    tags: frozenset[str]


class Source:
    """The Markdown of a page, to find the line of what was found in the doctree.

    Parameters
    ----------
    text : str
        The file's content.
    """

    def __init__(self, text: str) -> None:
        self.lines = text.splitlines()

    def line(self, words: str, near: int) -> int:
        """Return the line that words stand on: the first one from `near`, else the last before.

        Parameters
        ----------
        words : str
            A piece of one line. A number is not found inside of a longer one.
        near : int
            Where they are expected, from 1; returned if they are nowhere.
        """
        return self.first([words], near)

    def first(self, choices: Sequence[str], near: int) -> int:
        """Return the line of the first of some words that is found, as `line` does."""
        for words in filter(None, choices):
            anywhere = [n for n, text in enumerate(self.lines, 1) if words in text]
            alone = re.compile(rf"(?<![\w.]){re.escape(words)}(?!\w)")
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
    """

    doctree: nodes.document
    source: Source
    cells: list[Cell]
    given: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, env: BuildEnvironment, doctree: nodes.document) -> Page:
        """Return the page that is being read."""
        text = Path(env.doc2path(env.docname)).read_text("utf-8")
        return cls(doctree, Source(text), _cells(doctree), _given(env))


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
    return [
        Cell(cell["code"], cell["line"], frozenset(cell["tags"]))
        for cell in cells
        if cell["code"] is not None
    ]


def around(node: nodes.Node, *kinds: type[nodes.Element]) -> nodes.Element | None:
    """Return the nearest node of some kind that holds a node, or is it."""
    at: nodes.Node | None = node
    while at is not None and not isinstance(at, kinds):
        at = at.parent
    return at if isinstance(at, nodes.Element) else None


def cell_around(node: nodes.Node) -> nodes.Element | None:
    """Return the code cell that a node is in."""
    at: nodes.Node | None = node
    while at is not None:
        if isinstance(at, nodes.container) and at.get("nb_element") == "cell_code":
            return at
        at = at.parent
    return None


def on_slides_only(node: nodes.Node) -> bool:
    """Whether a node is in a cell that no page shows."""
    at: nodes.Node | None = node
    while at is not None:
        if isinstance(at, nodes.container) and (
            at.get("slides_only") or is_slides_only(at.get("cell_metadata") or {})
        ):
            return True
        at = at.parent
    return False
