"""Work that libraries repeat within one build, or from build to build, is done once.

Entry points: MyST-NB looks them up at every page and pybtex at every work, and each time the
metadata of all that is installed is read. Works: sphinxcontrib-bibtex sets each of them twice,
as an entry and as a tooltip, at every build. Code: pages, decks and notebooks highlight the
same blocks.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from typing import Any

import pygments
import sphinx.highlighting
from sphinx.application import Sphinx
from sphinx.highlighting import PygmentsBridge
from sphinx.util.typing import ExtensionMetadata

from gdbook.publish.core.cache import Memo, fingerprints, memo
from gdbook.publish.core.versions import version

ASKING = ("myst_nb.core.render", "pybtex.plugin")
"""The modules that ask for entry points; what is installed does not change during a build."""


def once(owner: Any, name: str, key: Callable[..., Any] | None = None) -> None:
    """Let a function of a module or class remember what it returned.

    Parameters
    ----------
    owner : module or class
    name : str
        Of the function.
    key : callable, optional
        Given the arguments, returns what tells them apart. What it returns is kept alive.
    """
    work = getattr(owner, name)
    if hasattr(work, "remembered"):
        return
    remembered: dict[Any, Any] = {}

    @functools.wraps(work)
    def remembering(*args: Any, **kwargs: Any) -> Any:
        told = key(*args, **kwargs) if key else (args, tuple(sorted(kwargs.items())))
        if told not in remembered:
            remembered[told] = work(*args, **kwargs)
        return remembered[told]

    remembering.remembered = remembered  # type: ignore[attr-defined]
    setattr(owner, name, remembering)


def remember_entry_points() -> None:
    """Let the modules that ask for entry points, if they are imported, remember them."""
    for name in ASKING:
        if name in sys.modules:
            once(sys.modules[name], "entry_points")


class _Same:
    """An object as a key: the same object, not an equal one."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.value is other.value

    def __hash__(self) -> int:
        return id(self.value)


def _work(style: Any, label: str, entry: Any, bib_data: Any = None) -> Any:
    return type(style), label, _Same(entry), _Same(bib_data)


def _formatter(bridge: PygmentsBridge, **kwargs: Any) -> Any:
    arguments = {**kwargs, **bridge.formatter_args}
    return bridge.formatter, repr(sorted(arguments.items(), key=lambda one: one[0]))


def _highlight(kept: Memo) -> Callable[[str, Any, Any], str]:
    """Return a `pygments.highlight` that knows the blocks of earlier builds."""

    def highlight(code: str, lexer: Any, formatter: Any) -> str:
        made_with = [
            [type(part).__module__, type(part).__qualname__, repr(sorted(part.options.items()))]
            for part in (lexer, formatter)
        ]
        question = [code, [repr(type(one)) for one in lexer.filters], made_with]
        shown: str = kept.answer(question, lambda: pygments.highlight(code, lexer, formatter))
        return shown

    return highlight


def _builder_inited(app: Sphinx) -> None:
    remember_entry_points()
    if "pybtex.style.formatting" in sys.modules:
        once(sys.modules["pybtex.style.formatting"].BaseStyle, "format_entry", _work)
    once(PygmentsBridge, "get_formatter", _formatter)
    lexers = [version(name) for name in ("pygments", "ipython", "myst-nb")]
    kept = memo(app, "highlighting", lambda: fingerprints([], lexers))
    sphinx.highlighting.highlight = _highlight(kept)  # type: ignore[attr-defined]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Remember from when all is imported."""
    app.connect("builder-inited", _builder_inited, priority=0)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
