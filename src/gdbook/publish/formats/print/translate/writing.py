"""What all parts of the translator share: nodes by name, places, numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from docutils import nodes
from sphinx.builders import Builder
from sphinx.util import logging

from gdbook.publish.claims import pairing
from gdbook.publish.core.page_links import number_of
from gdbook.publish.formats.print.document_cache import SOLUTIONS, Sheet
from gdbook.publish.formats.print.markup import quoted

log = logging.getLogger(__name__)

#: In front of the name of a document, in the URIs that the builder gives to references.
DOCUMENT = "%document:"

# sphinx-proof and sphinx-exercise give the content of every box the same id.
_REPEATED = {"proof-content", "exercise-content", "solution-content", "proof"}

# Nodes of which nothing is written: index entries lead to the target beside them, labels of
# notes and footnotes are written where they are referred to.
_LEFT_OUT = frozenset({
    "comment", "docinfo", "footnote", "highlightlang", "index", "label", "meta", "start_of_file",
    "substitution_definition", "system_message", "tabular_col_spec", "toctree",
})  # fmt: skip
# Nodes of which only what they hold is written. `pending_xref` is a reference that Sphinx could
# not resolve, `problematic` a text that docutils could not read: both have warned already.
_PASSED = frozenset({
    "caption", "compact_paragraph", "document", "download_reference", "glossary", "legend", "only",
    "pending_xref", "problematic", "versionmodified",
})  # fmt: skip
_MARKED = frozenset({"PassthroughTextElement", "abbreviation", "generated", "inline", "target"})
_AROUND = {
    "emphasis": "emph", "title_reference": "emph", "strong": "strong", "superscript": "super",
    "subscript": "sub", "deeper_mark": "deeper-mark",
}  # fmt: skip

# Strings in a row, each standing as code among words; or a string that is somebody's argument.
_STRING = r'"(?:[^"\\]|\\.)*"'
_STRINGS = re.compile(rf"(?:#{_STRING};)+|{_STRING}")


class Writing:
    """A document that is being written.

    A method ``write_…`` returns the markup of the nodes of that name, with what they hold.

    Parameters
    ----------
    document : nodes.document
        The doctree.
    builder : Builder
        Whose environment knows the numbers.
    docname : str
        The document's name.
    """

    def __init__(self, document: nodes.document, builder: Builder, docname: str) -> None:
        self.document, self.builder, self.docname = document, builder, docname
        self.config = builder.config
        self.sheet = Sheet(docname, path=str(builder.env.doc2path(docname, base=False)))
        self.depth = 0
        self.within_solution = False
        self._heading: str | None = None  # the marks of the heading that is being written
        claimed = pairing.pair(pairing.items(document)).by_label.values()
        self.checked = {claim.label for claim in claimed if claim.records}
        self.solutions: list[str] = []
        # Blocks: their line in the document, whether in a solution, and what was written.
        self._blocks: list[tuple[int, bool, str]] = []

    def finished(self) -> Sheet:
        """Write the document."""
        self.sheet.main = one_word(self.put(self.document))
        self.sheet.solutions = "".join(self.solutions)
        self.sheet.references = sorted(set(self.sheet.references))
        source = self.sheet.source()
        at = {False: 0, True: source.rindex(SOLUTIONS)}  # both are in the document's order
        for line, solves, markup in self._blocks:
            if markup and (found := source.find(markup, at[solves])) >= 0:
                self.sheet.places.append([found, line])
                at[solves] = found
        return self.sheet

    # ---------------------------------------------------------------- markup

    def put(self, node: nodes.Node) -> str:
        """Return the markup of a node, and keep which line of the document it is."""
        line = None if isinstance(node, nodes.Inline | nodes.Text) else node.line
        if not line:
            return self._written(node)
        number = len(self._blocks)
        self._blocks.append((line, False, ""))
        made = self._written(node)
        self._blocks[number] = (line, self.within_solution, one_word(made).strip())
        return made

    def _written(self, node: nodes.Node) -> str:
        for name in (kind.__name__ for kind in type(node).__mro__):
            if name in _LEFT_OUT:
                return ""
            if name in _PASSED:
                return self.all_of(node.children)
            if name in _MARKED:
                return self.mark(node) + self.all_of(node.children)
            if name in _AROUND:
                return f"{self.mark(node)}#{_AROUND[name]}[{self.inside(node)}];"
            if (write := self.writer(name)) is not None:
                return str(write(node))
        log.warning(
            "print: no way to set a %s", type(node).__name__, location=node, type="gdbook",
            subtype="print",
        )  # fmt: skip
        return self.all_of(node.children)

    def writer(self, name: str) -> Any:
        """Return the method for nodes of a name, None where there is none."""
        return getattr(self, f"write_{name}", None)

    def all_of(self, children: Iterable[nodes.Node]) -> str:
        """Return the markup of some nodes with the space around it."""
        return "".join(self.put(child) for child in children)

    def of(self, children: Iterable[nodes.Node]) -> str:
        """Return the markup of some nodes."""
        return one_word(self.all_of(children).strip())

    def inside(self, node: nodes.Node) -> str:
        """Return the markup of a node's children."""
        return self.of(node.children)

    # ---------------------------------------------------------------- places

    def name(self, identifier: str, docname: str | None = None) -> str:
        """Return the name of a place for the whole book."""
        return f"{docname or self.docname}#{identifier}"

    def label(self, node: nodes.Node, *more: str) -> str | None:
        """Return one label for all names of a node, as Typst code; None if it has none."""
        identifiers: list[str] = getattr(node, "attributes", {}).get("ids", [])
        names = [self.name(i) for i in identifiers if i not in _REPEATED]
        names = [name for name in (*more, *names) if name not in self.sheet.labels]
        if not names:
            return None
        for name in names:
            self.sheet.labels[name] = names[0]
            if self.within_solution:
                self.sheet.in_solutions.append(name)
        return quoted(names[0])

    def mark(self, node: nodes.Node) -> str:
        """Return a mark at the place of a node, "" if it has no name."""
        label = self.label(node)
        made = f"#mark({label})" if label else ""
        if self._heading is not None:
            self._heading += made
            return ""
        return made

    def heading(self, title: nodes.Element | None) -> tuple[str, str]:
        """Return a heading's markup, and apart from it the marks of what it holds.

        Contents and running heads repeat a heading, and a mark may stand only once.
        """
        self._heading = ""
        text = self.inside(title) if title else ""
        marks, self._heading = self._heading, None
        return text, marks

    def place(self, node: nodes.reference) -> str | None:
        """Return the name of the place a reference leads to; None if that is not in the book."""
        if node.get("refid"):
            return self.name(node["refid"])
        uri = str(node.get("refuri", ""))
        if uri.startswith("#"):
            return self.name(uri[1:])
        if not uri.startswith(DOCUMENT):
            return None
        docname, _, identifier = uri.removeprefix(DOCUMENT).partition("#")
        return self.name(identifier, docname) if identifier else docname

    # ---------------------------------------------------------------- numbers

    def number(self, kind: str, node: nodes.Element) -> str | None:
        """Return the number that Sphinx gave to a figure, table, theorem or equation."""
        known: Any = self.builder.env.toc_fignumbers.get(self.docname, {}).get(kind, {})
        identifiers: list[str] = node.get("ids", [])
        for identifier in identifiers:
            if found := known.get(identifier):
                return ".".join(map(str, found))
        return None

    def called(self, kind: str, node: nodes.Element) -> str | None:
        """Return what a figure, table or listing with a number is called, as ``Figure 2.1``."""
        number = self.number(kind, node)
        return str(self.config.numfig_format[kind]) % number if number else None

    def section_number(self, section: nodes.Element) -> str | None:
        """Return a section's number."""
        anchor = "" if self.depth == 1 else f"#{section['ids'][0]}"
        return number_of(self.builder.env, self.docname, anchor) or None


def titled(
    node: nodes.Element, kind: type[nodes.Element] = nodes.title
) -> tuple[nodes.Element | None, list[nodes.Node]]:
    """Return a node's title or caption, None where there is none, and its other children."""
    title = next((child for child in node.children if isinstance(child, kind)), None)
    return title, [child for child in node.children if child is not title]


def one_word(markup: str) -> str:
    """Return markup in which strings that touch are one: a word is hyphenated as a whole."""

    def joined(match: re.Match[str]) -> str:
        if not match[0].startswith("#"):
            return match[0]
        return '#"' + "".join(part[1:-1] for part in re.findall(_STRING, match[0])) + '";'

    return _STRINGS.sub(joined, markup)
