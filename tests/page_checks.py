"""Answers to problems, judged in MicroPython as the page does it: typed as code, one by one."""

from __future__ import annotations

import ast
import importlib.util
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import torch

from builds import ROOT
from gdbook.exercises import check
from gdbook.publish.core.checked import labels
from gdbook.publish.live.checkers import checks
from gdbook.publish.live.pack import packed
from gdbook.publish.live.stripping import lowered, stripped
from live_cells import STARTED, printed

PROGRAM = f"""{STARTED}
import live_checks
with open("/asked.json") as file:
    asked = json.load(file)
for each in asked:
    print("\\n\\x1e" + live_checks.judge(*each) + "\\x1e")
"""
ANSWER = "answer"


@dataclass(frozen=True)
class Typed:
    """An answer of the catalogue: the object for CPython, and what a reader types for it."""

    label: str
    right: bool
    answer: Any
    code: str


Place = tuple[ast.expr, ast.Module]  # an expression, and the module that it stands in


def typed(module: ModuleType) -> Iterator[Typed]:
    """Yield the answers of a test module, each as the code that makes it."""
    tree = _tree(module)
    rights = _value("RIGHT", tree)
    assert isinstance(rights, ast.Dict)
    for key, values in zip(rights.keys, rights.values, strict=True):
        label = ast.literal_eval(key)  # type: ignore[arg-type]
        places = _entries(values, tree)
        for made, (node, where) in zip(module.RIGHT[label], places, strict=True):
            yield Typed(label, True, made, _code(where, node, made))
    places = _entries(_value("WRONG", tree), tree)
    for (label, made, _), (line, where) in zip(module.WRONG, places, strict=True):
        assert isinstance(line, ast.Tuple)
        yield Typed(label, False, made, _code(where, line.elts[-2], made))


def _tree(module: ModuleType) -> ast.Module:
    return ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))


