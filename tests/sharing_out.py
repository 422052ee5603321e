"""Which tests one worker runs together, and which come first."""

from __future__ import annotations

import pytest
from xdist.scheduler import LoadScopeScheduling

from contents import PAGES

#: Files whose tests are shared out by the page that they are run for.
BY_PAGE = {"test_pages", "test_book_decks", "test_mutation", "test_chapter_figures"}

#: Files whose tests are shared out one by one.
BY_TEST = {"test_same_bytes"}

#: Files that one worker runs together: they work in one folder, or wait for moments, and would
#: disturb one another.
TOGETHER = {
    "test_decks": "decks",
    "test_together": "decks",
    "test_figures_seen": "moments",
    "test_interruption": "moments",
    "test_landing": "moments",
    "test_serve": "moments",
}


class SharingOut(LoadScopeScheduling):
    """Gives a file to one worker, since its tests share what is made for them.

    The marks of ``--dist loadgroup`` would say the same, but pytest 9.2 and pytest-xdist 3.8
    pass over them (pytest-xdist issue 1386).
    """

    def _split_scope(self, nodeid: str) -> str:
        return group(nodeid)


def group(nodeid: str) -> str:
    """Return the name of what a test is run together with."""
    path, _, test = nodeid.partition("::")
    file = path.rpartition("/")[2].removesuffix(".py")
    if file in BY_TEST:
        return nodeid
    named = [page for page in PAGES if page in test] if file in BY_PAGE else []
    return f"{TOGETHER.get(file, file)} {max(named, key=len, default='')}"


def turn(item: pytest.Item) -> int:
    """Return when a test's turn is, so that no worker waits and none is left with much at the end.

    While the first builds the whole book, the second opens small ones in its browser; what is
    short comes last.
    """
    fixtures = getattr(item, "fixturenames", ())
    if item.path.stem == "test_same_bytes" and "whole_book" in fixtures:
        return 0
    if {"whole_book", "book_site"} & set(fixtures) or set(PAGES) & values(item):
        return 2
    return 1 if item.get_closest_marker("browser") else 3


def values(item: pytest.Item) -> set[str]:
    """Return the names that a test is run for."""
    found = item.callspec.params.values() if hasattr(item, "callspec") else ()
    return {value for value in found if isinstance(value, str)}
