"""What all parts of the translator share: writing markup, naming places, finding numbers."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from sphinx.builders import Builder
from sphinx.util import logging
from sphinx.util.docutils import SphinxTranslator

from gdbook.publish.claims import pairing
from gdbook.publish.formats.print.document_cache import Sheet
from gdbook.publish.formats.print.markup import quoted

log = logging.getLogger(__name__)

#: In front of the name of a document, in the URIs that the builder gives to references.
DOCUMENT = "%document:"

# sphinx-proof and sphinx-exercise give the content of every box the same id.
_REPEATED = {"proof-content", "exercise-content", "solution-content", "proof"}

# Strings in a row, each standing as code among words; or a string that is somebody's argument.
_STRING = r'"(?:[^"\\]|\\.)*"'
_STRINGS = re.compile(rf"(?:#{_STRING};)+|{_STRING}")


class Writing(SphinxTranslator):
    """A document that is being written.

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
        super().__init__(document, builder)
        self.docname = docname
        self.sheet = Sheet(docname)
        self.depth = 0
        self.within_solution = False
        claimed = pairing.pair(pairing.items(document)).by_label.values()
        self.checked = {claim.label for claim in claimed if claim.records}
        self._parts: list[list[str]] = [[]]
        self._solutions: list[str] = []

    def finished(self) -> Sheet:
        """Return what was written."""
        self.sheet.main = one_word("".join(self._parts[0]))
        self.sheet.solutions = "".join(self._solutions)
        self.sheet.references = sorted(set(self.sheet.references))
        return self.sheet

    # ---------------------------------------------------------------- markup

    def write(self, markup: str) -> None:
        """Add some markup."""
        self._parts[-1].append(markup)

    def inside(self, node: nodes.Element, *, without: tuple[type[nodes.Node], ...] = ()) -> str:
        """Return the markup of a node's children, all but those of some types."""
        return self.of([child for child in node.children if not isinstance(child, without)])

    def of(self, children: list[nodes.Node]) -> str:
        """Return the markup of some nodes."""
        self._parts.append([])
        for child in children:
            child.walkabout(self)
        return one_word("".join(self._parts.pop()).strip())

    def solution(self, markup: str) -> None:
        """Add some markup to the solutions."""
        self._solutions.append(markup)

    # ---------------------------------------------------------------- places

    def name(self, identifier: str, docname: str | None = None) -> str:
        """Return the name of a place for the whole book."""
        return f"{docname or self.docname}#{identifier}"

    def label(self, node: nodes.Element, *more: str) -> str | None:
        """Return one label for all names of a node, as Typst code; None if it has none."""
        identifiers: list[str] = node.get("ids", [])
        names = [self.name(i) for i in identifiers if i not in _REPEATED]
        names = [name for name in (*more, *names) if name not in self.sheet.labels]
        if not names:
            return None
        for name in names:
            self.sheet.labels[name] = names[0]
            if self.within_solution:
                self.sheet.in_solutions.append(name)
        return quoted(names[0])

    def mark(self, node: nodes.Element) -> str:
        """Return a mark at the place of a node, "" if it has no name."""
        label = self.label(node)
        return f"#mark({label})" if label else ""

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

    def section_number(self, section: nodes.Element) -> str | None:
        """Return a section's number."""
        known = self.builder.env.toc_secnumbers.get(self.docname, {})
        key = "" if self.depth == 1 else f"#{section['ids'][0]}"
        found = known.get(key)
        return ".".join(map(str, found)) if found else None

    # ---------------------------------------------------------------- what is not known

    def unknown_visit(self, node: nodes.Node) -> None:
        """Tell of a node that no part knows; what it holds is written."""
        log.warning(
            "print: no way to set a %s", type(node).__name__, location=node, type="gdbook",
            subtype="print",
        )  # fmt: skip

    def unknown_departure(self, node: nodes.Node) -> None:
        """Leave it."""

    def pass_through(self, node: nodes.Node) -> None:
        """Write what a node holds, and nothing of its own."""

    def skip(self, node: nodes.Node) -> None:
        """Leave a node out."""
        raise nodes.SkipNode


def one_word(markup: str) -> str:
    """Return markup in which strings that touch are one: a word is hyphenated as a whole."""

    def joined(match: re.Match[str]) -> str:
        if not match[0].startswith("#"):
            return match[0]
        return '#"' + "".join(part[1:-1] for part in re.findall(_STRING, match[0])) + '";'

    return _STRINGS.sub(joined, markup)
