"""What autodoc is told about members, and about names that are not in the book."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment


def keep(app: Sphinx, what: str, name: str, it: Any, _skip: bool, _options: Any) -> bool | None:
    """Keep what a module's ``__all__`` lists, values without a docstring too."""
    if what != "module" or isinstance(it, ModuleType):
        return None
    module = sys.modules[app.env.temp_data["autodoc:module"]]
    return name not in getattr(module, "__all__", ())


def elsewhere(
    _app: Sphinx, _env: BuildEnvironment, node: addnodes.pending_xref, shown: nodes.Element
) -> nodes.Element | None:
    """Leave a name in backticks that the reference does not have as code: a parameter, torch's.

    One that begins with ``gdbook.`` should be there: Sphinx warns of it.
    """
    known = node.get("refdomain") != "py" or str(node["reftarget"]).startswith("gdbook.")
    return None if known else shown
