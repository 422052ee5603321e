"""What autodoc is told about members, and about names that are not in the book."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import PycodeError
from sphinx.ext.autodoc import DataDocumenter, ModuleDocumenter
from sphinx.pycode import ModuleAnalyzer
from sphinx.util import logging

log = logging.getLogger(__name__)


class ValueDocumenter(DataDocumenter):
    """Documents a module's values, also those that were made in another file of its package.

    Sphinx's own takes only those with a comment in the file where they are listed.
    """

    priority = -15  # after all that know more of what a member is

    @classmethod
    def can_document_member(cls, member: Any, membername: str, isattr: bool, parent: Any) -> bool:
        """Whether a member is a value of a module."""
        return isinstance(parent, ModuleDocumenter) and not isinstance(member, ModuleType)

    def get_doc(self) -> list[list[str]]:
        """Return what the value says of itself, or the comment where it is made."""
        doc = getattr(self.object, "__doc__", None)
        if doc and doc != type(self.object).__doc__ and isinstance(doc, str):
            return [doc.splitlines()]
        found = list(_comments(self.modname, self.objpath[-1]))
        if not found:
            log.warning(
                "%s has neither a docstring nor a comment that begins with #: at its line",
                self.fullname,
                location=self.env.docname,
                type="gdbook",
                subtype="reference",
            )
        return found[:1]


def _comments(module: str, name: str) -> Iterator[list[str]]:
    """Yield the comments on a value, in the module that lists it and in those below that."""
    for each in [module, *sorted(it for it in sys.modules if it.startswith(f"{module}."))]:
        try:
            comment = ModuleAnalyzer.for_module(each).find_attr_docs().get(("", name))
        except PycodeError:
            continue  # made by import, without a file
        if comment:
            yield list(comment)


def note_files(
    app: Sphinx, what: str, _name: str, it: Any, _options: Any, _lines: list[str]
) -> None:
    """Let the page be read again when a file of a module's package changes, not only its own."""
    if what == "module" and it.__file__:
        path = Path(it.__file__)
        for file in path.parent.rglob("*.py") if path.name == "__init__.py" else (path,):
            app.env.note_dependency(str(file))


def keep(app: Sphinx, what: str, name: str, it: Any, _skip: bool, _options: Any) -> bool | None:
    """Keep what a module's ``__all__`` lists, values without a docstring too."""
    if what != "module" or isinstance(it, ModuleType):
        return None
    listed = getattr(sys.modules[app.env.temp_data["autodoc:module"]], "__all__", None)
    return None if listed is None else name not in listed


def elsewhere(
    _app: Sphinx, _env: BuildEnvironment, node: addnodes.pending_xref, shown: nodes.Element
) -> nodes.Element | None:
    """Leave a name in backticks that the reference does not have as code: a parameter, torch's.

    One that begins with ``gdbook.`` should be there: Sphinx warns of it.
    """
    if node.get("refdomain") != "py":
        return None
    ours = node["reftype"] == "obj" and re.fullmatch(r"gdbook\.[\w.]+", node["reftarget"])
    return None if ours else shown
