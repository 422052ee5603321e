"""Displayed formulas written into the checks that are about them.

A check says ``holds("eq-taylor", x=vector("n"))`` and nothing of the formula. Before its cell
runs, the LaTeX that the page displays under that label is written into the call, and that of the
definitions which ``using="def-…"`` names: the kernel gets it, the notebook keeps it, and since it
is part of the code, a chapter runs again if a displayed claim has changed.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping

from markdown_it import MarkdownIt
from mdit_py_plugins.colon_fence import colon_fence_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from nbformat import NotebookNode

CHECK = "holds"
"""The check that takes displayed formulas."""

WIDTH = 76
_LABEL = re.compile(r"^:(?:label|name):\s*(\S+)\s*$", re.MULTILINE)
_OPTION = re.compile(r"^:\w[\w-]*:.*$\n?", re.MULTILINE)


def write_in(notebook: NotebookNode) -> None:
    """Write a notebook's displayed formulas into its checks.

    Parameters
    ----------
    notebook : NotebookNode
        Its code cells are changed.
    """
    asking = [c for c in notebook.cells if c.cell_type == "code" and f"{CHECK}(" in c.source]
    if asking:
        words = "\n\n".join(c.source for c in notebook.cells if c.cell_type == "markdown")
        shown = dict(displays(words))
        for cell in asking:
            cell["source"] = written(cell.source, shown)


def displays(words: str) -> Iterator[tuple[str, str]]:
    """Yield the labels and the LaTeX of all labelled displays in Markdown.

    Parameters
    ----------
    words : str
        They may stand in boxes, and be written with dollars or as a ``{math}`` directive.
    """
    parser = MarkdownIt().use(dollarmath_plugin, allow_labels=True).use(colon_fence_plugin)
    for token in parser.parse(words):
        if token.type == "math_block_label":
            yield token.info, token.content.strip()
        elif token.type in ("fence", "colon_fence") and token.info.startswith("{"):
            if token.info.startswith("{math}"):
                if found := _LABEL.search(token.content):
                    yield found[1], _OPTION.sub("", token.content).strip()
            else:
                yield from displays(token.content)


def written(source: str, shown: Mapping[str, str]) -> str:
    """Return a cell with the displayed formulas written into its checks.

    Parameters
    ----------
    source : str
        Left as it is if it is no Python, and where a label is not displayed.
    shown : mapping
        Displayed formulas by label.
    """
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return source
    places = _Places(source)
    calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call)]
    calls = [n for n in calls if getattr(n.func, "id", "") == CHECK and len(n.args) == 1]
    for node in sorted(calls, key=places.of, reverse=True):
        if (label := _constant(node.args[0])) not in shown:
            continue
        inside = " " * places.column(node) + "    "
        parts = [f'{inside}"{label}",', f"{literal(shown[label], inside)},"]
        for keyword in node.keywords:
            start, end = places.of(keyword.value)
            value, names = source[start:end], _constant(keyword.value).split()
            if keyword.arg == "using" and names and all(n in shown for n in names):
                deep = inside + "    "
                given = [
                    f'{deep}"{n}": (\n{literal(shown[n], deep + "    ")}\n{deep}),' for n in names
                ]
                value = "\n".join(["{", *given, f"{inside}}}"])
            name = f"{keyword.arg}=" if keyword.arg else "**"
            parts.append(f"{inside}{name}{value},")
        start, end = places.of(node)
        call = "\n".join([f"{CHECK}(", *parts, f"{inside[4:]})"])
        source = source[:start] + call + source[end:]
    return source


def _constant(node: ast.expr | None) -> str:
    found = node.value if isinstance(node, ast.Constant) else ""
    return found if isinstance(found, str) else ""


class _Places:
    """Where in a text the parts of its syntax tree are."""

    def __init__(self, source: str) -> None:
        self._lines = source.splitlines(keepends=True)

    def of(self, node: ast.expr | None) -> tuple[int, int]:
        """Return where a part begins and ends, counted in characters."""
        assert node is not None
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return (
            self._place(node.lineno, node.col_offset),
            self._place(node.end_lineno, node.end_col_offset),
        )

    def column(self, node: ast.expr) -> int:
        """Return how far the line on which a part begins is indented."""
        line = self._lines[node.lineno - 1]
        return len(line) - len(line.lstrip())

    def _place(self, line: int, column: int) -> int:
        before = sum(len(text) for text in self._lines[: line - 1])
        return before + len(self._lines[line - 1].encode()[:column].decode())


def literal(latex: str, indent: str) -> str:
    """Return a formula as Python: raw texts below each other, none wider than a cell.

    Parameters
    ----------
    latex : str
        The formula; its line ends are spaces.
    indent : str
        What stands before each line.
    """
    words = latex.split()
    lines: list[str] = []
    for word in words:
        if lines and len(indent) + len(lines[-1]) + 1 + len(word) <= WIDTH - 5:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    last = len(lines) - 1
    return "\n".join(f"{indent}{_raw(line + ' ' * (i < last))}" for i, line in enumerate(lines))


def _raw(text: str) -> str:
    """Return a raw text where there is one; none ends in a backslash, or holds its own quote."""
    text += " " * text.endswith("\\")
    quote = "'" if '"' in text else '"'
    return repr(text) if quote in text else f"r{quote}{text}{quote}"
