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
from pybtex.database import parse_string
from pybtex.style import formatting
from pybtex.style.formatting.plain import Style
from pybtex.style.formatting.unsrt import Style as Unsorted
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from sphinx.highlighting import PygmentsBridge

from gdbook.publish.core import upstream
from gdbook.publish.core.cache import Memo
from gdbook.publish.site import library_caches
from gdbook.publish.theme.highlighting import Dark, Light

CODE = st.text(alphabet="ab1 \n()=+'\"#:λ", max_size=40)


def test_a_function_is_called_once_for_each_key() -> None:
    calls: list[object] = []

    def work(*args: int, **named: int) -> list[object]:
        calls.append((args, named))
        return [args, named]

    done = library_caches.remembering(work, lambda *args, **named: (args, named["b"]))
    for _ in range(3):
        assert done(1, b=2) == [(1,), {"b": 2}]
        assert done(2, b=1) == [(2,), {"b": 1}]
    assert calls == [((1,), {"b": 2}), ((2,), {"b": 1})]


def test_a_function_that_raises_is_asked_again() -> None:
    tries: list[int] = []

    def work() -> int:
        tries.append(len(tries))
        if len(tries) == 1:
            raise ValueError("not yet")
        return 5

    done = library_caches.remembering(work, lambda: None)
    with pytest.raises(ValueError, match="not yet"):
        done()
    assert done() == done() == 5
    assert len(tries) == 2


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
    highlight = library_caches._highlight(Memo(Path("nowhere"), ""))
    for numbered in (False, "table"):
        lexer = get_lexer_by_name(language)
        formatter = HtmlFormatter(style=style, linenos=numbered)
        expected = pygments.highlight(code, lexer, formatter)
        assert highlight(code, lexer, formatter) == expected
        assert highlight(code, get_lexer_by_name(language), formatter) == expected


def test_blocks_that_differ_in_anything_are_told_apart() -> None:
    highlight = library_caches._highlight(Memo(Path("nowhere"), ""))
    seen = set()
    for code in ("x = 1", "x = 2"):
        for language in ("python", "text"):
            for options in ({}, {"hl_lines": [1]}, {"linenos": "inline"}, {"wrapcode": True}):
                seen.add(highlight(code, get_lexer_by_name(language), HtmlFormatter(**options)))
    assert len(seen) == 16


def test_a_formatter_is_made_once_for_its_arguments(monkeypatch: pytest.MonkeyPatch) -> None:
    name = "sphinx.highlighting:PygmentsBridge.get_formatter"
    monkeypatch.setattr(PygmentsBridge, "get_formatter", upstream.original(name))
    library_caches.once(name, library_caches._formatter)
    light = PygmentsBridge("html", f"{Light.__module__}.Light")
    dark = PygmentsBridge("html", f"{Light.__module__}.Dark")
    plain = light.get_formatter()
    assert light.get_formatter() is plain
    assert dark.get_formatter() is not plain
    assert light.get_formatter(linenos="inline") is not plain
    assert light.get_formatter(hl_lines=[1]).hl_lines == {1}
    assert light.get_formatter(hl_lines=[2]).hl_lines == {2}


def test_a_work_is_set_once_for_each_style_and_label(monkeypatch: pytest.MonkeyPatch) -> None:
    work = "@article{{k, author={{A. Cauchy}}, title={{{title}}}, journal={{J}}, year={{1847}}}}"
    one, other = (
        parse_string(work.format(title=title), "bibtex").entries["k"] for title in ("One", "Other")
    )
    cases = [
        (s, label, entry) for s in (Style, Unsorted) for label in "ab" for entry in (one, other)
    ]
    expected = [(s().format_entry(label, entry)) for s, label, entry in cases]
    calls = []
    name = "pybtex.style.formatting:BaseStyle.format_entry"
    original = upstream.original(name)

    def counted(self: object, *args: object, **named: object) -> object:
        calls.append(args)
        return original(self, *args, **named)

    done = library_caches.remembering(counted, library_caches._work)
    monkeypatch.setattr(formatting.BaseStyle, "format_entry", done)
    for _ in range(2):
        made = [s().format_entry(label, entry) for s, label, entry in cases]
        assert [(m.key, m.label, m.text) for m in made] == [
            (e.key, e.label, e.text) for e in expected
        ]
    assert len(calls) == len(cases)
