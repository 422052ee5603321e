"""What libraries repeat is done once, and comes out the same."""

from __future__ import annotations

import importlib
import importlib.metadata
import sys
from pathlib import Path
from typing import Any

import pygments
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name

from gdbook.publish.core import upstream
from gdbook.publish.core.cache import Memo
from gdbook.publish.site import library_caches
from gdbook.publish.theme.highlighting import Dark, Light

CODE = st.text(alphabet="ab1 \n()=+'\"#:λ", max_size=40)


@pytest.mark.parametrize("name", library_caches.ASKING)
def test_entry_points_are_those_of_the_metadata(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asking: Any = importlib.import_module(name.partition(":")[0])
    known = importlib.metadata.entry_points(group="sphinx.html_themes")
    monkeypatch.setattr(asking, "entry_points", upstream.original(name))
    library_caches.remember_entry_points()
    found = asking.entry_points(group="sphinx.html_themes")
    assert found.names == known.names
    assert found["furo"].load() is known["furo"].load()
    library_caches.remember_entry_points()  # a second time changes nothing
    assert asking.entry_points(group="sphinx.html_themes") is found


def test_what_is_not_imported_is_not_imported_to_be_remembered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    modules = {name.partition(":")[0] for name in library_caches.ASKING}
    for name in modules:
        monkeypatch.delitem(sys.modules, name, raising=False)
    library_caches.remember_entry_points()
    assert not modules & sys.modules.keys()


@settings(deadline=None)
@given(
    CODE, st.sampled_from(["python", "ipython3", "text", "bash"]), st.sampled_from([Light, Dark])
)
def test_code_looks_as_pygments_has_it(code: str, language: str, style: type[Light]) -> None:
    highlight = library_caches.remember_highlighting(Memo(Path("nowhere"), ""))
    for numbered in (False, "table"):
        lexer = get_lexer_by_name(language)
        formatter = HtmlFormatter(style=style, linenos=numbered)
        expected = pygments.highlight(code, lexer, formatter)
        assert highlight(code, lexer, formatter) == expected
        assert highlight(code, get_lexer_by_name(language), formatter) == expected


def test_blocks_that_differ_in_anything_are_told_apart() -> None:
    highlight = library_caches.remember_highlighting(Memo(Path("nowhere"), ""))
    seen = set()
    for code in ("x = 1", "x = 2"):
        for language in ("python", "text"):
            for options in ({}, {"hl_lines": [1]}, {"linenos": "inline"}, {"wrapcode": True}):
                seen.add(highlight(code, get_lexer_by_name(language), HtmlFormatter(**options)))
    assert len(seen) == 16
