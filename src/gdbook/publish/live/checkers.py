"""What *Check* takes to the page's Python: the checkers of `gdbook.exercises` and their hints.

Only the definitions go there that the checkers of offered problems use, found by their names.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from gdbook import hints
from gdbook.publish.core.checked import EXERCISES, labels
from gdbook.publish.live.pack import CARRIED, as_json
from gdbook.publish.live.stripping import lowered, stripped

PACKAGE = "gdbook.exercises"
#: Files that run in MicroPython as they are, and their places.
BESIDE = {
    "/checking_torch.py": "checking_torch.py",
    "/gdbook/quick.py": "quick.py",
    "/live_checks.py": "live_checks.py",
    "/lowered.py": "lowered.py",
}
#: Modules of `gdbook.exercises` that look into torch itself; the page has its own.
REPLACED = {"watching": "watching.py"}
#: Of `exercises/hints.py`: the order in which hints come. Their texts stand in `TEXTS_OF`.
HINTS, HINT_ROOTS, TEXTS = "hints", {"after", "forget"}, "texts"


#: Where the texts of a module's hints are; `live_checks` reads them there.
TEXTS_OF = "/hints-{}.json"
_IMPORTED = re.compile(rf"{re.escape(PACKAGE)}\.(\w+)")


def checks(offered: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return the files that a page's Python needs for its first *Check* of each module's problems.

    A file that several modules need is the same for each.

    Parameters
    ----------
    offered : iterable of str
        The labels of problems that can be checked in a page.

    Returns
    -------
    dict
        Module of `gdbook.exercises` → path → text.
    """
    wanted = set(offered)
    files = {}
    for name, text in _modules(wanted):
        files[_place(name)] = text
    for name, own in REPLACED.items():
        files[_place(name)] = stripped((CARRIED / own).read_text("utf-8"))
    for place, name in BESIDE.items():
        files[place] = stripped((CARRIED / name).read_text(encoding="utf-8"))
    return {
        module: _needed(module, files) | {TEXTS_OF.format(module): _hints(wanted, module)}
        for module in sorted({labels()[label] for label in wanted})
    }


def _needed(module: str, files: dict[str, str]) -> dict[str, str]:
    """Return the files that a module of checkers imports, itself, and those of all modules."""
    left, met = [module, "verdict", HINTS], set[str]()
    while left:
        name = left.pop()
        if name not in met:
            met.add(name)
            left += _IMPORTED.findall(files[_place(name)])
    return {path: files[path] for path in [*BESIDE, *map(_place, sorted(met))]}


def _place(module: str) -> str:
    return f"/gdbook/exercises/{module}.py"


def _hints(wanted: set[str], module: str) -> str:
    known = hints.catalogue()
    texts = {
        label: list(map(hints.plain, known[label].texts))
        for label in sorted(wanted)
        if labels()[label] == module
    }
    return as_json(texts)


def _parsed(name: str) -> ast.Module:
    return ast.parse((EXERCISES / f"{name}.py").read_text(encoding="utf-8"))


def _label(node: ast.AST) -> str:
    """Return the label of a checker, "" for anything else."""
    for call in node.decorator_list if isinstance(node, ast.FunctionDef) else ():
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "checker":
            return str(ast.literal_eval(call.args[0]))
    return ""


def _modules(wanted: set[str]) -> Iterator[tuple[str, str]]:
    """Yield the modules that hold these checkers, and those that they import, cut to what is used.

    A module is cut when all that import it are: imports run one way.
    """
    needs: dict[str, set[str]] = {HINTS: set(HINT_ROOTS)}
    trees = {path.stem: lowered(_parsed(path.stem)) for path in EXERCISES.glob("*.py")}
    for name, tree in trees.items():
        ours = {node.name for node in tree.body if _label(node) in wanted and _label(node)}  # type: ignore[attr-defined]
        if ours:
            needs.setdefault(name, set()).update(ours)
    needs.setdefault("verdict", set()).update({"BY_AUTOGRAD", "CHECKERS", "call", "failure"})
    while True:
        made = {
            name: _kept(trees[name], roots, name)
            for name, roots in needs.items()
            if name not in REPLACED
        }
        before = sum(map(len, needs.values()))
        for body in made.values():
            for node in body:
                if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(PACKAGE):
                    imported = {alias.name for alias in node.names}
                    needs.setdefault((node.module or "").rpartition(".")[2], set()).update(imported)
        if before == sum(map(len, needs.values())):
            break
    for name, body in sorted(made.items()):
        yield name, ast.unparse(ast.Module(body, []))


def _kept(tree: ast.Module, roots: set[str], name: str) -> list[ast.stmt]:
    """Return the statements of a module that define some names, and all that these use."""
    defines: dict[int, set[str]] = {at: _defined(node) for at, node in enumerate(tree.body)}
    known, kept = set(roots), set[int]()
    while True:
        more = {at for at, names in defines.items() if names & known} - kept
        if name == HINTS:
            more -= {at for at in more if TEXTS in defines[at]}
        if not more:
            break
        kept |= more
        for at in more:
            known |= {n.id for n in ast.walk(tree.body[at]) if isinstance(n, ast.Name)}
    body = []
    for at in sorted(kept):
        node = tree.body[at]
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [a for a in node.names if (a.asname or a.name) in known]
            kind = type(node)
            node = (
                ast.Import(names)
                if kind is ast.Import
                else ast.ImportFrom(node.module, names, node.level)  # type: ignore[union-attr]
            )
        body.append(node)
    return body


def _defined(node: ast.stmt) -> set[str]:
    """Return the names that a statement of a module defines."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        return {alias.asname or alias.name for alias in node.names}
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return {node.name}
    targets = node.targets if isinstance(node, ast.Assign) else [node]
    names = (n for target in targets for n in ast.walk(target) if isinstance(n, ast.Name))
    return {n.id for n in names if isinstance(n.ctx, ast.Store)}
