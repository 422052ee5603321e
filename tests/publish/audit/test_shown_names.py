"""Names in shown code: what a cell needs is what Python misses when the cell runs alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from pages import page

from gdbook.publish.audit.names import Names
from gdbook.publish.audit.page import Cell
from gdbook.publish.audit.promises import promises
from gdbook.publish.audit.shown_names import shown_names

#: Cells, and the names that they need.
CELLS = [
    ("x = 1\ny = x + 1", ""),
    ("x = x + 1", "x"),
    ("x += 1", "x"),
    ("import os.path\nfrom math import pi as p\nos.sep, p", ""),
    ("for i in range(3):\n    total = i\nprint(i, total)", ""),
    ("for i in items:\n    pass\nelse:\n    i, n", "items n"),
    ("[i * k for i in range(3) if i > low]", "k low"),
    ("{i: j for i in range(2) for j in range(i)}\ni", "i"),
    ("[y := 1 for _ in range(2)]\ny", ""),
    ("def f(x, n=top, *rest, key=1, **more):\n    return x, n, rest, key, more\nf(1)", "top"),
    ("def f():\n    return later\nlater = 1\nf()", ""),
    ("def f():\n    return missing\nf()", "missing"),
    ("def f():\n    for k in range(2):\n        last = k\n    return last\nf()", ""),
    ("def f():\n    def g():\n        return x + y\n    x = 1\n    return g()\nf()", "y"),
    ("f = lambda x, y=base: x + y + z\nf(1)", "base z"),
    ("class A(B):\n    x = 1\n    y = x\n    def f(self):\n        return w\nA().f()", "B w"),
    ("@wrap\ndef f():\n    pass", "wrap"),
    ("with open_it() as (a, b):\n    a, b", "open_it"),
    ("try:\n    1 / 0\nexcept ZeroDivisionError as error:\n    print(error)", ""),
    ("match 3, 4:\n    case [a, *b]:\n        print(a, b)", ""),
    ("match {'k': 1}:\n    case {'k': v, **rest}:\n        print(v, rest)", ""),
    ("f'{value:>{width}}'", "value width"),
    ("print(len([]), __name__)", ""),
    ("box[key] = 1\nobject_.field = 2", "box key object_"),
    ("def f(n):\n    return 1 if n < 1 else f(n - 1)\nf(2)", ""),
    ("x: int = 1\nx", ""),
]


class Anything:
    """What a name may stand for: it can do all that the cells ask of it."""

    field = 0

    def __call__(self, *_: Any) -> Anything:
        return self

    __getitem__ = __add__ = __radd__ = __mul__ = __rmul__ = __call__

    def __lt__(self, _: Any) -> bool:
        return True

    __gt__ = __lt__

    def __enter__(self) -> tuple[int, int]:
        return 1, 2

    def __exit__(self, *_: Any) -> None:
        """Nothing is to be closed."""

    __setitem__ = __exit__

    def __iter__(self) -> Iterator[Anything]:
        return iter((self, self))

    def __format__(self, _: str) -> str:
        return "3"


def run(code: str, names: dict[str, Any]) -> str | None:
    """Run a cell where only these names are; return the name that it misses, if any."""
    try:
        exec(code, {"__name__": "__main__", **names})
    except NameError as error:
        return error.name
    return None


@pytest.mark.parametrize(("code", "needed"), CELLS)
def test_a_cell_needs_what_python_misses(code: str, needed: str) -> None:
    found = Names.of(code)
    assert found is not None
    assert {*found.needed} == {*needed.split()}
    there: dict[str, Any] = defaultdict(Anything, B=Anything, wrap=lambda f: f)
    given = {name: there[name] for name in needed.split()}
    assert run(code, given) is None
    for name in given:
        assert run(code, {n: v for n, v in given.items() if n != name}) == name


@pytest.mark.parametrize("code", ["%timeit f(x)", "!ls", "from math import *\npi", "x ="])
def test_what_cannot_be_told_is_left_alone(code: str) -> None:
    assert Names.of(code) is None


def test_a_star_in_a_string_imports_nothing() -> None:
    assert Names.of("text = 'from math import *'\nx") == ({"text"}, ["x"])


def told(*cells: tuple[str, str, str]) -> list[str]:
    made = [Cell(code, 1, frozenset(tags.split()), solves) for code, tags, solves in cells]
    found = shown_names(replace(page("Words."), held=True, cells=made))
    return [finding.text.partition(" ")[0] for finding in found]


@pytest.mark.parametrize("tag", ["hide-input", "remove-cell", "check", "slides-only", "hide_cell"])
def test_what_is_not_shown_does_not_count(tag: str) -> None:
    assert told(("x = 1", tag, ""), ("x", "", "")) == ["x"]
    assert told(("x = 1", "", ""), ("x", "", "")) == []
    assert told(("x", tag, "")) == []


def test_solutions_use_the_text_and_earlier_solutions() -> None:
    text, first = ("x = 1", "", ""), ("y = x", "", "prob-one")
    assert told(text, first, ("y", "", "prob-two")) == []
    assert told(text, first, ("y", "", "")) == ["y"]


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("You will see it in the next chapter.", "next chapter"),
        ("It rules the chapters to come.", "chapters to come"),
        ("Part III says more.", "Part III"),
        ("This is proved in chapter 7.", "chapter 7"),
        ("Momentum has a chapter of its own.", "chapter of its own"),
        ("The last chapter found a number.", None),
        ("The next part of the proof is short.", None),
        ("In this chapter, part by part.", None),
        ("The whole chapter ⟦5⟧ hours.", None),
    ],
)
def test_a_chapter_is_promised_by_a_reference_only(sentence: str, words: str | None) -> None:
    text = f"# Title\n\nFirst. {sentence} Last.\n"
    found = [f.text for f in promises(replace(page(text), held=True))]
    assert [f.partition("”")[0].removeprefix("“") for f in found] == ([words] if words else [])
    assert not list(promises(page(text)))
