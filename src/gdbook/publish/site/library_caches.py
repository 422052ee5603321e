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
from sphinx.application import Sphinx
from sphinx.highlighting import PygmentsBridge

from gdbook.publish.core import upstream
from gdbook.publish.core.cache import Memo, fingerprints, memo
from gdbook.publish.core.versions import version

Key = Callable[..., Any]

ASKING = ("myst_nb.core.render:entry_points", "pybtex.plugin:entry_points")
"""Where entry points are asked for; what is installed does not change during a build."""


def remembering(work: Callable[..., Any], key: Key) -> Callable[..., Any]:
    """Return a function that works only once for each key.

    Parameters
    ----------
    work : callable
    key : callable
        Given the arguments, returns what tells them apart. What it returns is kept alive.
    """
    known: dict[Any, Any] = {}

    @functools.wraps(work)
    def remembered(*args: Any, **kwargs: Any) -> Any:
        asked = key(*args, **kwargs)
        if asked not in known:
            known[asked] = work(*args, **kwargs)
        return known[asked]

    return remembered


def once(target: str, key: Key | None = None) -> None:
    """Let a function of an imported module remember what it returned, for the whole process.

    Parameters
    ----------
    target : str
        One of `upstream.REPLACED`.
    key : callable, optional
        As in `remembering`; without one the arguments themselves are the key.
    """
    if target.partition(":")[0] in sys.modules and not upstream.is_replaced(target):
        work = upstream.original(target)
        upstream.replace(target, remembering(work, key) if key else functools.cache(work))


def remember_entry_points() -> None:
    """Let the modules that ask for entry points, if they are imported, remember them."""
    for name in ASKING:
        once(name)


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


def remember(app: Sphinx) -> None:
    """Let libraries remember from when all of them are imported."""
    remember_entry_points()
    once("pybtex.style.formatting:BaseStyle.format_entry", _work)
    once("sphinx.highlighting:PygmentsBridge.get_formatter", _formatter)
    lexers = [version(name) for name in ("pygments", "ipython", "myst-nb")]
    kept = memo(app, "highlighting", lambda: fingerprints([], lexers))
    upstream.replace("sphinx.highlighting:highlight", _highlight(kept))
