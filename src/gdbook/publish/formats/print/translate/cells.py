"""Code cells and their outputs, and code that is only shown."""

from __future__ import annotations

import re

from docutils import nodes

from gdbook.publish.core.ancestors import around
from gdbook.publish.formats.print.markup import block, content, quoted
from gdbook.publish.formats.print.translate.writing import Writing, titled
from gdbook.publish.myst.cells import is_cell, is_check

_ANSI = re.compile(r"\x1b\[[0-9;]*m")
# What has no language of its own is what Sphinx takes it for, too.
_PYTHON = ("default", "ipython3", "ipython", "ipython2", "python3", "py")
_PLAIN = {"myst-ansi", "ipythontb", "none", "text", "output", ""}


class Cells(Writing):
    """Cells of notebooks, literal blocks."""

    def write_container(self, node: nodes.Element) -> str:
        """Write a cell, or what another container holds."""
        if node.get("slides_only"):
            return ""
        if is_cell(node):
            return self._cell(node)
        mark = self.mark(node)
        captioned = "literal-block-wrapper" in node["classes"]
        return mark + (self._captioned(node) if captioned else self.all_of(node.children))

    def _cell(self, node: nodes.Element) -> str:
        """Write code and outputs as one block; a check shows beside its formula only."""
        if is_check(node):
            return self.mark(node)
        hidden = str(node.get("hide_mode") or "")
        if hidden == "all":
            return ""
        label = self.label(node)
        code = ""
        outputs: list[nodes.Node] = []
        for part in (child for child in node.children if isinstance(child, nodes.Element)):
            if part.get("nb_element") == "cell_code_source":
                source = next(iter(part.findall(nodes.literal_block)), None)
                if source is not None and hidden != "input":
                    code = self._code(source)
            elif hidden != "output":
                outputs += part.children
        shown = [content(made) for output in outputs
                 if not _is_figure(output) and (made := self.of([output]))]  # fmt: skip
        made = ""
        if code or shown:
            made = block("cell", code or "none", *shown, name=label)
        elif label:
            made = f"\n#mark({label})\n"
        figures = [output for output in outputs if _is_figure(output)]
        return made + "".join(f"\n{self.of([figure])}\n" for figure in figures)

    def _captioned(self, node: nodes.Element) -> str:
        """Write code with a caption above it, and its number if it has one."""
        caption, code = titled(node, nodes.caption)
        called = self.called("code-block", node)
        title = f"#{quoted(called)};#h(.6em)" if called else ""
        title += self.inside(caption) if caption else ""
        return f"\n#minor-title[{title}]\n{self.of(code)}"

    def _code(self, source: nodes.Element) -> str:
        """Return code for the inside of a block, as Typst code."""
        language = str(source.get("language", ""))
        language = "python" if language in _PYTHON else language
        text = _ANSI.sub("", source.astext()).strip("\n").expandtabs(4)
        if language in _PLAIN:
            return f"verbatim({quoted(text)})"
        return f"listing({quoted(language)}, {quoted(text)})"

    def write_literal_block(self, node: nodes.Element) -> str:
        """Write code or an output."""
        made = self._code(node)
        label = self.label(node)
        in_cell = around(node.parent, where=_is_output)
        return f"#{made}\n" if in_cell else block("cell", made, name=label)

    write_doctest_block = write_literal_block


def _is_figure(output: nodes.Node) -> bool:
    """Whether an output stands by itself, with a number and a caption."""
    return any(True for _ in output.findall(nodes.figure))


def _is_output(node: nodes.Element) -> bool:
    return node.get("nb_element") == "cell_code_output" or "cell_output" in node["classes"]
