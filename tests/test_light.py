"""Reading is light: what readers import works without anything that builds or tests the book."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import gdbook
from test_imports import imports_of

SOURCE = Path(gdbook.__file__).parent
PROJECT = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))[
    "project"
]

# What a reader does first with each part of the teaching wing.
USES = {
    "_expect": "from gdbook._expect import positive_integer as p; p(3, 'steps')",
    "_walking": "from gdbook._walking import ground_of; from gdbook.functions import quartic as f; "
    "ground_of(f, None, None).slope(torch.ones(3), 0)",
    "autodiff": "import gdbook.autodiff as t; t.ones(2, requires_grad=True).exp().sum().backward()",
    "checks": "from gdbook.checks import holds; from gdbook.mathematics import real; "
    "holds('eq-a', '2 x = x + x', x=real())",
    "counting": "from gdbook.counting import NumbersComputed as C\nwith C(): torch.ones(3).exp()",
    "datasets": "from gdbook.datasets import DATASETS, load; [load(name) for name in DATASETS]",
    "derivatives": "from gdbook.derivatives import central_difference as d; d(torch.sin, x, 1e-5)",
    "descent": "from gdbook.descent import descend; descend(torch.square, x, 0.1, 5)",
    "exercises": "from gdbook.exercises import check; check('prob-last-line', 0.54)",
    "functions": "from gdbook.functions import landscape; landscape('quartic')(x)",
    "graph": "from gdbook.graph import record; g = record(lambda a: a.sin(), a=2.0); "
    "g.derivation(to='a').latex",
    "grading": "from gdbook.grading.submission import Submission as S; "
    "from gdbook.grading.marking import mark; from gdbook.lab.tasks import tasks; "
    "mark(S('a', 0, {'sine': [1.0, 2.0]}), tasks())",
    "lab": "from gdbook.lab.source import cells; cells(3)",
    "latex": "from gdbook.latex import tokenise; tokenise('x^2')",
    "mathematics": "from gdbook.mathematics import judge, real; judge('2 x = x + x', x=real())",
    "losses": "from gdbook.losses import mse; mse(x, x)",
    "models": "from gdbook.models import least_absolute_deviations as fit, exact_least_squares; "
    "fit(x[:, None], x); exact_least_squares(x[:, None], x)",
    "optimizers": "from gdbook.optimizers import Adam; Adam([x.clone().requires_grad_()])",
    "penguins": "from gdbook.penguins import load_penguins\n"
    "try: load_penguins()\n"
    "except ModuleNotFoundError as error: assert 'pip install palmerpenguins' in str(error)\n"
    "else: raise AssertionError('they are here')",
    "plots": "from gdbook import plots; ax = plots.show_function(torch.sin, 0, 1); "
    "ax.figure.savefig(io.BytesIO(), format='svg'); "
    "plots.slider(lambda ax, h: ax.plot([0, h]), [1, 2], label='h')",
    "hints": "from gdbook.hints import catalogue, plain; catalogue(); plain('$x^2$')",
    "quick": "from gdbook.quick import catalogue, read; catalogue(); read('1/2')",
    "rates": "from gdbook.rates import polyak; polyak(1.0, 10.0)",
    "reporting": "from gdbook.reporting import say; say(steps=3)",
    "sampling": "from gdbook.sampling import with_replacement as w; w(9, 3)(0)",
    "style": "from gdbook.style import use_style; use_style()",
    "tables": "from gdbook.tables import Table",
    "trajectory": "from gdbook.trajectory import Trajectory",
}

PROGRAM = """
import importlib, io, json, pkgutil, sys
from importlib.machinery import PathFinder

forbidden, uses = json.loads(sys.stdin.read())

class Without:
    # Finds what PathFinder finds, but for what is forbidden: as if it were not installed.
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name.partition(".")[0] not in forbidden:
            return PathFinder.find_spec(name, path, target)

