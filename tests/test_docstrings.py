"""Docstrings: their examples are run, and they say what a public function owes its readers."""

from __future__ import annotations

import ast
import builtins
import doctest
import importlib
import importlib.util
import inspect
import pkgutil
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import gdbook
from builds import ROOT
from gdbook.exercises import hints

PAGES = ROOT / "book/reference/package"
#: The modules of the reference, by page.
DOCUMENTED = {
    module: path.stem
    for path in sorted(PAGES.glob("*.md"))
    for module in re.findall(r"^\.\. automodule:: (\S+)$", path.read_text("utf-8"), re.M)
}
#: What a reader imports and the reference does not describe once more.
ELSEWHERE = {
    "gdbook.autodiff.optim": "gdbook.optimizers",  # the same classes, under torch's name
}
TEACHING = [
    name
    for _, name, _ in pkgutil.walk_packages(gdbook.__path__, "gdbook.")
    if not name.startswith(("gdbook.publish", "gdbook.cli"))
]
SECTIONS = ("Parameters", "Returns", "Yields", "Raises", "Notes", "Attributes", "Examples")


def public() -> Iterator[tuple[str, str, Any]]:
    """Yield each documented module and name of its ``__all__``, with what it names."""
    for module in DOCUMENTED:
        loaded = importlib.import_module(module)
        for name in loaded.__all__:
            yield module, name, getattr(loaded, name)


PUBLIC = list(public())
#: Those with a definition of their own: many of the engine's are its methods, called otherwise.
FUNCTIONS = [
    pytest.param(it, id=f"{module}.{name}")
    for module, name, it in PUBLIC
    if inspect.isfunction(it) and it.__code__.co_name == it.__name__
]


def source(name: str) -> str:
    """Return the text of a module that need not be loaded for it."""
    spec = importlib.util.find_spec(name)
    return Path(str(spec.origin)).read_text("utf-8") if spec is not None else ""


@pytest.mark.parametrize("name", [name for name in TEACHING if ">>> " in source(name)])
def test_the_examples_of_a_module_are_true(name: str) -> None:
    module = importlib.import_module(name)
    # Nothing but what an example imports itself: a reader copies it as it stands.
    finder = doctest.DocTestFinder(exclude_empty=True)
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    hints.forget()  # the second wrong answer to a problem would bring a hint
    for example in finder.find(module, name, globs={}):
        runner.run(example)
    assert runner.tries > 0
    assert runner.failures == 0


def test_most_functions_have_an_example() -> None:
    shown = [it for _, _, it in PUBLIC if callable(it) and ">>>" in (inspect.getdoc(it) or "")]
    assert len(shown) >= 60


def test_all_that_readers_import_is_in_the_reference() -> None:
    parts = {f"gdbook.{part}" for part in gdbook._PARTS}
    imported = set()
    for page in (ROOT / "book").rglob("*.md"):
        text = page.read_text("utf-8")
        imported |= set(re.findall(r"^(?:from|import) (gdbook\.[\w.]+)", text, re.M))
        for names in re.findall(r"^from gdbook import (.*)$", text, re.M):
            imported |= {f"gdbook.{name.split()[0]}" for name in names.split("#")[0].split(",")}
    # The page for instructors runs the marker; one cell shows a part of the engine.
    inside = ("gdbook.lab", "gdbook.grading", "gdbook.autodiff.operation")
    imported = {name for name in imported if not name.startswith(inside)}
    assert parts | imported <= set(DOCUMENTED) | set(ELSEWHERE)


def test_each_thing_is_described_once() -> None:
    """A function is in the reference under one name, where a page's modules don't share it."""
    seen: dict[int, str] = {}
    for module, name, it in PUBLIC:
        if inspect.isfunction(it) or inspect.isclass(it):
            assert id(it) not in seen, f"{module}.{name} is {seen.get(id(it))}"
            seen[id(it)] = f"{module}.{name}"
    for module, name, it in PUBLIC:
        if isinstance(it, ModuleType):
            assert it.__name__ in {*DOCUMENTED, *ELSEWHERE}, f"{module}.{name}"
    for module, there in ELSEWHERE.items():
        assert set(importlib.import_module(module).__all__) <= {
            name for at, name, _ in PUBLIC if at == there
        }


def sections(it: Any) -> dict[str, str]:
    """Return the parts of a docstring by heading; what comes before the first is ``""``."""
    doc = inspect.cleandoc(inspect.getdoc(it) or "")
    parts = re.split(rf"^({'|'.join(SECTIONS)})\n-+\n", doc, flags=re.M)
    return {"": parts[0], **dict(zip(parts[1::2], parts[2::2], strict=True))}


def parameters(text: str) -> set[str]:
    heads = re.findall(r"^([*\w][*\w, ]*?)(?: : .*)?$", text, re.M)
    return {name.strip().lstrip("*") for head in heads for name in head.split(",")}


@pytest.mark.parametrize("it", FUNCTIONS)
def test_a_function_says_what_it_returns_in_a_sentence(it: Any) -> None:
    first = sections(it)[""].split("\n\n")[0]
    assert re.match(r"[A-Z]", first)
    assert first.rstrip().endswith((".", "?"))


@pytest.mark.parametrize("it", FUNCTIONS)
def test_the_parameters_are_those_of_the_function(it: Any) -> None:
    """A documented parameter exists, and where some have a line, all have."""
    named = parameters(sections(it).get("Parameters", ""))
    real = {name for name in inspect.signature(it).parameters if not name.startswith("_")}
    if named:
        assert named == real


def raised(it: Any) -> set[str]:
    """Return the exceptions that a function's own lines raise."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(it)))
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            names.add(ast.unparse(node.exc.func).rpartition(".")[2])
    return names


@pytest.mark.parametrize("it", [it for it in FUNCTIONS if raised(it.values[0])])
def test_what_a_function_raises_is_said(it: Any) -> None:
    told = sections(it).get("Raises", "")
    for name in raised(it):
        kinds = {name, *(base.__name__ for base in getattr(builtins, name, object).__mro__)}
        assert any(re.search(rf"\b{kind}\b", told) for kind in kinds - {"object"}), name


def test_every_value_says_what_it_is() -> None:
    """Values have a docstring of their own, or a comment, which autodoc shows."""
    for module, name, it in PUBLIC:
        if callable(it) or isinstance(it, ModuleType) or type(it).__name__ == "Landscape":
            continue
        files = Path(inspect.getfile(importlib.import_module(module))).parent.rglob("*.py")
        made = rf"(#: .*\n(?:#: .*\n)*){name}\b.*=|^{name}\b.*= [^\n]*(?:\n[^\n]+)*\n\"\"\""
        assert any(re.search(made, file.read_text("utf-8"), re.M) for file in files), (
            f"{module}.{name}"
        )


def test_a_landscape_tells_what_it_knows() -> None:
    from gdbook.functions import quartic, ravine

    text = " ".join(inspect.getdoc(quartic).split())  # type: ignore[union-attr]
    assert r":math:`f(x) = x - 4x^2 + \tfrac{1}{4}x^4`" in text
    assert "−18.86 at −2.889; −13.2 at 2.764, not the deepest" in text
    assert "No L: the second derivative" in text
    assert "L = 4. μ = 0.2." in " ".join(inspect.getdoc(ravine).split())  # type: ignore[union-attr]


def test_a_function_of_the_engine_tells_what_its_method_does() -> None:
    from gdbook import autodiff

    assert autodiff.sin.__name__ == "sin"
    assert inspect.getdoc(autodiff.sin) == inspect.getdoc(autodiff.Tensor.sin)
