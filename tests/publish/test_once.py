"""What libraries repeat is done once, and comes out the same."""

from __future__ import annotations

import importlib
import importlib.metadata
import pickle
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pygments
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pybtex.database import Entry, Person
from pybtex.style.formatting import BaseStyle
from pybtex.style.formatting.alpha import Style as AlphaStyle
from pybtex.style.formatting.plain import Style as PlainStyle
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


@pytest.fixture
def works(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Let pybtex remember works in an environment; return it, and a list of what was written."""
    written: list[str] = []
    original: Any = upstream.original(library_caches.WRITING)

    def noted(style: Any, label: str, entry: Any, bib_data: Any = None) -> Any:
        written.append(entry.fields["title"])
        return original(style, label, entry, bib_data)

    monkeypatch.setattr(BaseStyle, "format_entry", original)
    monkeypatch.setitem(upstream._originals, library_caches.WRITING, noted)

    def again(env: Any) -> Any:
        """Begin a build with an environment as an earlier one has left it."""
        env = pickle.loads(pickle.dumps(env))
        library_caches.remember_works(env)
        return env

    return SimpleNamespace(begin=again, written=written)


def article(title: str) -> Any:
    people = {"author": [Person("Cauchy, Augustin-Louis")]}
    fields = {"title": title, "year": "1847", "journal": "Comptes rendus"}
    entry = Entry("article", fields=fields, persons=people)
    entry.key = "cauchy"
    return entry


def test_a_work_is_written_out_once_and_again_when_it_changes(works: Any) -> None:
    env = works.begin(SimpleNamespace())
    style, other = AlphaStyle(), PlainStyle()
    first = style.format_entry("Cau47", article("Méthode"))
    assert style.format_entry("Cau47", article("Méthode")) is first
    env = works.begin(env)
    kept = style.format_entry("Cau47", article("Méthode"))
    assert str(kept.text) == str(first.text)
    assert "Méthode" in str(kept.text)
    assert works.written == ["Méthode"]
    assert "Other" in str(style.format_entry("Cau47", article("Other")).text)
    assert style.format_entry("C", article("Méthode")).label == "C"
    assert other.format_entry("Cau47", article("Méthode")) is not kept
    assert works.written == ["Méthode", "Other", "Méthode", "Méthode"]
    # What a build does not use is forgotten.
    style.format_entry("Cau47", article("Méthode"))
    env = works.begin(env)
    style.format_entry("C", article("Méthode"))
    assert len(env.gdbook_works) == 1
    assert len(works.written) == 4
