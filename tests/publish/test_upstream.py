"""What is changed inside of other packages: all of it listed, and missed when it is gone."""

from __future__ import annotations

import ast
import importlib
import warnings
from collections.abc import Iterator
from contextlib import suppress
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

import gdbook.publish
from gdbook.publish.core import upstream

# Jupyter Book's command imports a name that Click will drop.
pytestmark = pytest.mark.filterwarnings("ignore:'BaseCommand' is deprecated:DeprecationWarning")

WING = Path(gdbook.publish.__file__).parent


def place(target: str) -> tuple[Any, str]:
    """Return the module or class that holds a name, found without the code under test."""
    module, _, path = target.partition(":")
    *classes, name = path.split(".")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        owner: Any = importlib.import_module(module)
    for one in classes:
        owner = getattr(owner, one)
    return owner, name


@pytest.mark.parametrize("target", upstream.REPLACED)
def test_a_name_that_is_gone_is_missed(target: str, monkeypatch: pytest.MonkeyPatch) -> None:
    owner, name = place(target)
    for one in getattr(owner, "__mro__", [owner]):  # a base class may have it, too
        monkeypatch.delattr(one, name, raising=False)
    monkeypatch.setattr(upstream, "_originals", {})
    with pytest.raises(upstream.UpstreamError) as error:
        upstream.replace(target, None)
    sentence = str(error.value)
    package = target.split(".", maxsplit=1)[0].split(":", maxsplit=1)[0].replace("_", "-")
    version = metadata.version(package)
    assert sentence.startswith(f"{package} {version} has no {target.replace(':', '.')}, which")
    assert upstream.REPLACED[target] in sentence
    assert f"known to build with {package}==" in sentence


def test_data_that_are_gone_are_missed() -> None:
    class Loader:
        pathchain: tuple[()] = ()

    assert upstream.inside(Loader(), "sphinx.jinja2glue:BuiltinTemplateLoader.pathchain") == ()
    with pytest.raises(upstream.UpstreamError, match=r"^sphinx \S+ has no .*\.loaders, which"):
        upstream.inside(Loader(), "sphinx.jinja2glue:BuiltinTemplateLoader.loaders")
    entries = "sphinxcontrib.bibtex:BibliographyValue.citation_nodes"
    with pytest.raises(upstream.UpstreamError, match=r"^sphinxcontrib-bibtex \S+ has no "):
        upstream.inside(Loader(), entries)


def test_a_rule_that_is_gone_is_missed() -> None:
    target = "myst_nb.core.render:MditRenderMixin.render_nb_cell_raw"
    rules = {"render_nb_cell_raw": 1}
    upstream.replace_rule(rules, target, 2)
    assert rules == {"render_nb_cell_raw": 2}
    with pytest.raises(upstream.UpstreamError, match=r"has no myst_nb\.core\.render\."):
        upstream.replace_rule({}, target, 2)


def test_a_function_is_replaced_for_a_while_on_one_object_or_all() -> None:
    target = "sphinx.environment:BuildEnvironment.get_doctree"
    owner, _ = place(target)
    before = owner.get_doctree
    one, other = object.__new__(owner), object.__new__(owner)
    with upstream.replaced(target, lambda: 1, on=one):
        assert one.get_doctree() == 1
        assert other.get_doctree.__func__ is before
    with suppress(RuntimeError), upstream.replaced(target, lambda _: 2):
        assert one.get_doctree() == other.get_doctree() == 2
        raise RuntimeError("in between")
    assert owner.get_doctree is before
    assert "get_doctree" not in vars(one)


def sources() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(WING.rglob("*.py")):
        yield path, ast.parse(path.read_text("utf-8"))


def test_every_entry_is_used() -> None:
    texts = {
        node.value
        for path, tree in sources()
        if path.name != "upstream.py"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert (upstream.REPLACED | upstream.CHANGED).keys() <= texts


def test_nothing_else_is_assigned_to_other_packages() -> None:
    """An assignment to an attribute of what was imported from elsewhere is a patch."""
    found = []
    for path, tree in sources():
        foreign = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                foreign |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not (node.module or "").startswith("gdbook"):
                foreign |= {alias.asname or alias.name for alias in node.names}
        for node in ast.walk(tree):
            for target in node.targets if isinstance(node, ast.Assign) else []:
                root: ast.expr = target
                while isinstance(root, ast.Attribute | ast.Subscript):
                    root = root.value
                inside = isinstance(target, ast.Attribute) and isinstance(root, ast.Name)
                if inside and ast.unparse(root) in foreign:
                    found.append(f"{path.relative_to(WING)}: {ast.unparse(target)}")
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("setattr", "delattr"):
                found.append(f"{path.relative_to(WING)}: {ast.unparse(node)}")
    # The process that builds has a terminal's streams of its own.
    own = ["core/upstream.py", "preview/build_process.py", "execute/kernels/fork_server.py"]
    own.append("live/python/")  # which runs in the page, and changes what is there
    assert [one for one in found if not one.startswith(tuple(own))] == []
