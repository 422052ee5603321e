"""Text from a submission, made harmless before it is printed."""

from __future__ import annotations

LONGEST = 60


def shown(text: object, longest: int = LONGEST) -> str:
    """Return text on one line, without control characters, and not longer than a line.

    `repr` writes what cannot be printed, such as the codes that steer a terminal or turn the
    direction of a line, as escapes.
    """
    safe = repr(str(text)[: longest + 1])[1:-1]
    return safe if len(safe) <= longest else safe[:longest] + "…"


def shown_path(path: object) -> str:
    """Return a path on one line, whole unless it is longer than any that a class needs."""
    return shown(path, longest=300)
