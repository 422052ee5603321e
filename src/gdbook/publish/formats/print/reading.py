"""What print cannot set, found while the chapters are read, and told until it is mended."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx

from gdbook.publish.core import findings
from gdbook.publish.core.cache import fingerprints, memo
from gdbook.publish.core.findings import Finding, line_of
from gdbook.publish.formats.print.builder import printed
from gdbook.publish.formats.print.mathematics import UnknownMathError, convert
from gdbook.publish.math.html_renderer import formula


def find(app: Sphinx, doctree: nodes.document) -> None:
    """Convert every formula of a document, to tell early, with its line, which is not known."""
    if not printed(app):
        return
    macros = app.config.gdbook_macros
    kept = memo(app, "typst", made_by)
    found = []
    for node in doctree.findall(lambda n: isinstance(n, nodes.math | nodes.math_block)):
        assert isinstance(node, nodes.math | nodes.math_block)
        tex = formula(node).tex
        error = kept.answer([tex, macros], partial(_unknown, tex, macros))
        if error is not None:
            node["unprintable"] = True
            found.append(Finding(line_of(node), f"print: {error}, in: {' '.join(tex.split())}"))
    findings.keep(app.env, "print", found)


def _unknown(tex: str, macros: Mapping[str, str]) -> str | None:
    """Return what of a formula print does not know."""
    try:
        convert(tex, macros)
    except UnknownMathError as error:
        return str(error)
    return None


def made_by() -> str:
    """Return the fingerprint of what decides whether a formula can be printed."""
    return fingerprints(sorted((Path(__file__).parent / "mathematics").glob("*.py")))
