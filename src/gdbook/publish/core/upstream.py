"""Changes to the inside of other packages: every one is listed here.

Sphinx, MyST-NB and their extensions have no setting for some of what the book needs: there a
function of theirs is replaced by one of ours, or private data of theirs are changed in place.
With a version that has renamed such a thing nothing would fail, but outputs would be missing
or builds be slow. So each is listed here, and using one that is gone is an error.
"""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from importlib import import_module, metadata
from typing import Any

from sphinx.errors import SphinxError

from gdbook.publish.core.places import ROOT

REPLACED = {
    "docutils.nodes:Node.findall": "doctrees are searched without recursion",
    "jupyter_book.cli.main:builder_specific_actions": "a failed build ends in its sentences",
    "jupyter_book.sphinx:handle_exception": "a failed build ends in its sentences",
    "myst_nb.sphinx_:create_nb_reader": "a notebook that was read to compare it is not read again",
    "myst_nb.sphinx_:create_client": "outputs come from the book's own store",
    "myst_nb.core.render:MditRenderMixin.render_nb_cell_markdown": "slide types of cells are kept",
    "myst_nb.core.render:MditRenderMixin.render_nb_cell_raw": "slide types of cells are kept",
    "myst_nb.core.render:entry_points": "installed packages are searched once a build",
    "myst_parser.mdit_to_docutils.base:DocutilsRenderer.generate_heading_target": (
        "headings that only slides show take no label from the page"
    ),
    "pybtex.plugin:entry_points": "installed packages are searched once a build",
    "pybtex.style.formatting:BaseStyle.format_entry": "a work is written out once",
    "sphinx.domains.std:StandardDomain._resolve_numref_xref": "references read no doctree",
    "sphinx.domains.std:StandardDomain.get_enumerable_node_type": "references read no doctree",
    "sphinx.environment:BuildEnvironment.get_doctree": "references read no doctree",
    "sphinx.environment.collectors.toctree:TocTreeCollector.assign_figure_numbers": (
        "numbers are given without reading every doctree"
    ),
    "sphinx_external_toc.events:glob": "excluded folders are not searched for chapters",
    "sphinx.highlighting:highlight": "code is highlighted once for all builds",
}
"""Functions that are replaced, each with the reason."""

CHANGED = {
    "sphinx.config:Config._raw_config": "a setting is made for Furo, which reads it too early",
    "sphinx.jinja2glue:BuiltinTemplateLoader.pathchain": "our templates go before the theme's",
    "sphinx.jinja2glue:BuiltinTemplateLoader.loaders": "our templates go before the theme's",
    "sphinx_exercise:BuildEnvironment.sphinx_exercise_registry": "problems are not pickled twice",
    "sphinxcontrib.bibtex:BibliographyValue.citation_nodes": "entries are not filled twice",
}
"""Attributes of objects whose value is changed in place, each with the reason."""

_originals: dict[str, Any] = {}


class UpstreamError(SphinxError):
    """Another package no longer has what the book changes in it."""

    category = "Incompatible package"


def original(target: str) -> Any:
    """Return a function as its package has it.

    Parameters
    ----------
    target : str
        One of `REPLACED`.
    """
    if target not in _originals:
        owner, name = _owner(target)
        _originals[target] = getattr(owner, name)
    return _originals[target]


def replace(target: str, new: Any) -> None:
    """Replace a function until the process ends."""
    original(target)
    setattr(*_owner(target), new)


def is_replaced(target: str) -> bool:
    """Return whether a function has been replaced."""
    return getattr(*_owner(target)) is not original(target)


def replace_rule(rules: MutableMapping[str, Any], target: str, new: Any) -> None:
    """Replace a method in one renderer's rules, where it stands by its name."""
    _, name = _owner(target)
    if name not in rules:
        raise UpstreamError(_gone(target, REPLACED[target]))
    rules[name] = new


@contextmanager
def replaced(target: str, new: Any, on: Any = None) -> Iterator[None]:
    """Replace a function for a while.

    Parameters
    ----------
    target : str
        One of `REPLACED`.
    new : callable
        What is called instead.
    on : object, optional
        The one object of whose class it is a method; others keep theirs.
    """
    owner, name = _owner(target)
    owner = owner if on is None else on
    before = vars(owner).get(name)
    setattr(owner, name, new)
    try:
        yield
    finally:
        if before is None:
            delattr(owner, name)
        else:
            setattr(owner, name, before)


def inside(owner: Any, target: str) -> Any:
    """Return an object's data, to be changed in place.

    Parameters
    ----------
    owner : object
    target : str
        One of `CHANGED`.
    """
    reason, name = CHANGED[target], target.rpartition(".")[2]
    if not hasattr(owner, name):
        raise UpstreamError(_gone(target, reason))
    return getattr(owner, name)


def _owner(target: str) -> tuple[Any, str]:
    """Return the module or class of a function, and its name there."""
    reason = REPLACED[target]
    module, _, path = target.partition(":")
    *classes, name = path.split(".")
    try:
        owner = import_module(module)
        for one in classes:
            owner = getattr(owner, one)
        getattr(owner, name)
    except (ImportError, AttributeError):
        raise UpstreamError(_gone(target, reason)) from None
    return owner, name


def _gone(target: str, reason: str) -> str:
    package = target.partition(":")[0].removeprefix("sphinxcontrib.")
    name = package.partition(".")[0].replace("_", "-")
    if target.startswith("sphinxcontrib."):
        name = f"sphinxcontrib-{name}"
    lock = ROOT / "requirements.lock"  # missing where the package was installed by itself
    lines = lock.read_text("utf-8").splitlines() if lock.is_file() else []
    known = [line.split()[0] for line in lines if line.startswith(f"{name}==")]
    place, version = target.replace(":", "."), metadata.version(name)
    return (
        f"{name} {version} has no {place}, which the book changes: {reason}. The book is known to "
        f"build with {known[0] if known else 'an older version'}: install that, or mend what uses "
        "the name in src/gdbook/publish."
    )
