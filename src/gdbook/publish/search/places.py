"""The places of a page: its sections, problems, glossary entries and symbols."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx_exercise.nodes import exercise_enumerable_node, exercise_node, solution_node

from gdbook.publish.core.page_data import PageData
from gdbook.publish.math.html_renderer import formula, typesetter
from gdbook.publish.math.temml import TypesettingError
from gdbook.publish.search.formulas import plain


@dataclass
class Place:
    """Where a search can lead.

    Attributes
    ----------
    id : str
        Its anchor, "" for the page itself.
    also : list of str
        The other anchors of a section: labels.
    title : str
    kind : str
        ``section``, ``problem``, ``term``, ``symbol`` or ``code``.
    text : str
        What stands there, on one line, with `reference` marks.
    keys : list of str
        Words that the author chose for it: entries of the index.
    introduced : list of str
        The labels of the sections that a term or a symbol is introduced in.
    """

    id: str
    title: str
    kind: str = "section"
    text: str = ""
    keys: list[str] = field(default_factory=list)
    introduced: list[str] = field(default_factory=list)
    also: list[str] = field(default_factory=list)


PLACES: PageData[list[Place]] = PageData("places")

#: Cells whose code is folded on the page, or not there at all.
_HIDDEN = {"hide-input", "hide-cell", "remove-input", "remove-cell", "check", "slides-only"}
_UNREAD = (
    nodes.raw, nodes.comment, nodes.target, nodes.system_message,
    nodes.substitution_definition, addnodes.index, addnodes.glossary, solution_node, exercise_node,
    exercise_enumerable_node, nodes.doctest_block,
)  # fmt: skip
_REFERENCES = {"ref", "numref", "eq", "doc"}


def reference(label: str) -> str:
    """Return the mark for a number that is known only when all pages are read."""
    return f"\x02{label}\x03"


def find(app: Sphinx, doctree: nodes.document) -> None:
    """Keep the places of a page that is being read."""
    PLACES.of(app.env)[app.env.docname] = Reader(lambda node: _set(app, node)).places(doctree)


def _set(app: Sphinx, node: nodes.math | nodes.math_block) -> str:
    asked = formula(node)
    try:
        return plain(typesetter(app).mathml(asked.tex, display=asked.display))
    except TypesettingError:  # told where formulas are found
        return ""


class Reader:
    """Cuts a doctree into places.

    Parameters
    ----------
    math : callable
        Gives the plain text of a formula.
    """

    def __init__(self, math: Callable[[nodes.math | nodes.math_block], str]) -> None:
        self._math = math
        self._anchors: Counter[str] = Counter()

    def places(self, doctree: nodes.document) -> list[Place]:
        """Return all places of a page, in order."""
        made: list[Place] = []
        for section in doctree.findall(nodes.section):
            if not isinstance(section.parent, nodes.section | nodes.document):
                continue  # in a box
            top = isinstance(section.parent, nodes.document)
            place = Place("" if top else section["ids"][0], self._title(section))
            place.text = self._words(section)
            place.keys = list(_index_entries(section))
            place.also = section["ids"]
            made.append(place)
            for child in _inside(section):
                made += self._others(child)
        return made

    def _others(self, node: nodes.Element) -> Iterator[Place]:
        if isinstance(node, exercise_node | exercise_enumerable_node) and node["ids"]:
            text = " ".join(self._line(n) for n in node.children if not isinstance(n, nodes.title))
            title = self._title(node).removeprefix("Exercise").strip()
            yield Place(node["ids"][0], f"Problem: {title}", "problem", text)
        elif isinstance(node, addnodes.desc):
            yield from self._described(node)
        elif isinstance(node, addnodes.glossary):
            for entry in node.findall(nodes.definition_list_item):
                yield from self._terms(entry)
        elif isinstance(node, nodes.table) and (heads := _heads(node))[:1] == ["symbol"]:
            for row in list(node.findall(nodes.row))[1:]:
                yield self._symbol(row, heads)

    def _described(self, node: addnodes.desc) -> Iterator[Place]:
        """Yield a function or class, found by its name and by the words that introduce it."""
        heads = [head for head in node.findall(addnodes.desc_signature) if head["ids"]]
        if heads and not isinstance(node.parent, addnodes.desc_content):
            name = heads[0]["ids"][0]
            text = self._line(next(iter(node.findall(nodes.paragraph)), nodes.paragraph()))
            yield Place(name, name, "code", text, [name, name.rpartition(".")[2]])

    def _terms(self, entry: nodes.Element) -> Iterator[Place]:
        """Yield an entry of the glossary; what has two names is found by both."""
        names = [n for n in entry.children if isinstance(n, nodes.term) and n["ids"]]
        if names:
            keys = [self._line(name) for name in names]
            text = " ".join(self._words(n) for n in entry.findall(nodes.definition))
            yield Place(names[0]["ids"][0], keys[0], "term", text, keys, list(_labels(entry)))

    def _symbol(self, row: nodes.row, heads: list[str]) -> Place:
        """Return a row of the notation, which gets an anchor."""
        cells = dict(zip(heads, map(self._line, row.children), strict=False))
        symbols, code, meaning = (cells.get(name, "") for name in ("symbol", "in code", "meaning"))
        anchor = "symbol-" + re.sub(r"[^\w]+", "-", f"{symbols}-{code}").strip("-").lower()
        self._anchors[anchor] += 1
        if self._anchors[anchor] > 1:  # one letter with several meanings
            anchor += f"-{self._anchors[anchor]}"
        row["ids"].append(anchor)
        keys = [key.strip() for key in symbols.split(",")]
        called = [key for key in code.split(", ") if re.fullmatch(r"[\w.]+(\(\w*\))?", key)]
        keys += called + [key.partition("(")[0].rpartition(".")[2] for key in called]
        first = re.split("[;:,]", meaning)[0]
        return Place(
            anchor, symbols, "symbol", meaning, [*filter(None, [*keys, first])], list(_labels(row))
        )

    def _title(self, node: nodes.Element) -> str:
        title = next(iter(node.findall(nodes.title)), None)
        if title is None:
            return ""
        return " ".join("".join(self._part(child) for child in title.children).split())

    def _words(self, node: nodes.Element) -> str:
        return " ".join(" ".join(self._line(child) for child in node.children).split())

    def _line(self, node: nodes.Node) -> str:
        return " ".join(self._part(node).split())

    def _part(self, node: nodes.Node) -> str:
        """Return what a reader sees of a node without opening anything, but for outputs."""
        if isinstance(node, nodes.Text):
            return node.astext()
        if isinstance(node, nodes.math | nodes.math_block):
            return self._math(node)
        if not isinstance(node, nodes.Element) or _unread(node):
            return ""
        if isinstance(node, addnodes.pending_xref) and not node.get("refexplicit"):
            if node["reftype"] in _REFERENCES:
                return reference(node["reftarget"])
            if node["refdomain"] == "cite":
                return ""
        between = "" if isinstance(node, nodes.TextElement) else " "
        seen = node.findall(nodes.caption) if _folded(node) else node.children
        return between.join(map(self._part, seen))


def _unread(node: nodes.Element) -> bool:
    if isinstance(node, nodes.title | nodes.section):  # boxes have theirs as well
        objectives = "objectives" in node.parent.get("classes", ())
        return objectives or isinstance(node.parent, nodes.section | nodes.document)
    if isinstance(node, addnodes.desc):  # a place of its own, with its methods
        return not isinstance(node.parent, addnodes.desc_content)
    return (
        isinstance(node, (*_UNREAD, nodes.Invisible))
        or type(node).__name__ == "deeper_mark"
        or "problem-facts" in node["classes"]
        or "slides_only" in node
    )


def _folded(node: nodes.Element) -> bool:
    """Whether a node is a cell that the page hides, or an output: only captions are read."""
    part = node.get("nb_element")
    metadata: dict[str, Any] = node.attributes.get("cell_metadata", {})
    hidden = bool(_HIDDEN & set(metadata.get("tags", ())))
    return part == "cell_code_output" or (part == "cell_code" and hidden)


def _inside(section: nodes.section) -> Iterator[nodes.Element]:
    """Yield what stands in a section and in none of its subsections."""
    for child in section.children:
        if isinstance(child, nodes.Element) and not isinstance(child, nodes.section):
            yield from child.findall(nodes.Element)


def _index_entries(section: nodes.section) -> Iterator[str]:
    for node in _inside(section):
        # Those of a glossary's terms belong to the terms.
        if isinstance(node, addnodes.index) and not isinstance(node.parent, nodes.term):
            for _kind, text, *_ in node["entries"]:
                yield " ".join(part.strip() for part in text.split(";"))


def _labels(node: nodes.Element) -> Iterator[str]:
    for name in node.findall(addnodes.pending_xref):
        if name.get("reftype") in _REFERENCES:
            yield name["reftarget"]


def _heads(table: nodes.table) -> list[str]:
    row = next(iter(table.findall(nodes.row)), None)
    return [entry.astext() for entry in row.children] if row is not None else []
