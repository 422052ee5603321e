"""What print cannot set, found while the chapters are read, and told until it is mended."""

from __future__ import annotations

from functools import partial

from docutils import nodes
from sphinx.application import Sphinx

from gdbook.latex import Unreadable
from gdbook.publish.core import findings
from gdbook.publish.core.ancestors import line_of
from gdbook.publish.core.cache import memo
from gdbook.publish.core.findings import Finding
from gdbook.publish.formats.print.builder import printed
from gdbook.publish.formats.print.mathematics import convert, made_by
from gdbook.publish.math.html_renderer import formula, typesetter
from gdbook.publish.math.temml import Typesetter

_FOOTNOTE = "print: a footnote in a heading, which the contents repeat; refer to it in the text"


def find(app: Sphinx, doctree: nodes.document) -> None:
    """Tell early, and with their lines, which formulas and headings print cannot set."""
    if not printed(app):
        return
    kept = memo(app, "typst", lambda: made_by(app.config.gdbook_macros))
    found = []
    for node in doctree.findall(lambda n: isinstance(n, nodes.math | nodes.math_block)):
        assert isinstance(node, nodes.math | nodes.math_block)
        tex = formula(node).tex
        error = kept.answer(tex, partial(_unknown, tex, typesetter(app)))
        if error is not None:
            node["unprintable"] = True
            found.append(Finding(line_of(node), f"print: {error}, in: {' '.join(tex.split())}"))
    found += [
        Finding(line_of(node), _FOOTNOTE)
        for node in doctree.findall(nodes.footnote_reference)
        if isinstance(node.parent, nodes.title) and isinstance(node.parent.parent, nodes.section)
    ]
    findings.record(app.env, "print", found)


def _unknown(tex: str, typesetter: Typesetter) -> str | None:
    """Return what of a formula print does not know."""
    try:
        convert(tex, typesetter)
    except Unreadable as error:
        return str(error)
    return None
