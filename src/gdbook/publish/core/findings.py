"""What the editor finds in a document, told at every build until it is mended.

A warning logged while Sphinx reads a document is gone with the next incremental build, which
doesn't read that document again. So findings are kept in the environment, per document and
per part of the editor, and all of them are told each time the environment is up to date.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.typing import ExtensionMetadata

log = logging.getLogger(__name__)


class Finding(NamedTuple):
    """One thing to mend: its line in the document, and one sentence."""

    line: int
    text: str


Store = dict[str, dict[str, list[Finding]]]


def keep(env: BuildEnvironment, part: str, found: Iterable[Finding]) -> None:
    """Keep what one part of the editor found in the document that is being read.

    Parameters
    ----------
    env : BuildEnvironment
    part : str
        The part's name, which becomes the warning's subtype; what it found before is
        replaced.
    found : iterable of Finding
    """
    kept = sorted(set(found))
    of_document = store(env).setdefault(env.docname, {})
    of_document.pop(part, None)
    if kept:
        of_document[part] = kept


def store(env: BuildEnvironment) -> Store:
    """Return all findings, by document and part."""
    if not hasattr(env, "gdbook_findings"):
        env.gdbook_findings = {}  # type: ignore[attr-defined]
    kept: Store = env.gdbook_findings  # type: ignore[attr-defined]
    return kept


def line_of(node: nodes.Node) -> int:
    """Return the line of a node, or of the nearest one around it that has a line."""
    at: nodes.Node | None = node
    while at is not None and not getattr(at, "line", None):
        at = at.parent
    return (at.line or 1) if at is not None else 1


def purge(_app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """Forget a document that is read anew, or was removed."""
    store(env).pop(docname, None)


def merge(
    _app: Sphinx, env: BuildEnvironment, docnames: list[str], other: BuildEnvironment
) -> None:
    """Take over what a parallel reader found."""
    store(env).update({d: f for d, f in store(other).items() if d in docnames})


def tell(_app: Sphinx, env: BuildEnvironment) -> None:
    """Tell everything that is not mended yet."""
    for docname, parts in sorted(store(env).items()):
        for part, found in sorted(parts.items()):
            for at, text in found:
                log.warning("%s", text, location=(docname, at), type="gdbook", subtype=part)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Connect what keeps findings true as documents come and go."""
    app.connect("env-purge-doc", purge)
    app.connect("env-merge-info", merge)
    app.connect("env-updated", tell)
    return {"parallel_read_safe": True, "parallel_write_safe": True, "env_version": 1}
