"""The contributors' page names what there is: modules, functions, files, rooms, handlers."""

from __future__ import annotations

import importlib
import re
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
import yaml

from gdbook.publish import HANDLERS
from test_imports import ROOMS

ROOT = Path(__file__).parents[2]
WING = ROOT / "src" / "gdbook" / "publish"
PAGE = (ROOT / "docs" / "architecture.md").read_text("utf-8")
SPANS = sorted(set(re.findall(r"`([^`\n]+)`", PAGE)) - {on.handler for on in HANDLERS})


@pytest.mark.parametrize("name", [s for s in SPANS if re.fullmatch(r"[a-z_.]+:[A-Za-z_.]+", s)])
def test_a_function_exists(name: str) -> None:
    module, _, path = name.partition(":")
    found: Any = importlib.import_module(f"gdbook.publish.{module}")
    for part in path.split("."):
        found = getattr(found, part)
    assert callable(found)


@pytest.mark.parametrize("name", [s for s in SPANS if "/" in s and not s.startswith("_build")])
def test_a_file_exists(name: str) -> None:
    assert any((folder / name).exists() for folder in (WING, ROOT, ROOT / "src"))


def rows(heading: str) -> list[list[str]]:
    """Return the cells of the table below a heading."""
    section = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_the_rooms_are_those_that_tests_allow() -> None:
    shown = {room.strip("`"): tuple(re.findall(r"`(\w+)`", of)) for room, _, of in rows("Rooms")}
    assert shown == ROOMS


def test_the_handlers_are_those_of_the_table() -> None:
    shown = [(event.strip("`"), re.findall(r"`([^`]+)`", names)) for event, names in rows("Events")]
    table = groupby(HANDLERS, key=lambda on: on.event)
    assert shown == [(event, [on.handler for on in group]) for event, group in table]


def test_contributors_find_it_and_readers_do_not() -> None:
    assert "docs/architecture.md" in (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    config = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))
    assert "docs" in config["exclude_patterns"]
