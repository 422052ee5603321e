"""What a page is made of: sections, paragraphs, lists, glossary, bibliography, index entries."""

from __future__ import annotations

from docutils import nodes

from gdbook.publish.formats.print.markup import call, content, quoted
from gdbook.publish.formats.print.translate.writing import Writing


class Blocks(Writing):
    """Blocks of text."""

    visit_document = depart_document = Writing.pass_through
    visit_comment = visit_substitution_definition = visit_meta = Writing.skip
    visit_toctree = visit_tabular_col_spec = visit_system_message = Writing.skip
    visit_highlightlang = visit_start_of_file = visit_docinfo = Writing.skip
    depart_compound = Writing.pass_through
    visit_compact_paragraph = depart_compact_paragraph = Writing.pass_through
    visit_only = depart_only = Writing.pass_through

    def visit_compound(self, node: nodes.Element) -> None:
        """Write what belongs together; of a list of documents, nothing: they follow."""
        if "toctree-wrapper" in node["classes"]:
            raise nodes.SkipNode

    def visit_raw(self, node: nodes.Element) -> None:
        """Write what is Typst already; HTML and the like are for others."""
        if "typst" in str(node.get("format", "")).split():
            self.write(f"\n{node.astext()}\n")
        raise nodes.SkipNode

    # ---------------------------------------------------------------- sections

    def visit_section(self, node: nodes.Element) -> None:
        """Write a section with its title."""
        if node.get("ids") and set(node["ids"]) <= {
            "proof-content", "exercise-content", "solution-content"
        }:  # fmt: skip
            self.write(self.inside(node) + "\n\n")
            raise nodes.SkipNode
        self.depth += 1
        number = self.section_number(node)
        title = next((c for c in node.children if isinstance(c, nodes.title)), None)
        chapter = self.depth == 1
        # The document's own name is the first section's, before all others.
        name = self.label(node, *([self.docname] if chapter else []))
        function = "chapter" if chapter else "section"
        level = "base" if chapter else f"base + {self.depth - 1}"
        text = self.inside(title) if title is not None else ""
        made = call(
            function, level, content(text), number=quoted(number) if number else None, name=name
        )
        self.write(f"\n{made}\n\n")
        body = [child for child in node.children if child is not title]
        self.write(self.of(body))
        self.write("\n\n")
        self.depth -= 1
        raise nodes.SkipNode

    def visit_title(self, node: nodes.Element) -> None:
        """Write a title that no other node has used."""
        self.write(f"\n#minor-title[{self.inside(node)}]\n\n")
        raise nodes.SkipNode

    visit_subtitle = visit_title

    def visit_rubric(self, node: nodes.Element) -> None:
        """Write a heading that is not in the contents."""
        self.write(f"\n{self.mark(node)}#minor-title[{self.inside(node)}]\n\n")
        raise nodes.SkipNode

    # ---------------------------------------------------------------- paragraphs

    def visit_paragraph(self, node: nodes.Element) -> None:
        """Write a paragraph."""
        self.write(self.mark(node) + self.inside(node) + "\n\n")
        raise nodes.SkipNode

    def visit_block_quote(self, node: nodes.Element) -> None:
        """Write a quotation."""
        self.write(f"\n{self.mark(node)}#quotation[{self.inside(node)}]\n\n")
        raise nodes.SkipNode

    def visit_attribution(self, node: nodes.Element) -> None:
        """Write whose words they are."""
        self.write(f"#align(right)[— {self.inside(node)}]\n")
        raise nodes.SkipNode

    def visit_transition(self, node: nodes.Element) -> None:
        """Write a pause; MyST's rule above footnotes is none."""
        if "footnotes" not in node["classes"]:
            self.write("\n#pause()\n\n")
        raise nodes.SkipNode

    def visit_line_block(self, node: nodes.Element) -> None:
        """Write lines as they are broken."""
        lines = [self.inside(c) for c in node.children if isinstance(c, nodes.Element)]
        self.write(" \\\n".join(lines) + "\n\n")
        raise nodes.SkipNode

    # ---------------------------------------------------------------- lists

    def _items(self, node: nodes.Element) -> list[str]:
        return [
            content(self.mark(item) + self.inside(item))
            for item in node.children
            if isinstance(item, nodes.list_item)
        ]

    def visit_bullet_list(self, node: nodes.Element) -> None:
        """Write a list."""
        self.write(f"\n{self.mark(node)}{call('list', *self._items(node))}\n\n")
        raise nodes.SkipNode

    def visit_enumerated_list(self, node: nodes.Element) -> None:
        """Write a numbered list."""
        kinds = {"arabic": "1", "loweralpha": "a", "upperalpha": "A", "lowerroman": "i",
                 "upperroman": "I"}  # fmt: skip
        pattern = kinds.get(node.get("enumtype", "arabic"), "1") + node.get("suffix", ".")
        made = call(
            "enum", *self._items(node), start=str(node.get("start", 1)), numbering=quoted(pattern)
        )
        self.write(f"\n{self.mark(node)}{made}\n\n")
        raise nodes.SkipNode

    def visit_definition_list(self, node: nodes.Element) -> None:
        """Write terms with their meanings."""
        glossary = isinstance(node.parent, nodes.Element) and node.parent.tagname == "glossary"
        for item in node.children:
            if not isinstance(item, nodes.definition_list_item):
                continue
            terms = [c for c in item.children if isinstance(c, nodes.term)]
            meanings = [c for c in item.children if isinstance(c, nodes.definition)]
            heads = "#linebreak()".join(self.mark(t) + self.inside(t) for t in terms)
            body = "\n\n".join(self.inside(m) for m in meanings)
            self.write(call("entry", content(heads), content(body),
                            tight="true" if glossary else None) + "\n")  # fmt: skip
        self.write("\n")
        raise nodes.SkipNode

    visit_glossary = depart_glossary = Writing.pass_through

    def visit_field_list(self, node: nodes.Element) -> None:
        """Write fields as terms."""
        for item in node.children:
            if isinstance(item, nodes.field):
                name, body = item.children[0], item.children[1]
                assert isinstance(name, nodes.Element)
                assert isinstance(body, nodes.Element)
                self.write(
                    call("entry", content(self.inside(name)), content(self.inside(body))) + "\n"
                )
        self.write("\n")
        raise nodes.SkipNode

    # ---------------------------------------------------------------- the book's apparatus

    def visit_citation(self, node: nodes.Element) -> None:
        """Write an entry of the bibliography, and keep it for handouts."""
        label = self.label(node)
        body = self.of([child for child in node.children if not isinstance(child, nodes.label)])
        made = call("citation", content(body), name=label)
        if label is not None:
            for identifier in node["ids"]:
                self.sheet.citations[self.name(identifier)] = made
        self.write(f"\n{made}\n")
        raise nodes.SkipNode

    def visit_index(self, node: nodes.Element) -> None:
        """Write nothing: index entries lead to the target beside them."""
        raise nodes.SkipNode

    def visit_label(self, node: nodes.Element) -> None:
        """Write nothing: labels of notes are set by those."""
        raise nodes.SkipNode
