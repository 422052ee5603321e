"""Numbers of figures, tables, theorems and problems, given without reading a doctree.

At each build Sphinx counts everything that has a number, through the whole book: it reads every
page's doctree from disk and asks each of its nodes. Here each page's outline is kept in the
environment when the page is read: what has a number, and in which sections it stands. With 13
chapters that is 5 s of every build in which one sentence was edited.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.environment.collectors.toctree import TocTreeCollector

from gdbook.publish.core import upstream
from gdbook.publish.core.page_data import PageData

ASSIGN = "sphinx.environment.collectors.toctree:TocTreeCollector.assign_figure_numbers"

SECTION, ENTRY = "section", "entry of a table of contents"

Number = tuple[int, ...]


class Numbered(NamedTuple):
    """One thing that has a number, or an entry of a table of contents, whose page counts there.

    Attributes
    ----------
    sections : tuple of str
        The sections in which it stands, the outermost first.
    kind : str
        What is counted: figures, tables, theorems, …; or `SECTION`, or `ENTRY`.
    ids : tuple of str
        Its ids; of an entry, the page.
    """

    sections: tuple[str, ...]
    kind: str
    ids: tuple[str, ...]


OUTLINES = PageData[list[Numbered]]("outlines")
"""By page, its sections and all that has a number there, in order."""


def find(app: Sphinx, doctree: nodes.document) -> None:
    """Keep the outline of the page that is being read."""
    OUTLINES.of(app.env)[app.env.docname] = list(_outline(app.env, doctree, ()))


def _outline(
    env: BuildEnvironment, parent: nodes.Element, sections: tuple[str, ...]
) -> Iterator[Numbered]:
    for node in parent.children:
        if isinstance(node, nodes.section):
            yield Numbered(sections, SECTION, tuple(node["ids"]))
            yield from _outline(env, node, (*sections, node["ids"][0]))
        elif isinstance(node, addnodes.toctree):
            yield from (Numbered(sections, ENTRY, (page,)) for _, page in node["entries"])
        elif isinstance(node, nodes.Element):
            kind = _kind(env, node)
            if kind and node["ids"]:
                yield Numbered(sections, kind, tuple(node["ids"]))
            yield from _outline(env, node, sections)


def _kind(env: BuildEnvironment, node: nodes.Element) -> str | None:
    """Return as what a node is counted; Sphinx's own domain counts only what has a caption."""
    standard = env.get_domain("std")
    for domain in env.domains.values():
        kind = domain.get_enumerable_node_type(node)
        if kind and (domain is not standard or standard.get_numfig_title(node)):  # type: ignore[attr-defined]
            return kind
    return None


def assign(collector: TocTreeCollector, env: BuildEnvironment) -> list[str]:
    """Count what has a number, and return the pages on which a number has changed."""
    if env.all_docs.keys() - OUTLINES.of(env).keys():  # a book without this part, after another
        changed: list[str] = upstream.original(ASSIGN)(collector, env)
        return changed
    before = env.toc_fignumbers
    env.toc_fignumbers = {}
    if env.config.numfig:
        _number(env, env.config.root_doc, (), Counter(), set())
    return [page for page, numbers in env.toc_fignumbers.items() if numbers != before.get(page)]


def _number(
    env: BuildEnvironment,
    page: str,
    outside: Number,
    counted: Counter[tuple[str, Number]],
    seen: set[str],
) -> None:
    """Count what is on a page, and on those that its tables of contents name.

    Parameters
    ----------
    env : BuildEnvironment
    page : str
    outside : tuple of int
        The section that names the page: its number is the one of sections that have none.
    counted : Counter
        How many there were so far, by kind and section. Changed here.
    seen : set of str
        The pages that were counted. Changed here.
    """
    if page in seen:
        return
    seen.add(page)
    outlines = OUTLINES.of(env)
    for thing in outlines[page]:
        name = thing.ids[0]
        section = next(filter(None, _sections(env, page, thing)), outside)
        if thing.kind == ENTRY:
            if name in outlines:  # not an address, the page itself, nor one without source
                _number(env, name, section, counted, seen)
        elif thing.kind != SECTION:
            section = section[: env.config.numfig_secnum_depth]
            counted[thing.kind, section] += 1
            numbers = env.toc_fignumbers.setdefault(page, {}).setdefault(thing.kind, {})
            numbers[name] = (*section, counted[thing.kind, section])


def _sections(env: BuildEnvironment, page: str, thing: Numbered) -> Iterator[Number]:
    """Return the numbers of the sections in which something stands, the innermost first."""
    numbers = env.toc_secnumbers.get(page, {})
    for name in reversed(thing.sections):
        yield numbers.get(f"#{name}", numbers.get("", ()))


def setup(app: Sphinx) -> None:
    """Let Sphinx take the numbers from the outlines."""
    upstream.replace(ASSIGN, assign)
