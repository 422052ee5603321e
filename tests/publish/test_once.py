"""What libraries repeat is done once, and comes out the same."""

from __future__ import annotations

import importlib
import importlib.metadata
import sys
from pathlib import Path
from types import SimpleNamespace

import pygments
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name

from gdbook.publish.core.cache import Memo
from gdbook.publish.site import library_caches
from gdbook.publish.theme.highlighting import Dark, Light

CODE = st.text(alphabet="ab1 \n()=+'\"#:λ", max_size=40)


def test_entry_points_are_those_of_the_metadata(monkeypatch: pytest.MonkeyPatch) -> None:
    asking = SimpleNamespace(entry_points=importlib.metadata.entry_points)
    monkeypatch.setattr(library_caches, "ASKING", ("asking", "not_imported"))
    monkeypatch.setitem(sys.modules, "asking", asking)
    library_caches.remember_entry_points()
    found = asking.entry_points(group="sphinx.html_themes")
    known = importlib.metadata.entry_points(group="sphinx.html_themes")
    assert found.names == known.names
    assert found["furo"].load() is known["furo"].load()
    assert asking.entry_points(group="sphinx.html_themes") is found
    assert "not_imported" not in sys.modules


@pytest.mark.parametrize("name", library_caches.ASKING)
def test_the_modules_ask_by_a_name_that_can_be_replaced(name: str) -> None:
    assert callable(importlib.import_module(name).entry_points)


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
