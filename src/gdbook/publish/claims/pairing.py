"""Each displayed claim with the records of its checks, as a document has them in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from docutils import nodes

from gdbook.latex.relates import relates
from gdbook.publish.claims.comparison import drift
from gdbook.publish.core.ancestors import line_of
from gdbook.publish.core.findings import Finding
from gdbook.publish.myst.cells import is_cell, is_check


@dataclass(frozen=True)
class Shown:
    """A displayed formula: its label (or an empty text), LaTeX and line.

    An environment of its own, such as ``align``, has no label.
    """

    label: str
    latex: str
    line: int
    bare: bool = False


@dataclass(frozen=True)
class Tried:
    """A cell tagged ``check``: its code, its line, and what its checks left behind."""

    source: str
    line: int
    records: list[dict[str, Any]]


def source(cell: nodes.Element) -> str:
    """Return the code of a cell."""
    for part in cell.children:
        if isinstance(part, nodes.Element) and part.get("nb_element") == "cell_code_source":
            return part.astext()
    return ""


def items(doctree: nodes.document) -> Iterator[Shown | Tried]:
    """Yield a document's displayed formulas and its check cells, in order."""
    for node in doctree.findall(lambda n: isinstance(n, nodes.math_block) or is_cell(n)):
        if isinstance(node, nodes.math_block):
            if "output" in node["classes"]:
                continue  # a cell wrote it, from what it computed: nobody claims it by hand
            bare = "amsmath" in node["classes"]  # MyST labels it at random
            label = "" if bare else node.get("label") or ""
            yield Shown(label, node.astext(), line_of(node), bare)
        elif isinstance(node, nodes.Element) and is_check(node):
            left = [n["gdbook"] for n in node.findall(nodes.Element) if "gdbook" in n]
            yield Tried(source(node), line_of(node), left)


class Claim:
    """A displayed equation labelled ``eq-…``, and the records of its checks."""

    def __init__(self, label: str, latex: str, line: int) -> None:
        self.label, self.latex, self.line = label, latex, line
        self.records: list[dict[str, Any]] = []

    def wrong(self) -> Iterator[Finding]:
        """Yield what is wrong with it."""
        for reason in drift(self.latex, self.records):
            yield Finding(self.line, f"{self.label}: {reason}")

    def unchecked(self) -> Iterator[Finding]:
        """Yield that it has no check, if so."""
        if not self.records:
            yield Finding(self.line, _UNCHECKED.format(self.label))


@dataclass
class Claims:
    """A document's claims by label, checks of no claim, and relations that are not labelled."""

    by_label: dict[str, Claim] = field(default_factory=dict)
    stray: list[Finding] = field(default_factory=list)
    unlabelled: list[Finding] = field(default_factory=list)

    def all_found(self, *, complete: bool = True) -> list[Finding]:
        """Return everything that is wrong in the document.

        Parameters
        ----------
        complete : bool
            Whether every displayed relation must be labelled, and every claim checked.
        """
        claims = self.by_label.values()
        found = [*self.stray, *(one for claim in claims for one in claim.wrong())]
        if complete:
            found += [*self.unlabelled, *(one for claim in claims for one in claim.unchecked())]
        return found


def pair(sequence: Iterable[Shown | Tried]) -> Claims:
    """Give each claim the records of its checks.

    Parameters
    ----------
    sequence : iterable
        The `items` of one document.
    """
    made = Claims()
    labels: set[str] = set()
    named: list[tuple[int, dict[str, Any]]] = []
    for item in sequence:
        if isinstance(item, Shown):
            labels.add(item.label)
            if item.label.startswith("eq-"):
                made.by_label[item.label] = Claim(item.label, item.latex, item.line)
            elif not item.label.startswith("def-") and relates(item.latex):
                which = f"labelled {item.label}" if item.label else "without a label"
                text = _UNLABELLED.format(_BARE if item.bare else which)
                made.unlabelled.append(Finding(item.line, text))
            continue
        if not item.records:
            made.stray.append(Finding(item.line, "this cell is tagged check, but checks nothing"))
        named += [(item.line, record) for record in item.records]
    for line, record in named:
        label = record["of"]
        if label in made.by_label:
            made.by_label[label].records.append(record)
        elif label not in labels:
            text = f"a check of {label}, but there is no such equation in this document"
            made.stray.append(Finding(line, text))
    return made


_UNCHECKED = "{} has no check: a cell tagged check must name it"
_UNLABELLED = (
    "a displayed relation is labelled eq-… (a claim) or def-… (a definition); this one is {}"
)
_BARE = "an environment, which has no label: write it as $$ … $$ (eq-…), with aligned inside"
