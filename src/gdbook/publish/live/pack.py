"""What a page takes to its Python: the engine's own source, without words for readers."""

from __future__ import annotations

import ast
import json
from functools import cache
from pathlib import Path

from gdbook.publish.core.places import PUBLISH

ENGINE = PUBLISH.parent
CARRIED = Path(__file__).parent / "python"
#: What a cell may import beside the engine, and what runs the cells: places and files.
BESIDE = {
    "/matplotlib/__init__.py": "__init__.py",
    "/matplotlib/pyplot.py": "pyplot.py",
    "/live_cells.py": "live_cells.py",
}
PARTS = ("autodiff", "optimizers")


@cache
def packed() -> str:
    """Return the Python files that a page writes before its first cell runs, as JSON.

    The engine is packed from the package's source, so that the two are never different.
    """
    files = {
        f"/gdbook/{path.relative_to(ENGINE).as_posix()}": path
        for part in PARTS
        for path in sorted((ENGINE / part).rglob("*.py"))
    }
    files |= {place: CARRIED / name for place, name in BESIDE.items()}
    return json.dumps(
        {place: stripped(path.read_text(encoding="utf-8")) for place, path in files.items()},
        ensure_ascii=False,
        separators=(",", ":"),
    )


def stripped(source: str) -> str:
    """Return a module without comments, docstrings, annotations and what only a type checker reads.

    Parameters
    ----------
    source : str
        Python that runs in MicroPython.
    """
    return ast.unparse(ast.fix_missing_locations(_Strip().visit(ast.parse(source))))


class _Strip(ast.NodeTransformer):
    """Takes away what no program asks for."""

    def visit_Module(self, node: ast.Module) -> ast.AST:
        return self._without_docstring(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        return self._without_docstring(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        return self._without_docstring(node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST | None:
        if node.value is None:
            return None
        self.generic_visit(node)
        return ast.Assign(targets=[node.target], value=node.value)

    def visit_If(self, node: ast.If) -> ast.AST | None:
        if isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            return None
        self.generic_visit(node)
        return node

    def _without_docstring(self, node: ast.Module | ast.ClassDef | ast.FunctionDef) -> ast.AST:
        if ast.get_docstring(node, clean=False) is not None:
            node.body = node.body[1:]
        self.generic_visit(node)
        if not node.body and not isinstance(node, ast.Module):
            node.body = [ast.Pass()]
        return node
