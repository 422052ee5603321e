"""Data about pages that live in Sphinx's environment, from the build that reads a page.

Sphinx pickles its environment at the end of a build and reads only what changed at the next
one. What a build learns about a page must therefore be kept there, and forgotten when the page
is read again or removed.
"""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

Value = TypeVar("Value")

_ALL: list[PageData[Any]] = []


class PageData(Generic[Value]):
    """One kind of data: a value for each page that has one.

    Parameters
    ----------
    name : str
        What the environment's attribute is called, after ``gdbook_``.
    """

    def __init__(self, name: str) -> None:
        self.name = f"gdbook_{name}"
        _ALL.append(self)

    def of(self, env: BuildEnvironment) -> dict[str, Value]:
        """Return the values by page, in a mapping that may be changed."""
        values: dict[str, Value] = vars(env).setdefault(self.name, {})
        return values


def forget(_app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """Forget all about a page that is read again, or was removed."""
    for data in _ALL:
        data.of(env).pop(docname, None)


def keep_source(app: Sphinx, _docname: str, text: list[str]) -> None:
    """Keep the text of the page that is being read, as its file has it."""
    app.env.temp_data["gdbook_source"] = text[0]


def source(env: BuildEnvironment) -> str:
    """Return the text of the page that is being read."""
    text: str = env.temp_data["gdbook_source"]
    return text
