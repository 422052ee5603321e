"""Links to pages, and the numbers of their sections, as Sphinx resolves and counts them."""

from __future__ import annotations

from collections.abc import Iterable

from docutils import nodes
from sphinx import addnodes
from sphinx.environment import BuildEnvironment


def page_link(env: BuildEnvironment, docname: str, text: str, *classes: str) -> nodes.Element:
    """Return a reference to a page, to be resolved, with a text of its own."""
    return addnodes.pending_xref(
        "", nodes.inline("", text, classes=list(classes)), refdomain="std", reftype="doc",
        reftarget=f"/{docname}", refdoc=env.docname, refexplicit=True, refwarn=True,
    )  # fmt: skip


def number_of(env: BuildEnvironment, docname: str, anchor: str = "") -> str:
    """Return the number of a page, or of its section with an anchor as ``#id``; "" without one."""
    return ".".join(map(str, env.toc_secnumbers.get(docname, {}).get(anchor) or ()))


def numbered(env: BuildEnvironment, docnames: Iterable[str]) -> dict[str, str]:
    """Return the numbers of those pages that have one, in the order of the book."""
    found = ((env.toc_secnumbers.get(docname, {}).get(""), docname) for docname in docnames)
    chapters = sorted((number, docname) for number, docname in found if number)
    return {docname: number_of(env, docname) for _, docname in chapters}
