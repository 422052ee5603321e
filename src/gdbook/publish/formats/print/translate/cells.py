"""Code cells and their outputs, and code that is only shown."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes

from gdbook.publish.formats.print.markup import call, content, quoted
from gdbook.publish.formats.print.translate.writing import Writing
from gdbook.publish.myst.cells import is_cell, is_check

_ANSI = re.compile(r"\x1b\[[0-9;]*m")
# What has no language of its own is what Sphinx takes it for, too.
_PYTHON = ("default", "ipython3", "ipython", "ipython2", "python3", "py")
_PLAIN = {"myst-ansi", "ipythontb", "none", "text", "output", ""}


class Cells(Writing):
    """Cells of notebooks, literal blocks."""

    def visit_container(self, node: nodes.Element) -> None:
        """Write a cell, or what another container holds."""
        if node.get("slides_only"):
            raise nodes.SkipNode
        if is_cell(node):
            self._cell(node)
            raise nodes.SkipNode
        self.write(self.mark(node))
        if "literal-block-wrapper" in node["classes"]:
            self._captioned(node)
            raise nodes.SkipNode

    depart_container = Writing.pass_through

    def _cell(self, node: nodes.Element) -> None:
        """Write code and outputs as one block; a check shows beside its formula only."""
        if is_check(node):
            self.write(self.mark(node))
            return
        hidden = str(node.get("hide_mode") or "")
        if hidden == "all":
            return
        label = self.label(node)
        code = ""
        outputs: list[nodes.Element] = []
        for part in node.children:
            if not isinstance(part, nodes.Element):
                continue
            if part.get("nb_element") == "cell_code_source":
                block = next(iter(part.findall(nodes.literal_block)), None)
                if block is not None and hidden != "input":
                    code = self._code(block)
            elif hidden != "output":
                outputs += [child for child in part.children if isinstance(child, nodes.Element)]
        shown = [self.of([output]) for output in outputs if not _is_figure(output)]
        shown = [markup for markup in shown if markup]
        if code or shown:
            self.write("\n" + call("cell", code or "none", *map(content, shown), name=label) + "\n")
        elif label:
            self.write(f"\n#mark({label})\n")
        for output in outputs:
            if _is_figure(output):
                self.write(f"\n{self.of([output])}\n")

    def _captioned(self, node: nodes.Element) -> None:
        """Write code with a caption above it, and its number if it has one."""
        caption = next((c for c in node.children if isinstance(c, nodes.caption)), None)
        number = self.number("code-block", node)
        head = str(self.config.numfig_format.get("code-block", "Listing %s"))
        title = f"#{quoted(head % number)};#h(.6em)" if number else ""
        title += self.inside(caption) if caption is not None else ""
        self.write(f"\n#minor-title[{title}]\n" + self.inside(node, without=(nodes.caption,)))

    def _code(self, block: nodes.Element) -> str:
        """Return code for the inside of a block, as Typst code."""
        language = str(block.get("language", ""))
        language = "python" if language in _PYTHON else language
        text = _ANSI.sub("", block.astext()).strip("\n").expandtabs(4)
        if language in _PLAIN:
            return f"verbatim({quoted(text)})"
        return f"listing({quoted(language)}, {quoted(text)})"

    def visit_literal_block(self, node: nodes.Element) -> None:
        """Write code or an output."""
        made = self._code(node)
        label = self.label(node)
        if _in_cell(node):
            self.write(f"#{made}\n")
        else:
            self.write("\n" + call("cell", made, name=label) + "\n")
        raise nodes.SkipNode

    visit_doctest_block = visit_literal_block


def _is_figure(output: nodes.Element) -> bool:
    """Whether an output stands by itself, with a number and a caption."""
    return any(True for _ in output.findall(nodes.figure))


def _in_cell(node: nodes.Node) -> bool:
    """Whether a block is the output of a cell."""
    at: Any = node.parent
    while at is not None:
        if at.get("nb_element") == "cell_code_output" or "cell_output" in at.get("classes", ()):
            return True
        at = at.parent
    return False
