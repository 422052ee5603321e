"""Doctrees read before they are needed, by a build that was set up ahead of time."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment


def read_doctrees(app: Sphinx) -> None:
    """Read every page's doctree; `get_doctree` then gives each away once.

    Sphinx reads all of them to number figures. Whoever gets a doctree may change it, so the
    next one who asks gets another, from the file. One that is read anew counts for nothing.

    Parameters
    ----------
    app : Sphinx
        The class of its environment is changed, since an environment itself is pickled.
    """
    ready = {docname: app.env.get_doctree(docname) for docname in sorted(app.env.found_docs)}
    get = BuildEnvironment.get_doctree

    def get_doctree(self: BuildEnvironment, docname: str) -> nodes.document:
        return ready.pop(docname, None) or get(self, docname)

    def forget(_app: Sphinx, env: BuildEnvironment, docname: str) -> None:
        ready.pop(docname, None)
        # Sphinx keeps what it read of a file, and here reads all files before any is written.
        env._pickled_doctree_cache.pop(docname, None)

    BuildEnvironment.get_doctree = get_doctree  # type: ignore[method-assign]
    app.connect("env-purge-doc", forget)
