"""The right and the well-known wrong answers of all chapters, gathered from their tests."""

from __future__ import annotations

import importlib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

RIGHT: dict[str, list[Any]] = {}
WRONG: defaultdict[str, list[tuple[Any, str]]] = defaultdict(list)


def _modules() -> Iterator[ModuleType]:
    """Yield the modules of this folder that hold answers, and that of chapter 1."""
    for path in sorted(Path(__file__).parent.glob("test_*.py")):
        if "\nRIGHT: " in path.read_text(encoding="utf-8"):
            yield importlib.import_module(path.stem)
    yield importlib.import_module("test_exercises")


for module in _modules():
    RIGHT.update(module.RIGHT)
    for label, answer, named in module.WRONG:
        WRONG[label].append((answer, named))
