"""What is wrong in a document: reported at every build until it is mended.

A warning logged while Sphinx reads a document is gone with the next incremental build, which
doesn't read that document again. So findings are kept in the environment, per document and
per part of the build, and warned of each time the environment is up to date.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import NamedTuple

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.logging import getLogger

from gdbook.publish.core.page_data import PageData

log = getLogger(__name__)


class Finding(NamedTuple):
    """One thing to mend: its line in the document, and one sentence."""

    line: int
    text: str
    level: int = logging.WARNING


#: By document: the findings of each part of the build that has some.
FINDINGS = PageData[dict[str, list[Finding]]]("findings")


def record(env: BuildEnvironment, part: str, found: Iterable[Finding]) -> None:
    """Record what one part of the build found in the document that is being read.

    Parameters
    ----------
    env : BuildEnvironment
    part : str
        The part's name, which becomes the warning's subtype.
    found : iterable of Finding
        They replace what the part found before.
    """
    kept = sorted(set(found))
    of_document = FINDINGS.of(env).setdefault(env.docname, {})
    of_document.pop(part, None)
    if kept:
        of_document[part] = kept


def holds(env: BuildEnvironment, part: str, text: str) -> bool:
    """Return whether a part has found this in some document, so that it is warned of anyway."""
    everywhere = (parts.get(part, ()) for parts in FINDINGS.of(env).values())
    return any(one.text == text for found in everywhere for one in found)


def warn(_app: Sphinx, env: BuildEnvironment) -> None:
    """Warn of everything that is not mended yet."""
    for docname, parts in sorted(FINDINGS.of(env).items()):
        for part, found in sorted(parts.items()):
            for line, text, level in found:
                place = (docname, line)
                log.log(level, "%s", text, location=place, type="gdbook", subtype=part)