sys.meta_path[:] = [Without if f is PathFinder else f for f in sys.meta_path]
import gdbook
names = [m.name for m in pkgutil.walk_packages(gdbook.__path__, "gdbook.")
         if not m.name.startswith("gdbook.publish.") and m.name != "gdbook.publish"]
for name in names:
    importlib.import_module(name)
import torch
for part, use in uses.items():
    exec(use, {"torch": torch, "io": io, "x": torch.tensor([1.0], dtype=torch.float64)})
print(json.dumps(names))
"""


def closure(requirements: list[str]) -> set[str]:
    """Return the distributions that some requirements bring, and all that these need in turn."""
    found: set[str] = set()
    waiting = [Requirement(text) for text in requirements]
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        if name in found or name == "gdbook":
            continue
        found.add(name)
        try:
            needs = metadata.requires(name) or []
        except metadata.PackageNotFoundError:  # for another system or Python
            continue
        for need in map(Requirement, needs):
            extras = requirement.extras or {""}
            if need.marker is None or any(need.marker.evaluate({"extra": e}) for e in extras):
                waiting.append(need)
    return found


def modules_of(names: set[str]) -> Iterator[str]:
    """Yield the modules at the top of some distributions, if no other brings them too."""
    for module, distributions in metadata.packages_distributions().items():
        if {canonicalize_name(name) for name in distributions} <= names:
            yield module


@pytest.mark.slow
def test_what_readers_import_needs_nothing_that_builds() -> None:
    extras = PROJECT["optional-dependencies"]
    builds = closure([text for extra in extras.values() for text in extra]) - closure(
        PROJECT["dependencies"]
    )
    forbidden = sorted(modules_of(builds))
    assert {
        "sphinx",
        "myst_nb",
        "jupyter_book",
        "ipykernel",
        "typst",
        "palmerpenguins",
        "hypothesis",
    } <= set(forbidden)
    assert {"torch", "matplotlib", "scipy", "IPython", "pygments", "jinja2"}.isdisjoint(forbidden)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        input=json.dumps([forbidden, USES]),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    imported = json.loads(done.stdout.splitlines()[-1])
    assert {"gdbook.graph.rules.softmax", "gdbook.exercises.gradients"} <= set(imported)


def test_each_part_has_a_use() -> None:
    parts = {path.stem for path in SOURCE.glob("*.py")} | {
        path.parent.name for path in SOURCE.glob("*/__init__.py")
    }
    assert parts - {"__init__", "publish", "cli"} == USES.keys()


@pytest.mark.slow
def test_an_import_of_what_builds_is_seen() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        input=json.dumps([["sphinx"], {"style": "import sphinx.application"}]),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "No module named 'sphinx'" in done.stderr


def test_readers_import_no_library_but_those_named() -> None:
    """Matplotlib brings fontTools, torch jinja2; to use these would be a matter of luck."""
    taken = set()
    for path in SOURCE.rglob("*.py"):
        if "publish" not in path.relative_to(SOURCE).parts:
            taken |= {name.partition(".")[0] for name in imports_of(path, "gdbook")}
    foreign = taken - set(sys.stdlib_module_names) - {"gdbook"}
    by_design = {"matplotlib_inline", "mpmath", "cycler"}  # of IPython, SymPy and Matplotlib
    named = {"torch", "numpy", "scipy", "matplotlib", "contourpy", "sympy", "IPython"}
    assert foreign - by_design == named


@pytest.mark.parametrize("extra", ["penguins", "book", "test"])
def test_extras_hold_what_they_should(extra: str) -> None:
    names = {canonicalize_name(Requirement(text).name) for text in PROJECT["dependencies"]}
    assert names == {"torch", "numpy", "scipy", "matplotlib", "contourpy", "sympy", "ipython"}
    assert names.isdisjoint(
        canonicalize_name(Requirement(text).name)
        for text in PROJECT["optional-dependencies"][extra]
    )
