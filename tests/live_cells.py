"""The live cells of pages, run apart from the rest: with torch, or with the engine in its place."""

from __future__ import annotations

import ast
import io
import json
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import nullcontext, redirect_stdout
from pathlib import Path
from typing import Any
from unittest.mock import patch

import yaml

import gdbook.autodiff as engine
from builds import ROOT
from contents import PAGES, source
from gdbook.publish.core import npm
from gdbook.publish.live.assets import MICROPYTHON
from gdbook.publish.live.pack import packed

_CELL = re.compile(r"^```\{code-cell\}[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_YAML = re.compile(r"---\n(.*?)^---\n", re.MULTILINE | re.DOTALL)
_OPTION = re.compile(r":([\w-]+):[ ]?([^\n]*)\n")

#: What the worker does before the first cell: see worker.mjs.
STARTED = """
import json
import sys
import gdbook.autodiff as torch
sys.modules["torch"] = torch
for name in ("autograd", "nn", "optim"):
    sys.modules["torch." + name] = getattr(torch, name)
import matplotlib.pyplot
import live_cells
"""
#: And then, for each.
PROGRAM = f"""{STARTED}
with open("/cells.json") as file:
    cells = json.load(file)
for number, cell in enumerate(cells):
    outcome = live_cells.run(cell, "cell " + str(number + 1))
    print("\\n\\x1e" + outcome + "\\x1e")
"""


def live_cells(text: str) -> list[str]:
    """Return the code of a page's live cells, in order."""
    found = []
    for body in _CELL.findall(text):
        options: dict[str, Any] = {}
        if head := _YAML.match(body):
            options, code = yaml.safe_load(head[1]), body[head.end() :]
        else:
            code = body
            while option := _OPTION.match(code):
                options[option[1]] = yaml.safe_load(option[2])
                code = code[option.end() :]
        if "live" in (options.get("tags") or ()):
            found.append(code)
    return found


#: The pages of the book that have some.
LIVE = {name: cells for name in PAGES if (cells := live_cells(source(name)))}


def in_cpython(cells: Sequence[str], *, small: bool) -> list[str]:
    """Return what cells print, and show of a last expression, one after the other.

    Parameters
    ----------
    cells : sequence of str
    small : bool
        Whether the engine stands in torch's place.
    """
    modules = {"torch": engine}
    modules |= {f"torch.{name}": getattr(engine, name) for name in ("autograd", "nn", "optim")}
    names: dict[str, Any] = {"__name__": "__main__"}
    printed = []
    # What is imported while a dictionary is patched is forgotten after it; torch can't be twice.
    with patch.dict(sys.modules, modules) if small else nullcontext():
        for cell in cells:
            body = ast.parse(cell).body
            last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
            with redirect_stdout(io.StringIO()) as out:
                exec(compile(ast.Module(body, []), "cell", "exec"), names)
                if isinstance(last, ast.Expr):
                    value = eval(compile(ast.Expression(last.value), "cell", "eval"), names)
                    if value is not None:
                        print(repr(value))
            printed.append(out.getvalue())
    return printed


def in_micropython(cells: Sequence[str], folder: Path) -> list[tuple[str, dict[str, Any]]]:
    """Return what cells print in MicroPython, run by Node, and their outcomes."""
    parts = printed(
        PROGRAM, json.loads(packed()) | {"/cells.json": json.dumps(list(cells))}, folder
    )
    pairs = zip(parts[::2], parts[1::2], strict=False)
    return [(text.removeprefix("\n").removesuffix("\n"), json.loads(o)) for text, o in pairs]


def printed(program: str, files: Mapping[str, str], folder: Path) -> list[str]:
    """Return what a program prints in MicroPython, run by Node; outcomes are each second part.

    Parameters
    ----------
    program : str
    files : mapping of str to str
        Path in MicroPython → text.
    folder : Path
        For the files.
    """
    script = ROOT / "tests" / "autodiff" / "micropython.mjs"
    (folder / "program.py").write_text(program, encoding="utf-8")
    command = [npm.node(), script, npm.package(MICROPYTHON), folder / "program.py"]
    for number, (place, text) in enumerate(files.items()):
        path = folder / f"{number}.txt"
        path.write_text(text, encoding="utf-8")
        command.append(Path(f"{path}={place}"))
    done = subprocess.run(
        list(map(str, command)), capture_output=True, text=True, check=False, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr + done.stdout[-2000:]
    return done.stdout.split("\x1e")
