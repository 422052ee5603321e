"""What pages show of one another: titles, numbers, and where labels lead.

Sphinx writes the pages that it has read. The contents at their side, the links to the
next page and every reference to a title or a number are written with them, and grow
stale when another page changes. So whenever any of it changes, all pages are written.
"""

from __future__ import annotations

import json

from docutils import nodes
from sphinx.environment import BuildEnvironment

from gdbook.publish.core.files import fingerprint


def relations(env: BuildEnvironment) -> str:
    """Return the fingerprint of all that pages may show of others.

    Parameters
    ----------
    env : BuildEnvironment
        After reading.
    """
    objects = {
        name: sorted(map(list, domain.get_objects())) for name, domain in env.domains.items()
    }
    parts = [
        {name: title.astext() for name, title in env.titles.items()},
        {name: _entries(toc) for name, toc in env.tocs.items()},
        env.toctree_includes,
        env.toc_secnumbers,
        env.toc_fignumbers,
        objects,
        # The equations' numbers are no objects of their domain.
        env.domaindata.get("math", {}).get("objects", {}),
    ]
    return fingerprint(json.dumps(parts, sort_keys=True, default=str).encode())


def _entries(toc: nodes.Node) -> list[list[str]]:
    return [
        [reference.get("refuri", ""), reference.get("anchorname", ""), reference.astext()]
        for reference in toc.findall(nodes.reference)
    ]
