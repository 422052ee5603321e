"""Numbered references, resolved without reading a whole chapter from disk for each.

For every ``{numref}`` Sphinx unpickles the doctree of the document it leads to, only to
look at one node. In a chapter with fifty of them that takes longer than all the rest of
writing its page, deck and print. Here each doctree is kept while it is the one on disk.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.domains.std import StandardDomain
from sphinx.environment import BuildEnvironment
from sphinx.util.typing import ExtensionMetadata

_kept: dict[Path, tuple[int, nodes.document]] = {}
_sphinx_resolve: Any = StandardDomain._resolve_numref_xref


def doctree(env: BuildEnvironment, docname: str) -> nodes.document:
    """Return a document's doctree, which must not be changed.

    Parameters
    ----------
    env : BuildEnvironment
    docname : str
    """
    path = Path(env.doctreedir, f"{docname}.doctree")
    age = path.stat().st_mtime_ns
    if _kept.get(path, (None,))[0] != age:
        _kept[path] = (age, BuildEnvironment.get_doctree(env, docname))
    return _kept[path][1]


def _resolve(domain: StandardDomain, env: BuildEnvironment, *rest: Any) -> Any:
    # For this call only: whoever resolves a document changes the doctree that it gets.
    env.get_doctree = partial(doctree, env)  # type: ignore[method-assign]
    try:
        return _sphinx_resolve(domain, env, *rest)
    finally:
        del env.get_doctree


def _forget(app: Sphinx, exception: Exception | None) -> None:
    _kept.clear()


def setup(app: Sphinx) -> ExtensionMetadata:
    """Let Sphinx look up numbers in doctrees that are kept."""
    StandardDomain._resolve_numref_xref = _resolve  # type: ignore[assignment,method-assign]
    app.connect("build-finished", _forget, priority=990)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
