"""Python as the page's MicroPython reads it: less of it, and without what MicroPython lacks."""

from __future__ import annotations

import ast
from typing import Any

#: Of a lowered module: where its torch is, and what carries the calls that are put in.
TORCH, HELPERS = "checking_torch", "lowered"
_HELPED = ("OrderedDict", "merged", "strict_zip")
#: Modules that only annotations need.
_TYPES_ONLY = ("__future__", "typing", "collections.abc")


def stripped(source: str) -> str:
    """Return a module without comments, docstrings, annotations and what only a type checker reads.

    Parameters
    ----------
    source : str
        Python that runs in MicroPython.
    """
    return ast.unparse(ast.fix_missing_locations(_Strip().visit(ast.parse(source))))


def lowered(module: ast.Module, torch: str = TORCH) -> ast.Module:
    """Return a module of today's Python, stripped and written in the part that MicroPython has.

    Unions of types become tuples, literals with stars are put together by calls, dataclasses get
    their ``__init__``, dictionaries keep their order, and torch is the page's own.

    Parameters
    ----------
    module : ast.Module
        Changed by this.
    torch : str
        The module that is imported for torch.
    """
    made = ast.fix_missing_locations(_Lower(torch).visit(module))
    assert isinstance(made, ast.Module)
    names = {node.id for node in ast.walk(made) if isinstance(node, ast.Name)}
    helped = [ast.alias(name) for name in _HELPED if name in names]
    if helped:
        made.body.insert(0, ast.ImportFrom(HELPERS, helped, 0))
    return ast.fix_missing_locations(made)


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


class _Lower(_Strip):
    """Writes what MicroPython lacks in the part of Python that it has."""

    def __init__(self, torch: str) -> None:
        self.torch = torch

    def visit_Import(self, node: ast.Import) -> ast.AST:
        for alias in node.names:
            if alias.name == "torch":
                alias.asname = alias.asname or (None if self.torch == "torch" else "torch")
                alias.name = self.torch
        return node

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.AST | None:
        if node.module in _TYPES_ONLY:
            return None
        if node.module == "torch":
            node.module = self.torch
        if node.module == "dataclasses":
            node.module = HELPERS
            node.names = [alias for alias in node.names if alias.name != "dataclass"]
            return node if node.names else None
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        node.bases = [b.value if isinstance(b, ast.Subscript) else b for b in node.bases]
        if any("dataclass" in ast.unparse(each) for each in node.decorator_list):
            node.decorator_list = []
            fields = [part for part in node.body if isinstance(part, ast.AnnAssign)]
            node.body = [part for part in node.body if part not in fields]
            node.body.append(_made_from(fields))
        return super().visit_ClassDef(node)

    def visit_arguments(self, node: ast.arguments) -> ast.AST:
        node.args, node.posonlyargs = node.posonlyargs + node.args, []
        self.generic_visit(node)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if not isinstance(node.func, ast.Name):
            return node
        if node.func.id == "isinstance":
            node.args[1] = _as_tuple(node.args[1])
        elif node.func.id == "zip":
            strict = [k for k in node.keywords if ast.unparse(k) == "strict=True"]
            node.func.id = "strict_zip" if strict else "zip"
            node.keywords = []
        return node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        text, arguments = _template(node)
        made = ast.Attribute(ast.Constant(text), "format", ast.Load())
        return ast.Call(made, [self.visit(each) for each in arguments], [])

    def visit_List(self, node: ast.List) -> ast.AST:
        self.generic_visit(node)
        if not isinstance(node.ctx, ast.Load):
            return node
        return _joined(node.elts, "list", lambda parts: ast.List(parts, ast.Load())) or node

    def visit_Tuple(self, node: ast.Tuple) -> ast.AST:
        self.generic_visit(node)
        if not isinstance(node.ctx, ast.Load):
            return node
        return _joined(node.elts, "tuple", lambda parts: ast.Tuple(parts, ast.Load())) or node

    def visit_Dict(self, node: ast.Dict) -> ast.AST:
        self.generic_visit(node)
        parts: list[ast.expr] = []
        pairs: list[ast.expr] = []
        for key, value in zip(node.keys, node.values, strict=True):
            if key is None:
                parts += [ast.List(pairs, ast.Load()), value]
                pairs = []
            else:
                pairs.append(ast.Tuple([key, value], ast.Load()))
        if not parts:
            return _call("OrderedDict", ast.List(pairs, ast.Load()))
        return _call("merged", *parts, ast.List(pairs, ast.Load()))

    def visit_DictComp(self, node: ast.DictComp) -> ast.AST:
        self.generic_visit(node)
        pair = ast.Tuple([node.key, node.value], ast.Load())
        return _call("OrderedDict", ast.ListComp(pair, node.generators))


def _call(name: str, *arguments: ast.expr) -> ast.Call:
    return ast.Call(ast.Name(name, ast.Load()), list(arguments), [])


def _template(node: ast.JoinedStr) -> tuple[str, list[ast.expr]]:
    """Return an f-string as a text for ``str.format``, and what is put into it."""
    text, arguments = "", list[ast.expr]()
    for part in node.values:
        if isinstance(part, ast.FormattedValue):
            value = _call("repr", part.value) if part.conversion == ord("r") else part.value
            spec = part.format_spec
            inside, more = _template(spec) if isinstance(spec, ast.JoinedStr) else ("", [])
            text += f"{{:{inside}}}" if inside else "{}"
            arguments += [value, *more]
        else:
            assert isinstance(part, ast.Constant)
            text += str(part.value).replace("{", "{{").replace("}", "}}")
    return text, arguments


def _as_tuple(kinds: ast.expr) -> ast.expr:
    """Return ``int | float`` as a tuple of types."""
    if not isinstance(kinds, ast.BinOp):
        return kinds
    found: list[ast.expr] = []
    while isinstance(kinds, ast.BinOp):
        found.insert(0, kinds.right)
        kinds = kinds.left
    return ast.Tuple([kinds, *found], ast.Load())


def _joined(parts: list[ast.expr], kind: str, literal: Any) -> ast.expr | None:
    """Return a literal with stars as a sum; None if it has none."""
    if not any(isinstance(part, ast.Starred) for part in parts):
        return None
    terms: list[ast.expr] = []
    plain: list[ast.expr] = []
    for part in parts:
        if isinstance(part, ast.Starred):
            terms += [literal(plain)] if plain else []
            terms.append(_call(kind, part.value))
            plain = []
        else:
            plain.append(part)
    terms += [literal(plain)] if plain else []
    total = terms[0]
    for term in terms[1:]:
        total = ast.BinOp(total, ast.Add(), term)
    return total


def _made_from(fields: list[ast.AnnAssign]) -> ast.FunctionDef:
    """Return the ``__init__`` of a dataclass with these fields."""
    names = [ast.unparse(field.target) for field in fields]
    given = [
        name if field.value is None else f"{name}={ast.unparse(field.value)}"
        for name, field in zip(names, fields, strict=True)
    ]
    lines = [f"    self.{name} = {name}" for name in names]
    made = ast.parse(f"def __init__(self, {', '.join(given)}):\n" + "\n".join(lines)).body[0]
    assert isinstance(made, ast.FunctionDef)
    return made
