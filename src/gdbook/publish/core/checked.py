"""Which problems have a checker, read from the text of `gdbook.exercises`, which imports torch."""

from __future__ import annotations

import re
from functools import cache

from gdbook.publish.core.places import PACKAGE

EXERCISES = PACKAGE / "exercises"
_CHECKER = re.compile(r"""^@checker\(\s*["'](prob-[^"']+)["']""", re.MULTILINE)


@cache
def labels() -> dict[str, str]:
    """Return the module of `gdbook.exercises` that holds each problem's checker."""
    return {
        label: path.stem
        for path in sorted(EXERCISES.glob("*.py"))
        for label in _CHECKER.findall(path.read_text("utf-8"))
    }
