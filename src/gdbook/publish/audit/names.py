"""The names of a cell: those that it needs from before, and those that it leaves behind."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator

#: What is there in every notebook.
KNOWN = frozenset(dir(builtins)) | {"display", "get_ipython", "__name__"}

_Function = ast.FunctionDef | ast.Lambda
_Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


class Names(ast.NodeVisitor):
    """What one scope needs and binds, in the order in which Python evaluates it.

    What a function needs when it is called may be bound below it, so it is asked for at the
    scope's end.

    Attributes
    ----------
    bound : set of str
        The names that the scope binds.
    needed : dict of str to int
        The names that it needs from outside, each with its first line.
    """

    def __init__(self, bound: set[str] | None = None) -> None:
        self.bound = bound or set()
        self.needed: dict[str, int] = {}
        self._later: dict[str, int] = {}

    @classmethod
    def of(cls, code: str) -> Names | None:
        """Return the names of a cell; None if it is no plain Python, or imports a ``*``."""
        try:
            tree = ast.parse(code)
        except SyntaxError:  # a command of IPython's
            return None
        names = cls()
        names.visit(tree)
        names.close()
        return None if "*" in names.bound else names

    def close(self) -> None:
        """Ask for what functions need."""
        for name, line in self._later.items():
            self._need(name, line)

    def _need(self, name: str, line: int) -> None:
        if name not in self.bound and name not in KNOWN:
            self.needed.setdefault(name, line)

    def _all(self, *parts: ast.AST | list[ast.expr] | list[ast.stmt] | None) -> None:
        for part in parts:
            for node in part if isinstance(part, list) else [part]:
                if node is not None:
                    self.visit(node)

    def visit_Name(self, node: ast.Name) -> None:
        """Need a name that is read, bind one that is assigned to."""
        if isinstance(node.ctx, ast.Load):
            self._need(node.id, node.lineno)
        elif isinstance(node.ctx, ast.Store):
            self.bound.add(node.id)

    def visit_Assign(self, node: ast.Assign) -> None:
        """Read before assigning."""
        self._all(node.value, node.targets)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        """Read before assigning."""
        self._all(node.annotation, node.value)
        if node.value is not None:
            self.visit(node.target)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        """Read the target too."""
        if isinstance(node.target, ast.Name):
            self._need(node.target.id, node.lineno)
        self._all(node.value, node.target)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        """Read before assigning."""
        self._all(node.value, node.target)

    def visit_For(self, node: ast.For) -> None:
        """Read what is gone through before binding its items."""
        self._all(node.iter, node.target, node.body, node.orelse)

    def visit_Import(self, node: ast.Import | ast.ImportFrom) -> None:
        """Bind what is imported."""
        for alias in node.names:
            self.bound.add(alias.asname or alias.name.partition(".")[0])

    visit_ImportFrom = visit_Import  # noqa: N815

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        """Bind the exception."""
        self._all(node.type)
        self.bound.update([node.name] if node.name else [])
        self._all(node.body)

    def visit_MatchAs(self, node: ast.MatchAs | ast.MatchStar) -> None:
        """Bind what a pattern captures."""
        self.bound.update([node.name] if node.name else [])
        self.generic_visit(node)

    visit_MatchStar = visit_MatchAs  # noqa: N815

    def visit_MatchMapping(self, node: ast.MatchMapping) -> None:
        """Bind the rest of a mapping."""
        self.bound.update([node.rest] if node.rest else [])
        self.generic_visit(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        """Go through the body at once, in a scope of its own."""
        self._all(node.decorator_list, node.bases, [word.value for word in node.keywords])
        inner = Names()
        inner._all(node.body)
        self._from(inner.needed)
        self._later |= inner._later
        self.bound.add(node.name)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        """Read decorators, defaults and annotations now, and the body when it is called."""
        self._all(node.decorator_list, node.returns)
        self._function(node)
        self.bound.add(node.name)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        """Read defaults now, and the body when it is called."""
        self._function(node)

    def _function(self, node: _Function) -> None:
        given = node.args
        arguments = [*given.posonlyargs, *given.args, *given.kwonlyargs]
        arguments += [one for one in (given.vararg, given.kwarg) if one]
        self._all(given.defaults, [d for d in given.kw_defaults if d])
        self._all([one.annotation for one in arguments if one.annotation])
        body: list[ast.AST] = [node.body] if isinstance(node, ast.Lambda) else [*node.body]
        # A name that a function assigns to is its own in all of it.
        inner = Names({one.arg for one in arguments} | {n for s in body for n in _assigned(s)})
        for statement in body:
            inner.visit(statement)
        inner.close()
        for name, line in inner.needed.items():
            self._later.setdefault(name, line)

    def _from(self, needed: dict[str, int]) -> None:
        for name, line in needed.items():
            self._need(name, line)

    def _comprehension(self, node: _Comprehension) -> None:
        inner = Names(set(self.bound))
        for part in node.generators:
            inner._all(part.iter, part.target, part.ifs)
        inner._all(*([node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]))
        self._from(inner.needed)
        for name, line in inner._later.items():
            if name not in inner.bound:
                self._later.setdefault(name, line)
        walrus = (at.target for at in ast.walk(node) if isinstance(at, ast.NamedExpr))
        self.bound |= {target.id for target in walrus}

    visit_ListComp = visit_SetComp = _comprehension  # noqa: N815
    visit_DictComp = visit_GeneratorExp = _comprehension  # noqa: N815


def _assigned(statement: ast.AST) -> Iterator[str]:
    """Yield the names that a function's statement binds in the function."""
    if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
        yield statement.name
    elif not isinstance(statement, (ast.Lambda, *_Comprehension.__args__)):
        if isinstance(statement, ast.Name) and isinstance(statement.ctx, ast.Store):
            yield statement.id
        for alias in getattr(statement, "names", ()):
            if isinstance(alias, ast.alias):
                yield alias.asname or alias.name.partition(".")[0]
        if isinstance(statement, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)):
            yield from [statement.name] if statement.name else []
        for child in ast.iter_child_nodes(statement):
            yield from _assigned(child)
