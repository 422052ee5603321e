"""What the checks share: telling the page that one passed."""

from __future__ import annotations

from typing import Any

from gdbook.reporting import report


def passed(kind: str, line: str, *, of: str, latex: str) -> None:
    """Report a passed check: what was tried, of which equation, and what is displayed."""
    record: dict[str, Any] = {"kind": kind, "of": of, "latex": latex}
    report(line, record)
