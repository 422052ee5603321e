"""The table of handlers is all there is, and Sphinx calls them in its order."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from sphinx.events import EventManager

import gdbook.publish
from gdbook.publish import HANDLERS, PARTS, On

WING = Path(gdbook.publish.__file__).parent
CALLS = {"connect", "add_env_collector", "add_event"}


def test_no_other_module_connects_to_an_event() -> None:
    found = [
        f"{path.relative_to(WING)}: {ast.unparse(node)}"
        for path in sorted(WING.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in CALLS
        and ast.unparse(node.func.value).rpartition(".")[2] in ("app", "_app", "events")
    ]
    assert found == ["__init__.py: app.connect(on.event, on.function(app), priority=on.priority)"]


def test_the_handlers_of_one_event_stand_together_by_priority() -> None:
    events = [event for event, _ in groupby(HANDLERS, key=lambda on: on.event)]
    assert len(events) == len(set(events))
    for _, group in groupby(HANDLERS, key=lambda on: on.event):
        priorities = [on.priority for on in group]
        assert priorities == sorted(priorities)


@pytest.mark.parametrize("on", HANDLERS, ids=lambda on: f"{on.event} {on.handler}")
def test_a_row_says_why_and_belongs_to_a_part(on: On) -> None:
    assert on.part in (*PARTS, "core")
    assert 10 <= len(on.why) <= 80


def test_every_setup_is_called() -> None:
    """What registers roles, nodes, transforms or builders, and stands in no part, is dead."""
    modules = {
        ".".join(path.relative_to(WING).with_suffix("").parts).removesuffix(".__init__")
        for path in WING.rglob("*.py")
        if path.parent != WING and "\ndef setup(" in path.read_text("utf-8")
    }
    named = [module for modules in PARTS.values() for module in modules]
    assert sorted(named) == sorted(modules)


PROGRAM = """
import inspect, json, sys
from pathlib import Path
from sphinx.application import Sphinx
from sphinx.events import EventManager

EMIT = EventManager.emit
began = []
def emit(self, name, *args, **more):
    began.append(name)
    return EMIT(self, name, *args, **more)
EventManager.emit = emit

here = Path(sys.argv[1])
(here / "conf.py").write_text("")
(here / "index.md").write_text("# Index\\n\\nWords.\\n")
parts = json.loads(sys.argv[2])
app = Sphinx(here, None, here / "_build/html", here / "_build/trees", "html", {
    "extensions": ["myst_nb", "gdbook.publish"], "gdbook_parts": parts, "html_theme": "furo",
    "also_build": ["slides"] if "slides" in parts else [],
}, status=None)
listening = {}
for event, listeners in app.events.listeners.items():
    for one in sorted(listeners, key=lambda one: (one.priority, one.id)):
        work = inspect.unwrap(one.handler)
        if work.__module__.startswith("gdbook.publish"):
            name = f"{work.__module__.removeprefix('gdbook.publish.')}:{work.__name__}"
            listening.setdefault(event, []).append([name, one.priority])
app.build()
print(json.dumps([listening, list(dict.fromkeys(began))]))
"""


def listening(folder: Path, parts: list[str]) -> tuple[dict[str, list[Any]], list[str]]:
    """Return what Sphinx calls at each event, in its order, and the order of a build's events."""
    command = [sys.executable, "-c", PROGRAM, str(folder), json.dumps(parts)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: tuple[dict[str, list[Any]], list[str]] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.book
@pytest.mark.parametrize("parts", [list(PARTS), ["claims", "figures"], []], ids=len)
def test_sphinx_calls_what_the_table_says(tmp_path: Path, parts: list[str]) -> None:
    called, began = listening(tmp_path, parts)
    expected: dict[str, list[Any]] = {}
    for on in HANDLERS:
        if on.part in (*parts, "core"):
            expected.setdefault(on.event, []).append([on.handler, on.priority])
    assert {event: [p for _, p in rows] for event, rows in called.items()} == {
        event: [p for _, p in rows] for event, rows in expected.items()
    }
    for event, rows in expected.items():
        for (handler, _), (name, _) in zip(rows, called[event], strict=True):
            assert handler.rpartition(":")[2].rpartition(".")[2] == name.rpartition(":")[2]
            if "." not in handler.rpartition(":")[2]:
                assert handler == name
    order = [event for event in dict.fromkeys(on.event for on in HANDLERS) if event in began]
    assert sorted(order, key=began.index) == order


def test_sphinx_still_sorts_by_priority_and_then_by_registration() -> None:
    """What the table's order rests on."""
    called = []

    class App:
        pdb = False

    events = EventManager(App())  # type: ignore[arg-type]
    for name, priority in (("b", 500), ("c", 500), ("a", 100), ("d", 900)):
        events.connect("env-updated", lambda *_, name=name: called.append(name), priority)
    events.emit("env-updated", None)
    assert called == ["a", "b", "c", "d"]
