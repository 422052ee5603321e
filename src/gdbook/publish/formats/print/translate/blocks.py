"""What a page is made of: sections, paragraphs, lists, glossary, bibliography."""

from __future__ import annotations

from docutils import nodes

from gdbook.publish.formats.print.markup import block, call, content, quoted
from gdbook.publish.formats.print.translate.writing import Writing, titled

_BOXES = {"proof-content", "exercise-content", "solution-content"}
_NUMBERING = {
    "arabic": "1", "loweralpha": "a", "upperalpha": "A", "lowerroman": "i", "upperroman": "I",
}  # fmt: skip


class Blocks(Writing):
    """Blocks of text."""

    def write_compound(self, node: nodes.Element) -> str:
        """Write what belongs together; of a list of documents, nothing: they follow."""
        return "" if "toctree-wrapper" in node["classes"] else self.all_of(node.children)

    def write_raw(self, node: nodes.Element) -> str:
        """Write what is Typst already; HTML and the like are for others."""
        ours = "typst" in str(node.get("format", "")).split()
        return f"\n{node.astext()}\n" if ours else ""

    # ---------------------------------------------------------------- sections

    def write_section(self, node: nodes.Element) -> str:
        """Write a section with its title."""
        if node.get("ids") and set(node["ids"]) <= _BOXES:
            return self.inside(node) + "\n\n"
        self.depth += 1
        number = self.section_number(node)
        title, body = titled(node)
        chapter = self.depth == 1
        # The document's own name is the first section's, before all others.
        name = self.label(node, *([self.docname] if chapter else []))
        function = "chapter" if chapter else "section"
        level = "base" if chapter else f"base + {self.depth - 1}"
        text, marks = self.heading(title)
        made = block(
            function, level, content(text), number=quoted(number) if number else None, name=name
        )
        made += f"{marks}\n{self.of(body)}\n\n"
        self.depth -= 1
        return made

    def write_title(self, node: nodes.Element) -> str:
        """Write a heading that is not in the contents."""
        return f"\n{self.mark(node)}#minor-title[{self.inside(node)}]\n\n"

    write_subtitle = write_rubric = write_title

    # ---------------------------------------------------------------- paragraphs

    def write_paragraph(self, node: nodes.Element) -> str:
        """Write a paragraph."""
        return self.mark(node) + self.inside(node) + "\n\n"

    def write_block_quote(self, node: nodes.Element) -> str:
        """Write a quotation."""
        return f"\n{self.mark(node)}#quotation[{self.inside(node)}]\n\n"

    def write_attribution(self, node: nodes.Element) -> str:
        """Write whose words they are."""
        return f"#align(right)[— {self.inside(node)}]\n"

    def write_transition(self, node: nodes.Element) -> str:
        """Write a pause; MyST's rule above footnotes is none."""
        return "" if "footnotes" in node["classes"] else "\n#pause()\n\n"

    def write_line_block(self, node: nodes.Element) -> str:
        """Write lines as they are broken."""
        return " \\\n".join(self.inside(line) for line in node.children) + "\n\n"

    # ---------------------------------------------------------------- lists

    def _list(self, node: nodes.Element, function: str, **options: str) -> str:
        items = [
            content(self.mark(item) + self.inside(item))
            for item in node.children
            if isinstance(item, nodes.list_item)
        ]
        return f"\n{self.mark(node)}{call(function, *items, **options)}\n\n"

    def write_bullet_list(self, node: nodes.Element) -> str:
        """Write a list."""
        return self._list(node, "list")

    def write_enumerated_list(self, node: nodes.Element) -> str:
        """Write a numbered list."""
        kind = _NUMBERING.get(node.get("enumtype", "arabic"), "1") + node.get("suffix", ".")
        return self._list(node, "enum", start=str(node.get("start", 1)), numbering=quoted(kind))

    def write_definition_list(self, node: nodes.Element) -> str:
        """Write terms with their meanings."""
        tight = "true" if node.parent.tagname == "glossary" else None
        made = ""
        for item in node.children:
            terms = [c for c in item.children if isinstance(c, nodes.term)]
            meanings = [c for c in item.children if isinstance(c, nodes.definition)]
            heads = "#linebreak()".join(self.mark(t) + self.inside(t) for t in terms)
            body = "\n\n".join(self.inside(m) for m in meanings)
            made += call("entry", content(heads), content(body), tight=tight) + "\n"
        return made + "\n"

    def write_field_list(self, node: nodes.Element) -> str:
        """Write fields as terms."""
        made = ""
        for field in node.children:
            name, body = (content(self.inside(part)) for part in field.children[:2])
            made += call("entry", name, body) + "\n"
        return made + "\n"

    def write_citation(self, node: nodes.Element) -> str:
        """Write an entry of the bibliography, and keep it for handouts."""
        label = self.label(node)
        made = call("citation", content(self.inside(node)), name=label)
        if label is not None:
            for identifier in node["ids"]:
                self.sheet.citations[self.name(identifier)] = made
        return f"\n{made}\n"
