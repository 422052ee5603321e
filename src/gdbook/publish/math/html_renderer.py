r"""Mathematics is set at build time: LaTeX in the chapters, native MathML in the pages.

Select it with ``html_math_renderer = "temml"``. It serves every HTML builder.
Sphinx keeps the equation numbers and references; Temml only sets formulas, so
``\label`` and ``\tag``-less ``align`` lose their own numbers here.
"""

from __future__ import annotations

import re
from typing import Any, cast

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.locale import _
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number
from sphinx.writers.html5 import HTML5Translator

from gdbook.latex import Cursor, Token, Unreadable, breaks_lines, tokenise, written
from gdbook.publish.core import findings
from gdbook.publish.core.ancestors import line_of
from gdbook.publish.core.cache import memo
from gdbook.publish.core.findings import Finding
from gdbook.publish.math.mathml import closed
from gdbook.publish.math.temml import Formula, Typesetter, TypesettingError, made_by

log = logging.getLogger(__name__)

# ---------------------------------------------------------------- LaTeX, as Temml wants it

#: Environments that would number their rows, and their like without numbers.
_NUMBERED = {
    "equation": "", "align": "align*", "gather": "gather*", "alignat": "alignat*",
    "multline": "gather*", "flalign": "align*", "eqnarray": "align*",
}  # fmt: skip


def unnumbered(tex: str) -> str:
    """Return ``tex`` without numbers and labels of its own: those are Sphinx's."""
    kept: list[Token] = []
    at = Cursor(tokenise(tex))
    while at.at < len(at.tokens):
        start = at.at
        name = at.tokens[start].text if at.tokens[start].kind == "command" else ""
        at.at += 1
        if name in ("label", "begin", "end"):
            try:
                environment = at.plain().removesuffix("*")
            except Unreadable:  # which Temml tells
                return tex
            if name == "label":
                continue
            if environment in _NUMBERED:
                if plain := _NUMBERED[environment]:
                    kept += tokenise(rf"\{name}{{{plain}}}")
                continue
        if name not in ("nonumber", "notag"):
            kept += at.tokens[start : at.at]
    return written(kept).strip()


def displayed(tex: str, *, nowrap: bool = False) -> str:
    r"""Return the LaTeX of one displayed block.

    Parameters
    ----------
    tex : str
        The text of a ``math_block`` node. As in Sphinx, an empty line separates
        formulas and ``\\`` breaks lines, without an environment around them.
    nowrap : bool
        Whether ``tex`` brings its own environment.
    """
    tex = unnumbered(tex)
    if nowrap:
        return tex
    parts = [part.strip() for part in re.split(r"\n\s*\n", tex) if part.strip()]
    tokens = tokenise(tex)
    if len(parts) == 1 and not breaks_lines(tokens):
        return tex
    around = "aligned" if Token("char", "&") in tokens else "gathered"
    return rf"\begin{{{around}}}" + r" \\ ".join(parts) + rf"\end{{{around}}}"


def formula(node: nodes.math | nodes.math_block) -> Formula:
    """Return what Temml is asked to set for a math node."""
    if isinstance(node, nodes.math_block):
        return Formula(displayed(node.astext(), nowrap=bool(node.get("nowrap"))), True)
    return Formula(unnumbered(node.astext()), False)


# ---------------------------------------------------------------- reading

_TAG = r"instead of \tag, give the formula a label, which numbers it: $$ … $$ (eq-name)"


def typesetter(app: Sphinx) -> Typesetter:
    """Return the build's typesetter."""
    if not hasattr(app, "gdbook_typesetter"):
        macros = app.config.gdbook_macros
        kept = memo(app, "formulas", lambda: made_by(macros))
        app.gdbook_typesetter = Typesetter(macros, kept)  # type: ignore[attr-defined]
    return cast("Typesetter", app.gdbook_typesetter)  # type: ignore[attr-defined]


def find(app: Sphinx, doctree: nodes.document) -> None:
    """Set every formula of a document as it is read, and find those that cannot be set."""
    found = []
    for node in doctree.findall(lambda n: isinstance(n, nodes.math | nodes.math_block)):
        assert isinstance(node, nodes.math | nodes.math_block)
        asked = formula(node)
        try:
            typesetter(app).mathml(asked.tex, display=asked.display)
        except TypesettingError as error:
            found.append(Finding(line_of(node), _sentence(asked, error)))
    findings.record(app.env, "math", found)


def _sentence(asked: Formula, error: TypesettingError) -> str:
    tagged = Token("command", "tag") in tokenise(asked.tex)
    return f"mathematics: {_TAG if tagged else error}, in: {' '.join(asked.tex.split())}"


# ---------------------------------------------------------------- writing

_CLOSING = re.compile(r"[.,;:!?)\]’”]+")


class KeepPunctuation(SphinxPostTransform):
    """Bind a full stop or comma to the formula before it.

    A browser may break a line on both sides of a formula, and begin the next with the stop.
    """

    default_priority = 700
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Wrap each formula and the punctuation that follows it in one inline node."""
        for node in list(self.document.findall(nodes.math)):
            parent = node.parent
            place = parent.index(node)
            after = parent[place + 1] if place + 1 < len(parent) else None
            if not isinstance(after, nodes.Text):
                continue
            closing = _CLOSING.match(after)
            if closing is None:
                continue
            bound = nodes.inline("", "", node.deepcopy(), classes=["formula-end"])
            bound += nodes.Text(closing.group())
            parent.replace(after, nodes.Text(after[closing.end() :]))
            parent.replace(node, bound)


def _set(translator: HTML5Translator, node: nodes.math | nodes.math_block) -> str:
    app = translator.builder.app
    asked = formula(node)
    try:
        return typesetter(app).mathml(asked.tex, display=asked.display)
    except TypesettingError as error:
        text = _sentence(asked, error)
        if not findings.holds(app.env, "math", text):  # made after reading, e.g. glued
            log.warning("%s", text, location=node, type="gdbook", subtype="math")
        return f'<code class="math-error">{translator.encode(node.astext())}</code>'


def _visit_inline(translator: HTML5Translator, node: nodes.math) -> None:
    translator.body.append(
        translator.starttag(node, "span", "", CLASS="math notranslate nohighlight")
    )
    made = _set(translator, node)
    if "formula-end" in node.parent.get("classes", ()) and made.startswith("<math"):
        whole = closed(made, node.parent[-1].astext())
        if whole is not None:
            translator.body.append(whole + "</span>")
            raise nodes.SkipSiblings  # the stop is said
    translator.body.append(made + "</span>")
    raise nodes.SkipNode


def _visit_block(translator: HTML5Translator, node: nodes.math_block) -> None:
    body = translator.body
    body.append(translator.starttag(node, "div", CLASS="math notranslate nohighlight"))
    body.append(f'<div class="math-scroll">{_set(translator, node)}</div>')
    if node.get("number"):
        body.append(f'<span class="eqno">({get_node_equation_number(translator, node)})')
        translator.add_permalink_ref(node, _("Link to this equation"))
        body.append("</span>")
    body.append("</div>\n")
    raise nodes.SkipNode


def close(app: Sphinx, _error: Exception | None) -> None:
    """End the Node process."""
    typesetter(app).close()


def setup(app: Sphinx) -> None:
    """Register the renderer ``temml``."""
    app.add_html_math_renderer("temml", (_visit_inline, None), (_visit_block, None))
    app.add_post_transform(KeepPunctuation)
