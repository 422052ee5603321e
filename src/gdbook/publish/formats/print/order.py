"""The order of the printed book: what stands in front, the parts, what stands behind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from docutils import nodes
from sphinx import addnodes
from sphinx.environment import BuildEnvironment


@dataclass(frozen=True)
class Entry:
    """A document, and how many documents it lies below."""

    docname: str
    depth: int = 0


@dataclass
class Part:
    """Documents under one caption.

    Attributes
    ----------
    title : str
        The caption, "" without one.
    number : int or None
        Of those parts that have numbered chapters.
    entries : list of Entry
        Its documents in order.
    """

    title: str
    number: int | None = None
    entries: list[Entry] = field(default_factory=list)


@dataclass
class Order:
    """The parts in front, the numbered ones, and those behind."""

    front: list[Part] = field(default_factory=list)
    numbered: list[Part] = field(default_factory=list)
    back: list[Part] = field(default_factory=list)

    def parts(self) -> list[Part]:
        """Return all parts in order."""
        return [*self.front, *self.numbered, *self.back]

    def docnames(self) -> list[str]:
        """Return all documents in order."""
        return [entry.docname for part in self.parts() for entry in part.entries]

    def chapters(self) -> list[str]:
        """Return the documents of the numbered parts in order."""
        return [entry.docname for part in self.numbered for entry in part.entries]

    @property
    def with_parts(self) -> bool:
        """Whether numbered parts have pages of their own: if there are captions for them."""
        return any(part.title for part in self.numbered)


def order(env: BuildEnvironment, root: str, leave_out: list[str]) -> Order:
    """Return the order of a book's documents, as its contents have it.

    Parameters
    ----------
    env : BuildEnvironment
        After reading.
    root : str
        The document that holds the contents.
    leave_out : list of str
        Documents that are not printed; those below them are.
    """
    made = Order()
    seen = {root}
    if root not in leave_out and _has_words(env.get_doctree(root)):
        made.front.append(Part("", entries=[Entry(root)]))
    for title, docnames in _toctrees(env, root):
        part = Part(title)
        for docname in docnames:
            part.entries += _below(env, docname, 0, seen)
        numbered = any(env.toc_secnumbers.get(entry.docname) for entry in part.entries)
        part.entries = [entry for entry in part.entries if entry.docname not in leave_out]
        if not part.entries:
            continue
        if numbered:
            part.number = len(made.numbered) + 1
            # What stood between two numbered parts stays between them.
            made.numbered += [*made.back, part]
            made.back = []
        elif made.numbered:
            made.back.append(part)
        else:
            made.front.append(part)
    if not made.numbered:  # nothing is numbered: then all is the book's body
        made.numbered, made.front = made.front, []
    return made


def _has_words(doctree: nodes.document) -> bool:
    """Whether a document holds more than its title and the list of others."""
    return any(
        not isinstance(node, nodes.title)
        for node in doctree.findall(nodes.TextElement)
        if not isinstance(node, nodes.comment | nodes.target)
    )


def _toctrees(env: BuildEnvironment, docname: str) -> Iterator[tuple[str, list[str]]]:
    for tree in env.get_doctree(docname).findall(addnodes.toctree):
        yield str(tree.get("caption") or ""), [str(name) for name in tree["includefiles"]]


def _below(env: BuildEnvironment, docname: str, depth: int, seen: set[str]) -> list[Entry]:
    if docname in seen or docname not in env.found_docs:
        return []
    seen.add(docname)
    made = [Entry(docname, depth)]
    for below in env.toctree_includes.get(docname, ()):
        made += _below(env, below, depth + 1, seen)
    return made
