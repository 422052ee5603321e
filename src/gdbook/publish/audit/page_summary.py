"""What the editor keeps of each page, to compare the pages of a book with each other."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from docutils import nodes
from sphinx import addnodes
from sphinx.environment import BuildEnvironment
from sphinx_exercise.nodes import solution_node

from gdbook.publish.audit.chapter import chapter
from gdbook.publish.audit.page import Page
from gdbook.publish.audit.prose import blocks
from gdbook.publish.audit.symbols import symbols
from gdbook.publish.core.ancestors import around, line_of
from gdbook.publish.core.findings import Finding
from gdbook.publish.core.page_data import PageData


@dataclass(frozen=True)
class Summary:
    """The words, terms, works and symbols of one page, and what it lacks as a chapter.

    Attributes
    ----------
    runs : bool
        Whether it has code cells.
    lacking : list of Finding
        What it lacks if it is a chapter.
    words : str
        Its prose and index entries, in small letters, without the glossary.
    terms : dict of str to int
        The words that it refers to by ``{term}``, each with its first line.
    works : dict of str to int
        The keys of the works that it cites, with their first lines.
    entries : dict of str to int
        The words that a glossary on it explains, with their lines.
    displayed : dict of str to int
        The symbols of its displayed formulas, with their first lines.
    written : set of str
        The symbols of all its formulas.
    listed : dict of str to int
        The symbols in the first columns of its tables, with their lines.
    listed_for : dict of str to set of str
        The same symbols, with the labels that their rows refer to.
    solved : dict of str to str
        The labels inside of its solutions, each with the label of its problem.
    refers : list of (str, str, int)
        The labels that it refers to, each with the problem in whose solution that is done, if
        any, and the line.
    """

    runs: bool
    lacking: list[Finding]
    words: str
    terms: dict[str, int]
    works: dict[str, int]
    entries: dict[str, int]
    displayed: dict[str, int]
    written: set[str]
    listed: dict[str, int]
    listed_for: dict[str, set[str]]
    solved: dict[str, str]
    refers: list[tuple[str, str, int]]

    @classmethod
    def of(cls, page: Page) -> Summary:
        """Gather the facts of a page that is being read."""
        doctree = page.doctree
        words = [block.text for block in blocks(page, outside=addnodes.glossary)]
        words += [
            str(entry[1])
            for node in doctree.findall(addnodes.index)
            if not around(node, addnodes.glossary)
            for entry in node["entries"]
        ]
        terms = [
            (str(x["reftarget"]).lower(), line_of(x))
            for x in doctree.findall(addnodes.pending_xref)
            if x.get("reftype") == "term"
        ]
        works = [
            (key, page.source.line(key, line_of(x)))
            for x in doctree.findall(addnodes.pending_xref)
            if x.get("refdomain") == "cite"
            for key in _keys(str(x["reftarget"]))
        ]
        entries = [
            (term.astext(), page.source.line(term.astext(), line_of(glossary)))
            for glossary in doctree.findall(addnodes.glossary)
            for term in glossary.findall(nodes.term)
        ]
        displays = list(doctree.findall(nodes.math_block))
        formulas = [*displays, *doctree.findall(nodes.math)]
        heads = [math for row in doctree.findall(nodes.row) for math in row[0].findall(nodes.math)]
        return cls(
            runs=bool(page.cells),
            lacking=sorted(set(chapter(page))),
            words=re.sub(r"[\s\-]+", " ", "\n".join(words)).lower(),
            terms=_first(terms),
            works=_first(works),
            entries=_first(entries),
            displayed=_first((s, line_of(node)) for node in displays for s in _symbols(node)),
            written={symbol for node in formulas for symbol in _symbols(node)},
            listed=_first(
                (s, page.source.line(node.astext(), line_of(node)))
                for node in heads
                for s in _symbols(node)
            ),
            listed_for=_rows(doctree),
            solved=_solved(doctree),
            refers=[
                (str(x["reftarget"]), _solves(x), page.source.line(x["reftarget"], line_of(x)))
                for x in doctree.findall(addnodes.pending_xref)
                if x.get("refdomain") in ("", "std", "math", "prf", "myst")
            ],
        )


def _keys(cited: str) -> list[str]:
    """Return the keys of a citation; words about a work stand beside its key in braces."""
    return [key.strip() for key in re.sub(r"\{[^{}]*\}", "", cited).split(",")]


def _rows(doctree: nodes.document) -> dict[str, set[str]]:
    """Return the symbols that begin a table's row, with the labels that the row refers to."""
    found: dict[str, set[str]] = {}
    for row in doctree.findall(nodes.row):
        labels = {str(x["reftarget"]) for x in row.findall(addnodes.pending_xref)}
        for formula in row[0].findall(nodes.math):
            for symbol in _symbols(formula):
                found.setdefault(symbol, set()).update(labels)
    return found


def _solved(doctree: nodes.document) -> dict[str, str]:
    """Return the labels of what stands in solutions, each with the label of the problem."""
    return {
        label: str(solution["target_label"])
        for solution in doctree.findall(solution_node)
        for node in solution.findall(nodes.Element)
        if node is not solution
        for label in (*node.get("names", ()), node.get("label"), node.get("refid"))
        if label
    }


def _solves(node: nodes.Node) -> str:
    """Return the label of the problem in whose solution a node stands; empty outside."""
    solution = around(node, solution_node)
    return str(solution["target_label"]) if solution is not None else ""


def _symbols(formula: nodes.Element) -> set[str]:
    return symbols(formula.astext())


def _first(found: Iterable[tuple[str, int]]) -> dict[str, int]:
    lines: dict[str, int] = {}
    for name, line in found:
        lines[name] = min(line, lines.get(name, line))
    return lines


#: What is kept of every page.
SUMMARIES = PageData[Summary]("summaries")


def chapters(env: BuildEnvironment) -> set[str]:
    """Return the pages that are chapters: those with code cells and a number.

    Sphinx gives the numbers later than the editor speaks, so the tables of contents are
    followed here.
    """
    waiting = [
        str(docname)
        for parent in env.numbered_toctrees
        for table in env.tocs[parent].findall(addnodes.toctree)
        if table.get("numbered")
        for docname in table["includefiles"]
    ]
    numbered: set[str] = set()
    while waiting:
        docname = waiting.pop()
        if docname not in numbered:
            numbered.add(docname)
            waiting += env.toctree_includes.get(docname, [])
    pages = SUMMARIES.of(env)
    return {name for name, page in pages.items() if page.runs and name in numbered}