def _value(name: str, tree: ast.Module) -> ast.expr:
    """Return what a module gives a name."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name:
            return node.value
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == name:
            assert node.value is not None
            return node.value
    raise AssertionError(f"{name} is written in no list")


def _entries(node: ast.expr, tree: ast.Module) -> list[Place]:
    """Return the entries of a list, wherever it and its parts are written."""
    if isinstance(node, ast.Attribute):  # of the module that is imported as `answers`
        other = next(
            alias.name
            for each in tree.body
            if isinstance(each, ast.Import)
            for alias in each.names
            if alias.asname == ast.unparse(node.value)
        )
        there = _tree(importlib.import_module(other))
        return _entries(_value(node.attr, there), there)
    if isinstance(node, ast.Name):
        return _entries(_value(node.id, tree), tree)
    if isinstance(node, ast.GeneratorExp):  # ((label, answer, named) for answer, named in …)
        return _entries(node.generators[0].iter, tree)
    assert isinstance(node, ast.List | ast.Tuple), ast.unparse(node)
    found: list[Place] = []
    for each in node.elts:
        found += _entries(each.value, tree) if isinstance(each, ast.Starred) else [(each, tree)]
    return found


def _code(tree: ast.Module, node: ast.expr, made: Any) -> str:
    """Return what a reader would type to give an answer."""
    number = _number(made)
    if number:
        return f"{'import torch' if 'torch' in number else ''}\n{ANSWER} = {number}\n"
    definitions = [each for each in tree.body if not _only_testing(each)]
    wanted, kept = _names(node), set[int]()
    while True:
        more = {
            k for k, each in enumerate(definitions) if _defines(each) & wanted and k not in kept
        }
        if not more:
            break
        kept |= more
        wanted |= {name for k in more for name in _names(definitions[k])}
    body = [each for k, each in enumerate(definitions) if k in kept]
    answer = ast.Assign([ast.Name(ANSWER, ast.Store())], node)
    whole = ast.parse(ast.unparse(ast.fix_missing_locations(ast.Module([*body, answer], []))))
    return ast.unparse(lowered(whole, torch="torch"))


def _only_testing(node: ast.stmt) -> bool:
    if isinstance(node, ast.ImportFrom):
        return node.module in ("__future__", "typing", "collections.abc", "judging")
    if isinstance(node, ast.FunctionDef):
        return node.name.startswith("test_")
    return not isinstance(
        node, ast.Import | ast.ClassDef | ast.Assign | ast.AnnAssign
    ) or ast.unparse(node).startswith(("RIGHT", "WRONG"))


def _names(node: ast.AST) -> set[str]:
    stripped_node = ast.parse(stripped(ast.unparse(node)))
    return {n.id for n in ast.walk(stripped_node) if isinstance(n, ast.Name)}


def _defines(node: ast.stmt) -> set[str]:
    if isinstance(node, ast.Import | ast.ImportFrom):
        return {alias.asname or alias.name for alias in node.names}
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return {node.name}
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", node)]
    names = (n for target in targets for n in ast.walk(target) if isinstance(n, ast.Name))
    return {n.id for n in names if isinstance(n.ctx, ast.Store)}


def _number(made: Any) -> str:
    """Return a number, or a tensor of numbers, as it is typed in the page; "" for anything else."""
    if isinstance(made, np.ndarray | np.number):
        made = made.tolist()
    if isinstance(made, torch.Tensor):
        if made.dtype not in (torch.float64, torch.float32, torch.int64):
            return ""
        dtype = "int64" if made.dtype == torch.int64 else "float64"
        return f"torch.tensor({made.tolist()!r}, dtype=torch.{dtype})"
    if isinstance(made, bool | int | float | str | list | tuple | set | frozenset) or made is None:
        try:
            ast.literal_eval(repr(made))
        except (ValueError, SyntaxError):
            return ""
        return repr(made)
    if hasattr(made, "numerator"):
        return f"{made.numerator} / {made.denominator}"
    return ""


def _anew(name: str) -> ModuleType:
    """Return a module of tests of its own: some answers can be judged once, as an iterator can."""
    spec = importlib.util.find_spec(name)
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


@cache
def catalogue() -> dict[str, list[Typed]]:
    """Return the answers of all chapters by label."""
    found: dict[str, list[Typed]] = {}
    folder = ROOT / "tests" / "exercises"
    if str(folder) not in sys.path:  # as it is if these are the tests that run
        sys.path.append(str(folder))
    names = [
        path.stem
        for path in sorted(folder.glob("test_*.py"))
        if "\nRIGHT: " in path.read_text(encoding="utf-8")
    ]
    for name in [*names, "test_exercises"]:
        for each in typed(_anew(name)):
            found.setdefault(each.label, []).append(each)
    return found


def answers_of(label: str) -> list[Typed]:
    """Return of an offered problem the main right answer, and a wrong one that has a name."""
    answers = catalogue()[label]
    right = next(each for each in answers if each.right)
    wrong = next(each for each in answers if not each.right and _is_named(label, each.answer))
    return [right, wrong]


def _is_named(label: str, answer: Any) -> bool:
    """Whether a checker names the mistake of a wrong answer."""
    return check(label, answer).named


def in_micropython(
    answers: Iterable[Typed], folder: Path, missed: Mapping[int, int] | None = None
) -> list[dict[str, Any]]:
    """Return the outcomes of answers in MicroPython, run by Node.

    Parameters
    ----------
    answers : iterable of Typed
    folder : Path
        For the files.
    missed : mapping of int to int, optional
        How many wrong answers came before, by the answer's place; none if it is not in it.
    """
    answers = list(answers)
    files = json.loads(packed())
    for needed in checks({each.label for each in answers}).values():
        files |= needed
    asked = [
        [labels()[each.label], each.label, ANSWER, each.code, (missed or {}).get(k, 0)]
        for k, each in enumerate(answers)
    ]
    files["/asked.json"] = json.dumps(asked)
    return [json.loads(part) for part in printed(PROGRAM, files, folder)[1::2]]
