"""The live figures of a chapter, made in this process from the statements that they need."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt

from gdbook.plots.live import Answering

_CELL = re.compile(r"^```\{code-cell\}[^\n]*\n(.*?)^```", re.DOTALL | re.MULTILINE)
_OPTIONS = re.compile(r"\A(?:---\n.*?^---\n|(?::[^\n]*\n)+)", re.DOTALL | re.MULTILINE)


def live_figures_of(page: Path) -> dict[str, Answering]:
    """Return the live figures of a chapter by the names of their figures.

    A figure's own cell runs, and of the cells before it only the statements that give it a name
    that it uses: a chapter's other computations would take a minute.
    """
    before: list[ast.stmt] = []
    made: dict[str, Answering] = {}
    for cell in _CELL.findall(page.read_text("utf-8")):
        own = ast.parse(_OPTIONS.sub("", cell)).body
        if "answering(" in cell:
            name = re.search(r"^ +name: (\S+)$", cell, re.MULTILINE)
            assert name is not None, f"a live figure of {page.name} has no name"
            made[name[1]] = _run(_needed(before, own))
        before += own
    return made


def _needed(before: list[ast.stmt], cell: list[ast.stmt]) -> list[ast.stmt]:
    """Return a cell's statements behind those that it needs, in their order."""
    taken: set[int] = set()
    wanted = [(name, len(before)) for name in _used(cell)]
    while wanted:
        name, end = wanted.pop()
        at = next((i for i in reversed(range(end)) if name in _given(before[i])), None)
        if at is not None and at not in taken:
            taken.add(at)
            wanted += [(other, at) for other in _used([before[at]])]
    return [*(before[i] for i in sorted(taken)), *cell]


def _used(statements: list[ast.stmt]) -> set[str]:
    """Return the names that statements read and do not give themselves before."""
    known: set[str] = set()
    used: set[str] = set()
    for statement in statements:
        nodes = list(ast.walk(statement))
        inside = {node.arg for node in nodes if isinstance(node, ast.arg)}
        read = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
        used |= read - inside - known
        known |= _given(statement)
    return used


def _given(statement: ast.stmt) -> set[str]:
    """Return the names that a statement gives."""

    def names(node: ast.AST) -> Iterator[str]:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.alias):
            yield node.asname or node.name.partition(".")[0]
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif not isinstance(node, ast.Lambda | ast.comprehension):
            for child in ast.iter_child_nodes(node):
                yield from names(child)

    return set(names(statement))


def _run(statements: list[ast.stmt]) -> Answering:
    """Run statements, and return the figure that the last ones make."""
    names: dict[str, Any] = {"__name__": "__main__"}
    *first, last = statements
    assert isinstance(last, ast.Expr | ast.Assign)
    value = ast.Expression(last.value)
    with redirect_stdout(StringIO()):
        exec(compile(ast.Module(first, []), "a chapter", "exec"), names)
        figure = eval(compile(value, "a chapter", "eval"), names)
    plt.close("all")
    assert isinstance(figure, Answering)
    return figure
