"""Within a line: words, emphasis, code, references, formulas, footnotes."""

from __future__ import annotations

import re

from docutils import nodes
from sphinx.util import logging

from gdbook.publish.formats.print.markup import call, quoted
from gdbook.publish.formats.print.mathematics import UnknownMathError, convert
from gdbook.publish.formats.print.translate.writing import Writing
from gdbook.publish.math.html_renderer import formula

log = logging.getLogger(__name__)

# "Fig. 1.2", as all that a reference says.
_UNBROKEN = re.compile(r'^(#"[A-Z][a-z]+\.?) ([\dA-Z][\d.]*";)$')
_LONG = 20
_BREAKS = re.compile(r"(?<=[._/(=,\[])(?=\w)")


class Inline(Writing):
    """Nodes within a line."""

    def visit_Text(self, node: nodes.Text) -> None:  # noqa: N802
        """Write words as a string: nothing in it is markup."""
        text = re.sub(r"[ \t\n\r]+", " ", node.astext())
        self.write(f"#{quoted(text)};" if text else "")

    def depart_Text(self, node: nodes.Text) -> None:  # noqa: N802
        """Nothing is open."""

    def _around(self, node: nodes.Element, function: str) -> None:
        self.write(f"{self.mark(node)}#{function}[{self.inside(node)}];")
        raise nodes.SkipNode

    def visit_emphasis(self, node: nodes.Element) -> None:
        """Write an emphasis."""
        self._around(node, "emph")

    visit_title_reference = visit_emphasis

    def visit_strong(self, node: nodes.Element) -> None:
        """Write a strong emphasis."""
        self._around(node, "strong")

    def visit_superscript(self, node: nodes.Element) -> None:
        """Write a superscript."""
        self._around(node, "super")

    def visit_subscript(self, node: nodes.Element) -> None:
        """Write a subscript."""
        self._around(node, "sub")

    def visit_inline(self, node: nodes.Element) -> None:
        """Write what it holds."""
        self.write(self.mark(node))

    depart_inline = Writing.pass_through
    visit_abbreviation, depart_abbreviation = visit_inline, Writing.pass_through
    visit_generated, depart_generated = visit_inline, Writing.pass_through
    visit_PassthroughTextElement = visit_inline  # noqa: N815
    depart_PassthroughTextElement = Writing.pass_through  # noqa: N815

    def visit_deeper_mark(self, node: nodes.Element) -> None:
        """Write the word beside the heading of a section that the core does not need."""
        self._around(node, "deeper-mark")

    def visit_literal(self, node: nodes.Element) -> None:
        """Write code; a long piece may be broken after its punctuation."""
        if node.get("classes") and "std-numref" in node["classes"]:
            self.write(self.inside(node))  # sphinx-exercise's way to say a reference's text
            raise nodes.SkipNode
        text = node.astext()
        if len(text) > _LONG:
            text = _BREAKS.sub("\u200b", text)
        self.write(f"#code({quoted(text)});")
        raise nodes.SkipNode

    def visit_download_reference(self, node: nodes.Element) -> None:
        """Write the text of a link to a file, which the site has."""

    depart_download_reference = Writing.pass_through

    def visit_reference(self, node: nodes.reference) -> None:
        """Write a link; where it leads is settled when the book is put together."""
        body = _UNBROKEN.sub("\\1\u00a0\\2", self.inside(node))
        place = self.place(node)
        uri = str(node.get("refuri", ""))
        if place is not None:
            self.sheet.references.append(place)
            self.write(f"{self.mark(node)}#go({quoted(place)})[{body}];")
        elif re.match(r"(https?|mailto):", uri):
            self.write(f"{self.mark(node)}#web({quoted(uri)})[{body}];")
        else:
            self.write(body)
        raise nodes.SkipNode

    visit_number_reference = visit_reference

    def visit_pending_xref(self, node: nodes.Element) -> None:
        """Write the text of a reference that Sphinx could not resolve, and has told of."""

    depart_pending_xref = Writing.pass_through

    def visit_target(self, node: nodes.Element) -> None:
        """Mark a place."""
        self.write(self.mark(node))

    depart_target = Writing.pass_through

    def visit_problematic(self, node: nodes.Element) -> None:
        """Write what docutils could not read, and has told of."""

    depart_problematic = Writing.pass_through

    # ---------------------------------------------------------------- formulas

    def visit_math(self, node: nodes.math) -> None:
        """Write a formula in its line."""
        asked = formula(node)
        self.write(f"{self.mark(node)}#tex({quoted(alternative(asked.tex))}, "
                   f"${self._converted(asked.tex, node)}$);")  # fmt: skip
        raise nodes.SkipNode

    def visit_math_block(self, node: nodes.math_block) -> None:
        """Write a displayed formula, with its number."""
        asked = formula(node)
        number = self.number("displaymath", node) or self._plain_number(node)
        made = call(
            "equation",
            quoted(alternative(asked.tex)),
            f"$ {self._converted(asked.tex, node)} $",
            number=quoted(number) if number else None,
            checked="true" if node.get("label") in self.checked else None,
            name=self.label(node),
        )
        self.write(f"\n{made}\n")
        raise nodes.SkipNode

    def _converted(self, tex: str, node: nodes.Element) -> str:
        try:
            return convert(tex, self.config.gdbook_macros)
        except UnknownMathError as error:
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

    def visit_footnote_reference(self, node: nodes.Element) -> None:
        """Write a footnote where it is first referred to; later references lead there."""
        identifier = node.get("refid", "")
        for note in self.document.findall(nodes.footnote):
            if identifier in note["ids"]:
                label = self.label(note)
                if label is None:
                    self.write(f"#footnote(label({quoted(self.name(note['ids'][0]))}));")
                else:
                    body = self.inside(note, without=(nodes.label,))
                    self.write(f"#[#footnote[{body}]#label({label})];")
                break
        raise nodes.SkipNode

    visit_footnote = Writing.skip


def alternative(tex: str) -> str:
    """Return a formula's LaTeX in one line: what is read aloud, and copied, for it."""
    return " ".join(tex.split())
