"""Within a line: words, emphasis, code, references, formulas, footnotes."""

from __future__ import annotations

import re

from docutils import nodes
from sphinx.util import logging

from gdbook.latex import Unreadable
from gdbook.publish.formats.print.markup import block, quoted
from gdbook.publish.formats.print.mathematics import convert
from gdbook.publish.formats.print.translate.writing import Writing
from gdbook.publish.math.html_renderer import formula, typesetter

log = logging.getLogger(__name__)

# "Fig. 1.2", as all that a reference says.
_UNBROKEN = re.compile(r'^(#"[A-Z][a-z]+\.?) ([\dA-Z][\d.]*";)$')
_LONG = 12  # a column of a table may be that narrow
_BREAKS = re.compile(r"(?<=[._/(=,\[])(?=\w)")


class Inline(Writing):
    """Nodes within a line."""

    def write_Text(self, node: nodes.Text) -> str:  # noqa: N802
        """Write words as a string: nothing in it is markup."""
        text = re.sub(r"[ \t\n\r]+", " ", node.astext())
        return f"#{quoted(text)};" if text else ""

    def write_literal(self, node: nodes.Element) -> str:
        """Write code; a long piece may be broken after its punctuation."""
        if node.get("classes") and "std-numref" in node["classes"]:
            return self.inside(node)  # sphinx-exercise's way to say a reference's text
        text = node.astext()
        if len(text) > _LONG:
            text = _BREAKS.sub("\u200b", text)
        return f"#code({quoted(text)});"

    def write_reference(self, node: nodes.reference) -> str:
        """Write a link; where it leads is settled when the book is put together."""
        body = _UNBROKEN.sub("\\1\u00a0\\2", self.inside(node))
        uri = str(node.get("refuri", ""))
        if (place := self.place(node)) is not None:
            self.sheet.references.append(place)
            return f"{self.mark(node)}#go({quoted(place)})[{body}];"
        if re.match(r"(https?|mailto):", uri):
            return f"{self.mark(node)}#web({quoted(uri)})[{body}];"
        return body

    # ---------------------------------------------------------------- formulas

    def write_math(self, node: nodes.math) -> str:
        """Write a formula in its line."""
        tex = formula(node).tex
        made = self._converted(tex, node)
        return f"{self.mark(node)}#tex({quoted(alternative(tex))}, ${made}$);"

    def write_math_block(self, node: nodes.math_block) -> str:
        """Write a displayed formula, with its number."""
        tex = formula(node).tex
        number = self.number("displaymath", node) or self._plain_number(node)
        return block(
            "equation",
            quoted(alternative(tex)),
            f"$ {self._converted(tex, node)} $",
            number=quoted(number) if number else None,
            checked="true" if node.get("label") in self.checked else None,
            name=self.label(node),
        )

    def _converted(self, tex: str, node: nodes.Element) -> str:
        try:
            return convert(tex, typesetter(self.builder.app))
        except Unreadable as error:
            # Told while reading (`unprintable`), unless the formula was made after that.
            if not node.get("unprintable"):
                log.warning(
                    "print: %s, in: %s", error, " ".join(tex.split()), location=node,
                    type="gdbook", subtype="print",
                )  # fmt: skip
            return quoted(tex)

    def _plain_number(self, node: nodes.math_block) -> str | None:
        """Return an equation's number where equations are counted through the document."""
        number = node.get("number")
        if number is None or (self.config.math_numfig and self.config.numfig):
            return None
        return str(number)

    # ---------------------------------------------------------------- footnotes

    def write_footnote_reference(self, node: nodes.Element) -> str:
        """Write a footnote where it is first referred to; later references lead there."""
        notes = self.document.findall(nodes.footnote)
        note = next((note for note in notes if node.get("refid", "") in note["ids"]), None)
        if note is None:
            return ""
        label = self.label(note)
        if label is None:
            return f"#footnote(label({quoted(self.name(note['ids'][0]))}));"
        return f"#[#footnote[{self.inside(note)}]#label({label})];"


def alternative(tex: str) -> str:
    """Return a formula's LaTeX in one line: what is read aloud, and copied, for it."""
    return " ".join(tex.split())
